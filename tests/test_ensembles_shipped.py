"""Ensembles on disk: packed small, found by name, their medoid written into a scenario file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from command_line import call, worked
from rocrate.rocrate import ROCrate
from scripts import ROOT, script

from local_citizenship.experiments.calibration.packing import LARGEST, pack, write_medoid
from local_citizenship.experiments.calibration.read_plan import find_plan, read_plan
from local_citizenship.experiments.patterns.power import Power
from local_citizenship.experiments.studies import ensembles
from local_citizenship.experiments.studies.ensembles import (
    KeptEnsemble,
    MadeFor,
    find_ensemble,
    load_ensemble,
    shipped_ensembles,
)
from local_citizenship.experiments.studies.provenance import rules_hash
from local_citizenship.outcomes.whole_folder import KINDS, OutputError, check_target
from local_citizenship.scenarios import ScenarioError, load_scenario

SEARCH, FEAR, HOW = "awareness.search", "fear.weight", "city.adoption"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An ensemble of two-towns as a calibration leaves it: numbers, a choice, more digits than anybody needs."""
    folder = tmp_path / "calibrations" / "towns" / "ensemble"
    folder.mkdir(parents=True)
    sets = {
        "set": range(3),
        "weight": [0.5, 0.25, 0.25],
        SEARCH: [0.1234567890123, 0.2, 0.3],
        FEAR: [2.0, 4.0123456789, 6.0],
        HOW: ["contagion", "threshold", "threshold"],
    }
    pd.DataFrame(sets).to_csv(folder / "sets.csv", index=False)
    known = pd.DataFrame({"parameter": [SEARCH, FEAR, HOW], "own": ["0.15", "8", "contagion"]})
    known.to_csv(folder / "parameters.csv", index=False)
    pairs = pd.DataFrame({"first": [SEARCH] * 2, "second": [FEAR, HOW], "correlation": [0.9, 0.1]})
    pairs.assign(clear=[True, False]).to_csv(folder / "pairs.csv", index=False)
    pictures = "![learned](figures/learned.png)\n\n![errors](figures/errors.png)\n"
    (folder / "summary.md").write_text(f"# Towns\n\n{pictures}Told.\n")
    facts = {
        "name": "towns", "title": "Two towns", "rules": rules_hash(), "medoid": 1, "runs": 1234, "seed": 1,
        "sets": 3, "versions": {"local-citizenship": "0.2.0", "numpy": "2"},
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(facts))
    (folder.parent / "manifest.json").write_text(json.dumps({"created": "2026-11-29T10:00:00+00:00"}))
    return folder


def test_packed_it_says_the_same_in_few_bytes(made: Path, tmp_path: Path) -> None:
    worked("calibrate", "pack", made.parent, "--out", tmp_path / "towns")
    before, after = load_ensemble(made), load_ensemble(tmp_path / "towns")
    assert after.weights.tolist() == before.weights.tolist()
    for one, other in zip(before.sets, after.sets, strict=True):
        assert other[SEARCH] == pytest.approx(one[SEARCH], rel=1e-8)
        assert other[HOW] == one[HOW]
    assert after.own == {SEARCH: ("0.15", "0.2"), FEAR: ("8", "4.01235"), HOW: ("contagion", "threshold")}
    assert len(pd.read_csv(tmp_path / "towns" / "pairs.csv")) == 1
    whole, packed = ((folder / "summary.md").read_text() for folder in (made, tmp_path / "towns"))
    assert "![" in whole
    assert packed == "# Towns\n\nTold.\n"
    pack(made, tmp_path / "again")
    files = [sorted((tmp_path / name).iterdir()) for name in ("towns", "again")]
    for one, other in zip(*files, strict=True):
        assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())


def test_programs_can_read_what_it_is(made: Path, tmp_path: Path) -> None:
    pack(made, tmp_path / "towns")
    crate = ROCrate(tmp_path / "towns")
    assert crate.name == "Two towns: ensemble"
    assert (
        crate.root_dataset["datePublished"].startswith("2026-11-29")
        or str(crate.datePublished)[:10] == "2026-11-29"
    )
    described = {each.id for each in crate.data_entities}
    there = {each.name for each in (tmp_path / "towns").iterdir()} - {"ro-crate-metadata.json"}
    assert described == there


