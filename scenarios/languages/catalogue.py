"""A language's catalogue: messages and what they are in it, in the format of GNU gettext (PO), read as it stands.

Reading the text itself spares a compiled copy that can fall behind. A test holds what is read here against Babel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

HOME = Path(__file__).parent
UNREVIEWED = "machine-made, unreviewed"

Key = tuple[str, str]  # context ("" if none), English message
_ESCAPED = re.compile(r"\\(.)")
_LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s+)?"(.*)"$')


@dataclass
class Entry:
    """A message of a catalogue: its forms in the language, empty where there is none yet, and where it is used."""

    context: str = ""
    message: str = ""
    plural: str = ""
    forms: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def key(self) -> Key:
        """By which it is found."""
        return self.context, self.message


@dataclass(frozen=True)
class Catalogue:
    """The entries of a language, by key. `header`: field -> text; `gone`: what nothing says any more, kept aside."""

    entries: dict[Key, Entry]
    header: dict[str, str]
    gone: dict[Key, Entry] = field(default_factory=dict)

    @property
    def reviewer(self) -> str:
        """Who has read the translations, "" as long as nobody has."""
        told = self.header.get("X-Reviewed-By", "")
        return "" if told == UNREVIEWED else told

    def forms(self, message: str, context: str = "") -> tuple[str, ...]:
        """What the message is here, a form a number; () if it is nothing here."""
        found = self.entries.get((context, message))
        return () if found is None or found.fuzzy or not all(found.forms) else tuple(found.forms)


EMPTY = Catalogue({}, {})


@cache
def catalogue_of(code: str) -> Catalogue:
    """The catalogue of a language; of English an empty one."""
    file = HOME / f"{code}.po"
    return read(file.read_text(encoding="utf-8")) if file.is_file() else EMPTY


def read(text: str) -> Catalogue:
    """A catalogue from the text of its file. Errors: ValueError with the line that can't be read."""
    lines = text.splitlines()
    entries = _entries(["" if line.startswith("#~") else line for line in lines])
    gone = _entries([line[2:] if line.startswith("#~") else "#" for line in lines])
    head = entries.pop(("", ""), Entry())
    fields = (each.partition(":") for each in "".join(head.forms).splitlines())
    return Catalogue(entries, {name.strip(): said.strip() for name, _, said in fields}, gone)


def _entries(lines: list[str]) -> dict[Key, Entry]:
    entries: dict[Key, Entry] = {}
    now, at = Entry(), ""

    def keep() -> None:
        if now.forms:
            entries[now.key] = now

    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if not line:
            continue
        if line.startswith("#"):
            if now.forms:
                keep()
                now, at = Entry(), ""
            if line.startswith("#:"):
                now.where += line[2:].split()
            elif line.startswith("#,"):
                now.fuzzy = "fuzzy" in line
            continue
        found = _LINE.match(line)
        if found is None:
            raise ValueError(f"line {number} of a catalogue can't be read: {line}")
        keyword, form, said = found[1], found[2], _plain(found[3])
        if keyword:
            if keyword in ("msgctxt", "msgid") and now.forms:
                keep()
                now = Entry()
            at = keyword
            if keyword == "msgstr":
                if int(form or 0) != len(now.forms):
                    raise ValueError(f"line {number} of a catalogue: form {form} is out of its turn")
                now.forms.append("")
        if at == "msgstr":
            now.forms[-1] += said
        elif at == "msgid":
            now.message += said
        elif at == "msgid_plural":
            now.plural += said
        elif at == "msgctxt":
            now.context += said
    keep()
    return entries


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), text)
