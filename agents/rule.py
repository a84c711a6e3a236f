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

import hashlib
import linecache
import os
import shutil
import sys
import tempfile
import types
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba.core import config as numba_config
from platformdirs import user_cache_path

from .compiling import KERNEL_COMPILER, RULE_COMPILER

Function = TypeVar("Function", bound=Callable[..., Any])

_PLAIN: dict[int, Callable[..., Any]] = {}  # id of the compiled function -> the plain function
_MECHANISMS: dict[int, tuple[str, ...]] = {}
RULES: list[Any] = []  # every rule and kernel, in the order in which they are declared
_KEPT_CACHES = 5


def _wide(kind: Any) -> Any:
    """The type an argument of a rule is passed as."""
    kind = numba.types.unliteral(kind)
    if isinstance(kind, numba.types.Integer) and kind.bitwidth < 64:
        return numba.types.int64
    return kind


def rule(*given: Any) -> Any:
    """Let a function be compiled as part of the kernels that call it: `@rule`, or `@rule("D3", "A4")` with the
    mechanisms it stands for.

    (By itself it is called through `interpreted`.) Constants and narrow integers are handed to it as 64-bit
    integers, so that it is compiled once and not anew for each constant and width it is called with.
    """
    if len(given) == 1 and callable(given[0]):
        return _compiled(given[0], ())
    return lambda function: _compiled(function, given)


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


def _compiled(function: Callable[..., Any], mechanisms: tuple[str, ...]) -> Any:
    compiled = numba.njit(
        nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=RULE_COMPILER
    )(function)
    template = compiled.get_call_template
    compiled.get_call_template = lambda arguments, named: template(
        tuple(_wide(kind) for kind in arguments), {name: _wide(kind) for name, kind in named.items()}
    )
    _PLAIN[id(compiled)] = function
    _MECHANISMS[id(compiled)] = mechanisms
    RULES.append(compiled)
    return compiled


def mechanisms_of(compiled: Callable[..., Any]) -> tuple[str, ...]:
    """The ids of the mechanisms that a rule or kernel stands for. Errors: KeyError if it is neither."""
    return _MECHANISMS[id(compiled)]


def kernel(*given: Any) -> Any:
    """Compile a loop over records, `@kernel` or `@kernel("C4")`; its machine code is kept on disk for later runs."""
    if not (len(given) == 1 and callable(given[0])):
        return lambda function: _compiled_kernel(function, given)
    return _compiled_kernel(given[0], ())


def _compiled_kernel(function: Callable[..., Any], mechanisms: tuple[str, ...]) -> Any:
    before = numba_config.CACHE_DIR
    numba_config.CACHE_DIR = str(cache_folder())
    try:
        compiled = numba.njit(nogil=True, cache=True, pipeline_class=KERNEL_COMPILER)(function)
    finally:
        numba_config.CACHE_DIR = before
    _PLAIN[id(compiled)] = function
    _MECHANISMS[id(compiled)] = mechanisms
    RULES.append(compiled)
    return compiled


@cache
def source_hash() -> str:
    """Hash of everything the machine code is made from: rule sources, fixed lists of names, versions."""
    rooms = Path(__file__).resolve().parent.parent
    sources = [*(rooms / "agents").rglob("*.py"), *(rooms / "model").rglob("*.py")]
    sources.append(rooms / "scenarios" / "catalogue.py")
    digest = hashlib.sha256(f"{sys.version_info[:3]} {numba.__version__} {np.__version__}".encode())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Where machine code is kept: the user's cache, or a temporary folder where that cannot be written."""
    chosen = os.environ.get("LOCAL_CITIZENSHIP_CACHE")
    homes = [Path(chosen)] if chosen else []
    homes += [user_cache_path("local-citizenship"), Path(tempfile.gettempdir()) / "local-citizenship"]
    for home in homes:
        folder = home / source_hash()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
            os.utime(folder)  # in use, which reading alone does not show
        except OSError:
            continue
        _forget_old_caches(home, folder)
        return folder
    return Path(tempfile.mkdtemp(prefix="local-citizenship-"))


def _forget_old_caches(home: Path, current: Path) -> None:
    """Each edit of a rule makes a new folder; keep the few last used."""
    try:
        others = sorted(
            (p for p in home.iterdir() if p.is_dir() and p != current), key=lambda p: p.stat().st_mtime
        )
        for old in others[: -_KEPT_CACHES or None]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        pass  # another process may be tidying up as well


def cache_is_cold() -> bool:
    """Whether the rules still have to be compiled for this version of the sources."""
    return not any(cache_folder().rglob("*.nbc"))


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
