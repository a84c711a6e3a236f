"""How Numba compiles rules and kernels: machine code is made of kernels only, and names of functions stay short.

By itself Numba optimises every function together with all that it calls, and makes machine code of it: of a rule that
lies ten calls deep ten times over, though nobody but a kernel ever calls it. It also calls each function by the types
of its arguments, field by field. Here all stays as it was translated, and each kernel's entry takes in what it needs,
once. An entry takes NumPy's arrays as they lie in memory, so that its machine code runs where Numba is not even loaded
(`machine_code`). This file is: it takes longer to load than a small run takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import numba
from llvmlite import ir
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_lock import global_compiler_lock
from numba.core.funcdesc import default_mangler

from .machine_code import ARRAY, CONTIGUOUS, ENTRY, FREE, MALLOC, UNFIT, MachineCode

types: Any = numba.types
_RECORD = 48  # bytes


class _RuleLibrary(JITCodeLibrary):
    """The code of one rule, to be taken in by entries: neither optimised nor made executable."""

    _linking_libraries: list[Any]
    codegen = SimpleNamespace(set_env=lambda name, environment: None)  # only what can be executed has one

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        self._finalized = True


class _EntryLibrary(JITCodeLibrary):
    """The code of one kernel's entry, with that of every rule it may come to, which is nobody else's.

    Nobody else's (`internal`) makes LLVM free to inline it: months of life took 1.28 times as long without.
    """

    _linking_libraries: list[Any]

    def finalize(self) -> None:
        needed = dict.fromkeys(self._linking_libraries)
        waiting = list(needed)
        while waiting:
            library = waiting.pop()
            if isinstance(library, _RuleLibrary):
                new = dict.fromkeys(each for each in library._linking_libraries if each not in needed)
                needed |= new
                waiting += new
        self._linking_libraries = list(needed)
        super().finalize()

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.name != ENTRY:
                function.linkage = "internal"
        super()._optimize_final_module()

    def _finalize_final_module(self) -> None:
        """It is not made executable here, but as whatever comes from the disk."""
        self._verify_declare_only_symbols()
        self._finalized = True

    @property
    def machine_code(self) -> bytes:
        return bytes(self._codegen._tm.emit_object(self._final_module))

    @property
    def outside(self) -> list[str]:
        """Names of what it calls and does not hold."""
        module = self._final_module
        named = [*module.functions, *module.global_variables]
        return [each.name for each in named if each.is_declaration and not each.name.startswith("llvm.")]


def _told_once(told: Callable[[Any], str]) -> Callable[[Any], str]:
    """A type's text, made once: Numba asks for it at each step, and a record has a hundred fields."""

    def of(kind: Any) -> str:
        if "_told" not in kind.__dict__:
            kind._told = told(kind)
        text: str = kind._told
        return text

    return of


types.Record.__repr__ = _told_once(types.Record.__repr__)


def _short_name(name: str, types: Any, **tags: Any) -> str:
    digest = hashlib.sha256(" ".join(map(str, types)).encode()).hexdigest()[:16]
    return default_mangler(name, (digest,), **tags)


class _RuleCompiler(Compiler):
    def define_pipelines(self) -> Any:
        state = self.state
        state.targetctx.mangler = _short_name
        if state.library is None:
            state.library = _RuleLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return super().define_pipelines()


def _wide(kind: Any) -> Any:
    """The type an argument of a rule is passed as."""
    kind = types.unliteral(kind)
    if isinstance(kind, types.Integer) and kind.bitwidth < 64:
        return types.int64
    return kind


def translated(function: Callable[..., Any]) -> Any:
    """What Numba knows a rule or kernel by. Constants and narrow integers are handed to it as 64-bit integers, so that
    it is translated once and not anew for each constant and width it is called with."""
    rule = numba.njit(
        nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, pipeline_class=_RuleCompiler
    )(function)
    template = rule.get_call_template
    rule.get_call_template = lambda arguments, named: template(
        tuple(_wide(kind) for kind in arguments), {name: _wide(kind) for name, kind in named.items()}
    )
    return rule


