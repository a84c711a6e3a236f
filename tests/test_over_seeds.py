"""`run --seeds`: further seeds beside a run, in its folder, and what its figures make of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from command_line import call, process, told, worked

from local_citizenship.app.further_seeds import A_PLACE, CHEAP, USUAL, usual_seeds
from local_citizenship.experiments.replicates import seeds_for
from local_citizenship.outcomes.kept_seeds import FOLDER, OUTCOMES
from local_citizenship.outcomes.plots import FIGURES, data_of
from local_citizenship.outcomes.plots.style import source_line
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.run_folder import load_run
from local_citizenship.outcomes.simulate import simulate

MONTHS = 36


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds") / "run"
    worked("run", "two-towns", "--months", MONTHS, "--seeds", 5, "--out", folder)
    return folder


def test_the_folder_has_what_figures_show_under_each_seed(kept: Path) -> None:
    run = load_run(kept)
    assert run.over_seeds is not None
    assert run.over_seeds.seeds == seeds_for(1, 5)
    assert {*run.over_seeds.names} >= {*FIGURES, OUTCOMES}
    stock = run.over_seeds.table("stock-by-status")
    own = stock[stock["seed"] == 1].drop(columns="seed").reset_index(drop=True)
    pd.testing.assert_frame_equal(own, data_of("stock-by-status", run), check_dtype=False)
    second = simulate("two-towns", months=MONTHS, seed=run.over_seeds.seeds[1])
    other = stock[stock["seed"] == second.seed].drop(columns="seed").reset_index(drop=True)
    pd.testing.assert_frame_equal(other, data_of("stock-by-status", second), check_dtype=False)


def test_it_is_the_same_folder_whoever_helped(kept: Path, tmp_path: Path) -> None:
    """A process of its own begins with the further seeds, but where somebody has loaded Matplotlib, as tests have."""
    process("", "run", "two-towns", "--months", MONTHS, "--seeds", 5, "--out", tmp_path / "run", cwd=tmp_path)
    files = [file.relative_to(kept) for file in sorted((kept / FOLDER).rglob("*")) if file.is_file()]
    assert len(files) > len(FIGURES)
    for file in files:
        assert (tmp_path / "run" / file).read_bytes() == (kept / file).read_bytes(), file


def test_lines_have_bands_that_hold_the_run_itself(kept: Path) -> None:
    run = load_run(kept)
    assert "5 seeds" in source_line(run)
    figure = FIGURES["harms"].draw(run)
    bands = [each for each in figure.findobj() if str(each.get_gid()).endswith("-band")]
    assert bands
    data = data_of("harms", run)
    over = run.over_seeds.band("harms", ["status", "year"], "rate")  # type: ignore[union-attr]
    for row in data.dropna(subset=["rate"]).itertuples():
        low, high = over.loc[(row.status, row.year)]
        assert low <= row.rate <= high


def test_one_seed_is_said_to_be_one(tmp_path: Path) -> None:
    worked("run", "two-towns", "--months", 2, "--seeds", 1, "--no-figures", "--out", tmp_path / "one")
    run = load_run(tmp_path / "one")
    assert run.over_seeds is None
    assert "(one seed)" in source_line(run)


def test_further_seeds_come_unasked_where_they_cost_little() -> None:
    made = simulate("two-towns", months=1)

    def asked(months: int = 1, **timing: float) -> int:
        return usual_seeds(Run(made.scenario, made.tables, {"timing": timing}, months))

    assert asked(migrant_months=CHEAP - 2 * A_PLACE) == USUAL
    assert asked(migrant_months=CHEAP) == 1
    assert asked(migrant_months=0, months=CHEAP // (2 * A_PLACE)) == USUAL
    assert asked(migrant_months=0, months=CHEAP // (2 * A_PLACE) + 1) == 1
    assert asked() == 1


def test_the_machine_has_no_say_in_how_many_seeds_a_run_gets() -> None:
    run = simulate("two-towns", months=MONTHS)
    for seconds in (0.0, 1e9):
        run.manifest["timing"]["model_seconds"] = seconds
        assert usual_seeds(run) == USUAL


def test_damage_is_told(kept: Path) -> None:
    about = kept / "seeds" / "seeds.json"
    whole = about.read_text(encoding="utf-8")
    try:
        for damaged, why in (
            ("{", "Invalid JSON"),
            ("[]", "an object"),
            ('{"tables": []}', "seeds: Field required"),
            ('{"seeds": ["1"]}', "tables: Field required"),
            ('{"seeds": ["x"], "tables": []}', "seeds.0"),
            ('{"seeds": ["1"], "tables": ["../x"]}', "tables.0"),
        ):
            about.write_text(damaged, encoding="utf-8")
            said = told(call("plot", kept, "--only", "1"))
            assert "seeds.json is damaged (" in said
            assert why in said
    finally:
        about.write_text(whole, encoding="utf-8")


WITHOUT_ROOM = """
from local_citizenship.experiments import workers
def no_room(self, call):
    raise OSError(28, "No space left on device")
workers._Spill.spill_large = no_room
"""
WITHOUT_PROCESS = """
from local_citizenship.experiments import workers
def no_process(self, *_, **__):
    raise BlockingIOError(11, "Resource temporarily unavailable")
workers.WorkerPool.submit = no_process
"""


@pytest.mark.parametrize("hindered", [WITHOUT_ROOM, WITHOUT_PROCESS])
def test_who_can_have_no_help_does_it_all_alone(tmp_path: Path, hindered: str) -> None:
    """As with a full disk for temporary files, or no further process."""
    done = process(
        hindered, "run", "two-towns", "--months", 2, "--seeds", 2, "--out", tmp_path / "run", cwd=tmp_path
    )
    assert len([*(tmp_path / "run" / "figures").glob("*.png")]) == len(FIGURES)
    assert "disk" not in done.stderr + done.stdout
    over = load_run(tmp_path / "run").over_seeds
    assert over is not None
    assert len(over.seeds) == 2
