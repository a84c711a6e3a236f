"""The recipes of CONTRIBUTING.md, followed as they stand there in a copy of the checkout."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("package", "scenarios", "agents", "model", "outcomes", "experiments", "app")
FUTURE = "from __future__ import annotations\n"
lay_out_links = runpy.run_path(str(ROOT / "start.py"))["lay_out_links"]


def blocks(recipe: str) -> dict[str, str]:
    """The blocks of a recipe: "file mine.yaml" or "at the end of outcomes/people.py" -> text."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"^### {recipe}\n(.*?)(?=^##)", page, re.MULTILINE | re.DOTALL)
    return dict(re.findall(r"^```\w+\n# (.+?)\n(.*?)^```$", section, re.MULTILINE | re.DOTALL))


def follow(recipe: str, house: Path, code: str) -> list[str]:
    """Do what the recipe says in `house`, then run `code` there; the lines it prints."""
    found = blocks(recipe)
    assert found
    for where, text in found.items():
        file = house / where.split()[-1]
        old = file.read_text(encoding="utf-8") if file.exists() else ""
        before, future, after = old.partition(FUTURE)
        if where.startswith("at the top of "):
            text = before + future + text + after
        elif where.startswith("at the end of "):
            text = old + text
        file.write_text(text, encoding="utf-8")
    own = house / "build" / "links"
    environment = {
        **os.environ,
        "PYTHONPATH": str(own if own.exists() else lay_out_links(ROOT).parent),
        "LOCAL_CITIZENSHIP_CACHE": str(house / "build" / "rules"),
        "MPLBACKEND": "agg",
    }
    # Each record twenty people, or interpreted runs would last.
    begins = "from local_citizenship import simulate\nFEW = ['scale.persons_per_record=20']"
    command = [sys.executable, "-P", "-c", f"{begins}\n{code}"]
    done = subprocess.run(command, cwd=house, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


# Of each: whether it changes the checkout, what is then run, and the lines that it must print.
RECIPES: dict[str, tuple[bool, str, list[str]]] = {
    "A service, a need, a door, a kind of NGO, a trade": (False, """
run = simulate("mine.yaml", months=12, engine="interpreted", sets=["scale.persons_per_record=5"])
needs = run.table("needs").groupby("need", observed=False)["needs"].sum()
doors = run.table("doors").groupby("door", observed=False)["arrived"].sum()
print(needs["daycare"] > 0, doors["farmhand"] > 0)
print("level_childcare" in run.table("places_yearly"), "parents" in run.table("ngos")["kind"].cat.categories)
trades, doors = run.entries.trades, run.entries.doors
print(trades.names[-1], trades.farming.cyclical, trades.farming.hours == trades.workshop.hours, doors.farmhand.trade)
""", ["True True", "True True", "farming 0.2 True farming"]),
    "A provider": (True, """
from local_citizenship import load_run, save_run
from local_citizenship.app.classroom.payload import world_of
from local_citizenship.app.classroom.payload_bytes import from_bytes
from local_citizenship.outcomes.measures import main_outcomes, measures_table, who_fills
from local_citizenship.outcomes.outcome_spec import OutcomeSpec
from local_citizenship.outcomes.plots import FIGURES
from local_citizenship.outcomes.story import list_lives, tell
sets = ["ngos.telephone=0.5", "stories.share=1", *FEW]
run = simulate("two-towns", months=14, engine="interpreted", sets=sets)
served = run.table("monthly")["served_congregation"].sum()
needs = run.table("monthly")["needs"].sum()
print(served > 0)
save_run(run, "kept")
run = load_run("kept")
print("congregation" in run.table("events")["provider"].cat.categories)
meaning = [line for line in open("kept/data-dictionary.csv") if "monthly,served_congregation" in line]
print(meaning[0].strip())
found = who_fills(run, ())
print(found["congregation"][0] == served / needs, round(found.loc[0, "city":"nobody"].sum(), 9))
table = measures_table(run, ["E5"])
print((table[table["measure"] == "congregation"]["value"] > 0).any())
print(OutcomeSpec.parse("E5.congregation").label)
headline = main_outcomes(run)["met_by_congregation"]
print(headline.label, headline.value == served / needs)
figure = FIGURES["who-met-the-need"]
print("congregation" in set(figure.data(run)["provider"]))
drawn = figure.draw(run)
print("congregation" in [text.get_text() for axes in drawn.axes for text in axes.texts])
print(any("The congregation helped" in tell(run, int(migrant)) for migrant in list_lives(run)["migrant"]))
header, arrays = from_bytes(world_of(run))
column = header["providers"].index("congregation")
print(arrays["who"].raw[:, column].sum() * run.persons_per_record == served)
print(header["vocabulary"]["provider"]["congregation"]["label"])
from local_citizenship.experiments.lessons import drawing, observing
print(observing.share_met(run, by=["congregation"]) == served / needs)
drawn = drawing.who_met({"all": (run, None)}, "Who met the needs")
print("congregation" in [text.get_text() for text in drawn.legends[0].get_texts()])
""", [
        "True",
        "True",
        "monthly,served_congregation,episodes,Met by the congregation.,",
        "True 1.0",
        "True",
        "Who fills: met by the congregation",
        "Needs met by congregations True",
        "True",
        "True",
        "True",
        "True",
        "congregation",
        "True",
        "True",
    ]),
    "An event": (True, """
from local_citizenship.agents.life import EVENTS
print([event.name for event in EVENTS if event.order == 95])
homesick = simulate("two-towns", months=6, engine="interpreted", sets=FEW).table("monthly")
same = simulate("two-towns", months=6, engine="interpreted", sets=["awareness.search=0", *FEW]).table("monthly")
print(homesick.equals(same))
""", ["['be homesick']", "False"]),
    "A mechanism": (True, """
from local_citizenship import load_scenario
from local_citizenship.app.mechanism_table import rows
from local_citizenship.experiments.mechanisms import MECHANISMS, held
(row,) = (row for row in rows() if row.mechanism.id == "D15")
print(row.rules[0], row.parameters, row.gaps())  # the copy has no tests
print([each.id for each in MECHANISMS].index("D15") == [each.id for each in MECHANISMS].index("E1") - 1)
there = load_scenario("two-towns", months=6, sets=FEW)
without = held(there, row.mechanism.without)
known = [simulate(each, engine="interpreted").table("census")["language"].sum() for each in (there, without)]
print(known[0] < known[1])
""", [
        "agents.forgetting:chance_to_forget_the_language ('language.forgotten',) ['no test declares it']",
        "True",
        "True",
    ]),
    "A measure": (True, """
from local_citizenship.outcomes.measures import measures_table
table = measures_table(simulate("two-towns", months=24, engine="interpreted", sets=FEW), ids=["E4"])
print((table[table["measure"] == "departures"]["value"] > 0).any())
""", ["True"]),
    "A figure": (True, """
from pathlib import Path
from local_citizenship.outcomes.plots import FIGURES
FIGURES["departures"].draw(simulate("two-towns", months=24, engine="interpreted", sets=FEW)).savefig("departures.png")
print(Path("departures.png").stat().st_size > 1000)
""", ["True"]),
    "A country": (False, """
run = simulate("utopia.yaml", months=3, engine="interpreted", sets=FEW)
print(run.start, len(run.table("places")))
""", ["2000-01 10"]),
}  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize("recipe", RECIPES)
def test_what_a_recipe_says_is_done_and_works(recipe: str, tmp_path: Path) -> None:
    """In a copy of the checkout, laid out as `start.py` does, if it changes that."""
    changes_the_checkout, code, lines = RECIPES[recipe]
    if changes_the_checkout:
        for folder in FOLDERS:
            shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", tmp_path)
        lay_out_links(tmp_path)
    assert follow(recipe, tmp_path, code) == lines


def test_every_recipe_is_followed() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^### (.+)$", page, re.MULTILINE)) == sorted(RECIPES)
