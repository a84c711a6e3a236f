"""What is made of parts that many runs share is made once: the runs of a study differ in little but their seed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class _Itself:
    """An object that is equal to itself only: to look whether two are equal may take longer than to make anew."""

    def __init__(self, it: Any) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.it is other.it


def made_once(kept: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function made of the last `kept` objects; neither these nor the result may be changed."""

    def keeping(make: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(kept)
        def made(*parts: _Itself) -> Any:
            return make(*(part.it for part in parts))  # type: ignore[call-arg]

        @wraps(make)
        def found(*parts: P.args, **_: P.kwargs) -> Any:
            return made(*map(_Itself, parts))

        return found

    return keeping
