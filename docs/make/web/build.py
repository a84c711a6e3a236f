"""Builds the documentation site into `build/site`: `python3 start.py site`.

Generated pages go into `build/reference`; then spelling is checked, Sphinx reads all pages (tutorials and lessons are
executed) with every warning an error, and the pages are searched for anything that they would ask of another address.
`--quick` reads only what changed since the last build; `--no-run` executes nothing, for whoever writes; `--reference`
makes the generated pages and no more.
"""

from __future__ import annotations

import argparse
import os
import re
import runpy
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONF = runpy.run_path(str(HERE / "conf.py"))
ROOT = HERE.parents[2]
BUILD = ROOT / "build"
REFERENCE, SITE, KEPT = BUILD / "reference", BUILD / "site", BUILD / "doctrees"
SPELT = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "NOTICE",
    "docs",
    "notebooks",
    "scenarios",
    "benchmarks",
)
HOME = '<!doctype html><meta charset="utf-8"><title>Local citizenship</title>\n' + (
    '<meta http-equiv="refresh" content="0; url=docs/site/index.html">\n'
    '<a href="docs/site/index.html">Local citizenship</a>\n'
)
# What makes a browser ask another address for something, in pages, styles and scripts.
ASKS = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc=["']?(?:https?:)?//[^"' >]+"""
    r"""|<link\b(?![^>]*\brel=["']?(?:canonical|license))[^>]*\bhref=["']?(?:https?:)?//[^"' >]+"""
    r"""|url\(["']?(?:https?:)?//[^)]+\)|@import\s+["'](?:https?:)?//[^"']+"""
)
NO_MATTER = "[IPKernelApp] WARNING | Kernel is running over TCP"  # on this machine alone, as always
OUTSIDE = re.compile(r'<a\b[^>]*\bhref="(https?://[^"#]+)')


def generated() -> dict[str, str]:
    """All generated pages: path below `build/reference` (Markdown where it has no ending) -> text."""
    sys.path[:0] = [str(HERE), str(ROOT)]
    try:
        import commands
        import glossary
        import reference
        import rooms
    finally:
        del sys.path[:2]
    makers = (
        *(reference.parameters, reference.measures, reference.mechanisms, reference.scenario_file),
        *(reference.tables, reference.figures, reference.python),
        *(commands.commands, glossary.glossary, rooms.rooms),
    )
    return {name: text for make in makers for name, text in make().items()}


def write_reference() -> None:
    """Write what changed, and remove what is no longer made: Sphinx reads what is newer."""
    pages = {
        REFERENCE / (name if Path(name).suffix else f"{name}.md"): text.rstrip() + "\n"
        for name, text in generated().items()
    }
    for old in [file for file in REFERENCE.rglob("*.*") if file not in pages]:
        old.unlink()
    for file, text in pages.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def check_spelling() -> bool:
    """Whether no word is one that is known to be misspelt; words of ours that look so are in words.txt."""
    command = [sys.executable, "-m", "codespell_lib", "--ignore-words", str(HERE / "words.txt")]
    skipped = "*.png,*.csv,*.geojson,*.html,*.json,*.pyc"
    return subprocess.call([*command, "--skip", skipped, *SPELT], cwd=ROOT) == 0


def lay_out_startup() -> Path:
    """A folder of settings for the kernels, which begin by running figure_texts.py."""
    home = BUILD / "ipython"
    startup = home / "profile_default" / "startup"
    startup.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "figure_texts.py", startup)
    return home


def build(quick: bool, run: bool) -> bool:
    """Whether Sphinx built all pages without a warning; `run`: with commands and notebooks executed."""
    if not quick:
        for folder in (SITE, KEPT, BUILD / "tried"):
            shutil.rmtree(folder, ignore_errors=True)
    options = ["-b", "html", "-q", "-W", "--keep-going", "-j", str(min(4, os.cpu_count() or 1))]
    if not (SITE / "searchindex.js").is_file():
        options.append("-a")  # write all pages, as after a build that was stopped
    if not run:
        options += [
            "-D",
            "run_commands=0",
            "-D",
            "nb_execution_mode=off",
            "-D",
            "suppress_warnings=myst.header,myst-nb.lexer",
        ]
    command = [
        sys.executable,
        "-P",
        "-m",
        "sphinx",
        *options,
        "-c",
        str(HERE),
        "-d",
        str(KEPT),
        str(ROOT),
        str(SITE),
    ]
    surroundings = {**os.environ, "IPYTHONDIR": str(lay_out_startup())}
    with subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stderr=subprocess.PIPE, text=True, errors="replace"
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if not line.startswith(NO_MATTER):
                sys.stderr.write(line)
    return process.returncode == 0


def texts(*endings: str) -> Iterator[tuple[Path, str]]:
    """The files of the site with these endings, and what is in them."""
    for file in sorted(SITE.rglob("*")):
        if file.suffix in endings and "_downloads" not in file.parts:
            yield file, file.read_text(encoding="utf-8", errors="replace")


def asks_outside() -> list[str]:
    """What pages and styles would ask of another address."""
    return [
        f"{file.relative_to(SITE)}: {found[:120]}"
        for file, text in texts(".html", ".css")
        for found in ASKS.findall(text)
    ]


def list_outside_links() -> int:
    """Write the links that lead outside, which nobody follows here, with a page for each; their number."""
    found: dict[str, str] = {}
    for file, text in texts(".html"):
        for link in OUTSIDE.findall(text):
            found.setdefault(link, file.relative_to(SITE).as_posix())
    lines = [f"{link}  ({page})" for link, page in sorted(found.items())]
    (SITE / "outside-links.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def main() -> int:
    """Build, and tell what came of it; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python3 start.py site", description="Build the documentation site."
    )
    parser.add_argument("--quick", action="store_true", help="read only what changed since the last build")
    parser.add_argument("--no-run", action="store_true", help="run no command and no notebook")
    parser.add_argument("--reference", action="store_true", help="make the generated pages, and no more")
    asked = parser.parse_args()
    began = time.monotonic()
    print("Generated pages ...", flush=True)
    write_reference()
    if asked.reference:
        return 0
    print("Spelling ...", flush=True)
    failed = [] if check_spelling() else ["spelling"]
    print("Pages, tutorials and lessons ...", flush=True)
    if not build(asked.quick, not asked.no_run):
        failed.append("Sphinx")
    (SITE / "index.html").write_text(HOME, encoding="utf-8")
    if asking := asks_outside():
        print("Asked of another address:", *asking, sep="\n")
        failed.append("requests to other addresses")
    links = list_outside_links()
    pages = sum(1 for _ in texts(".html"))
    took = f"{pages} pages in {time.monotonic() - began:.0f} s"
    if failed:
        print(f"Failed: {', '.join(failed)} (see above). {took}.", file=sys.stderr)
        return 1
    print(f"{took}; {links} links lead outside (outside-links.txt). Open {SITE / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
