"""Who may help, in the order in which they are asked; each module of this folder declares one."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from .provider import DECLARED, Provider

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

PROVIDERS: tuple[Provider, ...] = tuple(sorted(DECLARED, key=lambda provider: provider.turn))
