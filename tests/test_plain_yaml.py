"""What is written as YAML is read as what it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from local_citizenship.outcomes.plain_yaml import dumped

ODD = [
    *("yes", "No", "null", "~", "1e3", "0x1f", "1990-01", "1990-01-02"),
    *("a: b", "a #b", "- a", "é", "x ", "", "=", "<<"),
]
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=20) | st.sampled_from(ODD)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
VALUES = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=4) | st.dictionaries(TEXTS, v, max_size=4), max_leaves=15
)


def read(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


@settings(max_examples=300)
@given(st.dictionaries(TEXTS, VALUES, max_size=4))
@example({"a": [[1, [2, {"b": []}]], {}], "c": {"d": {"e": -0.0}}, "t": 1e-05, "u": 1e300})
@example({"a": float("inf"), "b": -float("inf")})
def test_what_is_written_is_read_again(content: dict[str, Any]) -> None:
    again = read(dumped(content))
    assert again == content
    assert repr(again) == repr(content), "a type has changed"


def test_plain_words_and_numbers_are_not_quoted() -> None:
    assert dumped({"start": "1990-01", "labour": {"demand": 1.0, "on": ["a b", 2]}}) == (
        'start: 1990-01\nlabour:\n  demand: 1.0\n  "on":\n    - a b\n    - 2\n'
    )


@pytest.mark.parametrize("text", ["true", "NULL", "1.0", "a: b", "# a", "", " a", "a "])
def test_a_text_that_could_mean_something_else_is_quoted(text: str) -> None:
    assert dumped({"x": text}).startswith('x: "')
