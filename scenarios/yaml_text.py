"""YAML 1.2 as a tree that remembers the line and column of every key and value.

The text is composed, not constructed: a value keeps the text it was written as, a date stays text, and no
mistake surfaces as an exception of the YAML library. Every mistake is a ScenarioError.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.resolver import VersionedResolver

from .errors import LONGEST_VALUE, ScenarioError, shortened, unprintable

_TAG = "tag:yaml.org,2002:"
DEEPEST = 50  # levels of groups and lists within each other
LARGEST_KEPT = 500_000  # bytes of a file whose nodes are kept, which take eighty times as much
MOST_VALUES = 100_000  # names among them: what is read in a few seconds


@dataclass(frozen=True)
class SourceLocation:
    """A place in a file (line and column from 1), an option of the command line (both None), or nowhere ("")."""

    file: str
    line: int | None = None
    column: int | None = None

    def error(self, message: str, hint: str | None = None) -> ScenarioError:
        """The mistake `message`, made here."""
        return ScenarioError(message, file=self.file or None, line=self.line, column=self.column, hint=hint)


@dataclass(frozen=True)
class Scalar:
    """One value: as Python has it, and as it was written."""

    value: str | int | float | bool | None
    text: str
    spot: SourceLocation

    def __str__(self) -> str:
        return repr(shortened(self.value)) if isinstance(self.value, str) else shortened(self.text)


@dataclass(frozen=True)
class YamlSequence:
    """A list."""

    items: list[Node]
    spot: SourceLocation

    def __str__(self) -> str:
        return "a list"


@dataclass(frozen=True)
class YamlMapping:
    """Names with values; `keys` has where each name stands."""

    items: dict[str, Node]
    keys: dict[str, SourceLocation]
    spot: SourceLocation

    def __str__(self) -> str:
        return "a group of values"


Node = Scalar | YamlSequence | YamlMapping


def read_mapping(
    data: bytes, file: str, needs: str = "a scenario needs at least `extends` or `places`"
) -> YamlMapping:
    """Read a file that must hold names with values; `needs` is what an empty one is told. Errors: ScenarioError,
    with line and column."""
    node = _compose(decoded(data, file), file, _kept_nodes if len(data) <= LARGEST_KEPT else _nodes)
    if node is None or (isinstance(node, ScalarNode) and node.value == ""):
        raise SourceLocation(file).error("the file is empty", needs)
    tree = _Tree(file).node(node)
    if not isinstance(tree, YamlMapping):
        kind = "a list" if isinstance(tree, YamlSequence) else "text"
        raise tree.spot.error(f"the file holds {kind}, but must hold names with values", "as `months: 240`")
    return tree


def read_head(text: str, wanted: Collection[str]) -> dict[str, str]:
    """The values of these names of a sound file, as text; it is read no further than to the last of them."""
    found: dict[str, str] = {}
    depth, name = 0, ""
    for event in YAML(typ="safe", pure=True).parse(text):
        if depth == 1 and isinstance(event, ScalarEvent):
            if name in wanted:
                found[name] = event.value
            name = "" if name else event.value
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth == 1 and isinstance(event, CollectionEndEvent):
            name = ""
        if len(found) == len(wanted):
            break
    return found


def read_scalar(text: str, spot: SourceLocation) -> Scalar:
    """Read one value given on the command line, by the rules of the file. Errors: ScenarioError at `spot`."""
    try:
        node = _compose(text, spot.file, _nodes)
        tree = _Tree(spot.file).node(node) if node is not None else Scalar(None, "", spot)
    except ScenarioError as error:
        raise spot.error(
            f"the value {shortened(text)!r} cannot be read", "put it in quotes if it is text"
        ) from error
    if not isinstance(tree, Scalar):
        raise spot.error(f"the value is {tree}, but must be a single value", "put it in quotes if it is text")
    return Scalar(tree.value, tree.text, spot)


def decoded(data: bytes, file: str, hint: str = "save the file as UTF-8") -> str:
    """The text of a file. Errors: ScenarioError, with line and column, and what to do."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        spot = SourceLocation(file, before.count(b"\n") + 1, column)
        raise spot.error(f"the byte 0x{data[error.start]:02x} is not UTF-8 text", hint) from None


