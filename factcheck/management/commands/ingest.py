"""Take in articles from the command line: addresses, HTML files, text files, or text on standard input."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.models import Article
from claims.services import articles
from claims.services.articles import ArticleRefused
from factcheck import ledger
from factcheck.lib import clock
from factcheck.lib.addresses import UrlRefused

HTML = {".html", ".htm", ".xhtml"}


class Command(BaseCommand):
    """`manage.py ingest https://… page.html notes.txt -`."""

    help = "Take in articles: web addresses, .html files, text files, or - for text on standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("what", nargs="+", metavar="ADDRESS|FILE|-")
        parser.add_argument("--outlet", default="", help="who published it, where the page does not say")
        parser.add_argument("--title", default="", help="headline of a pasted text")
        parser.add_argument("--now", action="store_true", help="fetch and split here instead of leaving it to a worker")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take each in; a refused one does not stop the others, but the command ends with 1."""
        refused = 0
        for what in options["what"]:
            try:
                article, is_new = _take(what, title=options["title"], outlet=options["outlet"])
            except (ArticleRefused, UrlRefused, OSError) as error:
                refused += 1
                self.stderr.write(f"{what}: refused: {error}")
                continue
            if options["now"]:
                ledger.drain_all()
                article.refresh_from_db()
            state, reason = article.progress
            known = "" if is_new else " (known already)"
            self.stdout.write(f"{what}: {article.uid}{known}: {state} {reason}, {article.appearances.count()} claims")
        if refused:
            raise CommandError(f"{refused} of {len(options['what'])} refused")


def _take(what: str, *, title: str, outlet: str) -> tuple[Article, bool]:
    now = clock.now()
    if "://" in what:
        return articles.submit_url(what, now=now)
    if what == "-":
        return articles.submit_text(sys.stdin.read(articles.TEXT_BYTES + 1), now=now, title=title, outlet=outlet)
    path = Path(what)
    if path.suffix.lower() in HTML:
        with path.open("rb") as page:
            return articles.submit_html(page.read(articles.HTML_BYTES + 1), now=now, outlet=outlet)
    with path.open("rb") as file:
        body = file.read(articles.TEXT_BYTES + 1)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise ArticleRefused("not_text", "This is not UTF-8 text.") from None
    return articles.submit_text(text, now=now, title=title, outlet=outlet)
