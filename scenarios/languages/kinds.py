"""What there is to know of each language but its words: how it writes numbers and lists, and joins words."""

from __future__ import annotations

import locale
import os
import re
from collections.abc import Callable
from dataclasses import dataclass

AUTO = "auto"  # the language of the user's surroundings


class UnknownLanguage(ValueError):
    """A language was asked for that there is no catalogue of."""


def _as_it_is(text: str) -> str:
    return text


# Korean: a particle depends on whether the syllable before it ends in a consonant. Messages have both forms.
_PARTICLES = {"은(는)": "은는", "이(가)": "이가", "을(를)": "을를", "과(와)": "과와"}
_PARTICLE = re.compile("|".join(["(.)(" + "|".join(map(re.escape, _PARTICLES)) + ")", r"(.)\(으\)로"]))
_SYLLABLES, _FINALS, _RIEUL = 0xAC00, 28, 8
_READ_WITH_FINAL = {"0": 21, "1": 8, "3": 16, "6": 1, "7": 8, "8": 8}  # digits, by the sound they end in


def _final(letter: str) -> int:
    """The final consonant of a syllable, 0 for none; of what is no syllable, as its name is read aloud."""
    at = ord(letter) - _SYLLABLES
    if 0 <= at < 11172:
        return at % _FINALS
    return _READ_WITH_FINAL.get(letter, 0)


def korean(text: str) -> str:
    """The text with the particles that its words ask for: 시청이(가) as 시청이, 단체이(가) as 단체가."""

    def chosen(found: re.Match[str]) -> str:
        if found[2]:
            both = _PARTICLES[found[2]]
            return found[1] + (both[0] if _final(found[1]) else both[1])
        return found[3] + ("으로" if _final(found[3]) not in (0, _RIEUL) else "로")

    return _PARTICLE.sub(chosen, text)


# Spanish and Italian: an article melts into the preposition before it.
_SPANISH = {"a el ": "al ", "de el ": "del "}
_ITALIAN = {
    f"{preposition} {article}": f"{melted}{end}"
    for preposition, stem in (("a", "a"), ("da", "da"), ("di", "de"), ("in", "ne"), ("su", "su"))
    for article, melted, end in (
        ("il ", f"{stem}l", " "), ("lo ", f"{stem}llo", " "), ("la ", f"{stem}lla", " "), ("l'", f"{stem}ll'", ""),
        ("i ", f"{stem}i", " "), ("gli ", f"{stem}gli", " "), ("le ", f"{stem}lle", " "),
    )
}  # fmt: skip


# Italian: an article loses its vowel before a number that begins with one (otto, undici, ottanta).
_BEFORE_EIGHT = re.compile(r"\b([Ii]l|[Nn]el|[Dd]el|[Aa]l|[Dd]al|[Ss]ul) (?=8\d?(?:[.,]\d+)?%|11(?:,\d+)?%)")


_CUT = {"il": "l", "Il": "L"}  # of the others the last letter is doubled: nel, nell'


def italian(text: str) -> str:
    """The text with its articles melted into prepositions, and cut short before 8, 11 and 80 per cent."""
    return _BEFORE_EIGHT.sub(lambda found: f"{_CUT.get(found[1], found[1] + 'l')}'", _melted_italian(text))


def _melting(contractions: dict[str, str]) -> Callable[[str], str]:
    found = re.compile(r"\b(" + "|".join(map(re.escape, contractions)) + ")")

    def melted(text: str) -> str:
        return found.sub(lambda each: contractions[each[1]], text)

    return melted


_melted_italian = _melting(_ITALIAN)


@dataclass(frozen=True)
class Language:
    """`plurals`: forms of a counted thing, one or two (1, and all else); `thousands`, `point`: of numbers, the former
    from `grouped` digits on; `percent`: after a percentage; `between`, `last`: of what is enumerated; `month`: how a
    month of a year is said; `joined`: mends where words meet; `spaces`: whether lines break between words alone."""

    code: str
    name: str  # in itself
    plurals: int
    thousands: str
    point: str
    percent: str
    between: str
    last: str
    months: tuple[str, ...]
    month: str
    grouped: int = 4
    joined: Callable[[str], str] = _as_it_is
    spaces: bool = True


_ENGLISH = "January February March April May June July August September October November December"
_SPANISH_MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
_ITALIAN_MONTHS = (
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
)

ENGLISH = Language(
    "en", "English", 2, ",", ".", "%", ", ", " and ", tuple(_ENGLISH.split()), "{month} {year}"
)
LANGUAGES = {
    each.code: each
    for each in (
        ENGLISH,
        Language(
            "ja", "日本語", 1, ",", ".", "%", "、", "、", tuple(f"{n}月" for n in range(1, 13)), "{year}年{month}",
            spaces=False,
        ),
        Language(
            "ko", "한국어", 1, ",", ".", "%", ", ", ", ", tuple(f"{n}월" for n in range(1, 13)), "{year}년 {month}",
            joined=korean,
        ),
        Language(
            "es", "español", 2, ".", ",", "\u00a0%", ", ", " y ", tuple(_SPANISH_MONTHS.split()), "{month} de {year}",
            grouped=5, joined=_melting(_SPANISH),
        ),
        Language(
            "it", "italiano", 2, ".", ",", "%", ", ", " e ", tuple(_ITALIAN_MONTHS.split()), "{month} {year}",
            joined=italian,
        ),
    )
}  # fmt: skip


def language_for(asked: str) -> Language:
    """The language of a code ("ja", "ja-JP", "ja_JP.UTF-8"), or of the surroundings ("auto": English if there is none
    of theirs). Errors: UnknownLanguage naming those there are."""
    code = asked.strip() or ENGLISH.code
    if code.lower() == AUTO:
        told = next(
            (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
        )
        return LANGUAGES.get(_short(told or (locale.getlocale()[0] or "")), ENGLISH)
    if found := LANGUAGES.get(_short(code)):
        return found
    known = ", ".join(f"{each.code} ({each.name})" for each in LANGUAGES.values())
    raise UnknownLanguage(
        f"there is no language {asked!r}: there are {known}, and {AUTO} for that of your system"
    )


def _short(code: str) -> str:
    return re.split("[-_.]", code.lower(), maxsplit=1)[0]
