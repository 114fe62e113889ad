"""What a run in a real browser needs beside the project: Debian's Chromium and LibreOffice, npm's axe-core.

Each is installed where this machine lets us, and else left out, loudly. axe-core is pinned by version and digest.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

KEPT = Path(__file__).resolve().parents[2] / "var" / "browser"
CHROMIUM = Path("/usr/bin/chromium")
AXE = "4.14.1"  # MPL-2.0, Deque; run in tests only, never linked or shipped
AXE_SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
INSTALL_WITHIN_S = 900


def left_out(what: str, why: str) -> None:
    """Say loudly that something is not tried."""
    line = f"!!! LEFT OUT: {what}: {why}"
    print(f"{'!' * len(line)}\n{line}\n{'!' * len(line)}", flush=True)


def chromium() -> Path | None:
    """Return Debian's Chromium."""
    return CHROMIUM if CHROMIUM.exists() or (_apt("chromium") and CHROMIUM.exists()) else None


def soffice() -> Path | None:
    """Return LibreOffice, with Calc."""
    found = _calc() or (_apt("libreoffice-calc-nogui") and _calc())
    return found or None


def _calc() -> Path | None:
    found = shutil.which("soffice")
    has_calc = any(Path(f"/usr/lib/libreoffice/program/{name}").exists() for name in ("libsclo.so",))
    return Path(found) if found and has_calc else None


def axe() -> str | None:
    """Return the source of axe-core, checked against the digest that stands here; None where there is none."""
    kept = KEPT / f"axe-core-{AXE}.tgz"
    if not _is_axe(kept):
        KEPT.mkdir(parents=True, exist_ok=True)
        _pack()
    if not _is_axe(kept):
        return None
    with tarfile.open(kept) as package:
        script = package.extractfile("package/axe.min.js")
        return script.read().decode() if script else None


def _is_axe(file: Path) -> bool:
    if not file.exists():
        return False
    found = base64.b64encode(hashlib.sha512(file.read_bytes()).digest()).decode()
    if found != AXE_SHA512:
        raise SystemExit(f"{file} is not the axe-core that is pinned: {found}")
    return True


def _pack() -> None:
    if shutil.which("npm") is None:
        left_out("axe-core", "there is no npm")
        return
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            ["npm", "pack", f"axe-core@{AXE}", "--silent", "--pack-destination", folder],
            cwd=folder, capture_output=True, text=True, check=False, timeout=INSTALL_WITHIN_S,
        )  # fmt: skip
        file = Path(folder) / f"axe-core-{AXE}.tgz"
        if done.returncode == 0 and file.exists():
            shutil.move(file, KEPT / file.name)
        else:
            left_out("axe-core", done.stderr.strip()[-300:] or "npm does not reach its registry")


def _apt(package: str) -> bool:
    """Install one of Debian's packages where we may; say whether that was done."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        left_out(package, "install it by hand: apt-get install " + package)
        return False
    print(f"installing {package} …", flush=True)
    quiet = {"DEBIAN_FRONTEND": "noninteractive", **os.environ}
    for arguments in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", package]):
        done = subprocess.run(
            ["apt-get", *arguments], env=quiet, capture_output=True, text=True, check=False, timeout=INSTALL_WITHIN_S
        )
        if done.returncode != 0:
            left_out(package, done.stderr.strip()[-300:])
            return False
    return True
