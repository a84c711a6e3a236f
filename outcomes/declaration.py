"""How a measure is declared: beside the function that computes it, and nowhere else.

From the declaration come the table `measures` of a run folder, `measures --define`, what studies and the page can
choose, and what each theme is divided by. A user's own measure is declared in the same way, or named on the command
line (`--measure mine.py:share_helped`); see `load_measure`.
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..scenarios.catalogue import STATUSES
from .entries import SHIPPED_ENTRIES, Entries
from .run import Run

TSUDA, THEIL, GINI, MORAN = "Tsuda 2008", "Theil 1967", "Gini 1912", "Moran 1950"
THIS_MODEL = "this model"
REFERENCES = {
    TSUDA: "Takeyuki Tsuda: Localities and the Struggle for Immigrant Rights. Japan Focus, 2008 (the claims measured)",
    THEIL: "Henri Theil: Economics and Information Theory. North-Holland, 1967",
    GINI: "Corrado Gini: Variabilità e mutabilità. Cuppini, 1912",
    MORAN: "P. A. P. Moran: Notes on Continuous Stochastic Phenomena. Biometrika 37, 1950",
}
LEVEL, OF_NEEDS = "level, 0 to 1", "share of needs"
COUNTRY, ALL = "country", "all"
WITH_NGOS, WITHOUT_NGOS = "with NGOs", "without NGOs"
OWN = "own"  # the theme of users' measures
_MODULE = "local_citizenship_own_measures_"  # what their files are called as modules

Compute = Callable[[Run, Any], "pd.DataFrame | Iterable[pd.DataFrame]"]


class MeasureError(ValueError):
    """A user's measure can't be had, or fails, for a reason that one sentence can tell."""


@dataclass(frozen=True)
class Measure:
    """One measure. `unit` beginning with "share of" marks a share between 0 and 1 (a gap may be negative). `origin`:
    the file and function of a user's measure, from which another process can load it."""

    name: str
    label: str
    unit: str
    definition: str
    source: str = TSUDA
    origin: str = ""


@dataclass(frozen=True)
class Division:
    """How the country may be divided: `note` says it in words, `groups` names the parts (regions: the places do)."""

    note: str
    groups: Callable[[Entries], tuple[str, ...]] = lambda entries: ()


DIVISIONS = {
    "status": Division("status", lambda entries: STATUSES),
    "region": Division("region"),
    "weights": Division(
        "weights (the same by another weight: residents, needs)", lambda _: ("residents", "needs")
    ),
    "stay": Division(
        "stay (whole years in the country, 20 = 20 and more)", lambda _: tuple(map(str, range(21)))
    ),
    "origin_fifth": Division(
        "origin_fifth (fifths of migrants by the service level of where they live, 5 the best)",
        lambda _: ("1", "2", "3", "4", "5"),
    ),
    "service": Division("service (whole country: the mean of all)", lambda entries: entries.services.names),
    "ngos": Division("ngos (municipalities with and without an NGO)", lambda _: (WITH_NGOS, WITHOUT_NGOS)),
}


@dataclass(frozen=True)
class Theme:
    """One of E1 to E9, or users' own. `by`: what it is divided by, besides the whole country; `notes`: what holds for
    several measures; `computed`: functions of a run and of what to divide by, with their divisions; `vary`: what to
    vary or compare, to see it change."""

    id: str
    title: str
    claim: str
    measures: tuple[Measure, ...]
    computed: tuple[tuple[Compute, tuple[str, ...]], ...]
    notes: tuple[str, ...] = ()
    vary: str = ""

    @property
    def by(self) -> tuple[str, ...]:
        """What it is divided by, besides the whole country."""
        return tuple(dict.fromkeys(part for _, by in self.computed for part in by))

    @property
    def groups(self) -> str:
        """The same in words."""
        return ", ".join(DIVISIONS[part].note for part in self.by)

    def __getitem__(self, name: str) -> Measure:
        """The measure of this name. Errors: KeyError."""
        return {each.name: each for each in self.measures}[name]


THEMES: dict[str, Theme] = {}  # in order once `measures` is imported


def groups_of(by: str, entries: Entries = SHIPPED_ENTRIES) -> tuple[str, ...]:
    """Names of the groups that a division has; none are known for regions, which are those of the places."""
    return DIVISIONS[by].groups(entries) if by in DIVISIONS else ()


def theme(
    identity: str,
    title: str,
    claim: str,
    *measures: Measure,
    by: tuple[str, ...],
    vary: str,
    notes: tuple[str, ...] = (),
) -> Callable[[Any], Any]:
    """Declare a theme with the function that computes its measures.

    The function takes a run and `by` ("year", or "year" and one of the theme's divisions), and returns a table, or
    several, with the columns of `by` and one for each measure.
    """

    def declare(function: Any) -> Any:
        THEMES[identity] = Theme(identity, title, claim, measures, ((function, by),), notes, vary)
        return function

    return declare


