"""`@rule` and `@kernel`: one source, run two ways.

A rule is a small function of one agent's record. Decorated, it is compiled by Numba when a kernel (a loop over
many records) first needs it; the plain function stays within reach: `interpreted(function)` gives a twin that
calls only plain twins, for a debugger, a notebook or Mesa agents. A test holds the two equal, bit for bit.

`@rule("D3")` says which mechanisms the rule stands for (see docs/ODD.md); `mechanisms_of` tells them.

What keeps them equal: rules read and write attributes only; parameters travel in the world record (Numba freezes
globals, and its cache does not see an edit in another module); no `exp`, `log` or power (they may differ in the
last bit); every 64-bit constant is wrapped in `np.uint64` (with an int, Numba would type the result int64).
"""

from __future__ import annotations

import linecache
import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ctypes import ArgumentError
from functools import cached_property, update_wrapper
from typing import Any, TypeVar, cast

from .code_cache import kept
from .machine_code import UNFIT, Answer, Entry, MachineCode, complain, kind_of

Function = TypeVar("Function", bound=Callable[..., Any])

_PLAIN: dict[int, Callable[..., Any]] = {}  # id of the rule or kernel -> the plain function
RULES: list[Any] = []  # every rule and kernel, in the order in which they are declared
_LISTENERS: list[Callable[[int, int], None]] = []


class Rule:
    """A rule: what Numba makes of it, when a kernel that calls it is compiled, is known to Numba only."""

    __name__: str
    __qualname__: str

    def __init__(self, function: Callable[..., Any], mechanisms: tuple[str, ...]) -> None:
        update_wrapper(cast(Any, self), function)
        self.py_func, self.mechanisms = function, mechanisms
        _PLAIN[id(self)] = function
        RULES.append(self)

    @cached_property
    def translated(self) -> Any:
        """As Numba knows it."""
        from .compiling import translated

        return translated(self.py_func)

    @property
    def _numba_type_(self) -> Any:
        return self.translated._numba_type_


def _no_entry(*_: Any) -> int:
    return UNFIT


class Kernel(Rule):
    """A kernel, called with arrays and numbers, without the interpreter's lock: its machine code is loaded, or compiled
    and kept, at the first call. Gives a whole number, 0 from a kernel that says nothing. Errors: what it raises;
    ValueError if an array is not aligned, writeable and in C order.
    """

    def __init__(self, function: Callable[..., Any], mechanisms: tuple[str, ...]) -> None:
        super().__init__(function, mechanisms)
        self._entries: dict[tuple[Any, ...], Entry] = {}
        self._finding = threading.Lock()
        # Of the last call: its machine code, by what that knows further arguments, and what must not be forgotten.
        self._last: tuple[Any, Any, Any] = (_no_entry, None, None)

    def __call__(self, *arguments: Any) -> Any:
        answer, (enter, objects, _) = Answer(), self._last
        try:
            status = enter(answer, objects, *arguments)
        except ArgumentError:
            status = UNFIT
        if status == UNFIT:
            status = self._find(arguments).enter(answer, None, *arguments)
        if status > 0 or status == UNFIT:
            complain(status, answer[1])
        return answer[0]

    def _find(self, arguments: tuple[Any, ...]) -> Entry:
        kind = kind_of(arguments)
        entry = self._entries.get(kind)
        if entry is None:
            with (
                self._finding
            ):  # threads come together; what one of them runs must not be replaced by another's
                entry = self._entries.get(kind)
                if entry is None:
                    code = kept(self.__qualname__, kind, lambda: self._compiled(arguments), _tell)
                    entry = self._entries[kind] = Entry(code, kind)
        self._last = entry.enter, entry.objects(arguments), (entry, kind_of(arguments))
        return entry

    def _compiled(self, arguments: tuple[Any, ...]) -> MachineCode:
        from .compiling import compiled

        return compiled(self.translated, arguments)

    @property
    def is_ready(self) -> bool:
        """Whether it has been called."""
        return bool(self._entries)

    @property
    def signatures(self) -> list[tuple[Any, ...]]:
        """Of the arguments with which it has been called (see `kind_of`)."""
        return list(self._entries)


@contextmanager
def told_of_compiling(tell: Callable[[int, int], None]) -> Iterator[None]:
    """While this lasts, `tell(ready, all)` is called whenever a kernel has to be compiled, here or by another process:
    of how many there is machine code already."""
    _LISTENERS.append(tell)
    try:
        yield
    finally:
        _LISTENERS.remove(tell)


def _tell() -> None:
    kernels = [each for each in RULES if isinstance(each, Kernel)]
    for tell in _LISTENERS:
        tell(sum(each.is_ready for each in kernels), len(kernels))


def rule(*given: Any) -> Any:
    """Let a function be compiled as part of the kernels that call it: `@rule`, or `@rule("D3", "A4")` with the
    mechanisms it stands for. (By itself it is called through `interpreted`.)"""
    return _declared(Rule, given)


def kernel(*given: Any) -> Any:
    """Compile a loop over records, `@kernel` or `@kernel("C4")`; its machine code is kept on disk for later runs."""
    return _declared(Kernel, given)


def _declared(kind: type[Rule], given: tuple[Any, ...]) -> Any:
    if len(given) == 1 and callable(given[0]):
        return kind(given[0], ())
    return lambda function: kind(function, given)


def written_rule(name: str, arguments: str, lines: Iterable[str], **names: Any) -> Any:
    """A rule written line by line from what has been declared; `names` are what its lines may speak of.

    One flat function compiles quickly; a chain of closures, each calling the next, link by link.
    """
    body = "".join(f"        {line}\n" for line in lines)
    source = f"def make({', '.join(names)}):\n    def {name}({arguments}):\n{body}    return {name}\n"
    made: dict[str, Any] = {"__name__": __name__}
    file = f"<{name}, rule {len(RULES)}>"
    # For tracebacks, and for readers of the rule.
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), made)
    return rule(made["make"](**names))


def mechanisms_of(compiled: Any) -> tuple[str, ...]:
    """The ids of the mechanisms that a rule or kernel stands for. Errors: AttributeError if it is neither."""
    found: tuple[str, ...] = compiled.mechanisms
    return found


_TWIN_GLOBALS: dict[str, dict[str, Any]] = {}
_TWINS: dict[int, Callable[..., Any]] = {}


def interpreted(function: Function) -> Function:
    """The plain twin of a rule or kernel: the same source, calling only plain twins.

    Errors: KeyError if `function` was not decorated with `@rule` or `@kernel`.
    """
    plain = _PLAIN[id(function)]
    if id(function) not in _TWINS:
        cells = plain.__closure__ and tuple(
            types.CellType(_twin(cell.cell_contents)) for cell in plain.__closure__
        )
        twin = types.FunctionType(
            plain.__code__, _twin_globals(plain), plain.__name__, plain.__defaults__, cells
        )
        twin.__doc__ = plain.__doc__
        _TWINS[id(function)] = twin
    return _TWINS[id(function)]  # type: ignore[return-value]


def _twin(value: Any) -> Any:
    return interpreted(value) if id(value) in _PLAIN else value


def _twin_globals(plain: Callable[..., Any]) -> dict[str, Any]:
    module = plain.__module__
    if module not in _TWIN_GLOBALS:
        names = dict(vars(sys.modules[module]))
        _TWIN_GLOBALS[module] = names
        for name, value in list(names.items()):
            names[name] = _twin(value)
    return _TWIN_GLOBALS[module]
