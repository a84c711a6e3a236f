"""Charts at random: any measure, by any division, of any kind, of the two towns; each legible, or one sentence.

    python -m benchmarks.charts
    python -m benchmarks.charts --draws 1000 --seed 7 --keep build/charts

A fault is a traceback, a warning, a text that juts out of the page, or a refusal that is no sentence. The bar: none.
"""

from __future__ import annotations

import argparse
import random
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from local_citizenship.outcomes.asked.drawing import drawn
from local_citizenship.outcomes.asked.question import KINDS, AskedError, ask, kind_of
from local_citizenship.outcomes.asked.told import told_by_runs
from local_citizenship.outcomes.declaration import DIVISIONS
from local_citizenship.outcomes.measures import all_measures
from local_citizenship.outcomes.plots.saving import save
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.simulate import simulate

WORLDS: tuple[list[str], ...] = ([], ["fear.weight=0"], ["ngos.enabled=false"])
SEEDS = (1, 2, 3)
YEARS = (None, None, "1995-2009", "2004", "-1995", "2003-2005")
LONGEST = 300  # letters of a sentence
AT_RANDOM = 0.1  # of divisions are taken whether or not the measure has them
EDGE = 1.0  # pixel


def jutting(figure: Figure) -> list[str]:
    """Texts that are not wholly on the page; labels of ticks outside an axis are not drawn."""
    figure.draw_without_rendering()
    renderer = FigureCanvasAgg(figure).get_renderer()
    hidden: set[Any] = set()
    for axis in (each for axes in figure.axes for each in (axes.xaxis, axes.yaxis)):
        shown = {tick.label1 for tick in axis._update_ticks()}  # type: ignore[union-attr]
        hidden |= {text for text in axis.findobj(Text) if text is not axis.label and text not in shown}
    found = []
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip() and text not in hidden:
            box = text.get_window_extent(renderer)
            inside = min(box.x0, box.y0) >= -EDGE and box.x1 <= figure.bbox.width + EDGE
            if not (inside and box.y1 <= figure.bbox.height + EDGE):
                found.append(text.get_text())
    return found


def question_at_random(chance: random.Random) -> tuple[str, str | None, str | None, str | None]:
    """Measure, division, kind and years."""
    theme, one = chance.choice([*all_measures()])
    parts = [*DIVISIONS, "group"] if chance.random() < AT_RANDOM else [*theme.parts_of(one)]
    return f"{theme.id}.{one.name}", chance.choice(parts), chance.choice([None, *KINDS]), chance.choice(YEARS)


def tried(runs: list[Run], asked: tuple[str, str | None, str | None, str | None], file: Path | None) -> str:
    """What came of one: "chart", "sentence", or what is wrong."""
    name, by, kind, years = asked
    try:
        question = ask(name, by, years, (), runs[0].entries)
        chosen = kind_of(kind, question)
        chart = drawn(told_by_runs(runs, question, chosen), chosen, None)
    except AskedError as error:
        sentence = str(error)
        return (
            "sentence" if 0 < len(sentence) < LONGEST and "\n" not in sentence else f"no sentence: {sentence}"
        )
    figure = chart.axes.figure
    assert isinstance(figure, Figure)
    if file is not None:
        save(figure, file, alt=chart.alt)
    outside = jutting(figure)
    return f"cut: {outside[:3]}" if outside else "chart"


def main() -> None:
    """Draw, and tell what came of it; exit status 1 if there was a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the pictures")
    given = parser.parse_args()
    if given.keep is not None:
        given.keep.mkdir(parents=True, exist_ok=True)
    runs = [simulate("two-towns", seed=seed, sets=sets) for sets in WORLDS for seed in SEEDS]
    chance, came, begun = random.Random(given.seed), Counter[str](), time.perf_counter()
    warnings.simplefilter("error")
    for number in range(given.draws):
        asked = question_at_random(chance)
        some = chance.sample(runs, chance.choice([1, 1, 2, 3, len(runs)]))
        file = None if given.keep is None else given.keep / f"{number:04d}.png"
        try:
            found = tried(some, asked, file)
        except Exception:
            found = f"traceback: {traceback.format_exc(limit=-2)}"
        came[found.partition(":")[0]] += 1
        if found not in ("chart", "sentence"):
            print(number, *asked, [(run.scenario_name, run.seed) for run in some], found)
    print(dict(came), f"{time.perf_counter() - begun:.0f} s")
    raise SystemExit(0 if set(came) <= {"chart", "sentence"} else 1)


if __name__ == "__main__":
    main()
