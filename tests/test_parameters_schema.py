"""The one declaration of the parameters, and what is made from it for editors and readers."""

from __future__ import annotations

import re
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from local_citizenship.scenarios.checks import all_leaves
from local_citizenship.scenarios.files import shipped_folder
from local_citizenship.scenarios.json_schema import json_schema
from local_citizenship.scenarios.parameter_table import HEADINGS, default_text, parameter_table
from local_citizenship.scenarios.schema import KeyedSection, Leaf, Parameters, leaves
from local_citizenship.scenarios.settings import TOP_KEYS

LEAVES = list(leaves(Parameters()))


def named(leaf: Leaf) -> str:
    return leaf.path


@pytest.mark.parametrize("leaf", LEAVES, ids=named)
def test_every_parameter_is_declared_in_full(leaf: Leaf) -> None:
    assert leaf.unit.strip()
    assert leaf.meaning.strip()
    assert leaf.source.strip()
    assert leaf.type in (bool, int, float, str)
    assert type(leaf.default) is leaf.type
    if isinstance(leaf.default, (int, float)) and leaf.type is not bool:
        assert leaf.low is not None
        assert leaf.high is not None
        assert leaf.low <= leaf.default <= leaf.high
        assert leaf.low < leaf.high
    elif leaf.type is str:
        assert leaf.choices is not None
        assert leaf.default in leaf.choices


def test_no_two_parameters_share_a_path_and_none_a_key_beside_them() -> None:
    paths = [leaf.path for leaf in LEAVES]
    assert len(set(paths)) == len(paths)
    assert not set(Parameters.model_fields) & {*TOP_KEYS, "from"}


def test_a_keyed_section_has_an_entry_for_each_name_in_order() -> None:
    keyed = [value for _, value in Parameters() if isinstance(value, KeyedSection)]
    assert keyed
    for section in keyed:
        assert tuple(type(section).model_fields) == section.names
        assert {type(value) for _, value in section} == {section.entry}


@pytest.mark.parametrize(
    "wrong", [{"fear": {"wieght": 1.0}}, {"fear": {"weight": "1"}}, {"fear": {"weight": -1.0}}]
)
def test_the_models_are_strict(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Parameters.model_validate(wrong)


# JSON Schema


def shipped(name: str) -> Any:
    return YAML(typ="safe", pure=True).load(shipped_folder() / f"{name}.yaml")


def resolve(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    return schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def described(schema: dict[str, Any], part: dict[str, Any], path: str) -> dict[str, Any]:
    for name in path.split("."):
        part = resolve(schema, part)["properties"][name]
    return resolve(schema, part)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json_schema()


def test_the_schema_is_one_and_takes_the_shipped_scenarios(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    for name in ("japan", "japan-sample", "two-towns"):
        jsonschema.validate(shipped(name), schema, jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "wrong",
    [
        {"fear": {"wieght": 1}},
        {"fear": {"weight": "1"}},
        {"fear": {"weight": -1}},
        {"needs": {"birth": {"right": "legl"}}},
        {"start": "2004-13"},
        {"months": 0},
        {"months": 1201},
        {"timeline": {"from": "2004-01"}},
        {"timeline": [{"from": "2004-01"}]},
        {"timeline": [{"fear": {"local": 1}}]},
        {"timeline": [{"from": "2004-01", "scale": {"share": 1}}]},
        {"timeline": [{"from": "2004-01", "doors": {"worker": {"initial": 1}}}]},
        {"sources": {"feer.weight": "x"}},
        {"sources": {"fear.weight": 3}},
        {"unknown": 1},
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(schema: dict[str, Any], wrong: dict[str, Any]) -> None:
    assert not jsonschema.Draft202012Validator(schema).is_valid(wrong)


@pytest.mark.parametrize("leaf", LEAVES, ids=named)
def test_the_schema_tells_of_each_parameter_its_default_unit_range_and_source(
    schema: dict[str, Any], leaf: Leaf
) -> None:
    told = described(schema, schema, leaf.path)
    assert (told["default"], told["unit"], told["source"]) == (leaf.default, leaf.unit, leaf.source)
    assert (told.get("minimum"), told.get("maximum")) == (leaf.low, leaf.high)
    assert leaf.meaning in told["description"]
    assert "required" not in schema


def test_the_schema_knows_every_key_at_the_top(schema: dict[str, Any]) -> None:
    assert set(schema["properties"]) == {*TOP_KEYS, *Parameters.model_fields}


# The table


def rows(table: str) -> list[list[str]]:
    lines = [line for line in table.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def test_the_table_has_each_plain_parameter_in_full_and_each_keyed_one_once() -> None:
    found = {row[0]: row for row in rows(parameter_table()) if "." in row[0]}
    keyed = {name for name, value in Parameters() if isinstance(value, KeyedSection)}
    plain = [leaf for leaf in LEAVES if leaf.path.partition(".")[0] not in keyed]
    for leaf in plain:
        row = found.pop(f"`{leaf.path}`")
        assert len(row) == len(HEADINGS)
        assert row[1:3] == [default_text(leaf), leaf.unit]
        assert row[4:6] == [leaf.meaning, leaf.source]
    expected = set()
    for name in keyed:
        section = getattr(Parameters(), name)
        assert isinstance(section, KeyedSection)
        expected |= {f"`{name}.<name>.{field}`" for field in section.entry.model_fields}
    assert set(found) == expected


def test_the_table_has_the_defaults_of_each_name() -> None:
    part = parameter_table().partition("Defaults of `services`:")[2]
    headings = next(line for line in part.splitlines() if line.startswith("| parameter"))
    names = [cell.strip() for cell in headings.split("|")[2:-1]]
    row = next(row for row in rows(part) if row[0] == "`fixed`")
    assert names == list(type(Parameters().services).names)
    assert row[1:] == [default_text(all_leaves()[f"services.{name}.fixed"]) for name in names]


def test_every_line_of_a_table_has_as_many_cells_as_its_head() -> None:
    for block in parameter_table().split("\n\n"):
        lines = [line for line in block.splitlines() if line.startswith("|")]
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) <= 1