def test_code_that_makes_the_same_tables_is_declared_so(made: Path, tmp_path: Path) -> None:
    facts = json.loads((made / "manifest.json").read_text())
    (made / "manifest.json").write_text(json.dumps(facts | {"rules": "before"}))
    worked("calibrate", "pack", made, "--out", tmp_path / "others")
    assert load_ensemble(tmp_path / "others").outdated
    worked("calibrate", "pack", made, "--out", tmp_path / "same", "--same-rules")
    assert not load_ensemble(tmp_path / "same").outdated
    packed = json.loads((tmp_path / "same" / "manifest.json").read_text())
    assert (packed["rules"], packed["rules_calibrated"]) == (rules_hash(), "before")
    (tmp_path / "same" / "manifest.json").write_text(json.dumps(packed | {"rules": "between"}))
    worked("calibrate", "pack", tmp_path / "same", "--out", tmp_path / "again", "--same-rules")
    again = json.loads((tmp_path / "again" / "manifest.json").read_text())
    assert (again["rules"], again["rules_calibrated"]) == (rules_hash(), "before"), "what it was made with"


def test_too_large_a_one_is_refused(made: Path, tmp_path: Path) -> None:
    sets = pd.read_csv(made / "sets.csv")
    many = pd.concat([sets] * 4000, ignore_index=True).assign(set=range(3 * 4000))
    many.to_csv(made / "sets.csv", index=False)
    with_facts(made, sets=len(many))
    with pytest.raises(OutputError, match=f"{LARGEST:,} are the most"):
        pack(made, tmp_path / "towns")
    assert not (tmp_path / "towns").exists()


