"""A run whose scenario added a service, need, door, kind of NGO and trade: all that is made of it knows them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from synthetic_tables import make_run

from local_citizenship.app.classroom.artifacts import lives_shown
from local_citizenship.app.classroom.payload import world_of
from local_citizenship.app.classroom.payload_bytes import from_bytes
from local_citizenship.outcomes import Run
from local_citizenship.outcomes.measures import formal_and_substantive, measures_table, take_up
from local_citizenship.outcomes.outcome_spec import OutcomeSpec
from local_citizenship.outcomes.plots import FIGURES
from local_citizenship.outcomes.run_folder import load_run, save_run
from local_citizenship.outcomes.story import list_lives, tell
from local_citizenship.scenarios.schema import SHIPPED

ADDED = {
    "services": ("schooling", "childcare", "Childcare", "the day nursery"),
    "needs": ("schooling", "nursery", "Nursery place", "the place at a nursery"),
    "doors": ("trainee", "farmhand", "Farmhand", "a farmhand"),
    "ngo_kinds": ("faith", "temple", "Temple", "a temple"),
    "trades": ("workshop", "farming", "Farms", "work on a farm"),
}


def _event(month: int, event: str, detail: int, provider: str = "nobody", need: str | None = None) -> dict:
    about = {"month": month, "migrant": 7, "event": event, "place": 0, "status": "legal", "need": need}
    mind = {"knows_city": True, "knows_ngo": False, "settler": False, "fear": 0.1, "belonging": 0.2}
    return {**about, "provider": provider, "detail": detail, **mind}


@pytest.fixture(scope="module")
def run() -> Run:
    made = make_run(places=6, regions=2, months=24)
    parameters = dict(made.scenario.parameters)
    for kind, (like, name, label, words) in ADDED.items():
        for path, value in made.scenario.parameters.items():
            if path.startswith(f"{kind}.{like}."):
                parameters[path.replace(f".{like}.", f".{name}.")] = value
        parameters |= {f"{kind}.{name}.label": label, f"{kind}.{name}.words": words}
    parameters["services.childcare.answers"] = ("nursery",)
    parameters["needs.nursery.solved"] = "a place at a nursery was found"
    yearly = made.table("places_yearly")
    yearly = yearly.assign(level_childcare=0.7, open_childcare=True)
    needs = made.table("needs")
    needs = needs.assign(need=needs["need"].astype(str).replace("papers", "nursery"))
    ngos = made.table("ngos")
    ngos = ngos.assign(kind=ngos["kind"].astype(str).replace("faith", "temple"))
    door, service = len(SHIPPED.doors), len(SHIPPED.services)  # behind those shipped
    events = pd.DataFrame(
        [
            _event(0, "arrived", door),
            _event(1, "learned_city", service),
            _event(2, "need", 0, need="nursery"),
            _event(2, "asked", 0, "city", "nursery"),
            _event(2, "served", 0, "city", "nursery"),
            _event(3, "joined", service),
            _event(4, "learned_ngo", 7),
            _event(5, "lost", 1 << service),
        ]
    )
    changed = {"places_yearly": yearly, "needs": needs, "ngos": ngos, "events": events}
    tables = {name: changed.get(name, made.table(name)) for name in made.tables}
    return Run(replace(made.scenario, parameters=parameters), tables, {"places": {"synthetic": True}})


def test_tables_have_them_as_categories(run: Run) -> None:
    assert run.table("needs")["need"].cat.categories[-1] == "nursery"
    assert run.table("ngos")["kind"].cat.categories[-1] == "temple"
    assert run.table("doors")["door"].cat.categories[-1] == "farmhand"
    assert not run.table("needs")["need"].isna().any()


def test_measures_count_them(run: Run) -> None:
    table = measures_table(run)
    own = table[(table["by"] == "service") & (table["group"] == "childcare")]
    assert own.loc[own["measure"] == "mean_level", "value"].tolist() == pytest.approx([0.7, 0.7])
    assert OutcomeSpec.parse("E7.places[childcare]", run.entries).value(run) == 1.0
    assert take_up(run, "need").set_index("need").loc["nursery", "needs"] > 0
    assert np.isfinite(formal_and_substantive(run, "need").set_index("need").loc["nursery", "formal"])


def test_every_figure_is_drawn_with_their_labels(run: Run) -> None:
    for drawing in FIGURES.values():
        figure = drawing.draw(run)
        words = {text.get_text() for axes in figure.axes for text in axes.get_yticklabels()}
        assert drawing.name != "service-adoption" or {"Childcare", "Schooling"} <= words


def test_a_life_is_told_with_their_words(run: Run) -> None:
    story = tell(run, 7)
    for words in (
        "as a farmhand",
        "Learned of the day nursery.",
        "help with the place at a nursery",
        "The town hall helped: a place at a nursery was found.",
        "Joined the day nursery.",
        "Heard of a temple (NGO)",
        "Left behind by moving: the day nursery.",
    ):
        assert words in story
    assert list_lives(run)["door"].tolist() == [lives_shown(run)["lives"][0]["door"]] == ["farmhand"]


def test_the_folder_and_the_page_have_them(run: Run, tmp_path: Path) -> None:
    again = load_run(save_run(run, tmp_path / "r"))
    assert again.entries == run.entries
    described = pd.read_csv(tmp_path / "r" / "data-dictionary.csv", keep_default_na=False).set_index("column")
    assert described.loc["level_childcare", "meaning"] == "level of the service childcare"
    assert described.loc["kind", "values"].endswith(" temple")
    for each in (run, again):
        header, arrays = from_bytes(world_of(each))
        assert [header[kind][-1] for kind in ADDED] == [name for _, name, *_ in ADDED.values()]
        assert header["vocabulary"]["doors"]["farmhand"]["words"] == "a farmhand"
        assert header["vocabulary"]["trades"]["farming"]["label"] == "Farms"
        assert header["measures"]["service_childcare"]["label"] == "Childcare"
        assert arrays["services"].values.shape[2] == 12
