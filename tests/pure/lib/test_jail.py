import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from factcheck.lib import cell, jail, templates
from factcheck.lib.jail import Broken, Finished
from tests.pure.lib import inmates
from tests.pure.lib.servers import answer, origin, says

HERE = "tests.pure.lib.inmates:"


def run(name, payload=b"", **limits):
    return jail.run(HERE + name, payload, **limits)


def reason(ended):
    assert isinstance(ended, Broken), ended
    assert ended.detail
    return ended.reason


def test_bytes_go_in_and_bytes_come_out():
    assert run("shout", b"abc\0\xff" * 200_000) == Finished(b"ABC\0\xff" * 200_000)


def test_a_target_that_spins_is_stopped_by_its_cpu_seconds():
    begun = time.monotonic()
    assert reason(run("spin", cpu_s=1)) == "cpu"
    assert time.monotonic() - begun < 8


def test_a_target_that_sleeps_is_stopped_by_the_wall():
    begun = time.monotonic()
    assert reason(run("sleep", wall_s=0.5)) == "wall"
    assert time.monotonic() - begun < 4


def test_a_child_that_shuts_its_output_and_stays_is_stopped_by_the_wall():
    assert reason(run("shut_and_sleep", wall_s=0.5)) == "wall"


def test_a_target_that_grows_is_out_of_memory():
    assert reason(run("grow")) == "memory"


def test_a_target_that_is_killed_by_the_system_is_out_of_memory():
    assert reason(run("be_killed")) == "memory"


def test_a_target_that_floods_its_output_is_stopped():
    assert reason(run("flood")) == "memory"


def test_a_target_that_raises_says_what():
    assert run("fail") == Broken("crashed", "ValueError: no such page")


def test_a_target_that_crashes_the_interpreter_says_how():
    assert reason(run("fall")) == "crashed"


@pytest.mark.parametrize("target", ["tests.pure.lib.nowhere:shout", "tests.pure.lib.inmates:nothing", "shout", ""])
def test_a_target_that_is_not_there_is_a_crash(target):
    assert reason(jail.run(target, b"")) == "crashed"


def test_nothing_of_our_environment_is_seen(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    ended = run("environment")
    assert isinstance(ended, Finished)
    assert b"secret" not in ended.output
    assert b"DATABASE_URL" not in ended.output


def test_nothing_can_be_written(tmp_path):
    ended = run("write", str(tmp_path / "x").encode())
    assert ended == Finished(b"OSError")


def test_few_files_can_be_open():
    ended = run("open_many", b"40")
    assert isinstance(ended, Finished)
    assert int(ended.output) < cell.OPEN_FILES


@pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
def test_the_network_is_gone_where_the_system_permits():
    with origin(says(answer()), reads_head=False) as server:
        ended = run("dial", f"127.0.0.1:{server.port}".encode())
        if ended == Finished(b"connected"):
            pytest.skip("this system permits no network namespace")
        assert server.connections == 0


def test_what_a_child_leaves_behind_is_killed_with_it(tmp_path):
    begun = time.monotonic()
    assert reason(run("fork_and_sleep", wall_s=0.5)) == "wall"
    assert time.monotonic() - begun < 4


def test_somebody_who_left_the_session_does_not_hold_us_up():
    begun = time.monotonic()
    assert reason(run("fork_away", wall_s=0.5)) == "wall"
    assert time.monotonic() - begun < 4


def test_a_daemon_of_a_pool_may_use_it():
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    worker = context.Process(target=inmates.use_the_jail, args=(theirs,), daemon=True)
    worker.start()
    try:
        assert ours.poll(20)
        assert ours.recv() == b"ABC"
    finally:
        worker.join(10)


def test_a_page_after_the_first_costs_milliseconds():
    run("shout")
    took = []
    for _ in range(10):
        begun = time.monotonic()
        run("shout")
        took.append(time.monotonic() - begun)
    assert min(took) < 0.1


def test_a_target_loads_what_it_needs_before_the_door_closes():
    assert run("was_prepared") == Finished(b"True")


def test_a_template_survives_what_its_children_do():
    (before,) = served_by(run("parent"))
    for name in ("spin", "fall", "fail", "sleep", "be_killed"):
        run(name, cpu_s=1, wall_s=0.3)
    jail.run(f"{HERE}parent", b"", wall_s=0.0)
    assert served_by(run("parent"))
    assert before


def served_by(ended):
    assert isinstance(ended, Finished)
    return [int(ended.output)]


def test_the_same_template_serves_page_after_page():
    assert served_by(run("parent")) == served_by(run("parent"))


def test_a_template_that_died_is_replaced():
    (template,) = served_by(run("parent"))
    os.kill(template, signal.SIGKILL)
    assert served_by(run("parent")) != [template]


def test_a_template_that_has_long_been_dead_is_replaced():
    run("parent")
    template = templates._running[f"{HERE}parent"]
    template._process.kill()
    template._process.wait()
    assert served_by(run("parent"))


def test_a_template_that_is_killed_by_its_child_twice_is_a_crash():
    assert run("kill_parent") == Broken("crashed", "it ended without a word")


def test_a_template_that_loads_for_ever_is_stopped_by_the_wall():
    begun = time.monotonic()
    assert reason(jail.run("tests.pure.lib.slow_to_load:shout", b"", wall_s=0.3)) == "wall"
    assert time.monotonic() - begun < 4


def test_threads_share_a_template_and_their_children_run_side_by_side():
    served_by(run("parent"))
    begun = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: run("nap"), range(8))) == [Finished(b"")] * 8
        took = time.monotonic() - begun
        assert len({served_by(ended)[0] for ended in pool.map(lambda _: run("parent"), range(8))}) == 1
    assert took < 8 * 0.3 + 1


