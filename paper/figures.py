"""The paper's figures, each from where a command of the project has left it; `python paper/figures.py` copies them.

`--run` makes Japan's anew instead (25 s of one core, and the time to compile).
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parent / "docs" / "figures"


def figures() -> list[str]:
    """The files that the paper shows."""
    return re.findall(r"!\[.*?\]\(([^)]+)\)", (HERE / "paper.md").read_text(encoding="utf-8"))


def run(folder: Path) -> Path:
    """The figures of a run of Japan."""
    command = [sys.executable, "-m", "local_citizenship.app", "run", "japan", "--out", str(folder), "--quiet"]
    subprocess.run(command, check=True)
    return folder / "figures"


def found(name: str, source: Path) -> Path:
    """The figure of this name; a run numbers its own. Errors: FileNotFoundError."""
    for file in sorted(source.glob(f"*{name}")):
        return file
    raise FileNotFoundError(f"{source} has no figure {name}")


def main() -> None:
    """Put every figure beside the text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", action="store_true", help="run Japan for them")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        source = run(Path(place) / "japan") if asked.run else SHIPPED
        for name in figures():
            shutil.copyfile(found(name, source), HERE / name)
            print(f"Wrote {HERE / name}.")


if __name__ == "__main__":
    main()
