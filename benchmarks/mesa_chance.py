"""The rules as plain functions, with one of three kinds of chance, for the Mesa twin.

- `keyed`: the keyed hash of `agents/chance.py` in Python integers. The twin then lives the same lives as the
  engine, which a test holds, table by table.
- `mesa`: every draw comes from Mesa's `model.random`, as most Mesa modellers would have it. Every rule asks
  its question every month, since a stream of random numbers has no screen.
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

Rules = dict[str, Callable[..., Any]]

_64 = (1 << 64) - 1
_STEP, _MIX_1, _MIX_2 = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_TOPS = 0x8080808080808080
_UNIT = 1.0 / 9007199254740992.0
_ALL_LANES = _TOPS


def mixed(number: int) -> int:
    """SplitMix64's finaliser, with Python integers cut to 64 bits."""
    z = (int(number) + _STEP) & _64
    z = ((z ^ (z >> 30)) * _MIX_1) & _64
    z = ((z ^ (z >> 27)) * _MIX_2) & _64
    return z ^ (z >> 31)


def is_below(lanes: int, lane: int) -> bool:
    """Whether the lane is among those that `lanes_below` gave."""
    return (lanes >> (lane << 3)) & 0x80 != 0


def lane_byte(bytes_of_luck: int, lane: int) -> int:
    """The byte of a lane."""
    return (bytes_of_luck >> (lane << 3)) & 0xFF


def lanes_below(bytes_of_luck: int, bounds: int) -> int:
    """Eight comparisons of bytes at once: the top bit of every byte that is below its bound."""
    x, y = bytes_of_luck, bounds
    z = ((x | _TOPS) - (y & ~_TOPS)) ^ ((x ^ ~y) & _TOPS)
    return ((~x & y) | ((~x | y) & z)) & _TOPS


def keyed_chance(model: mesa.Model) -> Rules:
    """The engine's own luck: a pure function of (seed, who, what for, when)."""

    def draw(key: int, who: int, what: int, item: int = 0) -> float:
        purpose = (key + (what + 1) * _STEP + item * _MIX_2) & _64
        return (mixed(mixed(who) ^ purpose) >> 11) * _UNIT

    return {
        "mixed": mixed,
        "draw": draw,
        "luck": lambda key, who: mixed(mixed(who) ^ key),
        "lane_byte": lane_byte,
        "lanes_below": lanes_below,
        "is_below": is_below,
        "lane_draw": lambda key, who, luck, lane: (lane_byte(luck, lane) + draw(key, who, lane)) / 256.0,
    }


def mesa_chance(model: mesa.Model) -> Rules:
    """Draws from `model.random`, in the order in which they happen to be needed."""
    random = model.random.random
    return keyed_chance(model) | {
        "draw": lambda key, who, what, item=0: random(),
        "luck": lambda key, who: 0,
        "lanes_below": lambda luck, bounds: _ALL_LANES,
        "is_below": lambda lanes, lane: True,
        "lane_draw": lambda key, who, luck, lane: random(),
    }


def screened_mesa_chance(model: mesa.Model) -> Rules:
    """Draws from `model.random`; eight random bytes first screen who can be hit this month."""
    random, bits = model.random.random, model.random.getrandbits
    return mesa_chance(model) | {
        "luck": lambda key, who: bits(64),
        "lanes_below": lanes_below,
        "is_below": is_below,
        "lane_draw": lambda key, who, luck, lane: (((luck >> (lane << 3)) & 0xFF) + random()) / 256.0,
    }


# What stands in for the rules of `agents/chance.py`.
CHANCES: dict[str, Callable[[mesa.Model], Rules]] = {
    "keyed": keyed_chance,
    "mesa": mesa_chance,
    "mesa-screened": screened_mesa_chance,
}


def plain_rules(chance: Rules) -> SimpleNamespace:
    """All rules and kernels as plain functions that call each other, with `chance` for agents/chance.py.

    Errors: ValueError if a rule of agents/chance.py has nothing to stand in for it.
    """
    names = [f"local_citizenship.agents.{module.name}" for module in pkgutil.iter_modules(agents.__path__)]
    names += [f"local_citizenship.model.{module}" for module in ("standing", "month", "year")]
    modules = [import_module(name) for name in names]
    compiled = {
        (module.__name__, name): function
        for module in modules
        for name, function in vars(module).items()
        if hasattr(function, "py_func")
    }
    twins: dict[Any, Callable[..., Any]] = {}
    worlds: dict[str, dict[str, Any]] = {module.__name__: dict(vars(module)) for module in modules}
    for function in compiled.values():
        source = function.py_func
        if source.__module__.endswith("agents.chance"):
            if source.__name__ not in chance:
                raise ValueError(f"no stand-in for the rule {source.__name__} of agents/chance.py")
            twins[function] = chance[source.__name__]
        else:
            twins[function] = types.FunctionType(
                source.__code__, worlds[source.__module__], source.__name__, source.__defaults__
            )
    for (module_name, name), function in compiled.items():
        worlds[module_name][name] = twins[function]
    return SimpleNamespace(**{function.py_func.__name__: twin for function, twin in twins.items()})
