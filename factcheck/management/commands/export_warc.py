"""Write the kept versions of documents as a WARC file."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from factcheck.lib import clock
from factcheck.lib.addresses import UrlRefused, canonical_url, checked_url
from sources.models import Document, Snapshot
from sources.services import warc


class Command(BaseCommand):
    """`manage.py export_warc DOCUMENT… [--output FILE]`."""

    help = "Write every kept version of documents, by uid or address, as a WARC 1.1 file that web archives replay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be chosen."""
        parser.add_argument("documents", nargs="+", metavar="DOCUMENT", help="a document's uid or its address")
        parser.add_argument(
            "--output", default="", metavar="FILE", help="default: factcheck-TIME.warc.gz here; - is standard output"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Find the documents, then write; what could not be read is told, and ends with status 1."""
        documents = [_document(name) for name in options["documents"]]
        now = clock.now()
        name = options["output"] or f"factcheck-{now:%Y%m%dT%H%M%S}Z.warc.gz"
        snapshots = Snapshot.objects.filter(document__in=documents).select_related("document")
        with ExitStack() as stack:
            out = sys.stdout.buffer if name == "-" else stack.enter_context(_new(Path(name)))
            ordered = snapshots.order_by("document_id", "number").iterator(chunk_size=50)
            written = warc.write(out, ordered, software=settings.USER_AGENT, now=now)
        self.stderr.write(
            f"{name}: {written.pages} versions of {len(documents)} documents with their bytes,"
            f" {written.told} told without (erased, or not kept any more)."
        )
        for snapshot, why in written.missing:
            self.stderr.write(f"missing: {snapshot}: {why}")
        if written.missing:
            raise CommandError(f"{len(written.missing)} versions are missing. Try again when the store answers.")


def _document(name: str) -> Document:
    try:
        which = Q(uid=UUID(name))
    except ValueError:
        try:
            which = Q(identity=canonical_url(checked_url(name)))
        except UrlRefused as refusal:
            raise CommandError(f"{name} is neither the uid of a document nor an address: {refusal}") from refusal
    found = Document.objects.filter(which).first()
    if found is None:
        raise CommandError(f"No document is known by {name}. Copy its uid or address from its page in the admin.")
    return found


def _new(path: Path) -> IO[bytes]:
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError as error:
        raise CommandError(f"{path} is there already. Choose another name with --output.") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error}") from error
