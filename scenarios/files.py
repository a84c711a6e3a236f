"""Finding and reading scenario files: the shipped ones by name, a user's by path."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from .bounded import UnreadableError, yaml_bytes
from .errors import did_you_mean, shortened, unprintable
from .yaml_text import Scalar, SourceLocation, YamlMapping, read_head, read_mapping

ENDINGS = (".yaml", ".yml")
NOWHERE = SourceLocation("")


@dataclass(frozen=True)
class ScenarioFile:
    """A scenario file as it was read. `shown` is its name in messages; `path` tells it from all others."""

    path: Path
    shown: str
    shipped: bool
    content: YamlMapping

    @property
    def name(self) -> str:
        """What the scenario is called: the file's name without its ending."""
        return self.path.name.removesuffix(".yaml").removesuffix(".yml")


def shipped_folder() -> Path:
    """Where the shipped scenarios lie."""
    return Path(str(files(__package__)))


@cache
def shipped_names() -> tuple[str, ...]:
    """The shipped scenarios by name; those whose name starts with "_" are for others to build on."""
    found = (each.name for each in files(__package__).iterdir() if not each.name.startswith("_"))
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def list_scenarios() -> list[tuple[str, str, str]]:
    """The shipped scenarios: (name, title, question), by name. Of their files only the head is read."""
    found = []
    for name in shipped_names():
        head = read_head(
            (shipped_folder() / f"{name}.yaml").read_text(encoding="utf-8"), ("title", "question")
        )
        found.append((name, head.get("title", name), head.get("question", "").strip()))
    return found


def chain_of(reference: str | os.PathLike[str]) -> list[ScenarioFile]:
    """The file that `reference` names and those it extends, the outermost first.

    Errors: ScenarioError for a file that is missing or cannot be read, and for `extends` in a circle.
    """
    chain = [open_scenario(os.fspath(reference))]
    while "extends" in chain[-1].content.items:
        last = chain[-1]
        given, key = last.content.items["extends"], last.content.keys["extends"]
        wanted = "must be a shipped scenario or a file beside this one"
        if isinstance(given, Scalar) and given.value is None:
            raise key.error("extends has no value", f"it {wanted}")
        if not isinstance(given, Scalar) or not isinstance(given.value, str):
            raise given.spot.error(f"extends is {given}, but {wanted}")
        following = open_scenario(given.value, last, given.spot)
        if following.path in [each.path for each in chain]:
            names = " -> ".join(each.shown for each in [*chain, following])
            raise given.spot.error(f"`extends` goes in a circle: {names}")
        chain.append(following)
    return chain[::-1]


def open_scenario(
    reference: str, beside: ScenarioFile | None = None, spot: SourceLocation = NOWHERE
) -> ScenarioFile:
    """One file. `beside`: the file that names it, at `spot`. Errors: ScenarioError."""
    if not reference.strip() or "\0" in reference:
        raise spot.error(f"{shortened(reference)!r} is not the name of a scenario")
    if not _is_path(reference):
        shipped = shipped_folder() / f"{reference}.yaml"
        if os.path.isfile(shipped):  # which, unlike Path's own, is never an error
            return ScenarioFile(shipped.resolve(), shipped.name, True, _content(shipped, shipped.name, spot))
    path = beside.path.parent / reference if beside else Path(reference)
    is_shipped = beside is not None and beside.shipped
    shown = reference if not beside or is_shipped else os.path.join(os.path.dirname(beside.shown), reference)
    shown = os.path.normpath(shown)
    if not os.path.exists(path):
        kind = "scenario file" if _is_path(reference) else "scenario"
        raise spot.error(f"there is no {kind} {shortened(reference)!r}", _suggestion(reference, path))
    if code := unprintable(path.name):
        raise spot.error(f"the name of the file {shown!r} holds the character {code}", "give it another name")
    return ScenarioFile(path.resolve(), shown, is_shipped, _content(path, shown, spot))


def _is_path(reference: str) -> bool:
    separators = [sep for sep in (os.sep, os.altsep, "/") if sep]
    return reference.endswith(ENDINGS) or any(sep in reference for sep in separators)


def _suggestion(reference: str, path: Path) -> str:
    try:
        siblings = [each.name for each in path.parent.iterdir() if each.name.endswith(ENDINGS)]
    except OSError:
        siblings = []
    for exact in (f"{path.name}.yaml", f"{path.name}.yml"):
        if exact in siblings:
            return f"did you mean {os.path.join(os.path.dirname(reference), exact)!r}?"
    stem = path.name.removesuffix(".yaml").removesuffix(".yml")
    near = did_you_mean(stem, shipped_names()) or did_you_mean(path.name, siblings)
    return near or f"the shipped scenarios are {', '.join(shipped_names())}"


def _content(path: Path, shown: str, spot: SourceLocation) -> YamlMapping:
    if path.is_dir():
        raise spot.error(f"{shown} is a folder, not a scenario file")
    try:
        data = yaml_bytes(path)
    except UnreadableError as error:
        raise spot.error(f"{shown} {error}") from None
    return read_mapping(data, shown)
