"""Machine code of kernels, made executable and called. Numba, which wrote it (`compiling`), is not needed for it."""

from __future__ import annotations

import ctypes
import pickle
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

ENTRY = "enter"  # the name of the function by which a kernel is entered
MALLOC, FREE = "PyMem_RawMalloc", "PyMem_RawFree"  # for room that a kernel takes: they need no lock
UNFIT = -1_000  # its status if an array is not in C order, aligned and writeable, or has other dimensions
CONTIGUOUS = 0x0001 | 0x0100 | 0x0400  # NumPy's flags for that


class ARRAY:
    """Where NumPy's array object keeps what it is made of (`PyArrayObject_fields`), in bytes from its beginning."""

    data = object.__basicsize__
    dimensions = data + 8
    shape = data + 16
    strides = data + 24
    flags = data + 48


@dataclass(frozen=True)
class MachineCode:
    """What one kernel is compiled to: an object file, and what it calls that it does not hold."""

    content: bytes
    outside: list[str]


class _Whole:
    """A NumPy integer, handed over as a word."""

    @classmethod
    def from_param(cls, value: Any) -> Any:
        return ctypes.c_int64(int(value))


class _Bits(_Whole):
    @classmethod
    def from_param(cls, value: Any) -> Any:
        return ctypes.c_uint64(int(value))


_PASSED: dict[type, Any] = {
    np.ndarray: ctypes.py_object,
    int: ctypes.c_int64,
    bool: ctypes.c_int64,
    float: ctypes.c_double,
    np.float64: ctypes.c_double,
    np.int64: _Whole,
    np.uint64: _Bits,
}
_Answer = ctypes.c_int64 * 2
_LOADING = threading.Lock()


def kind_of(arguments: Sequence[Any]) -> tuple[Any, ...]:
    """By what machine code for some arguments is told from that for others."""
    return tuple([(each.dtype, each.ndim) if type(each) is np.ndarray else type(each) for each in arguments])


def loaded(code: MachineCode, kind: tuple[Any, ...]) -> Callable[..., Any]:
    """The function that calls this code, with arguments of this kind (see `kind_of`).

    Without the interpreter's lock. Errors, when called: what the kernel raises; ValueError if an array does not fit.
    """
    with _LOADING:
        engine = _engine(code)
        address = engine.get_function_address(ENTRY)
    passed = [_PASSED[np.ndarray if isinstance(each, tuple) else each] for each in kind]
    enter = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.POINTER(ctypes.c_int64), *passed)(address)

    def call(*arguments: Any) -> int:
        answer = _Answer()
        status = enter(answer, *arguments)
        if status > 0 or status in (-1, UNFIT):
            _complain(status, answer[1], arguments)
        return answer[0]

    call.engine = engine  # type: ignore[attr-defined]  # it holds the code
    return call


def _engine(code: MachineCode) -> Any:
    from llvmlite import binding

    _get_ready()
    for name in code.outside:
        if not binding.address_of_symbol(name):  # of what no operating system we know of lacks
            from numba.core.registry import cpu_target

            cpu_target.target_context.refresh()
            break
    machine = binding.Target.from_default_triple().create_target_machine(jit=True)
    engine = binding.create_mcjit_compiler(binding.parse_assembly(""), machine)
    engine.add_object_file(binding.ObjectFileRef.from_data(code.content))
    engine.finalize_object()
    return engine


@cache
def _get_ready() -> None:
    """Once: LLVM, and the room that kernels ask for."""
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    for name in (MALLOC, FREE):
        address = ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value
        binding.add_symbol(name, address)


def _complain(status: int, told: int, arguments: Sequence[Any]) -> None:
    if status == UNFIT:
        raise ValueError("a kernel takes arrays that are aligned, writeable and in C order only")
    raise RuntimeError(status)