def _compose(text: str, file: str, nodes_of: Callable[[str], Any]) -> Any:
    try:
        return nodes_of(text)
    except ReaderError as error:
        before = text[: error.position]
        spot = SourceLocation(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
        raise spot.error(f"the character U+{ord(text[error.position]):04X} is not allowed in YAML") from None
    except MarkedYAMLError as error:
        raise _in_plain_words(error, text, file) from None
    except (YAMLError, ValueError) as error:
        raise SourceLocation(file).error(f"not valid YAML: {' '.join(str(error).split())}") from None


def _nodes(text: str) -> Any:
    """The library's nodes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a repeated anchor is legal
        reader = YAML(typ="safe", pure=True)  # which, unlike others, keeps no comments
        reader.Resolver = _Shallow
        return reader.compose(text)


@lru_cache(8)
def _kept_nodes(text: str) -> Any:
    """The same, not to be changed, of the last files: a study's own scenario takes a second to read, and each of its
    commands comes to it several times."""
    return _nodes(text)


class _Shallow(VersionedResolver):
    """The library's, which hears of every value and every level; it would follow them until the stack is full."""

    depth = values = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        self.depth += 1
        self.values += 1
        if self.values > MOST_VALUES:
            why = f"more than {MOST_VALUES:,} names and values"
            raise MarkedYAMLError(problem=why, problem_mark=current_node.start_mark)
        if self.depth > DEEPEST + 1:  # the whole file is one level
            why = f"values are nested more than {DEEPEST} levels deep"
            raise MarkedYAMLError(problem=why, problem_mark=current_node.start_mark)
        super().descend_resolver(current_node, current_index)

    def ascend_resolver(self) -> None:
        self.depth -= 1
        super().ascend_resolver()


# What the library says -> what it means, and whether the place to look at is where the trouble began.
_PLAIN = (
    ("while scanning a quoted scalar", "a quotation mark is opened here and never closed", True),
    ("while scanning a single-quoted", "a quotation mark is opened here and never closed", True),
    ("unknown escape character", "a backslash in double quotes must be doubled; or use single quotes", False),
    ("while parsing a flow sequence", "a '[' is opened here and not closed by a ']'", True),
    ("while parsing a flow mapping", "a '{' is opened here and not closed by a '}'", True),
    ("mapping values are not allowed", "a ':' is not expected here", False),
    ("could not find expected ':'", "a ':' and a value are missing after this name", True),
    ("sequence entries are not allowed", "a list must begin on a line of its own", False),
    ("but found another document", "a second document begins here, but a file holds one scenario", False),
    ("expected <block end>", "this does not fit what stands above it", False),
    ("expected '<document start>'", "this does not fit what stands above it", False),
    (
        "names and values",
        f"the file holds more than {MOST_VALUES:,} names and values, and is read no further",
        False,
    ),
    ("levels deep", f"values are nested more than {DEEPEST} levels deep", False),
    ("inconsistent indentation", "this does not fit what stands above it", False),
)
_HINTS = {
    "a ':' is not expected here": "check the indentation, and quote text that has a ':' in it",
    "this does not fit what stands above it": "check the indentation and the quotation marks",
}


def _in_plain_words(error: MarkedYAMLError, text: str, file: str) -> ScenarioError:
    began, found = error.context_mark, error.problem_mark
    mark = found or began
    spot = SourceLocation(file, mark.line + 1, mark.column + 1) if mark else SourceLocation(file)
    said = " ".join(part for part in (error.context, error.problem) if part)
    lines = text.splitlines()
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        return SourceLocation(file, spot.line, indent.index("\t") + 1).error(
            "indented with a tab", "use spaces"
        )
    unexpected = re.search(r"found character '(.*?)' that cannot start", said)
    if unexpected:
        if unexpected[1] == "\\t":
            return spot.error("a tab stands here", "use spaces")
        return spot.error(f"a value cannot begin with {unexpected[1]!r}", "put it in quotes")
    alias = re.search(r"undefined alias '(.*)'", said)
    if alias:
        name = shortened(alias[1])
        return spot.error(f"nothing is called &{name}", f"put {'*' + name!r} in quotes if it is text")
    for sign, words, at_beginning in _PLAIN:
        if sign in said:
            if at_beginning and began:
                spot = SourceLocation(file, began.line + 1, began.column + 1)
            return spot.error(words, _HINTS.get(words))
    return spot.error(f"not valid YAML: {said}")


class _Tree:
    """Turns the library's nodes into ours; a node that is used again (`*name`) is turned once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.done: dict[int, Node] = {}
        self.under_way: set[int] = set()

    def spot(self, node: Any) -> SourceLocation:
        return SourceLocation(self.file, node.start_mark.line + 1, node.start_mark.column + 1)

    def node(self, node: Any) -> Node:
        if id(node) in self.under_way:
            raise self.spot(node).error("this value contains itself")
        if id(node) not in self.done:
            self.under_way.add(id(node))
            self.done[id(node)] = self._node(node)
            self.under_way.remove(id(node))
        return self.done[id(node)]

    def _node(self, node: Any) -> Node:
        if not str(node.tag).startswith(_TAG) or str(node.tag).removeprefix(_TAG) not in _KNOWN_TAGS:
            raise self.spot(node).error(
                f"the tag {shortened(str(node.tag).replace(_TAG, '!!'))} means nothing here"
            )
        if isinstance(node, ScalarNode):
            self.refuse_unprintable(node)
            return Scalar(_value(node), node.value, self.spot(node))
        if isinstance(node, SequenceNode):
            return YamlSequence([self.node(item) for item in node.value], self.spot(node))
        assert isinstance(node, MappingNode)
        return self._mapping(node)

    def refuse_unprintable(self, node: Any) -> None:
        """Also what is written as an escape."""
        if code := unprintable(str(node.value)):
            raise self.spot(node).error(f"the character {code} is not allowed")

    def _mapping(self, node: Any) -> YamlMapping:
        items: dict[str, Node] = {}
        keys: dict[str, SourceLocation] = {}
        for key, value in node.value:
            spot = self.spot(key)
            if key.tag == f"{_TAG}merge":
                raise spot.error("'<<' is not part of YAML 1.2", "use `extends` to build on another scenario")
            if not isinstance(key, ScalarNode):
                raise spot.error("a list or group cannot be a name")
            if key.tag == f"{_TAG}int" and key.value.isdecimal() and value.value == "" and items:
                name, before = list(items.items())[-1]
                if isinstance(before, Scalar) and re.fullmatch("[+-]?[0-9]+", before.text):
                    said = shortened(f"{before.text},{key.value}")
                    right = shortened(f"{name}: {before.text}.{key.value}")
                    raise before.spot.error(
                        f"{name} is {said}, but a comma ends a value here", f"write {right}"
                    )
            if key.tag != f"{_TAG}str":
                raise spot.error(f"{shortened(key.value) or 'nothing'} is not a name", "names are text")
            self.refuse_unprintable(key)
            if len(key.value) > LONGEST_VALUE:
                raise spot.error(f"{shortened(key.value)!r} is too long for a name")
            if key.value in items:
                raise spot.error(f"{key.value!r} is given twice, first in line {keys[key.value].line}")
            items[key.value] = self.node(value)
            keys[key.value] = spot
        return YamlMapping(items, keys, self.spot(node))


_KNOWN_TAGS = frozenset({"str", "int", "float", "bool", "null", "map", "seq", "timestamp"})


def _value(node: Any) -> str | int | float | bool | None:
    """The value of a scalar by its tag; what does not fit its tag stays text."""
    tag, text = str(node.tag).removeprefix(_TAG), str(node.value)
    if tag == "null":
        return None
    if tag == "bool" and text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        if tag == "int":
            return _whole_number(text.replace("_", ""))
        if tag == "float":
            return float(re.sub(r"\.(?=inf|nan)", "", text.replace("_", "").lower()))
    except ValueError:
        pass
    return text


def _whole_number(text: str) -> int:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    base = {"0x": 16, "0o": 8, "0b": 2}.get(digits[:2].lower(), 10)
    return sign * int(digits if base == 10 else digits[2:], base)
