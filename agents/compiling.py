"""How Numba compiles rules and kernels: machine code is made of kernels only, and names of functions stay short.

By itself Numba optimises every function together with all that it calls, and makes machine code of it: of a rule that
lies ten calls deep ten times over, though nobody but a kernel ever calls it. It also calls each function by the types
of its arguments, field by field. Here a rule stays as it was translated, and each kernel takes in what it needs once.
"""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.funcdesc import default_mangler


class _RuleLibrary(JITCodeLibrary):
    """The code of one rule, to be taken in by kernels: neither optimised nor made executable."""

    _linking_libraries: list[Any]
    codegen = SimpleNamespace(set_env=lambda name, environment: None)  # only what can be executed has one

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def finalize(self) -> None:
        self._finalized = True


class _KernelLibrary(JITCodeLibrary):
    """The code of one kernel, with that of every rule it may come to, which is nobody else's.

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

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "linkonce_odr":
                function.linkage = "internal"
        super()._optimize_final_module()


def _short_name(name: str, types: Any, **tags: Any) -> str:
    digest = hashlib.sha256(" ".join(map(str, types)).encode()).hexdigest()[:16]
    return default_mangler(name, (digest,), **tags)


def _compiled_into(library: type[JITCodeLibrary]) -> type[Compiler]:
    class CompilerInto(Compiler):
        def define_pipelines(self) -> Any:
            state = self.state
            state.targetctx.mangler = _short_name
            if state.library is None:
                state.library = library(state.targetctx.codegen(), state.func_id.func_qualname)
                state.library.enable_object_caching()
            return super().define_pipelines()

    return CompilerInto


RULE_COMPILER, KERNEL_COMPILER = _compiled_into(_RuleLibrary), _compiled_into(_KernelLibrary)
