"""Any value of any parameter is either taken or refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from local_citizenship.scenarios import Scenario, ScenarioError, load_scenario
from local_citizenship.scenarios.schema import ParameterInfo, Parameters, iter_parameters

LEAVES = [info for info in iter_parameters(Parameters()) if info.in_world]
PLACES = "places: two-towns.csv\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def value(scenario: Scenario, path: str) -> Any:
    found: Any = scenario.parameters
    for part in path.split("."):
        found = getattr(found, part)
    return found


def fit_values(info: ParameterInfo) -> st.SearchStrategy[Any]:
    if info.choices:
        return st.sampled_from(info.choices)
    if info.type is bool:
        return st.booleans()
    assert info.low is not None
    assert info.high is not None
    if info.type is int:
        return st.integers(int(info.low), int(info.high))
    return st.floats(info.low, info.high, allow_subnormal=False) | st.integers(
        int(-(-info.low // 1)), int(info.high // 1)
    )


def unfit_values(info: ParameterInfo) -> st.SearchStrategy[Any]:
    words = st.sampled_from(["high", "1", "true", ""])
    if info.choices:
        return words | st.integers() | st.booleans()
    if info.type is bool:
        return words | st.integers() | st.floats()
    assert info.low is not None
    assert info.high is not None
    low, high = info.low, info.high
    outside = st.integers(max_value=int(low) - 1) | st.integers(min_value=int(high) + 1)
    never = st.just(float("nan")) | st.just(float("inf")) | st.booleans() | words | outside
    if info.type is int:
        return never | st.floats(low, high)
    return never | st.floats(max_value=low, exclude_max=True) | st.floats(min_value=high, exclude_min=True)


@st.composite
def assignments(draw: st.DrawFn, *, fit: bool) -> tuple[str, Any]:
    info = draw(st.sampled_from(LEAVES))
    return info.path, draw(fit_values(info) if fit else unfit_values(info))


def nested(path: str, given: Any) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    return {head: nested(rest, given) if rest else given}


def written(path: str, given: Any) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    with open("any.yaml", "w", encoding="utf-8") as file:
        file.write(PLACES)
        yaml.dump(nested(path, given), file)


ANY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@ANY
@given(assignments(fit=True))
def test_any_fit_value_is_taken_from_a_file_and_the_command_line(assignment: tuple[str, Any]) -> None:
    path, given_value = assignment
    written(path, given_value)
    loaded = load_scenario("any.yaml")
    assert value(loaded, path) == given_value
    assert loaded.layers[path] == f"any.yaml:{path.count('.') + 2}"
    assert {layer for each, layer in loaded.layers.items() if each != path} == {"default"}
    write("my.yaml", PLACES)
    text = str(given_value).lower() if isinstance(given_value, bool) else str(given_value)
    set_so = load_scenario("my.yaml", sets=[f"{path}={text}"])
    assert value(set_so, path) == given_value
    assert set_so.layers[path] == "--set"
    assert set_so.hash == loaded.hash


@ANY
@given(assignments(fit=False))
def test_any_unfit_value_is_refused_with_path_unit_and_place(assignment: tuple[str, Any]) -> None:
    path, given_value = assignment
    written(path, given_value)
    (info,) = [info for info in LEAVES if info.path == path]
    with pytest.raises(ScenarioError) as caught:
        load_scenario("any.yaml")
    message = str(caught.value)
    depth = path.count(".")
    column = 2 * depth + len(path.rpartition(".")[2]) + 3
    assert message.startswith(f"any.yaml:{depth + 2}:{column}: {path} is ")
    assert info.unit in message
    assert "\n" not in message