def test_a_payload_that_ends_its_template_fails_alone():
    run("nap")
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(run, "kill_parent")
        assert pool.submit(run, "shout", b"a").result() == Finished(b"A")
        assert reason(waiting.result()) == "crashed"
    with ThreadPoolExecutor(4) as pool:
        others = [pool.submit(jail.run, f"{HERE}{name}", b"") for name in ("nap", "nap", "kill_parent_once", "nap")]
        assert [one.result() for one in others if one is not others[2]] == [Finished(b"")] * 3


def test_a_template_can_be_started_ahead():
    templates.warm(f"{HERE}shout")
    template = templates._running[f"{HERE}shout"]
    assert run("shout", b"a") == Finished(b"A")
    assert templates.template_for(f"{HERE}shout") is template


def test_a_template_that_hangs_is_replaced(monkeypatch):
    (stopped,) = served_by(run("parent"))
    template = templates._running[f"{HERE}parent"]
    os.kill(stopped, signal.SIGSTOP)
    assert reason(run("parent", wall_s=0.3)) == "wall"
    assert templates._running[f"{HERE}parent"] is template, "a moment says nothing"
    monkeypatch.setattr(template, "is_hung", lambda _waited: True)
    assert reason(run("parent", wall_s=0.3)) == "wall"
    assert served_by(run("parent")) != [stopped]


@pytest.mark.parametrize(
    ("waited", "has_answered", "age", "is_hung"),
    [(9.0, True, 9.0, True), (4.0, True, 90.0, False), (9.0, False, 9.0, False), (9.0, False, 40.0, True)],
)
def test_loading_takes_longer_than_answering(waited, has_answered, age, is_hung):
    template = templates.Template(f"{HERE}shout")
    template.has_answered, template._started_at = has_answered, template._started_at - age
    assert template.is_hung(waited) is is_hung
    template.close()


def test_a_child_that_spent_its_cpu_on_a_busy_machine_is_stopped_for_that():
    assert reason(run("spin", cpu_s=1, wall_s=0.9)) in {"cpu", "wall"}
    assert jail._why(TimeoutError(), os.getpid(), 0) == "cpu"
    assert jail._why(TimeoutError(), os.getpid(), 10**6) == "wall"
    assert jail._cpu_used(2**30) == 0


def test_a_fork_forgets_the_templates_of_its_parent():
    (template,) = served_by(run("parent"))
    child = os.fork()
    if child == 0:
        os._exit(0 if not templates._running else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert served_by(run("parent")) == [template]


def test_templates_are_ended_or_abandoned():
    run("shout")
    templates.close_all()
    assert not templates._running
    run("shout")
    (template,) = templates._running.values()
    process = template._process
    templates.abandon_all()
    assert process.returncode == 0
    process.returncode = None
    assert process.wait(5) == 0, "the template ends when nobody holds its other end"


# -- the child's own lines, in this process --------------------------------------------------------


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


def test_a_template_that_was_replaced_is_ended_once_more_in_vain():
    old = templates.template_for(f"{HERE}shout")
    templates.discard(f"{HERE}shout", old)
    new = templates.template_for(f"{HERE}shout")
    templates.discard(f"{HERE}shout", old)
    assert templates.template_for(f"{HERE}shout") is new


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


def test_a_template_knows_the_project_and_nothing_of_ours():
    code = templates._START.replace("runpy.run_module('factcheck.lib.cell', run_name='__main__')", "print(sys.path[0])")
    root = Path(jail.__file__).parents[2]
    done = subprocess.run([sys.executable, "-I", "-c", code, str(root)], capture_output=True, check=True, cwd="/")
    assert done.stdout.decode().strip() == str(root)
    assert sorted(templates.ENVIRONMENT) == ["LANG", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH"]