def compiled(kernel: Any, arguments: Sequence[Any]) -> MachineCode:
    """The machine code of a kernel (as `translated` gives it) for arguments like these: arrays in C order, numbers.

    Errors: TypeError if it returns anything but a whole number or nothing, and what Numba has to say of its source.
    """
    kinds = tuple(_kind_of(each) for each in arguments)
    with global_compiler_lock:
        kernel.compile(kinds)
        translation = kernel.overloads[kinds]
        gives = translation.signature.return_type
        if gives not in (types.none, types.int64):
            raise TypeError(f"the kernel {kernel.__name__} returns {gives}, not a whole number or nothing")
        context = translation.target_context
        library = _EntryLibrary(context.codegen(), kernel.__name__)
        module = library.create_ir_module(kernel.__name__)
        _write_room(module)
        _write_entry(module, context, translation.fndesc)
        library.add_ir_module(module)
        library.add_linking_library(translation.library)
        library.finalize()
        return MachineCode(library.machine_code, library.outside)


def _kind_of(argument: Any) -> Any:
    kind = numba.typeof(argument)
    return types.Array(kind.dtype, kind.ndim, "C") if isinstance(kind, types.Array) else kind


def _write_room(module: Any) -> None:
    """What a kernel that makes arrays of its own calls for: room, and an end to it.

    Numba's arrays know their room by a record of how many use it, how it ends, its address and its size.
    """
    word, half, nothing = ir.IntType(64), ir.IntType(32), ir.VoidType()
    address = ir.IntType(8).as_pointer()
    get = ir.Function(module, ir.FunctionType(address, [word]), MALLOC)
    give_back = ir.Function(module, ir.FunctionType(nothing, [address]), FREE)

    take = ir.Function(module, ir.FunctionType(address, [word, half]), "NRT_MemInfo_alloc_aligned")
    builder = ir.IRBuilder(take.append_basic_block())
    size, align = take.args[0], builder.zext(take.args[1], word)
    record = builder.call(get, [builder.add(builder.add(size, align), ir.Constant(word, _RECORD))])
    with builder.if_then(builder.icmp_unsigned("==", record, ir.Constant(address, None)), likely=False):
        builder.ret(record)
    begins = builder.add(builder.ptrtoint(record, word), ir.Constant(word, _RECORD))
    up = builder.sub(builder.add(begins, align), ir.Constant(word, 1))
    begins = builder.and_(up, builder.neg(align))
    zero = ir.Constant(word, 0)
    words = builder.bitcast(record, word.as_pointer())
    for place, value in enumerate([ir.Constant(word, 1), zero, zero, begins, size, zero]):
        builder.store(value, builder.gep(words, [ir.Constant(half, place)]))
    builder.ret(record)

    end = ir.Function(module, ir.FunctionType(nothing, [address]), "NRT_MemInfo_call_dtor")
    builder = ir.IRBuilder(end.append_basic_block())
    builder.call(give_back, end.args)
    builder.ret_void()


