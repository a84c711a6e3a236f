"""Twenty commands with their pictures: docs/gallery.md, from gallery.yaml beside this file.

`python docs/make/gallery.py` runs them in an empty folder, as a reader would; it takes some two minutes.
"""

from __future__ import annotations

import glob
import os
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from ruamel.yaml import YAML
from typer.testing import CliRunner

from local_citizenship.app.cli import app

DOCS = Path(__file__).resolve().parents[1]
PAGE, PICTURES = DOCS / "gallery.md", DOCS / "gallery"
HEAD = """\
# Charts by one command

Made by `python docs/make/gallery.py`. Every measure that `local-citizenship measures --define` lists can be drawn so,
and your own: `plot RUN --measure NAME`, with `--by` (a mistake tells what it can be split by), `--years`, `--kind`
(line, bar, map, heat), `--group`, `--observed`, `--format` (png, svg, pdf) and `--size` (slide, print). A picture has
its table beside it. From Python, `run.plot(...)` takes the same and returns Matplotlib's axes, and `run.table(...)` the
numbers: [python.md](python.md#run). **People are simulated: no number is an estimate for a town.** What one seed shows
may be luck: give several runs that differ by their seeds, and look at the bands.
"""


def gallery() -> dict[str, Any]:
    """Runs to make, files to write, and charts: title and command."""
    found: dict[str, Any] = YAML(typ="safe").load(Path(__file__).with_suffix(".yaml"))
    return found


def call(command: str) -> str:
    """What a command prints, in this process. Errors: SystemExit if it fails."""
    words = [part for word in shlex.split(command) for part in (sorted(glob.glob(word)) or [word])]
    result = CliRunner().invoke(app, words)
    if result.exit_code:
        raise SystemExit(f"{command}\n{result.output}{result.exception or ''}")
    return result.output


def prepare(only: Sequence[str] = ()) -> None:
    """In this folder, write the files and make the runs (or those that hold one of these words)."""
    asked = gallery()
    for name, text in asked["files"].items():
        Path(name).write_text(text, encoding="utf-8")
    for command in asked["runs"]:
        if not only or any(word in command for word in only):
            call(command)


def draw(number: int, command: str, folder: Path) -> tuple[Path, str]:
    """Draw one chart into a folder, its table beside it; its file, and its alternative text."""
    call(f"{command} --out {shlex.quote(str(folder / f'{number:02d}.png'))}")
    file = folder / f"{number:02d}.png"
    with Image.open(file) as picture:
        alt = str(picture.info["Description"])
        small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(file, "PNG", optimize=True, dpi=(160, 160))
    return file, alt


def page(drawn: Sequence[tuple[str, str, str, str]]) -> str:
    """The page: title, command, picture's name and alternative text of each."""
    asked = gallery()
    before = "\n".join(f"    local-citizenship {command}" for command in asked["runs"])
    files = "\n".join(
        f"`{name}`:\n\n```{Path(name).suffix[1:]}\n{text}```\n" for name, text in asked["files"].items()
    )
    parts = [HEAD]
    for number, (title, command, picture, alt) in enumerate(drawn, start=1):
        told = alt.replace("[", "(").replace("]", ")").replace("\u00a0", " ")
        parts.append(
            f"## {number}. {title}\n\n    local-citizenship {command}\n\n![{told}](gallery/{picture})\n\n"
            f"[The table behind it](gallery/{Path(picture).stem}.csv)\n"
        )
    parts.append(f"## What was run before\n\n{before}\n\n{files}")
    return "\n".join(parts)


def main() -> None:
    """Make page and pictures anew."""
    home = os.getcwd()
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            prepare()
            drawn = []
            for number, chart in enumerate(gallery()["charts"], start=1):
                file, alt = draw(number, chart["command"], PICTURES)
                drawn.append((chart["title"], chart["command"], file.name, alt))
                print(number, chart["title"])
        finally:
            os.chdir(home)
    PAGE.write_text(page(drawn), encoding="utf-8")


if __name__ == "__main__":
    main()
