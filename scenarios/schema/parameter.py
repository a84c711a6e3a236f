"""How a parameter is declared: once, with its default, unit, range, label, meaning, source and mechanism."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, get_origin

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from .prior import Prior

LONGEST_LABEL = 25
NOT_BLANK = r"\S"  # the pattern of a text that says something


_Bounds = tuple[bool, float | None, float | None, tuple[str, ...] | None, str | None, int | None]


@dataclass(frozen=True)
class ParameterInfo:
    """One parameter as the walker finds it: its dotted path, declaration and value (of defaults: the default).

    `source`: a citation or the word `assumption`. `start_only`: it is read only when the run begins, so that a
    timeline cannot change it. `trait`: it says what an entry is, rather than how much. `presentation`: text that
    says how an entry is shown. `names`: the section whose entries its value names, one or a list. `usual`: where a
    slider ends, if `high` lies far above it. `longest`: of text, in characters; `pattern`: what it must look like.
    `prior`: what is believed of it beforehand, where it is another than `prior_of` makes of value, range and source.
    """

    label: str
    meaning: str
    unit: str
    mechanism: str = ""
    source: str = "assumption"
    low: float | None = None
    high: float | None = None
    usual: float | None = None
    choices: tuple[str, ...] | None = None
    names: str = ""
    pattern: str | None = None
    longest: int | None = None
    start_only: bool = False
    trait: bool = False
    presentation: bool = False
    prior: Prior | None = None
    path: str = ""
    type: type = object
    default: Any = None

    @property
    def in_world(self) -> bool:
        """Whether the parameter goes into the world record: numbers, switches and choices do."""
        return not self.presentation and (self.choices is not None or self.type in (bool, int, float))

    @property
    def slider_end(self) -> float | None:
        """The highest value that a slider offers, if there is one."""
        return self.high if self.usual is None else self.usual

    @property
    def _bounds(self) -> _Bounds:
        return self.unit == "names", self.low, self.high, self.choices, self.pattern, self.longest

    def takes(self, value: Any) -> bool:
        """Whether the value can be used, as the schema's models judge it."""
        try:
            _judge(self.type, *self._bounds).validate_python(value)
        except ValidationError:
            return False
        return True


@cache
def _judge(kind: type, *bounds: Any) -> TypeAdapter[Any]:
    """What judges values of all parameters of a type and bounds: a run's manifest has two thousand parameters."""
    judged: Any = Annotated[kind, Field(**_within(*bounds))]
    return TypeAdapter(judged, config=ConfigDict(strict=True, allow_inf_nan=False))


def _within(
    names: bool,
    low: float | None,
    high: float | None,
    choices: tuple[str, ...] | None,
    pattern: str | None,
    longest: int | None,
) -> dict[str, Any]:
    """The bounds of a field of a model."""
    return {
        "strict": False if names else None,
        "ge": low,
        "le": high,
        "pattern": f"^({'|'.join(map(re.escape, choices))})$" if choices else pattern,
        "min_length": 1 if longest else None,
        "max_length": longest,
    }


def _field(info: ParameterInfo, default: Any = ...) -> Any:
    """The field of a model that holds the parameter."""
    declared: Any = {"declared": info}
    return Field(default, **_within(*info._bounds), json_schema_extra=declared)


def parameter(default: Any, label: str, mechanism: str = "", *, trait: bool = False, **about: Any) -> Any:
    """Declare one parameter of a section; if its default is `...`, whoever makes the section must give the value.

    `label`: for a slider or an axis, at most 25 characters. `about`: the rest, as in `ParameterInfo`.
    """
    about["start_only"] = about.get("start_only", False) or trait
    return _field(ParameterInfo(label=label, mechanism=mechanism, trait=trait, **about), default)


def number(
    default: Any, label: str, mechanism: str = "", *, unit: str, high: float, low: float = 0.0, **about: Any
) -> Any:
    """Declare a number; it cannot be negative unless `low` says so."""
    return parameter(default, label, mechanism, unit=unit, low=float(low), high=float(high), **about)


def share(default: Any, label: str, mechanism: str = "", **about: Any) -> Any:
    """Declare a share, 0 to 1."""
    return number(default, label, mechanism, unit="share", high=1.0, **about)


