"""A table of counts that grows month by month, of which only the cells with anything in them are kept."""

from __future__ import annotations

from copy import copy

import numpy as np

from ..agents.rule import kernel
from .counters import offset_of
from .engine import engine_called

_DENSE = 32 * 2**20  # bytes: months are put by as they are until they take more, or somebody asks
_TOGETHER = 12  # months in a piece, where they would take more
_ROOM = 2**30  # bytes of a piece that grows, at most; memory that nothing is written to costs nothing


@kernel
def gather(lines, offsets, width, first, cells, values, found):
    """Collect the cells with anything in them, behind those already `found`; returns how many they are now.

    `lines` (L, W) are books, a line a place (or region) of a month and a word a counter; column c of the cell (l, i)
    is lines[l, offsets[c] + i], for i below `width`. `cells` (N,) takes their numbers, counted from `first` on,
    `values` (C, N) the columns.
    """
    filled = np.empty(width, np.int32)
    for line in range(lines.shape[0]):
        for i in range(width):
            filled[i] = 0
        for column in range(offsets.shape[0]):
            for i in range(width):
                filled[i] |= lines[line, offsets[column] + i]
        for i in range(width):
            if filled[i] != 0:
                cells[found] = first + line * width + i
                for column in range(offsets.shape[0]):
                    values[column, found] = lines[line, offsets[column] + i]
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
        self._cells_a_month = places * self._width
        is_dense = months * places * book.itemsize <= _DENSE
        bytes_a_month = 4 * (1 + len(names)) * self._cells_a_month
        self._together = months if is_dense else max(1, min(_TOGETHER, _ROOM // bytes_a_month))
        self._whole = np.empty((months, places, book.itemsize // 4), np.int32) if is_dense else None
        # Of the piece that grows: its first month, how many it has, and cells with anything in them, collected so far.
        self._first = self._waiting = self._found = 0
        self._cells = np.empty(self._together * self._cells_a_month + 1, np.int32)
        self._values = np.empty((len(names), len(self._cells)), np.int32)
        self._pieces: list[dict[str, np.ndarray]] = []

    def put(self, month: int, books: np.ndarray) -> None:
        """Add a month: `books` (P, W), a line a place."""
        if self._waiting == self._together:  # full; or of a run that goes on beyond its scenario's end
            self.pieces()
        self._first = month - self._waiting
        if self._whole is None:
            self._gather(books)
        else:
            self._whole[self._waiting] = books
        self._waiting += 1

    def _gather(self, lines: np.ndarray) -> None:
        """Keep the cells with anything in them, of months that follow those collected."""
        room = self._cells, self._values, self._found
        first = self._waiting * self._cells_a_month if self._whole is None else 0
        self._found = engine_called("compiled")(gather, lines, self._offsets, self._width, first, *room)

    def pieces(self) -> list[dict[str, np.ndarray]]:
        """The months so far, some of them a piece: `month`, `cell` and each counter, an array each, of one length."""
        if self._waiting:
            if self._whole is not None:
                self._gather(self._whole[: self._waiting].reshape(-1, self._whole.shape[2]))
            month, cell = np.divmod(self._cells[: self._found], np.int32(self._cells_a_month))
            piece = {"month": (self._first + month).astype(np.int16), "cell": cell}
            for name, values in zip(self.names, self._values[:, : self._found], strict=True):
                piece[name] = values.astype(np.min_scalar_type(int(values.max(initial=0))))
            self._pieces.append(piece)
            self._waiting = self._found = 0
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
