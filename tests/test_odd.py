"""docs/ODD.md keeps to the protocol, does not drift from the code, and leaves nothing out."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from local_citizenship.experiments.mechanisms import MECHANISMS
from local_citizenship.scenarios.schema import ENTRY_SECTIONS, SHIPPED, iter_parameters

sys.path.append(str(Path(__file__).parent.parent / "docs" / "make"))

import odd

TEXT = odd.DOCUMENT.read_text(encoding="utf-8")
WRITTEN = re.sub(r"<!-- generated: .*?<!-- end of generated -->", "", TEXT, flags=re.DOTALL)
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
    code = re.findall(r"`([^`\n]+)`", WRITTEN) + re.findall(r"^    (.*)$", WRITTEN, flags=re.MULTILINE)
    assert any(re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", each) for each in code)


def test_no_fixed_number_of_the_rules_is_left_out() -> None:
    """Whatever is a fraction, or named as a limit, in agents or model; codes and bits are told elsewhere."""
    limits = re.compile("MOST_|LEAST_|FULL_|LONG|SHORT")
    for name, file in odd.constants().items():
        if file.parts[0] in ("agents", "model") and not name.startswith("_"):
            value = odd.value_of(name, file)
            told = name in odd.WORDS["constants"]
            assert told or not (isinstance(value, float) or limits.match(name)), f"{file}: {name}"


def drawn() -> set[str]:
    """Names of all purposes that some rule draws for."""
    sources = [*(odd.ROOT / "agents").rglob("*.py"), *(odd.ROOT / "model").glob("*.py")]
    used = " ".join(file.read_text(encoding="utf-8") for file in sources if file.stem != "chance")
    return {name for name in odd.purposes() if re.search(rf"\b{name}\b", used)}


@pytest.mark.parametrize("purpose", sorted(drawn()))
def test_every_draw_is_described(purpose: str) -> None:
    """Whoever rebuilds the model must know what is drawn for each purpose."""
    assert re.search(rf"\b{purpose}\b", WRITTEN)
