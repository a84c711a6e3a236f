"""Fonts for names in any script: where ours lacks a letter, the first installed font that has it stands in."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import pandas as pd

from ...scenarios.languages import ENGLISH, catalogue_of, current, speaking

OURS = "DejaVu Sans"  # which comes with Matplotlib
# Those that systems and people have for Chinese, Japanese and Korean; after them any font, by its name.
FIRST = (
    "Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans CJK SC", "Noto Sans CJK TC", "Noto Sans JP", "Noto Sans KR",
    "Noto Sans SC", "Noto Sans TC", "Source Han Sans", "Hiragino Sans", "Hiragino Kaku Gothic Pro", "Yu Gothic",
    "Meiryo", "MS Gothic", "Apple SD Gothic Neo", "Malgun Gothic", "NanumGothic", "PingFang SC", "PingFang HK",
    "Microsoft YaHei", "Microsoft JhengHei", "SimHei", "IPAexGothic", "IPAGothic", "TakaoPGothic", "VL Gothic",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback", "Arial Unicode MS",
)  # fmt: skip
_NO_LETTERS = ("Last Resort", "LastResort", "Adobe Blank")  # fonts of boxes
_NAMED = 12  # letters that are named where no font has them


class MissingLetters(UserWarning):
    """No installed font has some letters of the names in a figure."""


@contextlib.contextmanager
def readable_language() -> Iterator[frozenset[str]]:
    """Speak the language that is spoken as long as there is a font for its words, which are told; else English, and
    warn once."""
    spoken = current()
    words = _words_of_language(spoken.code)
    if not _chosen(_foreign(words))[1]:
        yield words
        return
    _warn_once(
        f"No installed font has the letters of {spoken.name}: figures are in English. Install one that has them, as "
        "Noto Sans CJK, and draw the figures again."
    )
    with speaking(ENGLISH.code):
        yield frozenset()


@cache
def _words_of_language(code: str) -> frozenset[str]:
    return frozenset(form for entry in catalogue_of(code).entries.values() for form in entry.forms)


def families_for(words: Iterable[str]) -> list[str]:
    """Font families in which these words can be read: ours, and then what it takes. Warns once of letters that no
    installed font has."""
    chosen, missing = _chosen(_foreign(words))
    if missing:
        _warn_once(_sentence(missing))
    return list(chosen)


def missing_letters(words: Iterable[str]) -> str:
    """In a sentence, the letters of these words that no installed font has; "" if there are none."""
    missing = _chosen(_foreign(words))[1]
    return _sentence(missing) if missing else ""


def words_in(*tables: pd.DataFrame) -> set[str]:
    """All text in some tables, names of columns included."""
    found: set[str] = set()
    for table in tables:
        found |= {str(column) for column in table.columns}
        for column in table:
            kind = table[column].dtype
            if isinstance(kind, pd.CategoricalDtype):
                found |= {str(each) for each in kind.categories}
            elif not pd.api.types.is_numeric_dtype(kind):
                found |= {each for each in table[column].unique() if isinstance(each, str)}
    return found


def _foreign(words: Iterable[str]) -> frozenset[str]:
    """Letters beyond the Latin ones, which every font has."""
    return frozenset(
        letter for word in words for letter in word if ord(letter) > 0x24F and letter.isprintable()
    )


@lru_cache(64)
def _chosen(letters: frozenset[str]) -> tuple[tuple[str, ...], str]:
    """Families for these letters, and those that none has."""
    if not letters:
        return (), ""
    fonts = _installed()
    missing, chosen = letters - _letters_of(fonts[OURS]), [OURS]
    if not missing:
        return (), ""
    order = [name for name in FIRST if name in fonts] + sorted(fonts.keys() - {OURS, *FIRST})
    held = {name: missing & _letters_of(fonts[name]) for name in order}
    while missing and (best := max(order, key=lambda name: len(held[name] & missing), default=None)):
        if not held[best] & missing:
            break
        chosen.append(best)  # the first of those that have most of them
        missing -= held[best]
    return tuple(chosen) if len(chosen) > 1 else (), "".join(sorted(missing))


@cache
def _installed() -> dict[str, str]:
    """Installed fonts by family -> the file of their plain face, as Matplotlib takes it."""
    from matplotlib.font_manager import fontManager

    plain: dict[str, tuple[int, str]] = {}
    for font in fontManager.ttflist:
        if not font.name.startswith(_NO_LETTERS):
            far = abs(int(font.weight) - 400) if str(font.weight).isdigit() else 300
            rank = far + (1000 if font.style != "normal" else 0), font.fname
            plain[font.name] = min(plain.get(font.name, rank), rank)
    return {name: file for name, (_, file) in plain.items()}


@lru_cache(512)
def _letters_of(file: str) -> frozenset[str]:
    """All letters of a font; none of a file that can't be read."""
    from matplotlib.ft2font import FT2Font

    try:
        font: Any = FT2Font(file)
        return frozenset(map(chr, font.get_charmap()))
    except (OSError, RuntimeError):
        return frozenset()


def _sentence(missing: Sequence[str]) -> str:
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    return (
        f"No installed font has the letters {' '.join(missing[:_NAMED])}{more}: figures show boxes in their place. "
        "Install one that has them, as Noto Sans CJK, and draw the figures again."
    )


@cache
def _warn_once(told: str) -> None:
    warnings.warn(told, MissingLetters, stacklevel=4)
