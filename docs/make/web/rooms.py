"""The page of the code: rooms, their folders, and what each file says it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from local_citizenship.scenarios.markdown import markdown_table

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("scenarios", "agents", "model", "outcomes", "experiments", "app")
BESIDE = ("package", "setting_up", "benchmarks", "docs/make")


def rooms() -> dict[str, str]:
    """The page `code`: a heading for each folder, whose anchor is its path with dashes."""
    parts = [
        "# The code\n\nSix rooms, one question each; imports run one way, from the last to the first. Each file says "
        "in its first sentence what it is. How to change one: [contributing](../../CONTRIBUTING.md)."
    ]
    for room in (*ROOMS, *BESIDE):
        for folder in _folders(ROOT / room):
            name = folder.relative_to(ROOT).as_posix()
            level = "##" if folder == ROOT / room else "###"
            files = [
                (f"`{file.name}`", said) for file in sorted(folder.glob("*.py")) if (said := _says(file))
            ]
            table = markdown_table(("file", "what it is"), files)
            parts.append(f"({name.replace('/', '-')})=\n{level} `{name}/`\n\n{table}")
    return {"code": "\n\n".join(parts)}


def _folders(room: Path) -> Iterator[Path]:
    """The room, and the folders with Python in it."""
    yield room
    yield from sorted(
        {file.parent for file in room.rglob("*.py") if "__pycache__" not in file.parts} - {room}
    )


def _says(file: Path) -> str:
    """The first paragraph of its docstring, on one line."""
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(said.partition("\n\n")[0].split())