def measure(
    *,
    id: str = OWN,
    name: str = "",
    label: str = "",
    unit: str = "number",
    definition: str = "",
    source: str = THIS_MODEL,
    by: tuple[str, ...] = (),
) -> Callable[[Any], Any]:
    """Declare one measure beside its function; `id`: one of E1 to E9, if it belongs there.

    The function takes a run, and `by` if it can divide the country ("year", or "year" and one of `by`). It returns a
    number of the whole run; a table with a column year, those of `by` and one of its name (or `value`); or values by
    year. `name`, `label` and `definition` are taken from the function where they are not given.
    Errors: ValueError for an unknown theme or division, or a name taken already.

        @measure(label="Helped in the first year", unit="share of needs")
        def share_helped(run):
            return ...
    """

    def declare(function: Any) -> Any:
        called = name or function.__name__
        words = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
        meaning = definition or words or "A user's own measure."
        one = Measure(called, label or called.replace("_", " "), unit, meaning, source)
        if id == OWN:
            THEMES.setdefault(OWN, Theme(OWN, "Own measures", "what a user asked for", (), ()))
        if id not in THEMES:
            raise ValueError(f"there is no theme {id!r}; there are {', '.join(THEMES)}")
        if unknown := [part for part in by if part not in DIVISIONS]:
            raise ValueError(f"the country can't be divided by {unknown[0]!r}; but by {', '.join(DIVISIONS)}")
        before = THEMES[id]
        if called in {each.name for each in before.measures}:
            raise ValueError(f"{id} has a measure {called!r} already: give this one another name")
        compute = (_divided(function, one), by)
        THEMES[id] = replace(before, measures=(*before.measures, one), computed=(*before.computed, compute))
        return function

    return declare


def _divided(function: Any, one: Measure) -> Compute:
    """The function as the table of measures calls it: a table by year."""
    takes_by = "by" in inspect.signature(function).parameters

    def compute(run: Run, by: Any) -> pd.DataFrame:
        try:
            found = function(run, by=by) if takes_by else function(run)
        except Exception as error:  # the user's code: whatever it is, it is told in a sentence
            raise MeasureError(f"the measure {one.name} failed: {type(error).__name__}: {error}") from error
        if isinstance(found, pd.Series):
            found = pd.DataFrame({"year": found.index, one.name: found.to_numpy()})
        if isinstance(found, (int, float, np.number)) and not isinstance(found, bool):
            last = int(run.date(max(0, run.months - 1))[:4])
            return pd.DataFrame({"year": [last], one.name: [float(found)]})
        if not isinstance(found, pd.DataFrame):
            what = f"returns {type(found).__name__}, and must return a number or a table by year"
            raise MeasureError(f"the measure {one.name} {what}")
        found = found.rename(columns={"value": one.name})
        keys = [by] if isinstance(by, str) else list(by)
        if missing := [column for column in (*keys, one.name) if column not in found]:
            raise MeasureError(f"the measure {one.name} returns a table without a column {missing[0]!r}")
        return found[[*keys, one.name]]

    return compute


def all_measures() -> Iterator[tuple[Theme, Measure]]:
    """Every measure with the theme it belongs to, in order."""
    for theme in THEMES.values():
        for each in theme.measures:
            yield theme, each


def load_measure(text: str) -> Measure:
    """Make a user's function known as a measure: "mine.py:share_helped", and "mine.py" for all it declares.

    This runs the file's code, which is why only a command or a program asks for it, never a scenario or study file.
    Errors: MeasureError.
    """
    name, _, function = text.rpartition(":") if ".py:" in text else (text, "", "")
    file, before = Path(name).expanduser(), _own_names()
    if not file.is_file():
        raise MeasureError(f"there is no file {name}: a measure is named as mine.py:share_helped")
    module = _module(file)
    if not function and before == _own_names():
        raise MeasureError(f"{name} declares no measure: name a function in it, as {name}:share_helped")
    if function and function not in _own_names():
        if not callable(getattr(module, function, None)):
            functions = [each for each in vars(module).values() if inspect.isfunction(each)]
            known = [each.__name__ for each in functions if each.__module__ == module.__name__]
            raise MeasureError(f"{name} has no function {function!r}; it has {', '.join(known) or 'none'}")
        measure()(getattr(module, function))
    origin, own = file.resolve(), THEMES[OWN]
    new = {each for each in _own_names() if each not in before}
    named = [
        replace(each, origin=f"{origin}:{each.name}") if each.name in new else each for each in own.measures
    ]
    THEMES[OWN] = replace(own, measures=tuple(named))
    return THEMES[OWN][function or named[-1].name]


def forget_own_measures() -> None:
    """Forget all measures that users declared."""
    THEMES.pop(OWN, None)
    for name in [each for each in sys.modules if each.startswith(_MODULE)]:
        del sys.modules[name]


def _own_names() -> list[str]:
    return [each.name for each in THEMES[OWN].measures] if OWN in THEMES else []


def _module(file: Path) -> Any:
    """The file's module, run once in a process."""
    called = _MODULE + hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:16]
    if called in sys.modules:
        return sys.modules[called]
    described: Any = importlib.util.spec_from_file_location(called, file)
    module = importlib.util.module_from_spec(described)
    sys.modules[called] = module
    try:
        described.loader.exec_module(module)
    except Exception as error:
        del sys.modules[called]
        raise MeasureError(f"{file} can't be run: {type(error).__name__}: {error}") from error
    return module
