"""A table of counts that grows month by month, of which only the cells with anything in them are kept."""

from __future__ import annotations

from copy import copy

import numpy as np

from ..agents.rule import kernel
from .counters import offset_of
from .engine import engine_called

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

    All months of a small run are put by as they are, until somebody asks. Of a large one only the cells with anything
    in them are kept. A piece holds some months, in the narrowest whole numbers that hold them.
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
        together = months if months * places * book.itemsize <= _DENSE else 1
        self._whole = np.empty((together, places, book.itemsize // 4), np.int32)
        self._first = self._waiting = 0  # the first month in `_whole`, and how many are in it
        self._cells = np.empty(together * places * self._width + 1, np.int32)
        self._values = np.empty((len(names), len(self._cells)), np.int32)
        self._fresh: list[
            tuple[np.ndarray, np.ndarray, np.ndarray]
        ] = []  # month, cell, values (columns, cells)
        self._pieces: list[dict[str, np.ndarray]] = []

    def put(self, month: int, books: np.ndarray) -> None:
        """Add a month: `books` (P, W), a line a place."""
        if len(self._whole) == 1:
            self._gather(month, books[None])
            if len(self._fresh) == 12:
                self.pieces()
            return
        if self._waiting == len(self._whole):  # a run that goes on beyond its scenario's end
            self.pieces()
        self._first = month - self._waiting
        self._whole[self._waiting] = books
        self._waiting += 1

    def _gather(self, first: int, whole: np.ndarray) -> None:
        """Keep the cells with anything in them, of some months (M, P, W)."""
        lines = whole.reshape(-1, whole.shape[2])
        gathered = engine_called("compiled")
        found = gathered(gather, lines, self._offsets, self._width, self._cells, self._values)
        month, cell = np.divmod(self._cells[:found], np.int32(whole.shape[1] * self._width))
        self._fresh.append(((first + month).astype(np.int16), cell, self._values[:, :found].copy()))

    def pieces(self) -> list[dict[str, np.ndarray]]:
        """The months so far, some of them a piece: `month`, `cell` and each counter, an array each, of one length."""
        if self._waiting:
            self._gather(self._first, self._whole[: self._waiting])
            self._waiting = 0
        if self._fresh:
            month, cell, values = (np.concatenate(parts, axis=-1) for parts in zip(*self._fresh, strict=True))
            piece = {"month": month, "cell": cell}
            for name, row in zip(self.names, values, strict=True):
                piece[name] = row.astype(np.min_scalar_type(int(row.max(initial=0))))
            self._pieces.append(piece)
            self._fresh = []
        return self._pieces

    def copy(self) -> SparseMonths:
        """The months so far, shared; to be read, not added to."""
        self.pieces()
        so_far = copy(self)
        so_far._pieces = list(self._pieces)
        return so_far


def _offset(book: np.dtype, field: str, line: int) -> int:
    """Where a field (or that line of it) begins in a record, in words of 32 bits."""
    kind = book[field]
    return (offset_of(book, field) + line * (kind.itemsize // kind.shape[0])) // 4
