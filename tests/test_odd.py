"""docs/ODD.md keeps to the protocol, does not drift from the code, and leaves nothing out; equations of it are told by
number, and whatever stands in them is a name of the code or a symbol of the table."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from small import small_run

from local_citizenship.agents import needs
from local_citizenship.agents.providers import PROVIDERS
from local_citizenship.experiments.mechanisms import MECHANISMS
from local_citizenship.scenarios.schema import ENTRY_SECTIONS, SHIPPED, iter_parameters

sys.path.append(str(Path(__file__).parent.parent / "docs" / "make"))

import odd
import odd_equations

TEXT = odd.DOCUMENT.read_text(encoding="utf-8")
WRITTEN = re.sub(r"<!-- generated: .*?<!-- end of generated -->", "", TEXT, flags=re.DOTALL)
FENCED = re.findall(r"^```text\n(.*?)^```", WRITTEN, flags=re.MULTILINE | re.DOTALL)
CODE = [
    *re.findall(r"`([^`\n]+)`", WRITTEN),
    *re.findall(r"^    (.*)$", WRITTEN, flags=re.MULTILINE),
    *FENCED,
]
EQUATIONS = odd_equations.equations_of(WRITTEN)
SUMMARY = odd.SUMMARY.read_text(encoding="utf-8")
SUBMODELS = WRITTEN[WRITTEN.index("\n## 7 ") :]

ELEMENTS = [
    "1 Purpose and patterns",
    "2 Entities, state variables and scales",
    "3 Process overview and scheduling",
    "4 Design concepts",
    "5 Initialisation",
    "6 Input data",
    "7 Submodels",
]
CAUSES = (
    *("size", "dependence", "prosperity", "history"),
    *("internationalisation", "image", "lobbying", "conflict"),
)
CONCEPTS = [
    "Basic principles",
    "Emergence",
    "Adaptation and individual decision making",
    "Objectives",
    "Learning",
    "Prediction",
    "Sensing",
    "Interaction",
    "Stochasticity",
    "Collectives",
    "Observation",
]
# Parameters whose section the table or the formula they stand in names once for all.
SHORT = {*(f"city.{cause}" for cause in CAUSES), "claiming.join_at_work", "claiming.join_for_child"}


def test_the_seven_elements_in_order() -> None:
    """ODD 2020: seven elements, these names, this order."""
    assert re.findall(r"^## (\d .*)$", TEXT, flags=re.MULTILINE) == ELEMENTS


def test_all_design_concepts_in_order() -> None:
    """Eleven concepts, none dropped."""
    assert re.findall(r"^### 4\.\d+ (.*)$", TEXT, flags=re.MULTILINE) == CONCEPTS


def test_nothing_has_drifted() -> None:
    """What the document takes from the code is as the code has it (`docs/make/odd.py` fills it in)."""
    assert odd.drifted(TEXT) == []


def test_drift_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    """A generated line changed by hand is named, and filling in puts it right."""
    changed = TEXT.replace("| `belonging` |", "| `longing` |")
    assert changed != TEXT
    assert odd.drifted(changed) == ["migrant"]
    assert odd.filled(changed) == TEXT
    assert odd.main(["--check"]) == 0
    assert odd.main(["--chek"]) == 2
    assert "usage" in capsys.readouterr().out


@pytest.mark.parametrize("identity", [mechanism.id for mechanism in MECHANISMS])
def test_every_mechanism_has_its_submodel(identity: str) -> None:
    """Each mechanism is named in a heading of a submodel, or (measures) in the list of what is measured."""
    headings = re.findall(r"^### 7\..*$", SUBMODELS, flags=re.MULTILINE)
    measured = re.findall(r"^- \*\*(E\d)\*\*", SUBMODELS, flags=re.MULTILINE)
    named = {name for line in headings for name in re.findall(r"\b[A-D]\d{1,2}\b", line)}
    assert identity in named | set(measured)


@pytest.mark.parametrize(
    "path", [info.path for info in iter_parameters(SHIPPED) if not (info.presentation or info.trait)]
)
def test_every_parameter_is_written_about(path: str) -> None:
    """In code marks, outside the tables of parameters: by its path, or its name where sections are keyed.

    (Labels, words and looks change no run; the traits of entries are told in the tables of entries.)
    """
    section, *_, name = path.split(".")
    keyed = section in ENTRY_SECTIONS
    wanted = name if keyed or path in SHORT else path
    assert any(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", each) for each in CODE)


def test_no_fixed_number_of_the_rules_is_left_out() -> None:
    """Whatever is a fraction, or named as a limit, in agents or model; codes and bits are told elsewhere."""
    limits = re.compile("MOST_|LEAST_|FULL_|LONG|SHORT")
    for name, file in odd.constants().items():
        if file.parts[0] in ("agents", "model") and not name.startswith("_"):
            value = odd.value_of(name, file)
            told = name in odd.WORDS["constants"]
            assert told or not (isinstance(value, float) or limits.match(name)), f"{file}: {name}"


def test_numbers_told_beside_a_constant_are_its_value() -> None:
    """As in "at most 12 (`SIZES`)"."""
    told = re.findall(r"(?<![\w.,])(\d+(?:[.,]\d+)*) \(`([A-Z_]+)`\)", WRITTEN)
    assert len(told) > 10
    files = odd.constants()
    for number, name in told:
        assert float(number.replace(",", "")) == odd.value_of(name, files[name]), name


def drawn() -> set[str]:
    """Names of all purposes that some rule draws for."""
    sources = [*(odd.ROOT / "agents").rglob("*.py"), *(odd.ROOT / "model").glob("*.py")]
    used = " ".join(file.read_text(encoding="utf-8") for file in sources if file.stem != "chance")
    return {name for name in odd.purposes() if re.search(rf"\b{name}\b", used)}


@pytest.mark.parametrize("purpose", sorted(drawn()))
def test_every_draw_is_described(purpose: str) -> None:
    """Whoever rebuilds the model must know what is drawn for each purpose."""
    assert re.search(rf"\b{purpose}\b", WRITTEN)


# Equations and symbols ---------------------------------------------------------------------------------------


def test_equations_are_numbered_in_order_and_once() -> None:
    """Within each submodel from 1 on, so that a new one renumbers no other submodel's."""
    assert len(EQUATIONS) > 90
    numbers: dict[str, list[int]] = {}
    for equation in EQUATIONS:
        place, _, last = equation.number.rpartition(".")
        numbers.setdefault(place, []).append(int(last))
    assert all(each == list(range(1, len(each) + 1)) for each in numbers.values())


