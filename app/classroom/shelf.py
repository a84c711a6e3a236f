"""What the server keeps for a while: the most recently used, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Kept = TypeVar("Kept")


class Shelf(Generic[Key, Kept]):
    """A mapping that forgets what was longest not asked for once `size` of all exceeds `room`."""

    def __init__(self, room: float, size: Callable[[Kept], float] = lambda kept: 1.0) -> None:
        self._room, self._size, self._used = room, size, 0.0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def get(self, key: Key) -> Kept | None:
        """What is kept under `key`, or None."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: Key, kept: Kept) -> None:
        """Keep something; what is larger than the whole room is not kept."""
        if key in self._kept:
            self._used -= self._size(self._kept.pop(key))
        if self._size(kept) > self._room:
            return
        self._kept[key] = kept
        self._used += self._size(kept)
        while self._used > self._room:
            self._used -= self._size(self._kept.popitem(last=False)[1])

    def all(self) -> list[Kept]:
        """All that is kept, what was longest not asked for first."""
        return list(self._kept.values())

    def __len__(self) -> int:
        return len(self._kept)
