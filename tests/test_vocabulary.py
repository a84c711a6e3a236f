"""The vocabulary: every term has a label, a definition and a colour, and other surfaces take them from it."""

from __future__ import annotations

import json
import re

import pytest

from local_citizenship.outcomes.dictionary import TABLES
from local_citizenship.outcomes.entries import SHIPPED_ENTRIES, entries_of
from local_citizenship.outcomes.measures import BY_ID
from local_citizenship.scenarios import load_scenario
from local_citizenship.scenarios.catalogue import MODES, PROVIDERS, REASONS, RUNGS, STATUSES
from local_citizenship.scenarios.schema import ENTRY_SECTIONS, SHIPPED, values_by_path
from local_citizenship.scenarios.vocabulary import LONGEST_LABEL, TERMS, Term, payload


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, terms in TERMS.items() for name in terms])
def test_each_term_is_whole(kind: str, name: str) -> None:
    term: Term = TERMS[kind][name]
    assert 0 < len(term.label) <= LONGEST_LABEL
    assert term.definition.endswith((".", ")"))
    assert re.fullmatch("#[0-9a-fA-F]{6}", term.colour)


def test_each_fixed_list_has_its_terms() -> None:
    lists = {"status": STATUSES, "rung": RUNGS, "provider": PROVIDERS, "mode": MODES, "reason": REASONS}
    for kind, names in lists.items():
        assert tuple(TERMS[kind]) == names
        assert all(term.words for term in TERMS[kind].values()) or kind == "mode"


def test_legal_has_one_colour_and_eligible_is_no_right() -> None:
    assert TERMS["status"]["legal"].colour == TERMS["rung"]["legal"].colour
    eligible = TERMS["stage"]["eligible"].definition
    assert "some provider they would go to was open to them" in eligible
    assert "had a right" not in eligible
    assert BY_ID["E3"]["eligible"].definition == TABLES["monthly"]["eligible"][1] == eligible


def test_the_payload_is_json_with_the_entries() -> None:
    found = json.loads(json.dumps(payload(SHIPPED_ENTRIES)))
    assert list(found) == [*TERMS, *ENTRY_SECTIONS]
    assert found["stage"]["eligible"]["label"] == "open to them"
    schooling = SHIPPED_ENTRIES.services["schooling"]
    looks = {name: getattr(schooling, name) for name in ("label", "colour", "marker", "words")}
    assert found["services"]["schooling"] == {**looks, "definition": schooling.meaning}
    assert payload(SHIPPED) == found  # a scenario's parameters will do
    own = load_scenario("two-towns").parameters
    assert list(payload(own)["doors"]) == list(own.doors.names) != list(found["doors"])


def test_entries_come_from_the_parameters_of_a_run() -> None:
    values = values_by_path(SHIPPED)
    assert entries_of(values) == SHIPPED_ENTRIES
    fewer = {path: value for path, value in values.items() if not path.startswith("services.exchange.")}
    assert "exchange" not in entries_of(fewer).services
    like = {path: value for path, value in values.items() if path.startswith("services.schooling.")}
    copied = {path.replace(".schooling.", ".childcare."): value for path, value in like.items()}
    own = {"services.childcare.label": "Childcare", "services.childcare.answers": ["schooling"]}
    found = entries_of(values | copied | own)
    assert found.services.names[-1] == "childcare"
    childcare = found.services["childcare"]
    assert (childcare.label, childcare.answers) == ("Childcare", ("schooling",))


def test_an_old_run_has_the_shipped_entries_with_its_own_values() -> None:
    assert entries_of({}) == SHIPPED_ENTRIES
    old = entries_of({"services.language.threshold": 0.1, "needs.wages.right": "legal"})
    assert old.services["language"].threshold == 0.1
    assert old.services["language"].label == SHIPPED_ENTRIES.services["language"].label
    assert old.needs["wages"].right == "legal"
    assert old.doors == SHIPPED_ENTRIES.doors
