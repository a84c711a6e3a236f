"""The one declaration of the parameters, and what is made from it for editors and readers."""

from __future__ import annotations

import copy
import pickle
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from local_citizenship.scenarios import catalogue
from local_citizenship.scenarios.checks import all_parameters
from local_citizenship.scenarios.files import shipped_folder, shipped_names
from local_citizenship.scenarios.json_schema import json_schema
from local_citizenship.scenarios.parameter_table import HEADINGS, default_text, parameter_table
from local_citizenship.scenarios.schema import (
    ENTRY_SECTIONS,
    SHIPPED,
    KeyedSection,
    Need,
    ParameterInfo,
    Parameters,
    iter_parameters,
    values_by_path,
    what_it_is,
)
from local_citizenship.scenarios.settings import TOP_KEYS

LEAVES = list(iter_parameters(Parameters()))
SECTIONS: dict[str, KeyedSection[Any]] = dict(SHIPPED.keyed())


def declared_in_full(info: ParameterInfo) -> bool:
    if not (info.label.strip() and info.unit.strip() and info.meaning.strip() and len(info.label) <= 25):
        return False
    if info.presentation:
        return info.type is str and not info.in_world and info.start_only and bool(info.default)
    if info.type is tuple:
        return not info.in_world and set(info.default) <= set(SECTIONS[info.names])
    if info.type in (int, float):
        low, high = info.low, info.high
        return info.in_world and low is not None and high is not None and low <= info.default <= high > low
    if info.type is str and info.choices is None:
        named = (
            info.default in SECTIONS[info.names] if info.names else info.path.endswith((".group", ".channel"))
        )
        return named and not info.in_world
    return info.in_world and (info.type is bool or info.default in (info.choices or ()))


def test_every_parameter_is_declared_in_full() -> None:
    assert [info.path for info in LEAVES if not declared_in_full(info)] == []
    assert [info.path for info in LEAVES if not info.presentation and not info.source.strip()] == []
    assert [info.path for info in LEAVES if type(info.default) is not info.type] == []


def test_no_two_parameters_of_a_section_share_a_label_and_no_two_entries_a_look() -> None:
    labels = defaultdict(list)
    for info in LEAVES:
        labels[info.path.rpartition(".")[0]].append(info.label)
    for name, section in SECTIONS.items():
        labels[name] = [entry.label for entry in section.values()]
        labels[f"{name}, look"] = [entry.colour + entry.marker for entry in section.values()]
    assert [name for name, found in labels.items() if len(set(found)) < len(found)] == []


def test_no_two_parameters_share_a_path_and_none_a_key_beside_them() -> None:
    assert len(all_parameters()) == len(LEAVES) == len(values_by_path(SHIPPED))
    assert not set(Parameters.model_fields) & {*TOP_KEYS, "from"}


# Entries


@pytest.mark.parametrize("name", ENTRY_SECTIONS)
def test_a_section_of_entries_is_an_ordered_mapping(name: str) -> None:
    section = SECTIONS[name]
    assert section.names == tuple(section) == tuple(section.root) == tuple(section.shipped)
    assert [section.position(each) for each in section] == list(section.numbers) == list(range(len(section)))
    assert all(section[each] is getattr(section, each) is entry for each, entry in section.items())
    assert {type(entry) for entry in section.values()} == {section.entry}
    assert section.names[0] in section
    assert "nothing" not in section
    for missing in (lambda: section.position("nothing"), lambda: section["nothing"]):
        with pytest.raises(KeyError):
            missing()
    with pytest.raises(AttributeError, match="there is no"):
        _ = section.nothing


