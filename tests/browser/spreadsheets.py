"""What LibreOffice makes of a file."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
WITHIN_S = 180


@dataclass(frozen=True)
class Opened:
    """How many rows there are, and every formula."""

    rows: int
    formulas: list[str]


def opened(soffice: Path, form: str, body: bytes) -> Opened:
    """Open a file without a screen, save it as flat OpenDocument, and read that."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"in.{form}").write_bytes(body)
        subprocess.run(
            [str(soffice), f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
             "--convert-to", "fods", "--outdir", name, str(folder / f"in.{form}")],
            capture_output=True, check=True, timeout=WITHIN_S,
        )  # fmt: skip
        tree = etree.parse(str(folder / "in.fods"), etree.XMLParser(huge_tree=True, resolve_entities=False))
    cells = tree.iter(f"{_TABLE}table-cell")
    rows = sum(1 for row in tree.iter(f"{_TABLE}table-row") if any(str(one).strip() for one in row.itertext()))
    return Opened(rows, [found for cell in cells if (found := cell.get(f"{_TABLE}formula"))])


def formulas(soffice: Path, form: str, body: bytes) -> list[str]:
    """Return every formula of a file."""
    return opened(soffice, form, body).formulas
