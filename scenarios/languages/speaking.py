"""The language that is spoken now, and a message in it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from .catalogue import catalogue_of
from .kinds import ENGLISH, LANGUAGES, Language, language_for

_SPOKEN: ContextVar[str] = ContextVar("spoken", default="")
_SET = "LOCAL_CITIZENSHIP_LANGUAGE"  # of the whole process, and of those that it starts


def current() -> Language:
    """The language that is spoken now."""
    return LANGUAGES[_code()]


def _code() -> str:
    if inside := _SPOKEN.get():
        return inside
    told = os.environ.get(_SET, "")
    return told if told in LANGUAGES else ENGLISH.code


def start_speaking(code: str) -> Language:
    """Speak a language from now on. Errors: UnknownLanguage."""
    chosen = language_for(code)
    os.environ[_SET] = chosen.code
    return chosen


@contextlib.contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Speak a language inside of `with`. Errors: UnknownLanguage."""
    chosen = language_for(code)
    before = _SPOKEN.set(chosen.code)
    try:
        yield chosen
    finally:
        _SPOKEN.reset(before)


def later(message: str) -> str:
    """The message as it is: marks one that is declared here and said elsewhere, by `tr`."""
    return message


def tr(message: str, /, **values: Any) -> str:
    """The message in the language that is spoken, with its placeholders filled; in English if it has none there."""
    return _filled(_form(message, "", None) or message, values)


def tr_number(one: str, many: str, number: float, /, **values: Any) -> str:
    """The same of a counted thing: `one` for 1, else `many`."""
    said = _form(one, "", number) or (one if number == 1 else many)
    return _filled(said, values)


def tr_term(text: str, context: str) -> str:
    """A word of the vocabulary, or an entry's; as it is where the language has none, as for what a user has added."""
    return _form(text, context, None) or text


def _form(message: str, context: str, number: float | None) -> str:
    code = _code()
    if code == ENGLISH.code or not message:
        return ""
    forms = catalogue_of(code).forms(message, context)
    if not forms:
        return ""
    return forms[0] if number is None or number == 1 or len(forms) == 1 else forms[1]


def _filled(text: str, values: dict[str, Any]) -> str:
    return current().joined(text.format_map(values) if values else text)
