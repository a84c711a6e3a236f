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
        before, future, after = (
            file.read_text(encoding="utf-8").partition(FUTURE) if file.exists() else ("",) * 3
        )
        if where.startswith("at the top of "):
            text = before + future + text + after
        elif where.startswith("at the end of "):
            text = before + future + after + text
        file.write_text(text, encoding="utf-8")
    own = house / "build" / "links"
    environment = {
        **os.environ,
        "PYTHONPATH": str(own if own.exists() else lay_out_links(ROOT).parent),
        "LOCAL_CITIZENSHIP_CACHE": str(house / "build" / "rules"),
        "MPLBACKEND": "agg",
    }
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=house, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the checkout, laid out as `start.py` does."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    lay_out_links(tmp_path)
    return tmp_path


def test_a_service_a_need_a_door_and_a_kind_of_ngo(tmp_path: Path) -> None:
    code = """
from local_citizenship import simulate
run = simulate("mine.yaml", months=12, engine="interpreted")
needs = run.table("needs").groupby("need", observed=False)["needs"].sum()
doors = run.table("doors").groupby("door", observed=False)["arrived"].sum()
print(needs["daycare"] > 0, doors["farmhand"] > 0)
print("level_childcare" in run.table("places_yearly"), "parents" in run.table("ngos")["kind"].cat.categories)
"""
    assert follow("A service, a need, a door, a kind of NGO", tmp_path, code) == ["True True", "True True"]


def test_a_provider(house: Path) -> None:
    code = """
from local_citizenship import simulate
run = simulate("two-towns", months=14, engine="interpreted", sets=["ngos.telephone=0.5"])
print(run.table("monthly")["served_congregation"].sum() > 0)
"""
    assert follow("A provider", house, code) == ["True"]


def test_an_event(house: Path) -> None:
    code = """
from local_citizenship.agents.life import EVENTS
from local_citizenship import simulate
print([event.name for event in EVENTS if event.order == 95])
homesick = simulate("two-towns", months=6, engine="interpreted").table("monthly")
same = simulate("two-towns", months=6, engine="interpreted", sets=["awareness.search=0"]).table("monthly")
print(homesick.equals(same))
"""
    assert follow("An event", house, code) == ["['be homesick']", "False"]


def test_a_mechanism(house: Path) -> None:
    code = """
from local_citizenship import load_scenario, simulate
from local_citizenship.app.mechanism_table import rows
from local_citizenship.experiments.mechanisms import MECHANISMS, held
(row,) = (row for row in rows() if row.mechanism.id == "D13")
print(row.rules[0], row.parameters, row.gaps())
print([each.id for each in MECHANISMS].index("D13") == [each.id for each in MECHANISMS].index("E1") - 1)
there = load_scenario("two-towns", months=6)
without = held(there, row.mechanism.without)
known = [simulate(each, engine="interpreted").table("census")["language"].sum() for each in (there, without)]
print(known[0] < known[1])
"""
    first, *found = follow("A mechanism", house, code)
    rule, parameters = "agents.forgetting:chance_to_forget_the_language", ("language.forgotten",)
    assert first == f"{rule} {parameters} {['no test declares it']}"  # the copy has no tests
    assert found == ["True", "True"]


def test_a_measure(house: Path) -> None:
    code = """
from local_citizenship import simulate
from local_citizenship.outcomes.measures import measures_table
table = measures_table(simulate("two-towns", months=24, engine="interpreted"), ids=["E4"])
print((table[table["measure"] == "departures"]["value"] > 0).any())
"""
    assert follow("A measure", house, code) == ["True"]


def test_a_figure(house: Path) -> None:
    code = """
from pathlib import Path
from local_citizenship import simulate
from local_citizenship.outcomes.plots import FIGURES
FIGURES["departures"].draw(simulate("two-towns", months=24, engine="interpreted")).savefig("departures.png")
print(Path("departures.png").stat().st_size > 1000)
"""
    assert follow("A figure", house, code) == ["True"]


def test_a_country(tmp_path: Path) -> None:
    code = """
from local_citizenship import simulate
run = simulate("utopia.yaml", months=3, engine="interpreted")
print(run.start, len(run.table("places")))
"""
    assert follow("A country", tmp_path, code) == ["2000-01 10"]


def test_every_recipe_is_followed() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipes = re.findall(r"^### (.+)$", page, re.MULTILINE)
    followed = re.findall(r'follow\("(.+?)"', Path(__file__).read_text(encoding="utf-8"))
    assert sorted(recipes) == sorted(followed)
