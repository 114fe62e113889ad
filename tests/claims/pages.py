"""Pages, versions and commands for the tests of erasures and takedowns."""

from __future__ import annotations

import io
from datetime import datetime

from django.core.management import CommandError, call_command

from claims.models import Article
from sources.fetching.reading import read
from sources.models import Document, Snapshot
from sources.services import documents

URL = "https://traffic.example/notices/14"


def page_of(words: str, *, now: datetime, url: str = URL) -> Document:
    document, _is_new = documents.watch(url, now=now)
    reading = read(words.encode(), media_type="text/plain", charset="utf-8", url=url)
    fetch = Snapshot.CapturedBy.FETCH
    documents.keep(document, reading, raw=words.encode(), media_type="text/plain", now=now, captured_by=fetch)
    return document


def version_of(article: Article) -> Snapshot:
    return Snapshot.objects.get(document=article.document)


def typed(command: str, *arguments: str) -> str:
    out = io.StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=out)
    except CommandError as error:
        raise CommandError(f"{out.getvalue()}{error}") from error
    return out.getvalue()