def test_every_equation_stands_in_its_own_submodel() -> None:
    """Equation 7.5.3 stands under 7.5, D.1 in appendix D."""
    part = ""
    for line in WRITTEN.splitlines():
        heading = re.match(r"##+ (?:Appendix )?([\dA-G]+(?:\.\d+)?)\b", line)
        if heading:
            part = heading[1]
        for equation in odd_equations.equations_of(line):
            assert equation.number.rpartition(".")[0] == part


def test_every_equation_referred_to_is_there() -> None:
    """A reference by number leads somewhere."""
    there = {equation.number for equation in EQUATIONS}
    assert set(odd_equations.references_of(WRITTEN)) <= there
    assert "7.99.1" in odd_equations.references_of("see Eq. 7.99.1")


@pytest.mark.parametrize("equation", EQUATIONS, ids=lambda each: each.number)
def test_every_equation_says_where_it_is_in_the_code(equation: odd_equations.Equation) -> None:
    """The function is there, and stands for the mechanisms named over the equation, and for no others."""
    assert odd_equations.misplaced(equation) == ""


def test_what_is_no_place_in_the_code_is_noticed() -> None:
    """A function that is gone, or one of another mechanism, is told."""
    one = odd_equations.Equation
    assert "not there" in odd_equations.misplaced(one("7.1.1", ("D3",), "agents.fear:gone", ()))
    assert "no module" in odd_equations.misplaced(one("7.1.1", ("D3",), "agents.gone:felt", ()))
    assert "D3" in odd_equations.misplaced(one("7.1.1", ("A1",), "agents.fear:felt", ()))


def strangers(equations: list[odd_equations.Equation]) -> set[str]:
    """Names in equations that neither the table of symbols nor the code knows."""
    known = (
        odd_equations.known_names() | set(odd_equations.SYMBOLS) | odd_equations.PROSE | set(odd.constants())
    )
    return {name for equation in equations for name in equation.names()} - known


def test_every_symbol_of_an_equation_is_in_the_table() -> None:
    """Else it is a state variable, a parameter, a constant or a purpose of the code."""
    assert strangers(EQUATIONS) == set()
    made_up = odd_equations.equations_of(
        "    (7.5.1)  D3  agents.fear:felt\n    fear = worry / (1 + fear.wait)\n"
    )
    assert strangers(made_up) == {"worry", "fear.wait"}


