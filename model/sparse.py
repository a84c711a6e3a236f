"""A table of counts that grows month by month, of which only the cells with anything in them are kept."""

from __future__ import annotations

import numpy as np

from ..agents.rule import kernel


@kernel
def gather(words, offsets, width, cells, values):
    """Collect the cells with anything in them; returns how many they are.

    `words` (P, W) is a book, a line a place (or region) and a word a counter; column c of the cell (p, i) is
    words[p, offsets[c] + i], for i below `width`. `values` (C, P * width) takes the columns.
    """
    found = 0
    for place in range(words.shape[0]):
        for i in range(width):
            filled = 0
            for column in range(offsets.shape[0]):
                value = words[place, offsets[column] + i]
                values[column, found] = value
                filled = filled | value
            if filled != 0:
                cells[found] = place * width + i
                found += 1
    return found


class SparseMonths:
    """Counts by month and cell (say, place and status), a column a counter; most are small, many are none.

    Months are gathered into years; a year is kept in the narrowest whole numbers that hold it.
    """

    def __init__(self, names: tuple[str, ...], book: np.dtype, where: dict[str, tuple[str, int]]) -> None:
        """`names` are the columns, fields of `book` (whose numbers are all 32 bits wide), each an array of the
        same length; or, as `where` has it, one line of a field of several."""
        self.names = names
        self._book = book
        self._offsets = np.array([_offset(book, *where.get(name, (name, 0))) for name in names])
        first = book[where.get(names[0], (names[0], 0))[0]]
        self._width = int(np.prod(first.shape))
        self._fresh: list[tuple[int, np.ndarray, np.ndarray]] = []  # month, cells, values (columns, cells)
        self._kept: list[dict[str, np.ndarray]] = []
        self._room: tuple[np.ndarray, np.ndarray] | None = (
            None  # cells, values: for a month to be gathered in
        )

    def put(self, month: int, books: np.ndarray) -> None:
        """Add a month: `books` (P,), a record a place."""
        words = books.view(np.int32).reshape(len(books), -1)
        if self._room is None:
            most = len(books) * self._width + 1
            self._room = np.empty(most, np.int32), np.empty((len(self.names), most), np.int32)
        cells, values = self._room
        found = gather(words, self._offsets, self._width, cells, values)
        self._fresh.append((month, cells[:found].copy(), values[:, :found].copy()))
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


def _offset(book: np.dtype, field: str, line: int) -> int:
    """Where a field (or that line of it) begins in a record, in words of 32 bits."""
    assert book.fields is not None
    kind, start = book.fields[field][:2]
    return (start + line * (kind.itemsize // kind.shape[0])) // 4
