"""`model.migrants`: the records, in the vocabulary of Mesa's AgentSet where that makes sense."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..scenarios.catalogue import STATUSES
from .layout import SHIPPED_LAYOUT

if TYPE_CHECKING:
    from .state import State

_FIELDS = tuple(name for name in SHIPPED_LAYOUT.migrant.names or () if name != "present")
NONE = "none"  # the need of those who have none


def names_of(state: State) -> dict[str, tuple[str, ...]]:
    """The attributes whose numbers stand for names, and the names: those of the run's own entries."""
    entries = state.parameters
    return {"status": STATUSES, "door": entries.doors.names, "need": (NONE, *entries.needs.names)}


def _number(names: dict[str, tuple[str, ...]], field: str, name: str) -> int:
    """The number a name stands for. Errors: ValueError naming those there are."""
    if field not in names:
        raise ValueError(f"{field!r} is a number, not a name like {name!r}")
    if name not in names[field]:
        raise ValueError(f"there is no {field} {name!r}; there are {', '.join(names[field])}")
    return names[field].index(name)


class MigrantView:
    """One migrant, read only: attributes are those of the record; `status`, `door` and `need` by name."""

    __slots__ = ("_names", "_record")

    def __init__(self, record: Any, names: dict[str, tuple[str, ...]]) -> None:
        self._record, self._names = record.copy(), names

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in _FIELDS:
            raise AttributeError(f"a migrant has no {name!r}; there are {', '.join(_FIELDS)}")
        value = self._record[name].item()
        return self._names[name][value] if name in self._names else value

    @property
    def need(self) -> str | None:
        """The need under way, or None."""
        number = int(self._record["need"])
        return self._names["need"][number] if number else None

    def __repr__(self) -> str:
        return f"<migrant {self.identity}: {self.door}, {self.status}, since month {self.arrived}>"


class Migrants:
    """A set of migrants: all of a model's, or a selection.

    Belonging and language are as of the month they were last needed (`belonging_at`); rules make the months
    since then up before they use them.

    `len`, iteration, `migrants[identity]`, `select`, `get`, `agg`, `groupby` and `to_frame`. Names stand for
    numbers: `select(status="overstayer")`.
    """

    def __init__(self, state: State, rows: np.ndarray | None = None) -> None:
        self._state = state
        self._rows = rows
        self._names = names_of(state)

    @property
    def rows(self) -> np.ndarray:
        """Rows of the records, for those who want the arrays."""
        if self._rows is not None:
            return self._rows
        return np.flatnonzero(self._state.migrants["present"][: self._state.used])

    @property
    def records(self) -> np.ndarray:
        """The records themselves (a copy), as a structured array."""
        return self._state.migrants[self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[MigrantView]:
        for record in self.records:
            yield MigrantView(record, self._names)

    def __getitem__(self, identity: int) -> MigrantView:
        """The migrant of that identity. Errors: KeyError if not (or no longer) present."""
        found = np.flatnonzero(self.get("identity") == np.uint64(identity))
        if len(found) == 0:
            raise KeyError(f"no migrant {identity} is present")
        return MigrantView(self._state.migrants[self.rows[found[0]]], self._names)

    def get(self, name: str) -> np.ndarray:
        """The attribute of all migrants of the set, as an array (numbers, not names)."""
        if name not in _FIELDS:
            raise AttributeError(f"a migrant has no {name!r}; there are {', '.join(_FIELDS)}")
        return self._state.migrants[name][self.rows]

    def select(self, where: Callable[[np.ndarray], np.ndarray] | None = None, **equal: Any) -> Migrants:
        """Those for whom all hold: `where(records)` gives a mask; `name=value` compares, by name or number."""
        rows = self.rows
        keep = np.ones(len(rows), bool)
        for name, value in equal.items():
            number = _number(self._names, name, value) if isinstance(value, str) else value
            keep &= self.get(name) == number
        if where is not None:
            keep &= np.asarray(where(self._state.migrants[rows]), bool)
        return Migrants(self._state, rows[keep])

    def agg(self, name: str, function: Callable[[np.ndarray], Any]) -> Any:
        """`function` of the attribute over the set, as `agg("belonging", np.mean)`."""
        return function(self.get(name))

    def groupby(self, name: str) -> dict[Any, Migrants]:
        """The set split by an attribute: value (or name) -> migrants."""
        values, rows = self.get(name), self.rows
        names = self._names.get(name)
        return {
            (names[value] if names else value.item()): Migrants(self._state, rows[values == value])
            for value in np.unique(values)
        }

    def to_frame(self) -> pd.DataFrame:
        """One row a migrant, one column an attribute; status, door and need as categories."""
        records = self.records
        frame = pd.DataFrame({name: records[name] for name in _FIELDS})
        for name, names in self._names.items():
            frame[name] = pd.Categorical.from_codes(
                frame[name].to_numpy(np.int8), dtype=pd.CategoricalDtype(list(names), ordered=True)
            )
        return frame
