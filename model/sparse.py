"""A table of counts that grows month by month, of which only the cells with anything in them are kept."""

from __future__ import annotations

import numpy as np

from ..agents.rule import kernel

_DENSE = 32 * 2**20  # bytes: months are put by as they are until they take more, or somebody asks


@kernel
def gather(lines, offsets, width, cells, values):
    """Collect the cells with anything in them; returns how many they are.

    `lines` (L, W) are books, a line a place (or region) of a month and a word a counter; column c of the cell (l, i)
    is lines[l, offsets[c] + i], for i below `width`. `cells` (L * width,) takes their numbers, `values`
    (C, L * width) the columns.
    """
    found = 0
    for line in range(lines.shape[0]):
        for i in range(width):
            filled = 0
            for column in range(offsets.shape[0]):
                value = lines[line, offsets[column] + i]
                values[column, found] = value
                filled = filled | value
            if filled != 0:
                cells[found] = line * width + i
                found += 1
    return found


class SparseMonths:
    """Counts by month and cell (say, place and status), a column a counter; most are small, many are none.

    Some months are put by as they are: all of a small run, a year or less of a large one. Then they become a piece:
    the cells with anything in them, in the narrowest whole numbers that hold them.
    """

    def __init__(
        self,
        names: tuple[str, ...],
        book: np.dtype,
        places: int,
        months: int,
        where: dict[str, tuple[str, int]],
    ) -> None:
        """`names` are the columns, fields of `book` (whose numbers are all 32 bits wide), each an array of the
        same length; or, as `where` has it, one line of a field of several. `places`: books a month."""
        self.names = names
        self._offsets = np.array([_offset(book, *where.get(name, (name, 0))) for name in names])
        self._width = int(np.prod(book[where.get(names[0], (names[0], 0))[0]].shape))
        room = max(1, min(months, _DENSE // (places * book.itemsize)))
        self._whole = np.empty((room if room > 1 else 0, places, book.itemsize // 4), np.int32)
        self._first, self._waiting = 0, 0  # the month of the first line of `_whole`, and the months in it
        self._pieces: list[dict[str, np.ndarray]] = []

    def put(self, month: int, books: np.ndarray) -> None:
        """Add a month: `books` (P, W), a line a place."""
        if len(self._whole) == 0:
            self._gather(month, books[None])
            return
        if self._waiting == 0:
            self._first = month
        self._whole[self._waiting] = books
        self._waiting += 1
        if self._waiting == len(self._whole):
            self.pieces()

    def _gather(self, first: int, whole: np.ndarray) -> None:
        """Keep a piece of some months (M, P, W)."""
        lines = whole.reshape(-1, whole.shape[2])
        cells = np.empty(len(lines) * self._width + 1, np.int32)
        values = np.empty((len(self.names), len(cells)), np.int32)
        found = gather(lines, self._offsets, self._width, cells, values)
        month, cell = np.divmod(cells[:found], np.int32(whole.shape[1] * self._width))
        piece = {"month": (first + month).astype(np.int16), "cell": cell}
        for name, row in zip(self.names, values[:, :found], strict=True):
            piece[name] = row.astype(np.min_scalar_type(int(row.max(initial=0))))
        self._pieces.append(piece)

    def pieces(self) -> list[dict[str, np.ndarray]]:
        """The months so far, some of them a piece: `month`, `cell` and each counter, an array each, of one length."""
        if self._waiting:
            self._gather(self._first, self._whole[: self._waiting])
            self._waiting = 0
        return self._pieces


def _offset(book: np.dtype, field: str, line: int) -> int:
    """Where a field (or that line of it) begins in a record, in words of 32 bits."""
    assert book.fields is not None
    kind, start = book.fields[field][:2]
    return (start + line * (kind.itemsize // kind.shape[0])) // 4
