"""Which pages are asked whether they are still of a version."""

from factcheck.lib.http import Failure, Validators
from tests.pure.lib.servers import answer, origin
from tests.pure.lib.test_http import ask, failure, redirect


def in_turn(*answers):
    waiting = list(answers)
    return lambda connection: connection.sendall(waiting.pop(0))


def test_a_version_is_named_to_its_own_page_only():
    """A notice of 2020 is unchanged since the story was written; that says nothing of the story."""
    with origin(in_turn(redirect("/sorry.html"), answer(b"", status="304 Not Modified"))) as server:
        failure(ask(server, validators=Validators('"a"', "Mon, 02 Mar 2026 08:00:00 GMT")), Failure.PROTOCOL)
    assert ["if-none-match" in head.lower() for head in server.heads] == [True, False]
    assert "if-modified-since" not in server.heads[1].lower()


def test_a_version_is_named_again_where_the_page_is_only_spelled_otherwise():
    with origin(in_turn(redirect("/story/"), answer(b"", status="304 Not Modified"))) as server:
        assert ask(server, validators=Validators('"a"')).status == 304
