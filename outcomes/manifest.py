"""What a folder's manifest must hold to be read: a stranger's, an older one, or one that was damaged."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from ..scenarios.bounded import UnreadableError, bounded_bytes
from ..scenarios.schema import SHIPPED, ParameterInfo, iter_parameters
from ..scenarios.settings import HIGHEST_SEED

LARGEST = 64_000_000  # bytes of a manifest
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
LONGEST = 12_000  # months of a run
LATEST = 120_000  # month of a change: what comes after the run is kept too

Seconds = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=0)]
Short = Annotated[str, Field(max_length=300)]  # what a sentence can repeat: a name is that of a file at most
Finite = Annotated[float, Field(allow_inf_nan=False)]
Single = bool | int | Finite | str | list[str]  # a parameter's value
Kept = TypeVar("Kept", bound=BaseModel)


class Strict(BaseModel):
    """No value is taken for one of another kind; what is not known is left alone."""

    model_config = ConfigDict(strict=True, extra="allow")


class Change(Strict):
    """A dated change."""

    month: Annotated[int, Field(ge=0, le=LATEST)]
    date: Annotated[str, Field(pattern=MONTH)]
    path: Short
    value: Single
    where: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Change:
        _refuse_unfit(self.path, self.value)
        return self


class CountedThen(Strict):
    """People who were counted."""

    status: Short
    date: Annotated[str, Field(pattern=MONTH)]
    persons: Whole
    source: str = ""


class KeptScenario(Strict):
    """The scenario of a run."""

    name: Short
    seed: Annotated[int, Field(ge=0, le=HIGHEST_SEED)]
    start: Annotated[str, Field(pattern=MONTH)]
    months: Annotated[int, Field(ge=0, le=LONGEST)]
    title: str = ""
    question: str = ""
    hash: str = ""
    parameters: dict[Short, Single] = {}
    layers: dict[Short, str] = {}
    sources: dict[Short, str] = {}
    timeline: list[Change] = []
    observed: list[CountedThen] = []

    @field_validator("parameters")
    @classmethod
    def _fit(cls, given: dict[str, Single]) -> dict[str, Single]:
        for path, value in given.items():
            _refuse_unfit(path, value)
        return given

    @model_validator(mode="after")
    def _complete(self) -> KeptScenario:
        """A run of another release may lack a parameter, but then nothing else in its manifest names that."""
        dated = [(change.path, f"timeline.{number}") for number, change in enumerate(self.timeline)]
        for path, field in [*((path, "layers") for path in self.layers), *dated]:
            if path not in self.parameters:
                raise ValueError(f"its parameters lack {path}, though {field} names it")
        return self


class KeptTable(Strict):
    """One table of a run."""

    rows: Whole
    columns: list[Short]


class KeptPlaces(Strict):
    """Where a run's places come from."""

    table: str = ""
    synthetic: bool = False
    named: bool = False
    outlines: str = ""
    credit: str = ""
    language: str = ""


class KeptTiming(Strict):
    """How long a run took."""

    model_seconds: Seconds = 0.0
    migrant_months: Whole = 0
    compiled_now: bool = False
    migrant_months_per_second: Seconds = 0.0


class RunManifest(Strict):
    """The manifest of a run."""

    scenario: KeptScenario
    tables: dict[Annotated[str, Field(pattern=r"^\w+$")], KeptTable]
    versions: dict[Short, Short] = {}
    timing: KeptTiming = KeptTiming()
    places: KeptPlaces = KeptPlaces()


class KeptSeeds(Strict):
    """The further seeds of a run, and the tables that are kept of them."""

    seeds: list[Annotated[str, Field(pattern=r"^\d{1,39}$")]]
    tables: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")]]


class DamagedManifest(ValueError):
    """A manifest can't be read; the message says why, in a few words."""


class OtherFormat(ValueError):
    """A manifest is of another format."""


def read_manifest(file: Path, kind: type[Kept], known_format: int) -> dict[str, Any]:
    """The content of a manifest, checked to be one of `kind`.

    Errors: OtherFormat, whose message is that format; DamagedManifest.
    """
    try:
        content = json.loads(bounded_bytes(file, LARGEST).decode())
    except UnreadableError as error:
        raise DamagedManifest(f"it {error}") from error
    except (ValueError, RecursionError) as error:
        raise DamagedManifest(_short(error)) from error
    if not isinstance(content, dict) or "format" not in content:
        raise DamagedManifest("it names no format")
    if content["format"] != known_format:
        raise OtherFormat(str(content["format"])[:20])
    try:
        kind.model_validate(content)
    except ValidationError as error:
        raise DamagedManifest(misfit(error)) from error
    return content


def misfit(error: ValidationError) -> str:
    """The first field that is not as it must be, and why."""
    first = error.errors(include_url=False)[0]
    why = first["msg"].removeprefix("Value error, ")  # pydantic's words before those of a validator here
    return ": ".join([*filter(None, [".".join(map(str, first["loc"]))]), why])


@cache
def _declared() -> dict[str, ParameterInfo]:
    """Every parameter by its path; of an entry's, the entry's name left out, for a scenario may add entries."""
    found = {info.path: info for info in iter_parameters(SHIPPED)}
    for section, entries in SHIPPED.keyed():
        found |= {f"{section}..{info.path}": info for info in iter_parameters(next(iter(entries.values())))}
    return found


def _refuse_unfit(path: str, value: Single) -> None:
    """A parameter that another release had is left alone. Errors: ValueError for what the schema does not allow."""
    section, _, rest = path.partition(".")
    info = _declared().get(path) or _declared().get(f"{section}..{rest.partition('.')[2]}")
    if info is not None and not info.takes(value):
        raise ValueError(f"{path} is {_short(value)}, which it can't be")


def _short(what: object) -> str:
    lines = (str(what) or type(what).__name__).splitlines()
    return lines[0][:200] if lines else repr(what)