def test_a_shipped_one_is_found_by_name(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack(made, tmp_path / "shipped" / "towns")
    monkeypatch.setattr(ensembles, "_shipped", lambda: tmp_path / "shipped")
    assert shipped_ensembles() == ("towns",)
    assert find_ensemble("towns") == tmp_path / "shipped" / "towns"
    with pytest.raises(OutputError, match="no ensemble 'twons'; did you mean 'towns'"):
        find_ensemble("twons")
    assert find_ensemble(made.parent) == made


def test_the_medoid_becomes_a_scenario(made: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "# Mine.\nextends: two-towns\nfear: {talk: 0.3} # kept\nsources:\n  fear.talk: assumption\n"
    )
    result = worked("calibrate", "pack", made, "--into", file)
    assert "fear.weight: 8 -> 4.01235" in result.stdout
    text = file.read_text()
    assert "# Mine." in text
    assert "# kept" in text
    scenario = load_scenario(file)
    assert (scenario.parameters.fear.weight, scenario.parameters.fear.talk) == (4.01235, 0.3)
    assert scenario.parameters.city.adoption == "threshold"
    assert scenario.sources[FEAR] == "fitted: medoid of the ensemble towns"
    pack(made, tmp_path / "packed")
    assert load_ensemble(tmp_path / "packed").kept(scenario) == []  # which is no policy of its own
    assert load_ensemble(made).kept(scenario) == [SEARCH, FEAR, HOW]
    known = pd.read_csv(made / "parameters.csv", dtype=str)
    known.assign(verdict=["not learned", "learned", "partly"]).to_csv(made / "parameters.csv", index=False)
    assert load_ensemble(made).medoid == {FEAR: pytest.approx(4.0123456789), HOW: "threshold"}
    pack(made, tmp_path / "told")
    assert load_ensemble(tmp_path / "told").own[SEARCH] == ("0.15",)
    broken = tmp_path / "broken.yaml"
    broken.write_text("extends: nowhere\n")
    with pytest.raises(ScenarioError):
        write_medoid(made, broken)
    assert broken.read_text() == "extends: nowhere\n"


def test_the_medoid_goes_above_the_comments_that_end_a_file(made: Path, tmp_path: Path) -> None:
    """As `new` writes them: whoever takes the # away has a timeline, and no broken file."""
    file = tmp_path / "mine.yaml"
    worked("new", file, "--from", "two-towns")
    below = file.read_text().partition("# timeline:")[2]
    worked("calibrate", "pack", made, "--into", file)
    above, _, kept = file.read_text().partition("# timeline:")
    assert kept.strip() == below.strip()
    assert f"  {FEAR}: 'fitted: medoid of the ensemble towns'" in above
    file.write_text(f"{above}timeline:{below.replace('# ', '')}")
    assert load_scenario(file).parameters.fear.weight == 4.01235
    assert load_scenario(file).timeline


def test_lines_end_as_they_did(made: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    for end in ("\n", "\r\n"):
        file.write_bytes(f"# Mine.{end}extends: two-towns{end}fear: {{talk: 0.3}}{end}".encode())
        worked("calibrate", "pack", made, "--into", file)
        lines = file.read_bytes().split(end.encode())
        assert len(lines) > 6
        assert not any(b"\r" in line or b"\n" in line for line in lines)


TARGETS = """\
target,use,scenario,outcome,label,unit,side,value,tolerance,low,median,high,hit,covered
P01.stock (japan),fit,japan,P01.stock,Migrants,persons,,100,10,90,101,130,True,True
P06.stayed (japan),check,japan,P06.stayed,Stayed,share,above,0.4,0.04,0.3,0.35,0.5,False,False
"""
PREDICTIVE = """\
set,target,value
0,P01.stock (japan),95
1,P01.stock (japan),130
2,P01.stock (japan),105
0,P06.stayed (japan),0.39
1,P06.stayed (japan),0.41
2,P06.stayed (japan),
"""


@pytest.fixture
def told(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same ensemble, shipped, with targets that its sets' runs were held against."""
    (made / "targets.csv").write_text(TARGETS)
    (made / "predictive.csv").write_text(PREDICTIVE)
    facts = json.loads((made / "manifest.json").read_text())
    facts |= {"worth": 2.7, "errors_widened": 1.0, "emulator_errors_beyond_3": 0.01}
    (made / "manifest.json").write_text(json.dumps(facts))
    known = pd.read_csv(made / "parameters.csv", dtype=str)
    words = {
        "verdict": ["learned", "partly", "not learned"],
        "prior": ["one", "other", "contagion or threshold, as likely"],
    }
    known.assign(**words).to_csv(made / "parameters.csv", index=False)
    pack(made, tmp_path / "shipped" / "towns")
    monkeypatch.setattr(ensembles, "_shipped", lambda: tmp_path / "shipped")
    return tmp_path / "shipped" / "towns"


def test_packed_it_says_how_many_sets_hold_a_target(told: Path) -> None:
    holding = pd.read_csv(told / "targets.csv").set_index("outcome")["holding"]
    assert holding["P01.stock"] == pytest.approx(0.75)  # the sets of weight .5 and .25
    assert holding["P06.stayed"] == pytest.approx(0.25 / 0.75)  # beyond the bound; a run can't tell it


def test_the_page_sets_it_beside_random_behaviour(told: Path) -> None:
    tool = script("docs/make/calibrated.py")
    power = {"P01": Power(12, 3, 10, 9, "japan-sample")}
    text = "\n".join(tool.section("towns", power))
    assert "1,234 runs, 3 sets" in text
    assert "- **Partly**: `fear.weight`" in text
    assert "- **Rival rules**: `city.adoption`: contagion 50%, threshold 50% (before: 50% each)" in text
    assert "| P01: Migrants | 100 | ± 10 | 101 | 90 to 130 | yes | 75% | 3 of 12; model 9 of 10 |" in text
    assert "| Stayed | 40% | above | 35% | 30% to 50% | **no** | 33% | – |" in text
    assert "calibrate again" not in text
    facts = json.loads((told / "manifest.json").read_text())
    (told / "manifest.json").write_text(json.dumps(facts | {"rules": "others"}))
    assert "calibrate again" in "\n".join(tool.section("towns", power))


def test_a_choice_is_the_same_however_it_is_written() -> None:
    tool = script("docs/make/calibrated.py")
    alike = [(1, 1.0, "1.0"), (True, np.True_, "true"), ("contagion",)]
    assert [len({tool.text_of(each) for each in group}) for group in alike] == [1, 1, 1]
    known = pd.DataFrame({"parameter": [FEAR], "prior": ["1.0 or 1.3, as likely (why)"]})
    kept = SimpleNamespace(sets=({FEAR: 1}, {FEAR: 1.3}), weights=(0.75, 0.25))
    assert tool.rivals(kept, known) == f"`{FEAR}`: 1.0 75%, 1.3 25% (before: 50% each)"


def test_the_page_of_what_was_fitted_is_up_to_date() -> None:
    text = (ROOT / "docs" / "calibrated.md").read_text(encoding="utf-8")
    assert text == script("docs/make/calibrated.py").page(), "python docs/make/calibrated.py writes it anew"


@pytest.mark.parametrize("name", shipped_ensembles())
def test_those_that_ship_hold_good(name: str) -> None:
    folder = find_ensemble(name)
    assert sum(file.stat().st_size for file in folder.iterdir()) <= LARGEST
    kept = load_ensemble(folder)
    assert kept.kept(load_scenario(name)) == []
    assert not kept.outdated


@pytest.mark.parametrize("name", shipped_ensembles())
def test_its_calibration_begins_with_what_it_began_with(name: str) -> None:
    begun = json.loads((find_ensemble(name) / "manifest.json").read_text())["scenarios"]
    assert {each.name: each.hash for each in read_plan(find_plan(name)).scenarios} == begun


def with_facts(ensemble: Path, **facts: object) -> KeptEnsemble:
    """The ensemble, with other facts in its manifest."""
    before = json.loads((ensemble / "manifest.json").read_text())
    (ensemble / "manifest.json").write_text(json.dumps(before | facts))
    return load_ensemble(ensemble)


def test_where_an_ensemble_was_not_made_for_is_told(made: Path) -> None:
    """Another scenario, or one far shorter or coarser; what is built on it and about as long is no other."""
    what = {"scenario": "japan", "months": 264, "persons_per_record": 20.0}
    kept = with_facts(made, made_for=[what], emulator_errors_beyond_3=0.01, cutoff=3.0, cutoffs=[3.0])
    scale = "scale.persons_per_record=20"
    assert kept.cautions(load_scenario("firewall", sets=[scale])) == []
    assert kept.cautions(load_scenario("japan-sample")) == []
    (said,) = kept.cautions(load_scenario("firewall"))
    assert "was made for japan (264 months, 20 people a record), and firewall has 1 person a record" in said
    (said,) = kept.cautions(load_scenario("firewall", sets=[scale], months=12))
    assert "firewall has 12 months" in said
    (said,) = kept.cautions(load_scenario("korea"))
    assert "korea is not built on it" in said
    both = [what, {"scenario": "two-towns", "months": 240, "persons_per_record": 1.0}]
    assert with_facts(made, made_for=both).cautions(load_scenario("two-towns")) == []


def test_an_ensemble_that_met_nothing_says_so(made: Path) -> None:
    kept = with_facts(made, emulator_errors_beyond_3=0.4, cutoff=3.0, cutoffs=[3.0, 17.5])
    near, errors = kept.cautions(load_scenario("two-towns"))
    assert "Nothing met all targets of this ensemble: its sets are the nearest there were, 17.50" in near
    assert "40.0% of its emulators' errors lie beyond 3 deviations (2% at most should)" in errors
    (made / "manifest.json").write_text(
        json.dumps({"rules": "others", "made_for": [{"scenario": "two-towns"}]})
    )
    with pytest.raises(OutputError, match="what it was made for"):
        load_ensemble(made)


@pytest.mark.parametrize("name", ["japan", "korea", "italy", "spain"])
def test_shipped_ones_say_what_they_were_made_for(name: str) -> None:
    (asked,) = read_plan(find_plan(name)).scenarios
    kept = load_ensemble(find_ensemble(name))
    assert kept.made_for == (MadeFor(asked.name, asked.months, asked.parameters.scale.persons_per_record),)
    assert kept.doubts == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("0.25,0.2,", "inf,0.2,", "line 3: a weight must be a number, 0 or more"),
        ("0.25,0.2,", "-0.25,0.2,", "line 3: a weight must be a number, 0 or more"),
        (",4.0123456789,", ",-4,", "sets.csv:3: fear.weight is -4, but must be 0 to"),
        (",4.0123456789,", ",much,", "sets.csv:3: fear.weight is much, but must be 0 to"),
        (",4.0123456789,", ",,", "sets.csv:3: fear.weight is , but must be 0 to"),
        (",4.0123456789,", ",nan,", "sets.csv:3: fear.weight is nan, but must be 0 to"),
        (
            "contagion",
            "contagoin",
            "sets.csv:2: city.adoption is contagoin, but must be contagion or threshold",
        ),
        ("threshold\n1,", "threshold\n", "damaged"),
    ],
)
def test_sets_that_cannot_be_are_told_by_line(made: Path, old: str, new: str, said: str) -> None:
    text = (made / "sets.csv").read_text()
    if old in text:
        (made / "sets.csv").write_text(text.replace(old, new, 1))
    else:
        (made / "sets.csv").write_text(text.rstrip("\n"))
    result = call("run", "two-towns", "--months", 3, "--ensemble", made)
    assert result.exit_code == 2, result.output
    assert said in result.stderr


def test_a_table_of_sets_that_was_cut_is_refused(made: Path) -> None:
    with_facts(made, sets=3)
    lines = (made / "sets.csv").read_text().splitlines(keepends=True)
    for cut in ("".join(lines[:-1]), "".join(lines)[:-3]):
        (made / "sets.csv").write_text(cut)
        with pytest.raises(OutputError, match=r"sets.csv is damaged \(its end is missing"):
            load_ensemble(made)


def test_no_long_work_is_written_over_by_another_kind(made: Path, tmp_path: Path) -> None:
    """Every folder of results has a manifest.json; an --overwrite of one kind is not for another."""
    for file, kind in KINDS.items():
        folder = tmp_path / file.partition(".")[0]
        folder.mkdir()
        for name in ("manifest.json", "data-dictionary.csv", file):
            (folder / name).write_text("{}")
        if kind != "an ensemble":
            result = call("calibrate", "pack", made, "--out", folder, "--overwrite")
            assert result.exit_code == 2
            assert f"holds {kind}, and an ensemble is not written over it" in result.stderr
        with pytest.raises(OutputError, match=f"holds {kind}, and an export is not written over it"):
            check_target(folder, True, mark="data-dictionary.csv", what="an export")
        if kind != "a run":
            result = call("run", "two-towns", "--months", 1, "--out", folder, "--overwrite", "--no-figures")
            assert f"holds {kind}, and a run is not written over it" in result.stderr
        assert (folder / file).read_text() == "{}"
    before = (made / "sets.csv").read_bytes()
    for place in (made, made.parent, made / "in"):
        assert "choose another name" in call("calibrate", "pack", made, "--out", place, "--overwrite").stderr
    assert (made / "sets.csv").read_bytes() == before


def test_a_large_ensemble_is_read(made: Path) -> None:
    table = pd.read_csv(made / "sets.csv", dtype=str)
    large = pd.concat([table] * 12_000, ignore_index=True)
    large.to_csv(made / "sets.csv", index=False, lineterminator="\n")
    assert (made / "sets.csv").stat().st_size > 1_000_000
    assert len(with_facts(made, sets=len(large)).sets) == len(large)


@pytest.mark.parametrize("spoilt", [{"months": 0}, {"months": "264"}, {"persons_per_record": None}])
def test_what_it_was_made_for_is_checked(made: Path, spoilt: dict[str, object]) -> None:
    of = {"scenario": "japan", "months": 264, "persons_per_record": 20.0}
    with pytest.raises(OutputError, match="what it was made for"):
        with_facts(made, made_for=[of | spoilt])


def test_the_scenario_itself_is_nearer_than_another(made: Path) -> None:
    known = load_ensemble(made)
    scenario = load_scenario("two-towns")
    people = scenario.parameters.scale.persons_per_record
    two = (MadeFor("spain", scenario.months, people), MadeFor("two-towns", 12, 50.0 * people))
    assert [len(each.far(scenario)) for each in two] == [1, 2]
    (told,) = [each for each in replace(known, made_for=two).cautions(scenario) if "made for" in each]
    assert "made for two-towns" in told
    assert "not built on it" not in told


def test_a_medoid_that_makes_no_scenario_leaves_the_file(made: Path, tmp_path: Path) -> None:
    known = pd.read_csv(made / "sets.csv")
    known.assign(**{FEAR: -4.0}).to_csv(made / "sets.csv", index=False)
    file, beside = tmp_path / "mine.yaml", tmp_path / ".mine-medoid.yaml"
    for each in (file, beside):
        each.write_text("extends: two-towns\n")
    result = call("calibrate", "pack", made, "--into", file)
    assert result.exit_code == 2, result.output
    assert file.read_text() == beside.read_text() == "extends: two-towns\n"
    assert "there is no scenario file" in call("calibrate", "pack", made, "--into", "two-towns").stderr
    result = call("compare", "two-towns", "--set-other", "fear.weight=0", "--ensemble", made, "--seeds", 0)
    assert (result.exit_code, "--seeds is 0" in result.stderr) == (2, True)
