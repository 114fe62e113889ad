import json
import subprocess
import sys

import pytest

from factcheck.lib import jail
from sources.fetching import __main__ as command
from sources.fetching import reading as reading_module
from sources.fetching.reading import jailed, read_in_jail
from sources.fetching.types import Reading, Unreadable
from tests.pure.fetching.pages import ARTICLE, URL, read_html


def in_jail(markup, **options):
    body = markup.encode() if isinstance(markup, str) else markup
    return read_in_jail(body, media_type="text/html", charset="", url=URL, **options)


def test_the_jail_gives_the_same_reading():
    assert in_jail(ARTICLE) == read_html(ARTICLE)


def test_a_newline_and_a_quote_in_the_url_do_not_confuse_the_jail():
    body = b"\n{}\n<p>text of the page</p>"
    assert in_jail(body) == read_html(body)


def test_the_child_reads_json_and_writes_json():
    head = json.dumps({"media_type": "text/plain", "charset": "", "url": URL}).encode()
    assert json.loads(jailed(head + b"\nHello there."))["text"] == "Hello there."
    reading_module.prepare()


@pytest.mark.parametrize("reason", ["cpu", "memory", "wall", "crashed"])
def test_a_reading_that_broke_says_why(reason):
    assert in_jail(ARTICLE, run=lambda _target, _payload: jail.Broken(reason, "x")) == Unreadable(reason, "x")


def test_forty_thousand_attributes_use_up_the_cpu_seconds():
    page = b"<p " + b" ".join(b"a%d=1" % n for n in range(40_000)) + b">x</p>"
    broken = in_jail(page, run=lambda target, payload: jail.run(target, payload, cpu_s=1))
    assert isinstance(broken, Unreadable)
    assert broken.reason == "cpu"


# -- the command -----------------------------------------------------------------------------------


def test_the_command_prints_the_body_of_the_article(tmp_path, capsys):
    (tmp_path / "page.html").write_text(ARTICLE, encoding="utf-8")
    assert command.main([str(tmp_path / "page.html"), "--url", URL]) == 0
    assert Reading.from_json(json.loads(capsys.readouterr().out)) == read_html(ARTICLE).printed()


def test_the_package_imports_without_frameworks():
    code = (
        "import sys;"
        " import sources.fetching.reading, sources.fetching.changes, sources.fetching.pace, sources.fetching.language;"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    roots = {name.partition(".")[0] for name in done.stdout.split()}
    heavy = {"django", "rest_framework", "celery", "redis", "psycopg", "trafilatura", "lxml", "py3langid", "numpy"}
    assert not roots & heavy
