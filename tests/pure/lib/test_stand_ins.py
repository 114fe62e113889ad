import pytest

from factcheck.lib.http import Failed, Failure, Response, fetch
from factcheck.lib.stand_ins import stand_ins
from tests.pure.lib.servers import PUBLIC, answer, origin, says


def test_each_name_leads_to_its_own_port():
    with origin(says(answer(b"one"))) as one, origin(says(answer(b"two"))) as two:
        resolve, dial = stand_ins(f" one.test=127.0.0.1:{one.port}, b.two.test=127.0.0.1:{two.port} ,")
        got = [fetch(f"http://{name}/", resolve=resolve, dial=dial) for name in ("one.test", "b.two.test")]
    assert [answered.body for answered in got if isinstance(answered, Response)] == [b"one", b"two"]


def test_the_guard_judges_a_stand_in_like_any_name():
    resolve, dial = stand_ins("one.test=127.0.0.1:1")
    got = fetch("http://one.test/", resolve=resolve, dial=dial, also_denied=["93.184.216.0/24"])
    assert isinstance(got, Failed)
    assert got.failure is Failure.ADDRESS_NOT_ALLOWED
    got = fetch("http://127.0.0.1/", resolve=resolve, dial=dial)
    assert isinstance(got, Failed)
    assert got.failure is Failure.ADDRESS_NOT_ALLOWED


def test_a_stand_in_speaks_plain_http_only():
    resolve, dial = stand_ins("one.test=127.0.0.1:1")
    got = fetch("https://one.test/", resolve=resolve, dial=dial)
    assert isinstance(got, Failed)
    assert got.failure is Failure.CONNECT


def test_every_other_name_and_address_is_real():
    resolve, dial = stand_ins("one.test=127.0.0.1:1")
    assert "127.0.0.1" in resolve("localhost", 80)
    assert resolve("one.test", 80) == (PUBLIC,)
    with origin(says(answer()), reads_head=False) as server:
        dial("127.0.0.1", server.port, 1.0).close()


def test_no_stand_ins_are_none():
    resolve, _ = stand_ins("")
    assert "127.0.0.1" in resolve("localhost", 80)


@pytest.mark.parametrize(
    "spec",
    [
        "one.test",
        "one.test=127.0.0.1",
        "one.test=127.0.0.1:0",
        "one.test=127.0.0.1:65536",
        "one.test=10.0.0.1:80",
        "one.test=localhost:80",
        "one.test=127.0.0.2:80",
        "example.com=127.0.0.1:80",
        "test=127.0.0.1:80",
        ".test=127.0.0.1:80",
        "one.test=127.0.0.1:80;two.test=127.0.0.1:81",
        "one.test=127.0.0.1:80,one.test=127.0.0.1:81",
        ",".join(f"n{n}.test=127.0.0.1:80" for n in range(222)),
    ],
)
def test_a_spec_that_could_lead_elsewhere_is_refused(spec):
    with pytest.raises(ValueError, match="test"):
        stand_ins(spec)
