"""The lines that run in a template and in its children, run in this process."""

import os
import resource
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import pytest

from factcheck.lib import cell
from tests.pure.lib import inmates

HERE = "tests.pure.lib.inmates:"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "in").write_bytes(b"abc")
    with (
        (tmp_path / "in").open("rb") as payload,
        (tmp_path / "out").open("wb") as output,
        (tmp_path / "err").open("wb") as errors,
    ):
        yield [payload.fileno(), output.fileno(), errors.fileno()]


@pytest.fixture
def status():
    read, write = os.pipe()
    yield read, write
    for end in (read, write):
        with suppress(OSError):
            os.close(end)


def test_the_child_reads_locks_the_door_and_writes(files, tmp_path):
    locked = []
    assert cell.answer(inmates.shout, lambda: locked.append(True), tuple(files)) == 0
    assert (tmp_path / "out").read_bytes() == b"ABC"
    assert locked == [True]


def test_the_child_says_what_went_wrong(files, tmp_path):
    assert cell.answer(inmates.run_out, lambda: None, tuple(files)) == cell.OUT_OF_MEMORY
    assert cell.answer(inmates.fail, lambda: None, tuple(files)) == cell.FAILED
    assert (tmp_path / "err").read_text().endswith("ValueError: no such page\n")


def test_a_forked_child_keeps_three_files_and_ends(monkeypatch):
    did = []
    for name in ("setsid", "dup2", "closerange", "_exit"):
        monkeypatch.setattr(os, name, lambda *given, name=name: did.append((name, *given)))
    monkeypatch.setattr(cell, "answer", lambda target, _confined: target(b"code"))
    become: Any = cell.become  # it returns here, because _exit does
    become(inmates.shout, [7, 8, 9], lambda: None)
    assert did == [
        ("setsid",),
        ("dup2", 7, 0),
        ("dup2", 8, 1),
        ("dup2", 9, 2),
        ("closerange", 3, 256),
        ("_exit", b"CODE"),
    ]


def test_a_template_forks_for_each_request_until_the_other_side_hangs_up(files, status, monkeypatch):
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(cell, "become", lambda _target, _files, _confined: os._exit(5))
    before = signal.getsignal(signal.SIGCHLD)
    with ours, theirs:
        serving = threading.Timer(0.3, lambda: ours.shutdown(socket.SHUT_WR))
        socket.send_fds(ours, [cell.REQUEST.pack(5, 600)], [*files, status[1]])
        serving.start()
        cell.serve(f"{HERE}shout", theirs)
    (child,) = cell.NUMBER.unpack(os.read(status[0], 8))
    (code,) = cell.NUMBER.unpack(os.read(status[0], 8))
    assert child > 0
    assert code == 5
    assert signal.getsignal(signal.SIGCHLD) == before


def test_the_forked_child_never_comes_back(files, status, monkeypatch):
    ours, theirs = socket.socketpair()

    def become(_target, received, confined):
        for file in received:
            os.close(file)
        raise SystemExit(str((len(received), *confined.args)))

    monkeypatch.setattr(os, "fork", lambda: 0)
    monkeypatch.setattr(cell, "become", become)
    with ours, theirs:
        socket.send_fds(ours, [cell.REQUEST.pack(5, 600)], [*files, status[1]])
        with pytest.raises(SystemExit) as ended:
            cell.serve(f"{HERE}shout", theirs)
    assert ended.value.code == "(3, 5, 600)"


def test_a_child_that_runs_on_is_not_told_dead(status):
    child = os.fork()
    if child == 0:
        time.sleep(30)
        os._exit(0)
    running = {child: status[1]}
    cell._tell_the_dead(running)
    assert running == {child: status[1]}
    os.kill(child, signal.SIGKILL)
    while running:
        cell._tell_the_dead(running)
    assert cell.NUMBER.unpack(os.read(status[0], 8)) == (-signal.SIGKILL,)


def test_a_template_whose_asker_left_goes_on(status):
    os.close(status[0])
    cell._tell(status[1], 7)


def test_a_target_without_preparation_is_found():
    assert cell.found("os.path:basename") is os.path.basename


@pytest.mark.parametrize(
    ("permitted", "asked", "is_cut_off"),
    [
        ({cell.CLONE_NEWNET}, [cell.CLONE_NEWNET], True),
        ({cell.CLONE_NEWUSER | cell.CLONE_NEWNET}, [cell.CLONE_NEWNET, cell.CLONE_NEWUSER | cell.CLONE_NEWNET], True),
        (set(), [cell.CLONE_NEWNET, cell.CLONE_NEWUSER | cell.CLONE_NEWNET], False),
    ],
)
def test_the_network_is_cut_off_alone_or_with_a_user_namespace(permitted, asked, is_cut_off):
    tried = []

    def unshare(flags):
        tried.append(flags)
        return 0 if flags in permitted else -1

    assert cell.cut_off_network(unshare) is is_cut_off
    assert tried == asked


def test_every_limit_is_set():
    limits = {}
    cell.set_limits(5, 600, lambda which, values: limits.update({which: values}))
    soft, hard = limits.pop(resource.RLIMIT_CPU)
    assert hard == soft + 1
    assert soft >= 5
    assert limits == {
        resource.RLIMIT_AS: (600 << 20, 600 << 20),
        resource.RLIMIT_NOFILE: (16, 16),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }


def test_other_systems_have_no_namespaces(monkeypatch):
    set_limits = []
    monkeypatch.setattr(cell, "set_limits", lambda *given: set_limits.append(given))
    assert cell.cut_off_network(cell._no_unshare) is False
    monkeypatch.setattr(sys, "platform", "darwin")
    cell.confine(5, 600)
    assert set_limits == [(5, 600, resource.setrlimit)]
