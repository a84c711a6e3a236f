"""The rules as plain functions, with one of three kinds of chance, for the Mesa twin.

- `keyed`: the keyed hash of `agents/chance.py` in Python integers. The twin then lives the same lives as the
  engine, which a test holds, table by table.
- `mesa`: every draw comes from Mesa's `model.random`, as most Mesa modellers would have it. Every rule asks
  its question every month, since a stream of random numbers cannot be thinned.
- `mesa-screened`: the same, but eight random bytes first tell who can be hit at all, as in the engine.

With a stream, what is drawn once for an episode by key is drawn anew each month: such a run is another draw
of almost the same process, and stands here for its speed only.
"""

from __future__ import annotations

import pkgutil
import types
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import mesa

from local_citizenship import agents
from local_citizenship.agents import chance

Rules = dict[str, Callable[..., Any]]

_64 = (1 << 64) - 1
_STEP, _MIX_1, _MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_TOPS = 0x8080808080808080
_UNIT = 1.0 / 9007199254740992.0
_ALL_SLOTS = _TOPS


def mixed(number: int) -> int:
    """SplitMix64's finaliser, with Python integers cut to 64 bits."""
    z = (int(number) + _STEP) & _64
    z = ((z ^ (z >> 30)) * _MIX_1) & _64
    z = ((z ^ (z >> 27)) * _MIX_2) & _64
    return z ^ (z >> 31)


def is_below(slots: int, slot: int) -> bool:
    """Whether the slot is among those that `slots_below` gave."""
    return (slots >> (slot << 3)) & 0x80 != 0


def leading_byte(random: int, slot: int) -> int:
    """The byte of a slot."""
    return (random >> (slot << 3)) & 0xFF


def slots_below(random: int, bounds: int) -> int:
    """Eight comparisons of bytes at once: the top bit of every byte that is below its bound."""
    x, y = random, bounds
    z = ((x | _TOPS) - (y & ~_TOPS)) ^ ((x ^ ~y) & _TOPS)
    return ((~x & y) | ((~x | y) & z)) & _TOPS


def keyed_chance(model: mesa.Model) -> Rules:
    """The engine's own luck: a pure function of (seed, who, what for, when). (The shipped events have one word.)"""

    def draw(key: int, who: int, what: int, item: int = 0) -> float:
        purpose = (key + (what + 1) * _STEP + item * _MIX_2) & _64
        return (mixed(mixed(who) ^ purpose) >> 11) * _UNIT

    return {
        "mixed": mixed,
        "draw": draw,
        "item_of": chance.item_of.py_func,
        "purpose_of": chance.purpose_of.py_func,
        "random_bytes": lambda key, who, word=0: mixed(mixed(who) ^ key),
        "leading_byte": leading_byte,
        "slots_below": slots_below,
        "is_below": is_below,
        "uniform_for": lambda key, who, random, slot: (
            (leading_byte(random, slot) + draw(key, who, slot)) / 256.0
        ),
    }


def mesa_chance(model: mesa.Model) -> Rules:
    """Draws from `model.random`, in the order in which they happen to be needed."""
    random = model.random.random
    return keyed_chance(model) | {
        "draw": lambda key, who, what, item=0: random(),
        "random_bytes": lambda key, who, word=0: 0,
        "slots_below": lambda random, bounds: _ALL_SLOTS,
        "is_below": lambda slots, slot: True,
        "uniform_for": lambda key, who, bytes_, slot: random(),
    }


def screened_mesa_chance(model: mesa.Model) -> Rules:
    """Draws from `model.random`; eight random bytes first screen who can be hit this month."""
    random, bits = model.random.random, model.random.getrandbits
    return mesa_chance(model) | {
        "random_bytes": lambda key, who, word=0: bits(64),
        "slots_below": slots_below,
        "is_below": is_below,
        "uniform_for": lambda key, who, bytes_, slot: (((bytes_ >> (slot << 3)) & 0xFF) + random()) / 256.0,
    }


# What stands in for the rules of `agents/chance.py`.
CHANCES: dict[str, Callable[[mesa.Model], Rules]] = {
    "keyed": keyed_chance,
    "mesa": mesa_chance,
    "mesa-screened": screened_mesa_chance,
}


def plain_rules(luck: Rules) -> SimpleNamespace:
    """All rules and kernels as plain functions that call each other, with `luck` for agents/chance.py.

    Errors: ValueError if a rule of agents/chance.py has nothing to stand in for it.
    """
    names = [
        module.name for module in pkgutil.walk_packages(agents.__path__, "local_citizenship.agents.")
    ] + [f"local_citizenship.model.{module}" for module in ("stock", "living", "month", "census", "year")]
    twins: dict[Any, Callable[..., Any]] = {}
    worlds: dict[str, dict[str, Any]] = {}

    def world_of(module: str) -> dict[str, Any]:
        if module not in worlds:
            worlds[module] = dict(vars(import_module(module)))
            worlds[module].update({name: twin(value) for name, value in worlds[module].items()})
        return worlds[module]

    def twin(value: Any) -> Any:
        source = getattr(value, "py_func", None)
        if source is None:
            return value
        if value not in twins and source.__module__.endswith("agents.chance"):
            if source.__name__ not in luck:
                raise ValueError(f"no stand-in for the rule {source.__name__} of agents/chance.py")
            twins[value] = luck[source.__name__]
        elif value not in twins:
            cells = tuple(types.CellType(twin(cell.cell_contents)) for cell in source.__closure__ or ())
            world = world_of(source.__module__)
            if value not in twins:  # as it may be by now, with its world
                twins[value] = types.FunctionType(
                    source.__code__, world, source.__name__, source.__defaults__, cells
                )
        return twins[value]

    found: dict[str, Any] = {}
    for name in names:
        found.update(world_of(name))
    return SimpleNamespace(**found)
