"""Tables that are made when somebody asks: from the ledger's counts, whole, by columns, or in pieces of some months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from .columns import Columns
from .sparse import SparseMonths

if TYPE_CHECKING:
    import pandas as pd

Keys = dict[str, tuple[str, ...] | None]


class LaterTable:
    """A table that is made when it is first asked for, and then kept."""

    def __init__(self, make: Callable[[], Columns]) -> None:
        self.whole = cache(make)

    @property
    def columns(self) -> list[str]:
        return self.whole().columns

    def __len__(self) -> int:
        return len(self.whole())

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        """The table, or only some of its columns, as a data frame."""
        return self.whole().frame(columns)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """The table as a data frame, in one piece."""
        yield self.frame()

    def arrays(self, columns: Sequence[str]) -> Iterator[Columns]:
        """Some of its columns, in one piece."""
        return self.whole().arrays(columns)


class CountTable:
    """A tidy table over a `SparseMonths`: whole, by columns, or in pieces of a year.

    `keys`: what the cell number stands for, the last varying fastest: name -> names of its values, or None for
    a plain number (only the first).
    """

    def __init__(self, counts: SparseMonths, persons: int, keys: Keys) -> None:
        self._counts, self._persons, self._keys = counts, persons, keys
        self._names = {name: values for name, values in keys.items() if values is not None}
        self.columns = ["month", *keys, *counts.names]

    def __len__(self) -> int:
        return sum(len(piece["cell"]) for piece in self._counts.pieces())

    def frame(self, columns: list[str] | None = None) -> pd.DataFrame:
        """The table, or only some of its columns, as a data frame."""
        return self._made_of(self._counts.pieces(), columns or self.columns).frame(copy=False)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """The table in pieces of some months, as data frames."""
        return (piece.frame(copy=False) for piece in self.arrays(self.columns))

    def arrays(self, columns: Sequence[str]) -> Iterator[Columns]:
        """Some of its columns, in pieces of some months."""
        return (self._made_of([piece], columns) for piece in self._counts.pieces())

    def _made_of(self, pieces: list[dict[str, np.ndarray]], columns: Sequence[str]) -> Columns:
        return Columns({name: self._column(pieces, name) for name in columns}, self._names)

    def _column(self, pieces: list[dict[str, np.ndarray]], name: str) -> np.ndarray:
        if name in self._keys:
            return self._key(_joined(pieces, "cell", np.int32), name)
        if name == "month":
            return _joined(pieces, "month", np.int16)
        return _joined(pieces, name, np.int32) * np.int32(self._persons)

    def _key(self, cell: np.ndarray, wanted: str) -> np.ndarray:
        for name, values in reversed(self._keys.items()):
            if values is None:
                return cell
            if name == wanted:
                return (cell % len(values)).astype(np.int8)
            cell = cell // len(values)
        raise KeyError(wanted)


def _joined(pieces: list[dict[str, np.ndarray]], name: str, kind: type) -> np.ndarray:
    if not pieces:
        return np.zeros(0, kind)
    return np.concatenate([piece[name] for piece in pieces], dtype=kind)
