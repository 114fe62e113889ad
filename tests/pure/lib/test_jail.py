import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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
    assert time.monotonic() - begun < 20


def test_a_target_that_sleeps_is_stopped_by_the_wall():
    begun = time.monotonic()
    assert reason(run("sleep", wall_s=0.5)) == "wall"
    assert time.monotonic() - begun < 20


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
    assert time.monotonic() - begun < 20


def test_somebody_who_left_the_session_does_not_hold_us_up():
    begun = time.monotonic()
    assert reason(run("fork_away", wall_s=0.5)) == "wall"
    assert time.monotonic() - begun < 20


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
    assert time.monotonic() - begun < 20


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


def test_a_template_that_was_replaced_is_ended_once_more_in_vain():
    old = templates.template_for(f"{HERE}shout")
    templates.discard(f"{HERE}shout", old)
    new = templates.template_for(f"{HERE}shout")
    templates.discard(f"{HERE}shout", old)
    assert templates.template_for(f"{HERE}shout") is new


def test_a_template_knows_the_project_and_nothing_of_ours():
    code = templates._START.replace("runpy.run_module('factcheck.lib.cell', run_name='__main__')", "print(sys.path[0])")
    root = Path(jail.__file__).parents[2]
    done = subprocess.run([sys.executable, "-I", "-c", code, str(root)], capture_output=True, check=True, cwd="/")
    assert done.stdout.decode().strip() == str(root)
    assert sorted(templates.ENVIRONMENT) == ["LANG", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "PATH"]
