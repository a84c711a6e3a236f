"""How a parameter is declared: once, with its default, unit, range, label, meaning, source and mechanism."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

LONGEST_LABEL = 25


def parameter(
    default: Any = ...,
    *,
    label: str,
    unit: str,
    meaning: str,
    source: str = "assumption",
    mechanism: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] | None = None,
    start_only: bool = False,
    trait: bool = False,
) -> Any:
    """Declare one parameter of a section; without a default, whoever makes the section must give the value.

    `label`: for a slider or an axis, at most 25 characters. `source`: a citation or the word `assumption`.
    `start_only`: it is read only when the run begins, so that a timeline cannot change it.
    `trait`: it says what an entry is, rather than how much; set at the start only, too.
    """
    extra: dict[str, Any] = {"label": label, "unit": unit, "source": source, "mechanism": mechanism}
    extra |= {"start_only": start_only or trait, "trait": trait}
    if choices is not None:
        extra["choices"] = list(choices)
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra=extra)


def trait(label: str, meaning: str, mechanism: str, source: str = "assumption") -> Any:
    """Declare a switch that rules ask of an entry; off unless an entry says so."""
    return parameter(
        False, label=label, unit="switch", meaning=meaning, source=source, mechanism=mechanism, trait=True
    )


def name_list(label: str, meaning: str, mechanism: str) -> Any:
    """Declare a list of names of entries; empty unless an entry says otherwise."""
    extra: dict[str, Any] = {"label": label, "unit": "names", "mechanism": mechanism, "source": "assumption"}
    extra |= {"start_only": True, "trait": True}
    return Field((), strict=False, description=meaning, json_schema_extra=extra)


def presented(
    label: str, meaning: str, *, longest: int = 200, pattern: str = "", choices: tuple[str, ...] = ()
) -> Any:
    """Declare text that only says how an entry is shown: no rule reads it, and it is no part of a run's hash."""
    extra: dict[str, Any] = {"label": label, "unit": "text", "source": "", "mechanism": ""}
    extra |= {"presentation": True, "start_only": True}
    if choices:
        extra["choices"] = list(choices)
    return Field(
        min_length=1,
        max_length=longest,
        pattern=pattern or None,
        description=meaning,
        json_schema_extra=extra,
    )


class Section(BaseModel):
    """A group of parameters; unknown keys, wrong types and values out of range are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


@dataclass(frozen=True)
class ParameterInfo:
    """One parameter as the walker finds it: its dotted path, declaration and value (of defaults: the default).

    `trait`: says what an entry is. `presentation`: text that says how an entry is shown. `longest`: of text, in
    characters. `in_world`: whether the world record holds it as a number, for rules to read.
    """

    path: str
    label: str
    type: type
    default: Any
    unit: str
    meaning: str
    source: str
    mechanism: str
    low: float | None
    high: float | None
    choices: tuple[str, ...] | None
    start_only: bool
    trait: bool
    presentation: bool
    longest: int | None

    @property
    def in_world(self) -> bool:
        """Whether the parameter goes into the world record: numbers, switches and choices do."""
        return not self.presentation and (self.choices is not None or self.type in (bool, int, float))


def _bound(info: FieldInfo, name: str) -> Any:
    return next((v for item in info.metadata if (v := getattr(item, name, None)) is not None), None)


@cache
def _declared(section: type[BaseModel]) -> dict[str, dict[str, Any]]:
    """What the fields of a section say of themselves, but for path and value."""
    found: dict[str, dict[str, Any]] = {}
    for name, info in section.model_fields.items():
        extra = info.json_schema_extra
        if not isinstance(extra, dict):
            continue  # a section
        choices = extra.get("choices")
        low, high = _bound(info, "ge"), _bound(info, "le")
        found[name] = {
            "label": str(extra["label"]),
            "type": info.annotation if isinstance(info.annotation, type) else None,
            "unit": str(extra["unit"]),
            "meaning": info.description or "",
            "source": str(extra["source"]),
            "mechanism": str(extra["mechanism"]),
            "low": None if low is None else float(low),
            "high": None if high is None else float(high),
            "choices": tuple(str(c) for c in choices) if isinstance(choices, list) else None,
            "start_only": bool(extra["start_only"]),
            "trait": bool(extra.get("trait", False)),
            "presentation": bool(extra.get("presentation", False)),
            "longest": _bound(info, "max_length"),
        }
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


def values_by_path(section: BaseModel, prefix: str = "") -> dict[str, Any]:
    """The values of all parameters below `section` by path, in the order of `iter_parameters`.

    Lists of names are lists, as a file holds them.
    """
    found: dict[str, Any] = {}
    for name, value in parts(section):
        if isinstance(value, BaseModel):
            found |= values_by_path(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = list(value) if isinstance(value, tuple) else value
    return found


def iter_parameters(section: BaseModel, prefix: str = "") -> Iterator[ParameterInfo]:
    """Walk all parameters below `section`, depth first, in declared order."""
    declared = _declared(type(section))
    for name, value in parts(section):
        path = f"{prefix}{name}"
        if isinstance(value, BaseModel):
            yield from iter_parameters(value, f"{path}.")
            continue
        assert name in declared, f"{path} is not declared with parameter()"
        about = declared[name]
        yield ParameterInfo(path=path, default=value, **(about | {"type": about["type"] or type(value)}))