def _write_entry(module: Any, context: Any, kernel: Any) -> None:
    """`int32 ENTRY(int64 answer[2], void *known[], arguments ...)`: call the kernel with the numbers and with what the
    arrays hold.

    Gives the kernel's status, more than 0 if it raised something; its answer, and where it tells of what it raised, go
    into `answer`. UNFIT if an array is not as it must be. `known`: if given, the type of arrays and then the dtype of
    each array; UNFIT if an argument has another.
    """
    word, status, address = ir.IntType(64), ir.IntType(32), ir.IntType(8).as_pointer()
    given = [_passed_as(kind, word, address) for kind in kernel.argtypes]
    kind_of_entry = ir.FunctionType(status, [word.as_pointer(), address.as_pointer(), *given])
    entry = ir.Function(module, kind_of_entry, ENTRY)
    builder = ir.IRBuilder(entry.append_basic_block())
    answer, known, *arguments = entry.args
    arrays = [
        each for kind, each in zip(kernel.argtypes, arguments, strict=True) if isinstance(kind, types.Array)
    ]
    with builder.if_then(builder.icmp_unsigned("!=", known, ir.Constant(known.type, None))):
        _check_objects(builder, known, arrays)
    taken = [
        _taken(builder, context, kind, each) for kind, each in zip(kernel.argtypes, arguments, strict=True)
    ]
    callee_type = context.call_conv.get_function_type(kernel.restype, kernel.argtypes)
    callee = ir.Function(module, callee_type, kernel.llvm_func_name)
    state, result = context.call_conv.call_function(builder, callee, kernel.restype, kernel.argtypes, taken)
    if kernel.restype == types.int64:
        builder.store(result, answer)
    told = builder.ptrtoint(state.excinfoptr, word)
    builder.store(told, builder.gep(answer, [ir.Constant(status, 1)]))
    builder.ret(state.code)


def _at(builder: Any, place: Any, offset: int, what: Any) -> Any:
    """What lies so many bytes from an address."""
    moved = builder.gep(place, [ir.Constant(ir.IntType(64), offset)])
    return builder.load(builder.bitcast(moved, what.as_pointer()))


def _check_objects(builder: Any, known: Any, arrays: Sequence[Any]) -> None:
    address, half = known.type.pointee, ir.IntType(32)
    for place, each in enumerate(arrays, start=1):
        for offset, number in ((ARRAY.type, 0), (ARRAY.dtype, place)):
            wanted = builder.load(builder.gep(known, [ir.Constant(half, number)]))
            other = builder.icmp_unsigned("!=", _at(builder, each, offset, address), wanted)
            with builder.if_then(other, likely=False):
                builder.ret(ir.Constant(half, UNFIT))


def _passed_as(kind: Any, word: Any, address: Any) -> Any:
    if isinstance(kind, types.Array):
        return address
    return ir.DoubleType() if isinstance(kind, types.Float) else word


def _taken(builder: Any, context: Any, kind: Any, given: Any) -> Any:
    """An argument as the kernel takes it."""
    if isinstance(kind, types.Boolean):
        return builder.trunc(given, ir.IntType(1))
    if not isinstance(kind, types.Array):
        return given
    word, half = ir.IntType(64), ir.IntType(32)

    at = partial(_at, builder)
    address = given.type
    flags, dimensions = at(given, ARRAY.flags, half), at(given, ARRAY.dimensions, half)
    wanted = ir.Constant(half, CONTIGUOUS)
    fits = builder.and_(
        builder.icmp_signed("==", builder.and_(flags, wanted), wanted),
        builder.icmp_signed("==", dimensions, ir.Constant(half, kind.ndim)),
    )
    with builder.if_then(builder.not_(fits), likely=False):
        builder.ret(ir.Constant(half, UNFIT))
    array = context.make_array(kind)(context, builder)
    shape = [at(at(given, ARRAY.shape, address), 8 * i, word) for i in range(kind.ndim)]
    strides = [at(at(given, ARRAY.strides, address), 8 * i, word) for i in range(kind.ndim)]
    number = ir.Constant(word, 1)
    for length in shape:
        number = builder.mul(number, length)
    array.data = builder.bitcast(at(given, ARRAY.data, address), array.data.type)
    array.meminfo = ir.Constant(array.meminfo.type, None)
    array.parent = ir.Constant(array.parent.type, None)
    array.nitems = number
    array.itemsize = ir.Constant(word, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    for name, values in (("shape", shape), ("strides", strides)):
        setattr(array, name, _row_of(builder, values))
    return array._getvalue()


def _row_of(builder: Any, values: Sequence[Any]) -> Any:
    """Words in a row, as one value."""
    row = ir.Constant(ir.ArrayType(ir.IntType(64), len(values)), ir.Undefined)
    for place, value in enumerate(values):
        row = builder.insert_value(row, value, place)
    return row