def probability(
    default: Any, label: str, mechanism: str, *, per: str = "", high: float = 1.0, **about: Any
) -> Any:
    """Declare a chance, at once or `per` month or year; `high`: the most it may be."""
    unit = f"probability a {per}" if per else "probability"
    return number(default, label, mechanism, unit=unit, high=high, **about)


def switch(default: bool, label: str, mechanism: str, **about: Any) -> Any:
    """Declare what is true or false."""
    return parameter(default, label, mechanism, unit="switch", **about)


def trait(label: str, meaning: str, mechanism: str, **about: Any) -> Any:
    """Declare a switch that rules ask of an entry; off unless an entry says so."""
    return switch(False, label, mechanism, meaning=meaning, trait=True, **about)


def name_list(label: str, meaning: str, mechanism: str, names: str) -> Any:
    """Declare a list of names of entries of the section `names`; empty unless an entry says otherwise."""
    return parameter((), label, mechanism, unit="names", meaning=meaning, trait=True, names=names)


def presented(label: str, meaning: str, *, longest: int = 200, **about: Any) -> Any:
    """Declare text that only says how an entry is shown: no rule reads it, and it is no part of a run's hash."""
    about = {"pattern": None if "choices" in about else NOT_BLANK, **about}
    about |= {"unit": "text", "source": "", "longest": longest, "presentation": True, "start_only": True}
    return parameter(..., label, meaning=meaning, **about)


class Section(BaseModel):
    """A group of parameters; unknown keys, wrong types and values out of range are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


@cache
def declared_fields(section: type[BaseModel]) -> dict[str, ParameterInfo]:
    """What the fields of a section say of themselves, but for path and value."""
    found: dict[str, ParameterInfo] = {}
    for name, field in section.model_fields.items():
        extra: Any = field.json_schema_extra
        if extra:  # otherwise it is a section
            kind: Any = get_origin(field.annotation) or field.annotation
            found[name] = replace(extra["declared"], type=kind)
    return found


def parts(section: BaseModel) -> Iterator[tuple[str, Any]]:
    """Names and values directly below a section: its fields, or its entries."""
    root = section.__dict__.get("root")
    yield from (
        root.items() if root is not None else ((n, getattr(section, n)) for n in type(section).model_fields)
    )


def what_it_is(entry: BaseModel) -> str:
    """The traits of an entry in one line: those that are not as they are unless said otherwise."""
    said = []
    for info in iter_parameters(entry):
        default = type(entry).model_fields[info.path].default
        if info.trait and info.default != default:
            listed = ", ".join(info.default) if isinstance(info.default, tuple) else str(info.default)
            said.append(info.path if info.default is True else f"{info.path}: {listed}")
    return "; ".join(said)


def values_by_path(section: BaseModel, prefix: str = "", *, with_presentation: bool = True) -> dict[str, Any]:
    """The values of all parameters below `section` by path, in the order of `iter_parameters`; if asked, without those
    that only say how an entry is shown.

    Lists of names are lists, as a file holds them.
    """
    found: dict[str, Any] = {}
    declared = declared_fields(type(section))
    for name, value in parts(section):
        if isinstance(value, BaseModel):
            found |= values_by_path(value, f"{prefix}{name}.", with_presentation=with_presentation)
        elif with_presentation or not declared[name].presentation:
            found[f"{prefix}{name}"] = list(value) if isinstance(value, tuple) else value
    return found


def full_label(info: ParameterInfo, parameters: BaseModel) -> str:
    """The parameter's label; of an entry's, with the entry's before it."""
    section, *entry, _ = info.path.split(".")
    return f"{getattr(parameters, section)[entry[0]].label}: {info.label}" if entry else info.label


def iter_parameters(
    section: BaseModel, prefix: str = "", known: Mapping[str, ParameterInfo] = MappingProxyType({})
) -> Iterator[ParameterInfo]:
    """Walk all parameters below `section`, depth first, in declared order; those `known` by path as they are."""
    declared = declared_fields(type(section))
    for name, value in parts(section):
        path = f"{prefix}{name}"
        if isinstance(value, BaseModel):
            yield from iter_parameters(value, f"{path}.", known)
            continue
        assert name in declared, f"{path} is not declared with parameter()"
        yield known.get(path) or replace(declared[name], path=path, default=value)
