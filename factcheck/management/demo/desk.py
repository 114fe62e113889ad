"""The demo desk: people, a token, three articles, and what a fact-checker did with them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from claims.models import Appearance, Article, Claim, Evidence
from claims.services import articles, evidence, verdicts
from claims.verification.status import Status
from factcheck.access.models import User, mint
from factcheck.access.roles import Role, Scope
from factcheck.management.demo import outlet

URLS = (outlet.CROSSING, outlet.BRIDGE, outlet.BLOG)
TOKEN_NAME = "demo"  # noqa: S105  a name


@dataclass(frozen=True, slots=True)
class Access:
    """What a newcomer needs to come in."""

    passwords: dict[str, str]
    token: str

    def lines(self) -> list[str]:
        """Return it as people read it."""
        people = [f"  {name:<13} {password}" for name, password in self.passwords.items()]
        return ["Users (name, password):", *people, f"API token: {self.token}"]


def is_made() -> bool:
    """Say whether anybody is on the desk already."""
    return User.objects.exists()


def make(folder: Path) -> None:
    """Make one person a role and a token; write what to log in with to a file that only its owner may read."""
    passwords = {}
    for role in Role:
        password = secrets.token_urlsafe(9)
        User.objects.create_user(
            username=role.value, password=password, role=role, first_name=str(role.label), is_staff=True
        )
        passwords[role.value] = password
    _write(folder, Access(passwords, new_token()))


def new_token() -> str:
    """Mint a token of the demo's fact-checker."""
    user = User.objects.get(username=Role.FACT_CHECKER.value)
    return mint(name=TOKEN_NAME, scopes=[Scope.READ_ALL.value, Scope.WRITE_DESK.value], user=user)[1]


def _file(folder: Path) -> Path:
    return folder / "demo-access.txt"


def _write(folder: Path, access: Access) -> None:
    path = _file(folder)
    path.touch(mode=0o600)
    path.write_text("\n".join(access.lines()) + "\n", encoding="utf-8")


def replace_token(folder: Path) -> str:
    """Mint another token and put it where the first one stood."""
    token = new_token()
    path = _file(folder)
    if path.exists():
        kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("API token")]
        path.write_text("\n".join([*kept, f"API token: {token}"]) + "\n", encoding="utf-8")
    return token


def access_lines(folder: Path) -> list[str]:
    """Return how to come in, as it was printed the first time; a hint where that is lost."""
    path = _file(folder)
    if path.exists():
        return path.read_text(encoding="utf-8").splitlines()
    return ["This desk was not made by the demo: log in with your own account."]


def take_in(now: datetime) -> None:
    """Submit the three articles by their addresses, as the demo's fact-checker."""
    by = User.objects.get(username=Role.FACT_CHECKER.value)
    for url in URLS:
        articles.submit_url(url, now=now, by=by)


def is_split() -> bool:
    """Say whether all three are split."""
    return Article.objects.filter(document__url__in=URLS, state=Article.State.SPLIT).count() == len(URLS)


def work(now: datetime) -> None:
    """Do what the demo's fact-checker did: one verdict, and one page attached as evidence, each with its quote."""
    by = User.objects.get(username=Role.FACT_CHECKER.value)
    cracks = _claim(outlet.BRIDGE, "cracks")
    bridge = cracks.appearances.select_related("article__document").get().article.document
    evidence.attach(
        cracks,
        bridge,
        quote="Engineers found cracks in two pillars of the Selmar bridge",
        stance=Evidence.Stance.SUPPORTS,
        by=by,
        now=now,
    )
    verdicts.change_status(
        cracks,
        to=Status.SUPPORTED,
        by=by,
        now=now,
        seen=Status(cracks.status),
        reason="The mayor's office published the inspection report; the paper quotes it correctly.",
    )
    seized = _claim(outlet.BLOG, "seized", certainty="asserted")
    crossing = Article.objects.get(document__url=outlet.CROSSING).document
    evidence.attach(
        seized,
        crossing,
        quote="Northern Front fighters had also seized the Kestrel crossing on the border with Talvia",
        stance=Evidence.Stance.CONTEXT,
        by=by,
        now=now,
    )


def _claim(url: str, word: str, **of: str) -> Claim:
    found = Appearance.objects.filter(article__document__url=url, quote__icontains=word, **of)
    return found.select_related("claim").order_by("-claim__check_worthiness", "id")[0].claim
