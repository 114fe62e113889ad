"""Settings from the environment: understood, or refused with a sentence that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from factcheck import env


@pytest.mark.parametrize(("text", "means"), [("1", True), ("Yes", True), ("off", False), ("0", False), ("", True)])
def test_a_flag_is_a_flag(monkeypatch: pytest.MonkeyPatch, text: str, means: bool) -> None:
    monkeypatch.setenv("TRIAL", text)
    assert env.flag("TRIAL", default=True) is means


def test_what_is_no_flag_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="TRIAL='perhaps' is neither 1 nor 0"):
        env.flag("TRIAL", default=False)


@pytest.mark.parametrize(("text", "says"), [("ten", "not a whole number"), ("0", "out of bounds: 1 to 5")])
def test_a_number_keeps_its_bounds(monkeypatch: pytest.MonkeyPatch, text: str, says: str) -> None:
    monkeypatch.setenv("TRIAL", text)
    with pytest.raises(ImproperlyConfigured, match=says):
        env.number("TRIAL", default=2, least=1, most=5)
    monkeypatch.delenv("TRIAL")
    assert env.number("TRIAL", default=2, least=1, most=5) == 2


def test_what_is_required_and_missing_says_why() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"TRIAL_MISSING is not set\. It is needed"):
        env.required("TRIAL_MISSING", why="It is needed.")


@pytest.mark.parametrize("text", ["Проверка", "a\nb", " "])
def test_what_cannot_be_sent_as_a_header_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TRIAL", text)
    with pytest.raises(ImproperlyConfigured, match="HTTP header"):
        env.header("TRIAL", default="x")


def test_stand_ins_are_checked_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL", "garbage")
    with pytest.raises(ImproperlyConfigured, match="TRIAL is wrong"):
        env.stand_ins("TRIAL")


def test_a_list_is_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIAL", " a, ,b ")
    assert env.words("TRIAL") == ["a", "b"]


def test_a_database_on_a_socket_is_understood() -> None:
    parsed = env.database("postgresql://factcheck:@/factcheck?host=/var/run/x")
    assert (parsed["HOST"], parsed["NAME"], parsed["USER"]) == ("/var/run/x", "factcheck", "factcheck")
    assert env.database("postgres://u:p@db.example.org:5433/n")["PORT"] == 5433


@pytest.mark.parametrize("url", ["mysql://x/x", "sqlite:///x"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="Other databases are not supported"):
        env.database(url)


def test_celery_spells_a_socket_in_its_own_way() -> None:
    assert env.broker("unix:///run/valkey.sock?db=3") == "redis+socket:///run/valkey.sock?virtual_host=3"
    assert env.broker("redis://queue:6379/1") == "redis://queue:6379/1"
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL must begin"):
        env.broker("amqp://x")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("", ""),
        ("s3://raw/desk", "s3://raw/desk"),
        (
            "s3://raw/desk/?region=eu-1&endpoint=https://s.example",
            "s3://raw/desk?region=eu-1&endpoint=https://s.example",
        ),
    ],
)
def test_a_place_for_raw_pages_has_one_spelling(monkeypatch: pytest.MonkeyPatch, text: str, means: str) -> None:
    monkeypatch.setenv("TRIAL", text)
    assert env.place("TRIAL") == means


@pytest.mark.parametrize(
    "text",
    [
        "https://raw",
        "s3://",
        "s3://raw",
        "s3://raw/?region=x",
        "s3://raw/x?key=secret",
        "s3://raw/x?endpoint=ftp://s",
        "s3://r/x?endpoint=",
    ],
)
def test_what_is_no_place_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TRIAL", text)
    with pytest.raises(ImproperlyConfigured, match="TRIAL is wrong"):
        env.place("TRIAL")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("", ""),
        (" http://127.0.0.1:8080/v1/ ", "http://127.0.0.1:8080/v1"),
        ("https://models.example.org", "https://models.example.org"),
    ],
)
def test_the_address_of_an_own_server_may_have_any_port(monkeypatch: pytest.MonkeyPatch, text: str, means: str) -> None:
    monkeypatch.setenv("TRIAL", text)
    assert env.endpoint("TRIAL") == means


@pytest.mark.parametrize(
    "text", ["models.example.org", "ftp://x.org", "https://me:hunter22@x.org", "http://x.org/?a=b"]
)
def test_what_is_no_address_of_a_server_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("TRIAL", text)
    with pytest.raises(ImproperlyConfigured, match=r"TRIAL is wrong: ") as refused:
        env.endpoint("TRIAL")
    assert "hunter22" not in str(refused.value)


@pytest.mark.parametrize("text", ["hunter22 hunter22", "hunter22\nX: y", "hunter22é"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_told(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TRIAL", text)
    with pytest.raises(ImproperlyConfigured, match="HTTP header") as refused:
        env.secret("TRIAL")
    assert "hunter22" not in str(refused.value)


def test_a_key_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.secret("TRIAL") == ""
    monkeypatch.setenv("TRIAL", " sk-1/+= ")
    assert env.secret("TRIAL") == "sk-1/+="


def test_a_list_of_known_words_holds_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.some_of("TRIAL", default="en", of=("en", "de")) == ["en"]
    monkeypatch.setenv("TRIAL", "DE, en,de")
    assert env.some_of("TRIAL", default="en", of=("en", "de")) == ["de", "en"]


@pytest.mark.parametrize(("text", "says"), [("en,tlh", "some of en, de; tlh"), (",", "it names none")])
def test_a_list_with_another_word_is_refused(monkeypatch: pytest.MonkeyPatch, text: str, says: str) -> None:
    monkeypatch.setenv("TRIAL", text)
    with pytest.raises(ImproperlyConfigured, match=says):
        env.some_of("TRIAL", default="en", of=("en", "de"))


def test_a_folder_must_be_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SAMPLE", f" {tmp_path} ")
    assert env.folder("SAMPLE") == tmp_path
    monkeypatch.setenv("SAMPLE", "")
    assert env.folder("SAMPLE") is None
    monkeypatch.setenv("SAMPLE", str(tmp_path / "elsewhere"))
    with pytest.raises(ImproperlyConfigured, match=r"SAMPLE=.*elsewhere' is no folder"):
        env.folder("SAMPLE")
