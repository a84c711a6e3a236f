"""What study files are read with: values of a file, checked one by one, each mistake told with its place."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from ...scenarios.checks import Problems, range_text, repair_number, repair_switch
from ...scenarios.errors import did_you_mean
from ...scenarios.yaml_text import Node, Scalar, YamlMapping, YamlSequence


def known_keys(group: YamlMapping, names: Iterable[str], what: str, problems: Problems) -> None:
    """Tell of each key that means nothing in `what`."""
    names = tuple(names)
    for name, spot in group.keys.items():
        if name not in names:
            hint = did_you_mean(name, names) or f"it may have {', '.join(names)}"
            problems.add(spot.error(f"{what} has no key {name!r}", hint))


def missing(node: Node | None) -> bool:
    """Whether a key was left out or has no value."""
    return node is None or (isinstance(node, Scalar) and node.value is None)


def text(group: YamlMapping, name: str, default: str, problems: Problems) -> str:
    """A key that holds text."""
    node = group.items.get(name)
    if node is None:
        return default
    if isinstance(node, Scalar) and isinstance(node.value, str) and node.value.strip():
        return node.value.strip()
    if missing(node):
        problems.add(group.keys[name].error(f"{name} has no value", "leave it out, or give a text"))
    else:
        hint = "put it in quotes" if isinstance(node, Scalar) else None
        problems.add(node.spot.error(f"{name} is {node}, but must be text", hint))
    return default


def choice(group: YamlMapping, name: str, choices: Iterable[str], default: str, problems: Problems) -> str:
    """A key that holds one of a few words."""
    node = group.items.get(name)
    choices = tuple(choices)
    if node is None:
        return default
    if isinstance(node, Scalar) and node.value in choices:
        return str(node.value)
    said = f"{name} has no value" if missing(node) else f"{name} is {node}"
    spot = group.keys[name] if missing(node) else node.spot
    hint = did_you_mean(node.text, choices) if isinstance(node, Scalar) else None
    problems.add(spot.error(f"{said}, but must be one of {', '.join(choices)}", hint))
    return default


def number(
    group: YamlMapping, name: str, default: Any, problems: Problems, *, whole: bool = False,
    low: float | None = None, high: float | None = None, above: float | None = None,
) -> Any:  # fmt: skip
    """A key that holds a number, from `low` to `high` or above `above`."""
    node = group.items.get(name)
    if node is None:
        return default
    bounds = f"above {above:g}" if above is not None else range_text(low, high)
    kind = f"{'a whole number' if whole else 'a number'}{f' ({bounds})' if bounds else ''}"
    return as_number(node, name, kind, default, problems, group, whole=whole, low=low, high=high, above=above)


def as_number(
    node: Node, name: str, kind: str, default: Any, problems: Problems, group: YamlMapping, *,
    whole: bool, low: float | None, high: float | None, above: float | None = None,
) -> Any:  # fmt: skip
    """A node as a number; `kind` says what it must be."""
    if isinstance(node, Scalar) and is_number(node.value, whole=whole):
        value = node.value
        assert isinstance(value, (int, float))
        if (
            (low is None or value >= low)
            and (high is None or value <= high)
            and (above is None or value > above)
        ):
            return value
    hint = repair_number(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else None
    said = f"{name} has no value" if missing(node) else f"{name} is {node}"
    spot = group.keys[name] if missing(node) and name in group.keys else node.spot
    problems.add(spot.error(f"{said}, but must be {kind}", hint))
    return default


def is_number(value: Any, *, whole: bool = False) -> bool:
    """Whether a value is a finite number; of a whole one, whether it is written as such."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return isinstance(value, int) if whole else math.isfinite(value)


def switch(group: YamlMapping, name: str, default: bool, problems: Problems) -> bool:
    """A key that is true or false."""
    node = group.items.get(name)
    if node is None:
        return default
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    hint = repair_switch(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else None
    problems.add(node.spot.error(f"{name} is {node}, but must be true or false", hint))
    return default


def listing(node: Node) -> list[Node]:
    """The items of a list; one value by itself is a list of one."""
    return list(node.items) if isinstance(node, YamlSequence) else [node]
