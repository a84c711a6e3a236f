"""What study files are read with: the keys of a group, each of a known kind, every mistake told with its place."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ...scenarios import ScenarioError
from ...scenarios.bounded import UnreadableError, yaml_bytes
from ...scenarios.checks import Problems, range_text, repair_number, repair_switch
from ...scenarios.errors import did_you_mean
from ...scenarios.yaml_text import Node, Scalar, YamlMapping, YamlSequence, read_mapping

MOST = 1_000_000  # of anything that a study counts


class Fields:
    """A group of a study file; keys that mean nothing in `what` are refused. Errors: ScenarioError, by all it does."""

    def __init__(self, group: YamlMapping, names: Iterable[str], what: str) -> None:
        self.items, self.keys, self.spot = group.items, group.keys, group.spot
        for name, spot in group.keys.items():
            if name not in names:
                hint = did_you_mean(name, names) or f"it may have {', '.join(names)}"
                raise spot.error(f"{what} has no key {name!r}", hint)

    @classmethod
    def of_file(cls, file: Path, names: Iterable[str], what: str, needs: str) -> Fields:
        """All that stands in a file; `needs` is what an empty one is told."""
        try:
            data = yaml_bytes(file)
        except UnreadableError as error:
            raise ScenarioError(f"{file} {error}") from None
        return cls(read_mapping(data, str(file), f"{what} needs {needs}"), names, what)

    def __contains__(self, name: str) -> bool:
        return name in self.items

    def wrong(self, name: str, must: str, hint: str | None = None) -> ScenarioError:
        """That a key's value is not what it must be."""
        node = self.items[name]
        spot = self.keys[name] if missing(node) else node.spot
        return spot.error(f"{what_it_is(name, node)}, but must be {must}", hint)

    def scalar(self, name: str) -> Any:
        """The value of a key; None for a list or a group."""
        node = self.items[name]
        return node.value if isinstance(node, Scalar) else None

    def text(self, name: str, default: str) -> str:
        """A key that holds text."""
        if name not in self:
            return default
        value = self.scalar(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        raise self.wrong(name, "text", None if value is None else "put it in quotes")

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        """A key that holds one of a few words."""
        if name not in self:
            return default
        value = self.scalar(name)
        if value in choices:
            return str(value)
        hint = did_you_mean(str(value), choices) if value is not None else None
        raise self.wrong(name, f"one of {', '.join(choices)}", hint)

    def number(
        self, name: str, default: Any, *, whole: bool = False,
        low: float | None = None, high: float | None = None, above: float = -math.inf,
    ) -> Any:  # fmt: skip
        """A key that holds a number, from `low` to `high` or above `above`."""
        if name not in self:
            return default
        value = self.scalar(name)
        if isinstance(value, int if whole else int | float) and not isinstance(value, bool):
            least, most = -math.inf if low is None else low, math.inf if high is None else high
            if math.isfinite(value) and least <= value <= most and value > above:
                return value
        bounds = f"above {above:g}" if math.isfinite(above) else range_text(low, high)
        kind = f"{'a whole number' if whole else 'a number'}{f' ({bounds})' if bounds else ''}"
        raise self.wrong(name, kind, repair_number(value) if isinstance(value, str) else None)

    def count(self, name: str, default: Any, low: int) -> Any:
        """A key that says how many."""
        return self.number(name, default, whole=True, low=low, high=MOST)

    def switch(self, name: str, default: bool) -> bool:
        """A key that is true or false."""
        if name not in self:
            return default
        value = self.scalar(name)
        if isinstance(value, bool):
            return value
        raise self.wrong(name, "true or false", repair_switch(value) if isinstance(value, str) else None)


@contextlib.contextmanager
def collecting(problems: Problems) -> Iterator[None]:
    """A mistake in the block is remembered, and what comes after it is read all the same."""
    try:
        yield
    except ScenarioError as error:
        problems.add(error)


def missing(node: Node | None) -> bool:
    """Whether a key was left out or has no value."""
    return node is None or (isinstance(node, Scalar) and node.value is None)


def what_it_is(name: str, node: Node) -> str:
    """What is said of a value that can't be used: `months is 0`, `luck has no value`."""
    return f"{name} has no value" if missing(node) else f"{name} is {node}"


def listing(node: Node) -> list[Node]:
    """The items of a list; one value by itself is a list of one."""
    return list(node.items) if isinstance(node, YamlSequence) else [node]
