"""A table as plain arrays, for whoever computes; a data frame is made of it when somebody asks for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Names = Mapping[str, tuple[str, ...]]


class Columns:
    """Arrays of one length, by name: `table["needs"]`. Of a column that holds names, the array has their codes, and
    `names` says what these stand for, in order; -1 for a name that is missing.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray], names: Names | None = None) -> None:
        self._arrays, self.names = dict(arrays), names or {}

    @classmethod
    def of(cls, frame: pd.DataFrame) -> Columns:
        """Those of a data frame; its categories are the names."""
        names = {str(c): tuple(kind.categories) for c, kind in frame.dtypes.items() if kind == "category"}

        def array(name: str) -> np.ndarray:
            column: Any = frame[name]
            if name in names:
                return np.asarray(column.cat.codes)
            if not isinstance(column.dtype, np.dtype) and column.dtype.kind in "iuf":  # numbers, some missing
                return np.asarray(column.to_numpy(float, na_value=np.nan))
            return np.asarray(column)

        return cls({str(c): array(str(c)) for c in frame.columns}, names)

    @classmethod
    def of_rows(
        cls, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], names: Names | None = None
    ) -> Columns:
        """Those of a list of rows."""
        values = zip(*rows, strict=True) if rows else [()] * len(columns)
        return cls({name: np.array(each) for name, each in zip(columns, values, strict=True)}, names)

    @property
    def columns(self) -> list[str]:
        """Their names, in order."""
        return list(self._arrays)

    def __len__(self) -> int:
        """Rows."""
        return len(next(iter(self._arrays.values()), ()))

    def __contains__(self, name: object) -> bool:
        return name in self._arrays

    def __getitem__(self, name: str) -> np.ndarray:
        """The array of a column. Errors: KeyError."""
        return self._arrays[name]

    def some(self, columns: Sequence[str]) -> Columns:
        """Only these columns, in this order. Errors: KeyError."""
        return Columns({name: self._arrays[name] for name in columns}, self.names)

    def without(self, name: str) -> Columns:
        """All columns but one."""
        return self.some([each for each in self._arrays if each != name])

    def at(self, rows: Any) -> Columns:
        """Only these rows: numbers, a mask or a slice."""
        return Columns({name: array[rows] for name, array in self._arrays.items()}, self.names)

    def adding(self, arrays: Mapping[str, np.ndarray], names: Names | None = None) -> Columns:
        """The same with some columns added, or in place of those of their name."""
        return Columns({**self._arrays, **arrays}, {**self.names, **(names or {})})

    def frame(self, columns: list[str] | None = None, *, copy: bool = True) -> pd.DataFrame:
        """The table, or some of its columns, as a data frame; names as ordered categories."""
        import pandas as pd

        def shown(name: str) -> Any:
            if name not in self.names:
                return self._arrays[name]
            kind = pd.CategoricalDtype(list(self.names[name]), ordered=True)
            return pd.Categorical.from_codes(self._arrays[name], dtype=kind)

        wanted = self.columns if columns is None else columns
        return pd.DataFrame({name: shown(name) for name in wanted}, copy=copy)

    def arrays(self, columns: Sequence[str]) -> Iterator[Columns]:
        """Some columns, in one piece. Errors: KeyError."""
        yield Columns({name: np.ascontiguousarray(self._arrays[name]) for name in columns}, self.names)

    def pieces(self) -> Iterator[pd.DataFrame]:
        """The table as a data frame, in one piece."""
        yield self.frame()


def joined(pieces: Iterable[Columns]) -> Columns:
    """Pieces of a table (at least one), one after the other."""
    first, *others = pieces
    if not others:
        return first
    whole = {name: np.concatenate([first[name], *(each[name] for each in others)]) for name in first.columns}
    return Columns(whole, first.names)
