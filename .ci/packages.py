"""Wheel and source archive: built from the tracked files as they lie, twice the same bytes, and checked.

    python3 .ci/packages.py [--out DIR]     builds both twice, compares, checks them with twine, and installs each in a
                                            clean environment away from the checkout, to run a scenario there

Needs Python 3.11, git, and once the package index, for the tools (they stay in `build/tools`).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "build" / "tools"
NEEDED = ("build", "setuptools>=77", "twine", "uv")
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

TRIALS = (
    ("--version",),
    ("list",),
    ("explain", "fear.weight"),
    ("run", "two-towns", "--months", "12", "--out", "r"),
    ("story", "r"),
    ("handout", "two-towns", "--months", "12", "-o", "lesson.html"),
)
EXTRAS = "calibrate,classroom,cluster,notebook"
OF_EXTRAS = (
    "import distributed, jupyterlab, sklearn; from local_citizenship.app.classroom import server, widget"
)


def away(**more: str) -> dict[str, str]:
    """The surroundings of a command that must not see the checkout."""
    misleading = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LOCAL_CITIZENSHIP_CACHE")
    return {**{name: value for name, value in os.environ.items() if name not in misleading}, **more}


def must(*command: object) -> None:
    """Run a command that prints what goes wrong itself; if it fails, so does this one."""
    words = [str(word) for word in command]
    if subprocess.run(words, env=away()).returncode != 0:
        sys.exit(f"`{' '.join(words)}` failed; the reason is above.")


def tool(name: str) -> Path:
    """A tool of packaging, in an environment of its own."""
    python, note = TOOLS / SCRIPTS / "python", TOOLS / "installed"
    wanted = " ".join(NEEDED)
    if not note.exists() or note.read_text() != wanted:
        print("Installing what builds and checks into build/tools (once) ...", flush=True)
        must(sys.executable, "-m", "venv", TOOLS)
        must(python, "-m", "pip", "install", "-qq", "--upgrade", *NEEDED)
        note.write_text(wanted)
    return TOOLS / SCRIPTS / name


def copy_tracked(target: Path) -> None:
    """The tracked files, with the same modes on every machine."""
    listed = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file():  # one that was removed may still be listed
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / name)
            (target / name).chmod(0o755 if source.stat().st_mode & 0o100 else 0o644)


def write(texts: dict[str, str], folder: Path) -> None:
    """Write files, name -> text."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def commit_time() -> int:
    """Seconds since 1970 of the last commit, the date of all that is built."""
    return int(subprocess.check_output(["git", "log", "-1", "--format=%ct"], cwd=ROOT, text=True))


def build(source: Path, out: Path, epoch: int) -> list[Path]:
    """Build the source archive, and the wheel from it, into `out`; the same bytes for the same files and tools.

    `source` is a copy of the tracked files (a build leaves traces), `epoch` the date of all, in seconds since 1970.
    """
    tool("python")
    print("Building ...", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        fresh = shutil.copytree(source, Path(scratch) / "source")
        command = [tool("python"), "-m", "build", "--no-isolation", "--outdir", out, fresh]
        done = subprocess.run(command, env=away(SOURCE_DATE_EPOCH=str(epoch)), capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.stdout[-3000:]}{done.stderr[-3000:]}\nBuilding failed; the reason is above.")
    built = sorted([*out.glob("*.tar.gz"), *out.glob("*.whl")])
    _settle(next(file for file in built if file.name.endswith(".gz")), epoch)
    return built


def _settle(archive: Path, epoch: int) -> None:
    """Pack a source archive anew without what differs by machine and hour: owners, dates, order."""
    with tarfile.open(archive) as old:
        members = [
            (member, old.extractfile(member).read() if member.isfile() else b"")
            for member in old.getmembers()
        ]
    settled = archive.with_suffix(".new")
    with (
        settled.open("wb") as raw,
        gzip.GzipFile("", "wb", fileobj=raw, mtime=epoch) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new,
    ):
        for member, content in sorted(members, key=lambda each: each[0].name):
            fresh = tarfile.TarInfo(member.name)
            fresh.type, fresh.size, fresh.mtime = member.type, len(content), epoch
            fresh.mode = 0o755 if member.mode & 0o100 else 0o644
            new.addfile(fresh, io.BytesIO(content))
    settled.replace(archive)


def digests(files: list[Path]) -> dict[str, str]:
    """SHA-256 by name."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def check_metadata(files: list[Path]) -> None:
    """What the package index would refuse (`twine check`)."""
    must(tool("python"), "-m", "twine", "check", "--strict", *files)


def try_out(file: Path, extras: str = "") -> None:
    """Install a file in a clean environment, away from the checkout; run, list and explain there."""
    print(f"{file.name}: installing in a clean environment ...", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        python = home / "env" / SCRIPTS / "python"
        must(sys.executable, "-m", "venv", home / "env")
        target = f"{file}[{extras}]" if extras else str(file)
        must(python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", target)
        command = home / "env" / SCRIPTS / "local-citizenship"
        trials = [[command, *arguments] for arguments in TRIALS]
        for trial in [*trials, [python, "-c", OF_EXTRAS]] if extras else trials:
            surroundings = away(LOCAL_CITIZENSHIP_CACHE=str(home / "cache"))
            done = subprocess.run(trial, cwd=home, env=surroundings, capture_output=True, text=True)
            if done.returncode != 0:
                told = " ".join(map(str, trial[1:]))
                sys.exit(f"{done.stdout}{done.stderr}\n{file.name}: `{told}` failed; see above.")
        if not (home / "r" / "tables" / "measures.parquet").is_file():
            sys.exit(f"{file.name}: the run left no tables.")
        print(f"{target.rpartition(os.sep)[2]}: installed, and its commands tried out", flush=True)


def main() -> None:
    """Build twice, compare, check, install, try out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "dist", metavar="DIR", help="where to; dist/ if left out"
    )
    out = parser.parse_args().out.resolve()
    make(out)


def make(out: Path, epoch: int | None = None, texts: dict[str, str] | None = None) -> list[Path]:
    """Wheel and source archive in `out`, built twice the same, checked and tried out.

    `texts` (name -> text) take the place of the checkout's own files.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "source"
        copy_tracked(source)
        write(texts or {}, source)
        first, second = (
            build(source, Path(scratch) / name, epoch or commit_time()) for name in ("one", "two")
        )
        if digests(first) != digests(second):
            sys.exit(f"Two builds differ: {digests(first)} and {digests(second)}.")
        check_metadata(first)
        for file in first:
            try_out(file, EXTRAS if file.suffix == ".whl" else "")
        out.mkdir(parents=True, exist_ok=True)
        files = [Path(shutil.copy(file, out)) for file in first]
    for name, digest in digests(files).items():
        print(f"{digest}  {name}")
    return files


if __name__ == "__main__":
    main()
