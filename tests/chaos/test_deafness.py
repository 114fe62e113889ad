"""Whatever becomes of the hint queue, due work is done again soon after it is back; who is deaf ends itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from factcheck.management.supervisor import Child
from tests.chaos.broker import Valkey, Wire, broker
from tests.chaos.desk import Desk, _conninfo, desk, eventually

WITHIN_S = 120


@dataclass
class Scene:
    """A desk whose hints go over a wire that can be cut."""

    desk: Desk
    valkey: Valkey
    wire: Wire

    def is_served(self, name: str) -> bool:
        """Make one row due, and wait until it is done by a worker that was told of it."""
        with psycopg.connect(_conninfo(self.desk.database_url), autocommit=True) as database:
            database.execute(
                "INSERT INTO factcheck_chore (name, due_at, attempts, last_error) VALUES (%s, now(), 0, '')", [name]
            )
        # A chore that nobody knows is put off for an hour.
        done = f"SELECT 1 FROM factcheck_chore WHERE name = '{name}' AND due_at > now() + interval '10 minutes'"
        return bool(eventually(lambda: self.desk.rows(done), within=WITHIN_S, what=f"{name} is done"))

    def child(self, name: str) -> Child:
        return next(child for child in self.desk.supervisor.children if child.name == name)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with broker() as (valkey, wire):
        folder: Path = tmp_path_factory.mktemp("deaf")
        with desk(folder, REDIS_URL=f"redis://127.0.0.1:{wire.port}/0", DEAF_AFTER="15") as one:
            scene = Scene(one, valkey, wire)
            assert scene.is_served("at first")
            yield scene


def test_a_worker_stands_back_for_those_who_wait_for_an_answer(scene: Scene) -> None:
    processes = {name: scene.child(name).running for name in ("worker", "web")}
    assert {name: one and os.getpriority(os.PRIO_PROCESS, one.pid) for name, one in processes.items()} == {
        "worker": 10 + os.getpriority(os.PRIO_PROCESS, 0),
        "web": os.getpriority(os.PRIO_PROCESS, 0),
    }


def test_connections_that_went_dead_silently_are_given_up(scene: Scene) -> None:
    scene.wire.go_dead()
    assert scene.is_served("half open")


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_who_hears_nothing_any_more_ends_itself_and_is_started_again(scene: Scene, name: str) -> None:
    deaths = scene.child(name).deaths
    scene.wire.stay_dead()
    eventually(lambda: scene.child(name).deaths > deaths, within=WITHIN_S, what=f"{name} ends itself")
    assert "heard nothing for 15 s" in (scene.desk.folder / f"{name}.log").read_text()
    scene.wire.heal()
    assert scene.is_served(f"deaf {name}")


def test_a_broker_that_froze_and_goes_on_is_heard_again(scene: Scene) -> None:
    deaths = scene.child("worker").deaths
    scene.valkey.freeze()
    eventually(lambda: scene.child("worker").deaths > deaths, within=WITHIN_S, what="the worker ends itself")
    scene.valkey.thaw()
    assert scene.is_served("frozen")


def test_a_broker_that_was_killed_and_has_forgotten_everything_is_heard_again(scene: Scene) -> None:
    scene.valkey.kill()
    eventually(lambda: scene.wire.in_vain, within=WITHIN_S, what="somebody calls it in vain")
    scene.valkey.start()
    assert scene.is_served("killed")