@pytest.mark.parametrize("again", [copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_parameters_can_be_copied_and_sent(again: Callable[[Parameters], Parameters]) -> None:
    assert again(SHIPPED) == SHIPPED == Parameters.model_validate(SHIPPED.model_dump())


def test_a_number_stays_with_its_entry_whatever_is_dropped_or_added() -> None:
    values = SHIPPED.model_dump()
    del values["services"]["exchange"]
    values["services"] |= dict.fromkeys(("childcare", "nursery"), values["services"]["schooling"])
    services = Parameters.model_validate(values).services
    assert services.numbers == (0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 17)
    assert services.names[-2:] == ("childcare", "nursery")


def test_the_lists_of_the_catalogue_follow_from_the_entries() -> None:
    assert SHIPPED.services.having("programme") == ("exchange", "language", "schooling", "council")
    assert catalogue.SERVICES[catalogue.SCHOOLING] == "schooling"
    assert what_it_is(SHIPPED.needs.abuse) == "risk: abuse; victim; raised_by_tension"


def lacking(name: str) -> dict[str, Any]:
    values = SHIPPED.model_dump()
    del values["needs"]["birth"][name]
    return values


def with_entry(section: str, name: str, **changes: Any) -> dict[str, Any]:
    values = SHIPPED.model_dump()
    values[section][name] = values[section][SECTIONS[section].names[0]] | changes
    return values


@pytest.mark.parametrize(
    "wrong",
    [
        {"fear": {"wieght": 1.0}},
        {"fear": {"weight": "1"}},
        {"fear": {"weight": -1.0}},
        lacking("label"),
        lacking("rate"),
        *(with_entry("needs", name) for name in ("like", "drop", "items", "Upper", "n" * 26)),
        with_entry("services", "childcare", answers=("nothing",)),
        with_entry("services", "childcare", threshold=9.0),
        {"needs": {}},
    ],
)
def test_the_models_are_strict(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Parameters.model_validate(wrong)


def test_an_entry_that_lacks_a_declaration_is_an_error_at_import() -> None:
    with pytest.raises(ValidationError, match="label"):
        Need.model_validate(lacking("label")["needs"]["birth"])


@pytest.mark.parametrize("section", ENTRY_SECTIONS)
def test_the_limit_of_entries(section: str) -> None:
    values, about = SHIPPED.model_dump(), SECTIONS[section]
    added = [f"more_{number}" for number in range(about.limit - len(about))]
    values[section] |= dict.fromkeys(added, values[section][about.names[0]])
    assert len(getattr(Parameters.model_validate(values), section)) == about.limit
    values[section]["one_more"] = values[section][about.names[0]]
    with pytest.raises(ValidationError, match=f"at most {about.limit} "):
        Parameters.model_validate(values)


# JSON Schema


SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
WHOLE_KIND = {info.path: info.default for info in iter_parameters(SHIPPED.ngo_kinds.faith)} | {
    "answers": ["abuse"]
}


@pytest.mark.parametrize("name", shipped_names())
def test_the_schema_takes_the_shipped_scenarios(name: str) -> None:
    VALIDATOR.check_schema(SCHEMA)
    VALIDATOR.validate(YAML(typ="safe", pure=True).load(shipped_folder() / f"{name}.yaml"))


@pytest.mark.parametrize(
    ("content", "taken"),
    [
        ({"services": {"childcare": {"like": "schooling", "label": "Childcare", "threshold": 0.6}}}, True),
        ({"services": {"exchange": "drop", "childcare": "drop"}}, True),
        ({"ngo_kinds": {"parents": WHOLE_KIND}}, True),
        ({"timeline": [{"from": "2004-01", "services": {"childcare": {"threshold": 1}}}]}, True),
        ({"services": {"childcare": {"threshold": 0.6}}}, False),
        ({"services": {"childcare": {"like": "schooling", "treshold": 0.6}}}, False),
        ({"services": {"Childcare": {"like": "schooling"}}}, False),
        ({"services": {"like": {"like": "schooling"}}}, False),
        ({"services": {"childcare": {"like": "schooling", "answers": ["birth", "birth"]}}}, False),
        ({"services": {"childcare": {"like": "schooling", "label": "x" * 26}}}, False),
        ({"services": {"exchange": "dropped"}}, False),
        ({"ngo_kinds": {"parents": {**WHOLE_KIND, "label": ""}}}, False),
        ({"services": {"exchange": {"colour": "#7A2E00", "marker": "^"}}}, True),
        ({"services": {"exchange": {"colour": "red"}}}, False),
        ({"services": {"exchange": {"colour": "#7A2E0"}}}, False),
        ({"services": {"exchange": {"marker": "x"}}}, False),
        ({"doors": {"farmhand": {"like": "trainee", "colour": "#12345g"}}}, False),
        ({"doors": {"farmhand": {"like": "trainee", "marker": "oo"}}}, False),
        ({"doors": {"farmhand": {"like": "trainee", "colour": "#123456", "marker": "v"}}}, True),
        ({"doors": {"worker": {"initial": 90_000_000, "arrivals": 4_000_000}}}, True),
        ({"doors": {"worker": {"initial": 200_000_000}}}, False),
        ({"timeline": [{"from": "2004-01", "services": {"exchange": "drop"}}]}, False),
        ({"timeline": [{"from": "2004-01", "services": {"childcare": {"like": "schooling"}}}]}, False),
        ({"timeline": [{"from": "2004-01", "services": {"exchange": {"mingles": False}}}]}, False),
        ({"fear": {"wieght": 1}}, False),
        ({"fear": {"weight": "1"}}, False),
        ({"fear": {"weight": -1}}, False),
        ({"needs": {"birth": {"right": "legl"}}}, False),
        ({"start": "2004-13"}, False),
        ({"months": 0}, False),
        ({"months": 1201}, False),
        ({"timeline": {"from": "2004-01"}}, False),
        ({"timeline": [{"from": "2004-01"}]}, False),
        ({"timeline": [{"fear": {"local": 1}}]}, False),
        ({"timeline": [{"from": "2004-01", "scale": {"share": 1}}]}, False),
        ({"timeline": [{"from": "2004-01", "doors": {"worker": {"initial": 1}}}]}, False),
        ({"sources": {"feer.weight": "x"}}, False),
        ({"sources": {"fear.weight": 3}}, False),
        ({"unknown": 1}, False),
    ],
)
def test_the_schema_takes_and_refuses_what_the_loader_does(content: dict[str, Any], taken: bool) -> None:
    assert VALIDATOR.is_valid(content) == taken


def described(path: str) -> dict[str, Any]:
    part = SCHEMA
    for name in path.split("."):
        part = part["properties"][name]
        part = SCHEMA["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
        part = part["anyOf"][0] if "anyOf" in part else part
    return part


def test_the_schema_tells_of_each_parameter_all_that_is_declared() -> None:
    for info in LEAVES:
        told = described(info.path)
        default = list(info.default) if isinstance(info.default, tuple) else info.default
        assert (told["default"], told["unit"], told["source"]) == (default, info.unit, info.source), info.path
        assert (told.get("minimum"), told.get("maximum")) == (info.low, info.high), info.path
        assert told["title"] == info.label
        assert info.meaning in told["description"]
    assert set(SCHEMA["properties"]) == {*TOP_KEYS, *Parameters.model_fields}
    assert "required" not in SCHEMA


# The table


def rows(table: str) -> list[list[str]]:
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_the_table_has_each_plain_parameter_in_full_and_each_of_an_entry_once() -> None:
    found = {row[0]: row for row in rows(parameter_table()) if "." in row[0]}
    plain = [info for info in LEAVES if info.path.partition(".")[0] not in ENTRY_SECTIONS]
    for info in plain:
        row = found.pop(f"`{info.path}`")
        assert len(row) == len(HEADINGS)
        assert row[1:3] == [default_text(info), info.unit]
        assert row[4:6] == [info.meaning, info.source]
    firsts = {name: section[section.names[0]] for name, section in SECTIONS.items()}
    shared = {(name, info) for name, first in firsts.items() for info in iter_parameters(first)}
    assert set(found) == {f"`{name}.<name>.{info.path}`" for name, info in shared if not info.presentation}


def test_the_table_has_the_entries_and_their_defaults() -> None:
    table = parameter_table()
    for section in SECTIONS.values():
        for name, entry in section.items():
            assert f"| `{name}` | {entry.label} | {entry.meaning} | {what_it_is(entry)} |" in table
    part = table.partition("Defaults of `services`:")[2]
    headings = next(line for line in part.splitlines() if line.startswith("| parameter"))
    names = [cell.strip() for cell in headings.split("|")[2:-1]]
    row = next(row for row in rows(part) if row[0] == "`fixed`")
    assert names == list(SHIPPED.services.names)
    assert row[1:] == [default_text(all_parameters()[f"services.{name}.fixed"]) for name in names]


def test_every_line_of_a_table_has_as_many_cells_as_its_head() -> None:
    for block in parameter_table().split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) <= 1
