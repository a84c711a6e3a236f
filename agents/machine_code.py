"""Machine code of kernels, made executable and called. Numba, which wrote it (`compiling`), is not needed for it."""

from __future__ import annotations

import ctypes
import pickle
import threading
from collections.abc import Sequence
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

    type = object.__basicsize__ - 8
    data = object.__basicsize__
    dimensions = data + 8
    shape = data + 16
    strides = data + 24
    dtype = data + 40
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
Answer = ctypes.c_int64 * 2  # what a kernel gives, and where it tells of what it raised
_LOADING = threading.Lock()
_ENGINES: list[Any] = []  # which hold the code; never let go, for a thread may be within it


def kind_of(arguments: Sequence[Any]) -> tuple[Any, ...]:
    """What machine code is made for: the kinds of some arguments. Errors: TypeError for one that no kernel takes."""
    if unknown := [type(each).__name__ for each in arguments if type(each) not in _PASSED]:
        raise TypeError(f"a kernel takes arrays and numbers, not {unknown[0]}")
    return tuple([(each.dtype, each.ndim) if type(each) is np.ndarray else type(each) for each in arguments])


class Entry:
    """Executable code of a kernel for arguments of one kind (see `kind_of`)."""

    def __init__(self, code: MachineCode, kind: tuple[Any, ...]) -> None:
        with _LOADING:
            engine = _engine(code)
            _ENGINES.append(engine)
            address = engine.get_function_address(ENTRY)
        passed = [_PASSED[np.ndarray if isinstance(each, tuple) else each] for each in kind]
        enter = ctypes.CFUNCTYPE(ctypes.c_int32, Answer, ctypes.c_void_p, *passed)
        self.enter = enter(address)

    def objects(self, arguments: Sequence[Any]) -> Any:
        """By what the code itself knows further arguments of its kind, in which it differs from `kind_of`: these very
        dtypes. They have to be kept."""
        dtypes = [id(each.dtype) for each in arguments if type(each) is np.ndarray]
        return (ctypes.c_void_p * (1 + len(dtypes)))(id(np.ndarray), *dtypes)


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
    """Once: LLVM, and the room that kernels ask for. Errors: RuntimeError where arrays lie otherwise in memory."""
    from llvmlite import binding

    array = np.zeros((2, 3))
    word, half = ctypes.c_void_p.from_address, ctypes.c_int32.from_address
    shape = word(word(id(array) + ARRAY.shape).value or 0).value
    found = word(id(array) + ARRAY.data).value, half(id(array) + ARRAY.dimensions).value, shape
    if found != (array.ctypes.data, 2, 2) or word(id(array) + ARRAY.dtype).value != id(array.dtype):
        raise RuntimeError(
            f"NumPy {np.__version__} keeps its arrays otherwise than rules can be compiled for"
        )
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    for name in (MALLOC, FREE):
        address = ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value
        binding.add_symbol(name, address)


def complain(status: int, told: int) -> None:
    """Raise what a kernel has raised, or ValueError for arrays that do not fit."""
    if status == UNFIT:
        raise ValueError("a kernel takes arrays that are aligned, writeable and in C order only")
    address, length = (
        ctypes.c_void_p.from_address(told).value or 0,
        ctypes.c_int32.from_address(told + 8).value,
    )
    raised, arguments, _ = pickle.loads(ctypes.string_at(address, length))
    raise raised(*(arguments or ()))
