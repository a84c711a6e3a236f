"""YAML as people write it and as nobody should: a tree that may hold anything, written out, and text that was hurt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Tree = Any  # text as it stands in the file, a Group, or a list of trees


@dataclass
class Group:
    """Names with values, in order; a name may come twice."""

    pairs: list[tuple[str, Tree]] = field(default_factory=list)

    def put(self, path: str, value: Tree) -> None:
        """Give a value to a dotted path; groups on the way are made."""
        head, _, rest = path.partition(".")
        if not rest:
            self.pairs = [pair for pair in self.pairs if pair[0] != head] + [(head, value)]
            return
        inner = next((each for name, each in self.pairs if name == head and isinstance(each, Group)), None)
        if inner is None:
            inner = Group()
            self.pairs.append((head, inner))
        inner.put(rest, value)


def written(tree: Tree, indent: int = 0) -> str:
    """The tree in block style."""
    space = "  " * indent
    if isinstance(tree, Group):
        if not tree.pairs:
            return f"{space}{{}}\n"
        return "".join(f"{space}{name}:{_behind(value, indent)}" for name, value in tree.pairs)
    if isinstance(tree, list):
        if not tree:
            return f"{space}[]\n"
        parts = []
        for item in tree:
            text = written(item, indent + 1)
            parts.append(f"{space}- {text[len(space) + 2 :]}")
        return "".join(parts)
    return f"{space}{tree}\n"


def _behind(value: Tree, indent: int) -> str:
    if isinstance(value, (Group, list)):
        return "\n" + written(value, indent + 1)
    if "\n" in value:
        value = value.replace("\n", "\n" + "  " * (indent + 1))
    return f" {value}\n" if value else "\n"


PIECES = (
    "\t", "\ufeff", "\x00", "\x07", "\u2028", "\x85", "- ", ": ", "{", "}", "[", "]", "&a ", "*a ", "<<: *a\n",
    "---\n", "...\n",
    "%YAML 1.1\n", "%TAG ! x\n", "? ", "!!binary ", "#", "\\", "'", '"', "| ", "> ", ",", "\u65e5", "\r",
    "\n\n", "  ", "\u00a0",
)  # fmt: skip


@st.composite
def hurt(draw: st.DrawFn, text: str) -> tuple[bytes, tuple[str, ...]]:
    """The text with a few accidents, as bytes, and what they were."""
    made = []
    for _ in range(draw(st.integers(1, 3))):
        how = draw(st.sampled_from(_ACCIDENTS))
        made.append(how)
        text = _hurt(draw, text, how)
    data = text.encode("utf-8", "surrogatepass")
    ending = draw(st.sampled_from(("", "", "", "crlf", "bom", "utf-16", "latin-1", "cut", "bytes")))
    if ending:
        made.append(ending)
        data = _encoded(draw, text, data, ending)
    return data, tuple(made)


_ACCIDENTS = (
    "insert",
    "drop a line",
    "twice a line",
    "swap lines",
    "indent",
    "cut a word",
    "deep",
    "anchor",
    "alias",
    "many",
)


def _hurt(draw: st.DrawFn, text: str, how: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = draw(st.integers(0, len(lines) - 1))
    if how == "insert":
        place = draw(st.integers(0, len(text)))
        return text[:place] + draw(st.sampled_from(PIECES)) + text[place:]
    if how == "drop a line":
        del lines[at]
    elif how == "twice a line":
        lines.insert(at, lines[at])
    elif how == "swap lines":
        other = draw(st.integers(0, len(lines) - 1))
        lines[at], lines[other] = lines[other], lines[at]
    elif how == "indent":
        lines[at] = draw(st.sampled_from((" ", "  ", "\t", "    "))) + lines[at]
    elif how == "cut a word":
        place = draw(st.integers(0, len(lines[at])))
        lines[at] = lines[at][:place]
    elif how == "deep":
        depth = draw(st.sampled_from((40, 60, 200, 400, 3000, 20000)))
        opening, closing = draw(st.sampled_from((("[", "]"), ("{a: ", "}"), ("- ", ""))))
        lines.append(f"title: {opening * depth}{closing * depth}\n")
    elif how == "many":
        number = draw(st.sampled_from((30, 500, 3_000)))
        line = draw(
            st.sampled_from(
                ("name_{}: 1\n", "wieght{}: {{a: [1]}}\n", "# nothing {}\n", "fear: {{weight: {}}}\n")
            )
        )
        lines += [line.format(each) for each in range(number)]
    elif how == "anchor":
        lines[at] = lines[at].replace(": ", ": &a ", 1)
    elif how == "alias":
        name, colon, _ = lines[at].partition(":")
        lines.insert(at, f"{name}{colon} &a [*a]\n")
    return "".join(lines)


def _encoded(draw: st.DrawFn, text: str, data: bytes, how: str) -> bytes:
    if how == "crlf":
        return data.replace(b"\n", b"\r\n")
    if how == "bom":
        return b"\xef\xbb\xbf" + data
    if how in ("utf-16", "latin-1"):
        return text.encode(how, "replace")
    place = draw(st.integers(0, len(data)))
    if how == "cut":
        return data[:place]
    return data[:place] + draw(st.binary(min_size=1, max_size=4)) + data[place:]
