"""What a folder's manifest must hold to be read: a stranger's, an older one, or one that was damaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

LARGEST = 64_000_000  # bytes of a manifest
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
PERSONS = "scale.persons_per_record"
LONGEST = 12_000  # months of a run

Whole = Annotated[int, Field(ge=0)]
Single = bool | int | Annotated[float, Field(allow_inf_nan=False)] | str | list[str]  # a parameter's value
Kept = TypeVar("Kept", bound=BaseModel)


class Strict(BaseModel):
    """No value is taken for one of another kind; what is not known is left alone."""

    model_config = ConfigDict(strict=True, extra="allow")


class Change(Strict):
    """A dated change."""

    month: Whole
    date: Annotated[str, Field(pattern=MONTH)]
    path: str
    value: Any
    where: str = ""


class KeptScenario(Strict):
    """The scenario of a run."""

    name: str
    seed: int
    start: Annotated[str, Field(pattern=MONTH)]
    months: Annotated[int, Field(ge=0, le=LONGEST)]
    title: str = ""
    question: str = ""
    hash: str = ""
    parameters: dict[str, Single] = {}
    layers: dict[str, str] = {}
    sources: dict[str, str] = {}
    timeline: list[Change] = []

    @field_validator("parameters")
    @classmethod
    def _records_stand_for_people(cls, given: dict[str, Single]) -> dict[str, Single]:
        persons = given.get(PERSONS, 1)
        if not isinstance(persons, int) or persons < 1:
            raise ValueError(f"{PERSONS} is no number of people")
        return given


class KeptTable(Strict):
    """One table of a run."""

    rows: Whole
    columns: list[str]


class KeptPlaces(Strict):
    """Where a run's places come from."""

    table: str = ""
    synthetic: bool = False


class RunManifest(Strict):
    """The manifest of a run."""

    scenario: KeptScenario
    tables: dict[Annotated[str, Field(pattern=r"^\w+$")], KeptTable]
    versions: dict[str, str] = {}
    timing: dict[str, Any] = {}
    places: KeptPlaces = KeptPlaces()


class DamagedManifest(ValueError):
    """A manifest can't be read; the message says why, in a few words."""


class OtherFormat(ValueError):
    """A manifest is of another format."""


def read_manifest(file: Path, kind: type[Kept], known_format: int) -> dict[str, Any]:
    """The content of a manifest, checked to be one of `kind`.

    Errors: OtherFormat, whose message is that format; DamagedManifest.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise DamagedManifest("it is too large")
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DamagedManifest(_short(error)) from error
    if not isinstance(content, dict) or "format" not in content:
        raise DamagedManifest("it names no format")
    if content["format"] != known_format:
        raise OtherFormat(str(content["format"])[:20])
    try:
        kind.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise DamagedManifest(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    return content


def _short(error: BaseException) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
