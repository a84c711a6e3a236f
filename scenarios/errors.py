"""A user's mistake, told in one sentence that says where it is, what is wrong, and what would be right."""

from __future__ import annotations

import difflib
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


def did_you_mean(name: str, names: Iterable[str]) -> str | None:
    """A hint that gives the nearest of `names`, or None if none is near."""
    near = nearest(name, names)
    return f"did you mean {near!r}?" if near is not None else None
