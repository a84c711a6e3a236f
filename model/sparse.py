"""A table of counts that grows month by month, of which only the cells with anything in them are kept."""

from __future__ import annotations

import numpy as np


class SparseMonths:
    """Counts by month and cell (say, place and status), a column a counter; most are small, many are none.

    Months are gathered into years; a year is kept in the narrowest whole numbers that hold it.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._fresh: list[tuple[int, np.ndarray, np.ndarray]] = []  # month, cells, values (columns, cells)
        self._kept: list[dict[str, np.ndarray]] = []

    def put(self, month: int, columns: list[np.ndarray]) -> None:
        """Add a month: one array of counts a name, all of one shape."""
        stacked = np.empty((len(columns), columns[0].size), np.int32)
        for row, column in zip(stacked, columns, strict=True):
            row.reshape(column.shape)[...] = column
        cells = np.flatnonzero(stacked.any(axis=0)).astype(np.int32)
        self._fresh.append((month, cells, stacked[:, cells]))
        if len(self._fresh) == 12:
            self._keep()

    def _keep(self) -> None:
        months = np.array([month for month, _, _ in self._fresh], np.int16)
        year = {
            "month": np.repeat(months, [len(cells) for _, cells, _ in self._fresh]),
            "cell": np.concatenate([cells for _, cells, _ in self._fresh]),
        }
        values = np.concatenate([values for _, _, values in self._fresh], axis=1)
        for name, row in zip(self.names, values, strict=True):
            year[name] = row.astype(np.min_scalar_type(int(row.max(initial=0))))
        self._kept.append(year)
        self._fresh = []

    def pieces(self) -> list[dict[str, np.ndarray]]:
        """The months so far, a year a piece: `month`, `cell` and each counter, an array each, of one length."""
        if self._fresh:
            self._keep()
        return self._kept
