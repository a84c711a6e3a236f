"""Records for the interpreted engine: an array whose rows give plain Python numbers by attribute.

A compiled rule computes with 64-bit numbers whatever the width of the field it reads; so does a plain Python
number. (A NumPy scalar would compute in its own narrow width, and differ.)
"""

from __future__ import annotations

from typing import Any

import numpy as np


class Row:
    """One record of a structured array: attributes read and write the array."""

    __slots__ = ("_array", "_index")

    def __init__(self, array: np.ndarray, index: int) -> None:
        object.__setattr__(self, "_array", array)
        object.__setattr__(self, "_index", index)

    def __getattr__(self, name: str) -> Any:
        try:
            value = self._array[name][self._index]
        except ValueError:
            raise AttributeError(name) from None
        return value if isinstance(value, np.ndarray) else value.item()

    def __setattr__(self, name: str, value: Any) -> None:
        self._array[name][self._index] = value


class Rows:
    """A structured array seen row by row, for interpreted rules."""

    def __init__(self, array: np.ndarray) -> None:
        self._array = array
        self.shape = array.shape

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return Rows(self._array[index])
        return Row(self._array, int(index))

    def __len__(self) -> int:
        return len(self._array)
