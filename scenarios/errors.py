"""A user's mistake, told in one sentence that says where it is, what is wrong, and what would be right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

MOST_MISTAKES = 20  # looked for in a file


class ScenarioError(Exception):
    """Something in a scenario, in a table of places or on the command line cannot be used.

    `message` says what is wrong, without the place. `file`, `line` and `column` (both from 1) say where, each
    None where it makes no sense; `file` may also be an option, as `--set fear.weight=high`. `hint` says what
    would be right, as "did you mean 'fear'?". `more` counts further mistakes in the same file, and `others` are these;
    after 20 in all no more are looked for.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        hint: str | None = None,
        more: int = 0,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.hint = hint
        self.more = more
        self.others: list[ScenarioError] = []

    @property
    def sentence(self) -> str:
        """This mistake alone."""
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        hint = f"; {self.hint}" if self.hint else ""
        return f"{where}: {self.message}{hint}" if where else f"{self.message}{hint}"

    def __str__(self) -> str:
        at_least = "at least " if self.more >= MOST_MISTAKES - 1 else ""
        return f"{self.sentence} (and {at_least}{self.more} more)" if self.more else self.sentence


LONGEST_VALUE = 200
# What no file of text can hold, or no screen can show: control characters (but tabs and line ends), halves of pairs.
_NO_TEXT = "\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
# What shows a name as another one: it turns the direction of writing (Unicode's Bidi_Control), or is not seen at all.
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2028\u2029\u2060-\u2064\u206a-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
# Joiners are part of how Persian, Hindi and emoji are written, between letters of theirs, and of nothing else.
_JOINER, _OTHERS = "[\u200c\u200d]", "[^\0-\x7f]"
UNPRINTABLE = re.compile(f"[{_NO_TEXT}{_TURNING}{_INVISIBLE}]|(?<!{_OTHERS}){_JOINER}|{_JOINER}(?!{_OTHERS})")


def unprintable(text: str) -> str | None:
    """The first character of a text that cannot be used, as "U+0007", or None: one that no screen shows, or that makes
    a name look like another."""
    found = UNPRINTABLE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def shortened(text: str) -> str:
    """A value as a message repeats it: at most 200 characters of it, and how many there were."""
    if len(text) <= LONGEST_VALUE:
        return text
    return f"{text[: LONGEST_VALUE - 40]} ... ({len(text):,} characters)"


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` most like `name`, whatever the capitals; None if none is like it."""
    if len(name) > LONGEST_VALUE:
        return None
    known: dict[str, str] = {}
    for each in names:
        known.setdefault(each.casefold(), each)
    found = difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.7)
    return known[found[0]] if found else None


def is_one_slip_away(one: str, other: str) -> bool:
    """Whether two words differ by one letter more, less or another, or by two that have changed places."""
    start = _shared(one, other)
    end = _shared(one[start:][::-1], other[start:][::-1])
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(left), len(right)) == 1 or (len(left) == 2 and left == right[::-1])


def _shared(one: str, other: str) -> int:
    """How many letters two words have in common from the beginning on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def did_you_mean(name: str, names: Iterable[str]) -> str | None:
    """A hint that gives the nearest of `names`, or None if none is near."""
    near = nearest(name, names)
    return f"did you mean {near!r}?" if near is not None else None
