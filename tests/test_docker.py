"""The containers keep the house's rules: what compose.yaml and the Dockerfile say is held against the code."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from factcheck.celery import app
from tests.chaos.compose import EXAMPLE, ROOT, Service, env_file, services

VALUES = {name: value or f"made-up-{name.lower()}" for name, value in env_file(EXAMPLE).items()}
SERVICES = services(VALUES)
SERVERS = {"postgres", "valkey"}
OURS = {name: service for name, service in SERVICES.items() if name not in SERVERS}
STAYING = {name: service for name, service in SERVICES.items() if name != "migrate"}
DOCKERFILE = (ROOT / "docker/Dockerfile").read_text(encoding="utf-8")

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
every_process = pytest.mark.parametrize("service", OURS.values(), ids=OURS)


@every_service
def test_an_image_names_its_release(service: Service) -> None:
    _name, _colon, tag = service.written["image"].partition(":")
    assert tag
    assert tag != "latest"


@every_service
def test_a_container_has_no_right_it_does_not_need(service: Service) -> None:
    assert service.written["cap_drop"] == ["ALL"]
    assert service.written["security_opt"] == ["no-new-privileges:true"]
    assert set(service.written["deploy"]["resources"]["limits"]) == {"cpus", "memory"}
    assert not service.written.get("privileged")


@pytest.mark.parametrize("service", STAYING.values(), ids=STAYING)
def test_what_stays_is_started_again_and_looked_at(service: Service) -> None:
    assert service.restart == "unless-stopped"
    assert service.health[0] in {"CMD", "CMD-SHELL"}


@every_process
def test_our_processes_write_nowhere_but_in_tmp_and_var_and_start_no_servers(service: Service) -> None:
    assert service.written["read_only"] is True
    assert service.written["volumes"] == ["var:/srv/factcheck/var"]
    assert [place.partition(":")[0] for place in service.written["tmpfs"]] == ["/tmp"]
    assert service.environment["EMBEDDED"] == "0"


@every_process
def test_our_processes_come_after_the_tables_and_the_servers_are_there(service: Service) -> None:
    if service.name == "migrate":
        assert service.after == {"postgres": "service_healthy"}
    else:
        assert service.after == {"migrate": "service_completed_successfully", "valkey": "service_healthy"}


@every_process
def test_every_variable_is_a_setting_and_explained(service: Service) -> None:
    explained = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text("utf-8"), re.MULTILINE))
    assert set(service.environment) <= explained


def test_only_migrate_and_the_server_itself_know_the_owner() -> None:
    owner = VALUES["OWNER_PASSWORD"]
    knowing = {name for name, service in SERVICES.items() if owner in str(service.written)}
    assert knowing == {"migrate", "postgres"}
    assert [name for name in OURS if VALUES["POSTGRES_PASSWORD"] in str(SERVICES[name].written)] == []


def test_only_the_web_is_reached_and_only_from_this_machine() -> None:
    published = {name: service.written["ports"] for name, service in SERVICES.items() if "ports" in service.written}
    assert published == {"web": ["127.0.0.1:8000:8000"]}
    outside = {name for name, service in SERVICES.items() if "outside" in service.written["networks"]}
    assert outside == {"web", "worker-fetch", "worker-desk"}


@every_process
def test_every_command_exists(service: Service) -> None:
    program = service.command[0]
    assert shutil.which(program, path=str(Path(sys.executable).parent)), program
    if program == "python":
        assert (ROOT / service.command[1]).is_file()


def test_every_queue_of_the_code_has_a_worker() -> None:
    listened = {
        queue
        for service in OURS.values()
        for word in service.command
        if word.startswith("--queues=")
        for queue in word.removeprefix("--queues=").split(",")
    }
    assert listened == set(app.amqp.queues)


def test_neither_a_chore_nor_short_work_takes_the_last_process_from_the_ticks() -> None:
    (command,) = (" ".join(service.command) for service in OURS.values() if "tick" in " ".join(service.command))
    assert "--queues=tick,desk,house " in command
    assert int(re.findall(r"--concurrency=(\d+)", command)[0]) >= 3


def test_the_image_runs_without_root_and_installs_only_what_is_locked() -> None:
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.MULTILINE)
    assert "--require-hashes --only-binary :all:" in DOCKERFILE
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert set(bases) == {"python:3.11-slim-bookworm"}


def test_the_context_lets_in_what_the_image_copies_and_nothing_else() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE))
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert all((ROOT / path).exists() for path in copied)


def test_the_example_asks_for_every_variable_that_compose_needs() -> None:
    named = set(re.findall(r"\$\{(\w+)", (ROOT / "docker/compose.yaml").read_text(encoding="utf-8")))
    assert named == set(VALUES)


def alive(what: str, **env: str) -> int:
    command = [sys.executable, "-m", "factcheck.lib.alive", what]
    return subprocess.run(command, cwd=ROOT, check=False, env=env).returncode


def test_a_web_server_that_does_not_answer_is_not_alive() -> None:
    assert alive("web", PORT="1") == 1


def test_web_is_asked_by_the_first_name_of_the_desk_over_plain_http() -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            visitor, _address = server.accept()
            with visitor:
                asked.append(visitor.recv(1000))
                visitor.sendall(b"HTTP/1.0 200 OK\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        assert alive("web", PORT=str(server.getsockname()[1]), ALLOWED_HOSTS=" .desk.example.org,other.org") == 0
        thread.join(20)
    assert asked[0].startswith(b"GET /healthz ")
    assert b"Host: desk.example.org\r\n" in asked[0]


@pytest.mark.parametrize("service", STAYING.values(), ids=STAYING)
def test_a_service_of_ours_is_asked_by_its_own_kind_of_sign(service: Service) -> None:
    if service.name in OURS:
        kind = "worker" if "worker" in service.command else "beat" if "beat" in service.command else "web"
        assert service.health == ["CMD", "python", "-m", "factcheck.lib.alive", kind]


def test_a_service_behind_a_proxy_says_how_many_there_are() -> None:
    assert {service.environment["PROXIES"] for service in OURS.values()} == {"1"}


def test_signs_of_life_of_an_older_release_are_its_processes(tmp_path: Path) -> None:
    (tmp_path / "celery").write_text("#!/bin/sh\nread line\n")
    (tmp_path / "celery").chmod(0o755)

    def lives(**env: str) -> bool:
        command = [sys.executable, str(ROOT / "tests/chaos/older_alive.py"), "beat"]
        return subprocess.run(command, check=False, env=env).returncode == 0

    own = {"ALIVE_FOLDER": str(tmp_path)}
    with subprocess.Popen([tmp_path / "celery", "-A", "factcheck.celery", "beat"], env=own, stdin=subprocess.PIPE):
        assert lives(**own)
        assert not lives(ALIVE_FOLDER="another")
    assert not lives(**own)