def test_every_symbol_has_one_meaning() -> None:
    """None is the name of a state variable too, or of a word in the prose of equations; and none is told in vain."""
    fields = {name for name in odd_equations.known_names() if "." not in name}
    symbols = set(odd_equations.SYMBOLS)
    assert not symbols & (fields | odd_equations.PROSE)
    assert not odd_equations.PROSE & fields
    used = {name for equation in EQUATIONS for name in equation.names()}
    fenced = set(re.findall(r"\w+", " ".join(FENCED)))
    occasions = set(re.findall(r"\((?:\w+, )(\w)\)", WRITTEN))
    assert symbols <= used | fenced | occasions


def test_a_name_of_two_records_says_whose_it_is() -> None:
    """`fit` alone would be the place's or the NGO's."""
    assert {"place.fit", "ngo.fit"} <= odd_equations.known_names()
    assert "fit" not in odd_equations.known_names()


# State variables -----------------------------------------------------------------------------------------------


def test_every_state_variable_has_a_unit_and_a_range() -> None:
    """And no unit is told of what is no state variable."""
    records = odd_equations.records()
    names = {
        "MIGRANT": "migrant",
        "MUNICIPALITY": "place",
        "NGO": "ngo",
        "NATION": "nation",
        "TRADE": "trade",
    }
    assert {title: set(odd.UNITS[title]) for title in names} == {
        title: records[name] for title, name in names.items()
    }
    for title in names:
        for name in odd.UNITS[title]:
            unit, span = odd.unit_and_range(title, name)
            assert unit, f"{title} {name}"
            assert odd_equations.range_holds(span, np.empty(0)), f"{title} {name}"


def test_ranges_are_told_apart() -> None:
    """What lies outside is noticed."""
    values = np.array([0.0, 0.5, 1.0])
    assert odd_equations.range_holds("0 to 1", values)
    assert not odd_equations.range_holds("0 to 0.9", values)
    assert not odd_equations.range_holds("≥ 1", values)
    assert odd_equations.range_holds("any", values)
    assert not odd_equations.range_holds("0 or 1", values)


def test_state_stays_within_the_ranges() -> None:
    """At the end of sixteen months of a small country, of few records since they run uncompiled."""
    state = small_run({"scale": {"persons_per_record": 10}}, engine="interpreted", months=16).state
    migrants = state.migrants[: state.used]
    records = {
        "MIGRANT": migrants[migrants["present"] == 1],
        "MUNICIPALITY": state.cities,
        "NGO": state.ngos,
        "NATION": state.nation,
        "TRADE": state.trades,
    }
    assert all(len(each) for each in records.values())
    for title, record in records.items():
        for name in record.dtype.names or ():
            _, span = odd.unit_and_range(title, name)
            assert odd_equations.range_holds(span, record[name]), f"{title} {name} is not {span}"


def test_the_bits_of_an_episode_are_those_of_the_code() -> None:
    """How far it got, and who has refused."""
    told = WRITTEN[WRITTEN.index("`stage` keeps how far") :][:600]
    bits = {"aware": needs.AWARE, "willing": needs.WILLING, "eligible": needs.ELIGIBLE, "claimed": needs.CLAIMED,
            "a provider was open": needs.OPEN, "not worth the trouble": needs.NOT_WORTH_IT,
            "nobody known who could help": needs.KNOWS_NOBODY}  # fmt: skip
    assert all(f"{bit} {meaning}" in told for meaning, bit in bits.items())
    for provider in PROVIDERS:
        assert re.search(rf"^\| \d \| {provider.name} \| {provider.refusal} \|", TEXT, flags=re.MULTILINE)


# The summary ---------------------------------------------------------------------------------------------------


def test_the_summary_has_no_number_by_hand() -> None:
    """But years of works cited."""
    by_hand = odd._BLOCK.sub("", SUMMARY)
    by_hand = re.sub(r"\((?:[^()]*, |[^()]* et al\. )?\d{4}\)|et al\. \d{4}", "", by_hand)
    assert re.findall(r"\d+", by_hand) == []


def test_the_summary_is_short_and_has_not_drifted() -> None:
    """At most five pages of some 500 words."""
    assert len(SUMMARY.split()) < 2_600
    assert odd.drifted(SUMMARY, odd.SUMMARY_BLOCKS) == []
    changed = SUMMARY.replace("one month", "two months")
    assert odd.drifted(changed, odd.SUMMARY_BLOCKS) == ["scales"]


def test_long_tables_stand_in_appendices() -> None:
    """Parameters, constants, lists, purposes and the base case come after the seven elements."""
    body = TEXT[: TEXT.index("\n## Appendix A")]
    for block in ("parameters", "constants", "catalogue", "draws", "base-case", "world", "mechanisms"):
        assert odd.BEGIN.format(block) not in body
    assert Counter(re.findall(r"^## Appendix ([A-G])", TEXT, flags=re.MULTILINE)) == Counter("ABCDEFG")
