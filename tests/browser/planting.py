"""What a desk has before a run begins; called inside the desk's own settings by `manage.py shell`."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from claims.models import Claim, Evidence, Policy
from claims.services import articles, claims, evidence, known_feeds, known_imports, verdicts
from claims.verification.status import Status
from factcheck.access.models import Client as Newsroom
from factcheck.access.models import User, mint
from factcheck.access.roles import Role
from factcheck.lib import clock
from factcheck.models import Chore
from sources.models import Document
from sources.services import documents, feeds
from tests.browser.hostile_strings import XSS
from tests.browser.people import PASSWORD


def people(*names: str, role: str = Role.FACT_CHECKER) -> None:
    """Make people of one role."""
    for name in names:
        User.objects.create_user(name, password=PASSWORD, role=role, first_name=name.capitalize())


def token(name: str) -> None:
    """Print a token of somebody."""
    person = User.objects.get(username=name)
    print("PLANTED", json.dumps(mint(name="browser", scopes=["read:all", "write:desk"], user=person)[1]))


def addresses(*urls: str, by: str) -> None:
    """Submit articles by their addresses."""
    person = User.objects.get(username=by)
    for url in urls:
        articles.submit_url(url, now=clock.now(), by=person)


def by_hand(*texts: str, by: str) -> None:
    """Write claims by hand, and print their keys."""
    person = User.objects.get(username=by)
    made: list[Any] = [claims.make(text, now=clock.now(), by=person).pk for text in texts]
    print("PLANTED", json.dumps(made))


def held(claim: int, document: int, *, quote: str, by: str) -> None:
    """Hold a claim against a page that was read."""
    evidence.attach(
        Claim.objects.get(pk=claim), Document.objects.get(pk=document), quote=quote,
        stance=Evidence.Stance.SUPPORTS, by=User.objects.get(username=by), now=clock.now(),
    )  # fmt: skip


def hostile(address: str, feed: str, *, by: str) -> None:
    """Write hostile text where pages, feeds, files and people write, through the services that do."""
    person, now = User.objects.get(username=by), clock.now()
    for start in range(0, len(XSS), 20):
        some = XSS[start : start + 20]
        articles.submit_text("\n\n".join(some), now=now, title=some[0], outlet=some[1][:300], by=person)
    markup = "".join(f"<p>{one} was said in April.</p>" for one in XSS)
    articles.submit_html(f"<title>{XSS[0]}</title><article>{markup}</article>".encode(), now=now, outlet=XSS[2][:300])
    articles.submit_url(address, now=now, by=person)
    feeds.watch(feed, now=now, by=person, begin_with=10)
    known_feeds.watch(f"{feed}?known", known_feeds.Kind.FEED, now=now, by=person, title=XSS[3][:300])
    for number, text in enumerate(XSS):
        role = list(Role)[number % 4]
        someone = User.objects.create_user(f"x{number}", role=role, first_name=text[:150], last_name=text[:150])
        newsroom = Newsroom.objects.create(name=text[:100])
        mint(name=text[:100], scopes=["read:all"], client=newsroom)
        claims.make(f"By hand {text}", now=now, by=someone, claimant=text, said_where=text)
    Chore.objects.create(name="broken", due_at=now, attempts=3, quarantined_at=now, last_error=" ".join(XSS))
    head = "url,claim,rating,publisher,claimant,title\n"
    rows = "".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in (f"https://c.example/{n}", *[f"n {one}"] * 5)) + "\n"
        for n, one in enumerate(XSS)
    )
    told = known_imports.look(f"{head}{rows}".encode(), now=now)
    kept = known_imports.bring_in(told, by=person, now=now, leaving_out=True)
    print("PLANTED", json.dumps(kept.new))


def hostile_evidence(document: int, *, by: str) -> None:
    """Decide on claims with hostile reasons, each by a hostile quote of a page that was read."""
    person, now = User.objects.get(username=by), clock.now()
    page = Document.objects.select_related("snapshot").get(pk=document)
    quotes = [line for line in page.snapshot.text.splitlines() if line.strip()] if page.snapshot else []
    for number, claim in enumerate(Claim.objects.filter(text__startswith="By hand").order_by("pk")):
        if number < len(quotes):
            evidence.attach(
                claim, page, quote=quotes[number][:2000], stance=Evidence.Stance.REFUTES, by=person, now=now
            )
        verdicts.change_status(
            claim, to=Status.NOT_ENOUGH_EVIDENCE, seen=Status(claim.status), by=person, now=now,
            reason=XSS[number % len(XSS)], search_log=XSS[number % len(XSS)],
        )  # fmt: skip
    print("PLANTED", json.dumps(len(quotes)))


def watched(*urls: str) -> None:
    """Look at pages."""
    for url in urls:
        documents.watch(url, now=clock.now())


def holding(minutes: int) -> None:
    """Let every status hold for so many minutes, from now on."""
    Policy.objects.all().update(holds_for=timedelta(minutes=minutes))
    for status in ("supported", "unreviewed"):
        Policy.objects.get_or_create(status=status, kind="", defaults={"holds_for": timedelta(minutes=minutes)})


def decided(*urls: str, quote: str, by: str) -> None:
    """Decide a claim on each page, by a quote of it."""
    person, now = User.objects.get(username=by), clock.now()
    made = []
    for number, url in enumerate(urls):
        claim = claims.make(f"Pond {number} of the marsh was full in May 2026.", now=now, by=person)
        page = Document.objects.get(url=url)
        evidence.attach(
            claim, page, quote=quote.format(number), stance=Evidence.Stance.SUPPORTS, by=person, now=clock.now()
        )
        verdicts.change_status(
            claim, to=Status.SUPPORTED, seen=Status(claim.status), by=person, now=clock.now(), reason="It says so."
        )
        made.append([claim.pk, str(claim.uid), page.pk, str(page.uid)])
    print("PLANTED", json.dumps(made))
