"""`migrate`: files and folders of an earlier release, read, and rewritten where a word of theirs is on its way out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from .console import INCOMPLETE, UsageMistake, say
from .folders import reading

if TYPE_CHECKING:
    from ..scenarios.yaml_text import SourceLocation, YamlMapping

STUDY_KEYS = ("scenarios", "factors", "outcomes")  # one of these tells a study file from a scenario


@dataclass(frozen=True)
class Deprecated:
    """A line of a file that is out of date, `key: value`, and what is written `instead`. A key of a study is still
    read, and goes in the release after the next; a table of places that no longer comes with the package is not."""

    key: str
    value: str
    instead: str


STUDY = (
    Deprecated("luck", "shared", "common_random_numbers: true"),
    Deprecated("luck", "own", "common_random_numbers: false"),
)


@dataclass(frozen=True)
class Found:
    """A deprecated key of a file, and where it begins."""

    key: SourceLocation
    what: Deprecated

    @property
    def line(self) -> int:
        """The key's line, from 1."""
        return self.key.line or 1

    def __str__(self) -> str:
        return f"{self.what.key}: {self.what.value} is now {self.what.instead}"


def migrate(
    paths: Annotated[list[Path], Argument(metavar="PATH...", help="Files or folders of 0.1.0.")],
    check: Annotated[
        bool, Option("--check", help=f"Only tell; exit status {INCOMPLETE} if something is due.")
    ] = False,
) -> None:
    """Read files, studies and runs of 0.1.0; say what is deprecated in them, and rewrite it.

    A run or a study that was begun is left as it is, since its results rest on its own words; both are read by this
    release. So are links of the explorer.
    """
    due = 0
    for path in paths:
        if not path.exists():
            raise UsageMistake(f"there is no file or folder {path}")
        due += _folder(path, check) if path.is_dir() else _file(path, check)
    if check and due:
        raise typer.Exit(INCOMPLETE)


def _folder(folder: Path, check: bool) -> int:
    """A run, a study, or a folder with files of scenarios and studies; how many lines are due."""
    from ..experiments.studies.folder import RECORDS, open_study
    from ..outcomes.run_folder import TABLES, load_run

    if (folder / RECORDS).is_dir():
        with reading(folder):
            study = open_study(folder).study
        say(f"{folder}: the study {study.name}; it is read, and resumed, as it is.")
        return 0
    if (folder / TABLES).is_dir() and (folder / "manifest.json").is_file():
        with reading(folder):
            release = load_run(folder).manifest.get("versions", {}).get("local-citizenship", "")
        by = f", made by {release}" if release[:1].isdigit() else ""
        say(f"{folder}: a run{by}; it is read as it is.")
        return 0
    files = sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml"))
    if not files:
        raise UsageMistake(f"{folder} is no run or study, and holds no scenario or study files")
    return sum(_file(file, check) for file in files)


def _file(file: Path, check: bool) -> int:
    """One file: what is deprecated, and unless `check` its new text; how many lines are due."""
    from ..outcomes.whole_folder import refusal_told, write_whole
    from ..scenarios.bounded import UnreadableError, yaml_bytes
    from ..scenarios.yaml_text import read_mapping

    try:
        data = yaml_bytes(file)
    except UnreadableError as error:
        raise UsageMistake(f"{file} {error}") from None
    tree = read_mapping(data, str(file))
    is_study = any(key in tree.items for key in STUDY_KEYS)
    found = deprecated(tree, STUDY if is_study else _of_scenarios())
    for each in found:
        say(f"{file}:{each.line}: {each}")
    if found and not check:
        with refusal_told(file):
            write_whole(
                file.resolve(), rewritten(data, found)
            )  # the file itself, should this be a link to it
        say(f"Rewrote {file}.")
    if not (found and check):  # what is due may be what keeps this release from reading it
        _load(file, is_study)
    if not found:
        say(f"{file}: nothing needs rewriting.")
    return len(found)


def _of_scenarios() -> tuple[Deprecated, ...]:
    from ..scenarios.places_shipped import FORMER

    return tuple(Deprecated("places", before, f"places: {now}") for before, now in FORMER.items())


def deprecated(tree: YamlMapping, known: tuple[Deprecated, ...]) -> list[Found]:
    """The deprecated lines of a file."""
    found = []
    for each in known:
        value = tree.items.get(each.key)
        if value is not None and getattr(value, "text", None) == each.value:  # of a single value
            found.append(Found(tree.keys[each.key], each))
    return found


def rewritten(data: bytes, found: list[Found]) -> bytes:
    """The file's text with the deprecated keys replaced; comments and all else stay as they are.

    Errors: UsageMistake if one is written in a way that has to be changed by hand.
    """
    lines = data.decode("utf-8-sig").splitlines(keepends=True)
    for each in sorted(found, key=lambda one: (one.key.line, one.key.column), reverse=True):
        line, column = each.line - 1, (each.key.column or 1) - 1
        key, value = (
            rf"(['\"]?){word}\{number}" for number, word in ((1, each.what.key), (2, each.what.value))
        )
        begins = re.match(rf"{key}\s*:\s*{value}", lines[line][column:])
        if begins is None:
            raise UsageMistake(f"{each.key.file}:{each.line}: {each}: write it so by hand")
        lines[line] = lines[line][:column] + each.what.instead + lines[line][column + begins.end() :]
    return "".join(lines).encode()


def _load(file: Path, is_study: bool) -> None:
    """Whether this release reads the file. Errors: ScenarioError."""
    if is_study:
        from ..experiments.studies.read_study import read_study

        read_study(file)
    else:
        from ..scenarios import load_scenario

        load_scenario(file)
