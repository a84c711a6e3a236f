"""How a parameter is declared: once, with its default, unit, range, meaning, source and mechanism."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo


def parameter(
    default: Any,
    *,
    unit: str,
    meaning: str,
    source: str = "assumption",
    mechanism: str = "",
    low: float | None = None,
    high: float | None = None,
    choices: tuple[str, ...] | None = None,
) -> Any:
    """Declare one parameter of a section; `source` is a citation or the word `assumption`."""
    extra: dict[str, Any] = {"unit": unit, "source": source, "mechanism": mechanism}
    if choices is not None:
        extra["choices"] = list(choices)
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra=extra)


class Section(BaseModel):
    """A group of parameters; unknown keys, wrong types and values out of range are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class KeyedSection(Section):
    """A section with one and the same sub-section for each name of a catalogue list (doors, needs, ...).

    `names` is the catalogue list, in order; the world record holds each parameter as an array over it.
    """

    names: ClassVar[tuple[str, ...]] = ()
    entry: ClassVar[type[Section]] = Section


@dataclass(frozen=True)
class Leaf:
    """One parameter as the walker finds it: its dotted path, declaration and default."""

    path: str
    type: type
    default: Any
    unit: str
    meaning: str
    source: str
    mechanism: str
    low: float | None
    high: float | None
    choices: tuple[str, ...] | None


def _bound(info: FieldInfo, name: str) -> float | None:
    for item in info.metadata:
        value = getattr(item, name, None)
        if value is not None:
            return float(value)
    return None


def values_by_path(section: BaseModel, prefix: str = "") -> dict[str, Any]:
    """The values of all parameters below `section`, in the order of `leaves`, without what is declared of them."""
    found: dict[str, Any] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            found |= values_by_path(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found


def leaves(section: BaseModel, prefix: str = "") -> Iterator[Leaf]:
    """Walk all parameters below `section`, depth first, in declared order."""
    for name, info in type(section).model_fields.items():
        value = getattr(section, name)
        path = f"{prefix}{name}"
        if isinstance(value, BaseModel):
            yield from leaves(value, f"{path}.")
            continue
        extra = info.json_schema_extra
        assert isinstance(extra, dict), f"{path} is not declared with parameter()"
        choices = extra.get("choices")
        yield Leaf(
            path=path,
            type=info.annotation if isinstance(info.annotation, type) else type(value),
            default=value,
            unit=str(extra["unit"]),
            meaning=info.description or "",
            source=str(extra["source"]),
            mechanism=str(extra["mechanism"]),
            low=_bound(info, "ge"),
            high=_bound(info, "le"),
            choices=tuple(str(c) for c in choices) if isinstance(choices, list) else None,
        )
