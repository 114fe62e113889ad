"""docker/compose.yaml read as Compose reads it: what a container runs, in which environment, and what it waits for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = ROOT / "docker" / "compose.yaml"
EXAMPLE = ROOT / "docker" / "example.env"
_PLACE = re.compile(r"\$\$|\$\{(?P<name>\w+)(?::(?P<how>[-?])(?P<rest>[^}]*))?\}")


@dataclass(frozen=True, slots=True)
class Service:
    """One container: its command, environment, health check and what starts before it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    health: list[str]
    restart: str
    after: dict[str, str]
    written: dict[str, Any]


def env_file(path: Path) -> dict[str, str]:
    """Return the variables of an env file; comments and blank lines are skipped."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _is, value in pairs}


def services(values: Mapping[str, str], file: Path = COMPOSE) -> dict[str, Service]:
    """Return every service by name, with `values` put in their places; a required one that is missing is a KeyError."""
    written = _filled(yaml.safe_load(file.read_text(encoding="utf-8")), values)
    return {name: _service(name, one) for name, one in written["services"].items()}


def _service(name: str, written: dict[str, Any]) -> Service:
    return Service(
        name=name,
        command=[str(word) for word in written["command"]],
        environment={key: str(value) for key, value in written["environment"].items()},
        health=list(written["healthcheck"].get("test", [])),
        restart=written["restart"],
        after={before: how["condition"] for before, how in written.get("depends_on", {}).items()},
        written=written,
    )


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _filled(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    return _PLACE.sub(lambda found: _value(found, values), part) if isinstance(part, str) else part


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    name = found["name"]
    if name is None:
        return "$"
    if values.get(name) or found["how"] is None:
        return values[name]
    if found["how"] == "?":
        raise KeyError(f"{name} is not set: {found['rest']}")
    return found["rest"]
