"""What the README opens with: the picture of the explorer's page, and a finding with its interval.

`python docs/make/opening.py` makes both anew; `--finding` or `--picture` one of them. The picture needs Chromium. The
finding's sentence takes sides by its numbers alone, so that it holds whatever comes out.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from pathlib import Path
from textwrap import fill
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

ROOT = Path(__file__).resolve().parents[2]
README, PICTURE = ROOT / "README.md", ROOT / "docs" / "figures" / "explorer.png"
COMMAND = "python3 start.py compare japan-sample no-ngos --set scale.persons_per_record=20 --seeds 10"
SEEDS, SCALE = 10, "scale.persons_per_record=20"
FINDING = "finding"
STATE = "scenario=japan-sample&b.ngos.enabled=false"
SIZE = (1280, 800)
ACROSS = 118  # characters on a line of the README
ALT = (
    "The explorer: sliders on the left, and Japan in two worlds beside each other, as it is and without NGOs, "
    "on maps and charts."
)


def finding() -> str:
    """The sentence, measured anew."""
    from local_citizenship import compare, load_scenario
    from local_citizenship.outcomes.wording import change_and_interval

    scenarios = [load_scenario(name, sets=[SCALE]) for name in ("japan-sample", "no-ngos")]
    table = compare(scenarios, seeds=SEEDS, figures=False).differences_table()
    met: Any = table.set_index("outcome").loc["needs_met"]
    change, interval = change_and_interval(met["difference"], met["low"], met["high"], met["unit"])
    return (
        f"**A finding.** In this model, take the NGOs away, and of the needs of Japan's foreign workers "
        f"{met['mean']:.1%} are met instead of {met['mean_against']:.1%}, compatriots' help apart: {change} "
        f"(95% interval {interval}, over {met['n']} pairs of runs with the same people and the same luck)."
    )


def told(readme: str, sentence: str, mark: str = FINDING) -> str:
    """The README with this sentence where it is marked. Errors: SystemExit if it has no place for it."""
    marked = re.compile(rf"(<!-- {mark}: .*? -->\n).*?(<!-- end of {mark} -->)", re.DOTALL)
    text, times = marked.subn(lambda found: f"{found[1]}{fill(sentence, ACROSS)}\n{found[2]}", readme)
    if times != 1:
        raise SystemExit(f"README.md has no `<!-- {mark}: ... -->` with its end.")
    return text


def picture() -> bytes:
    """The page with two worlds, as a PNG file of at most 256 colours, with its alternative text."""
    sys.path.append(str(ROOT / "tests"))
    from browser import Windows, launched, ready
    from classroom import listening, room

    with launched() as browser, listening(room()) as address:
        page = Windows(browser, address).another(*SIZE)
        page.goto(f"{address}/#{STATE}")
        ready(page)
        shot = page.screenshot()
    about, file = PngInfo(), io.BytesIO()
    about.add_itxt("Description", ALT)
    small = Image.open(io.BytesIO(shot)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    small.save(file, "PNG", optimize=True, pnginfo=about)
    return file.getvalue()


def main() -> None:
    """Write README.md and docs/figures/explorer.png."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--finding", action="store_true", help="the finding alone")
    parser.add_argument("--picture", action="store_true", help="the picture alone")
    asked = parser.parse_args()
    if asked.picture or not asked.finding:
        PICTURE.write_bytes(picture())
        print(f"Wrote {PICTURE}.")
    if asked.finding or not asked.picture:
        sentence = finding()
        README.write_text(told(README.read_text(encoding="utf-8"), sentence), encoding="utf-8")
        print(sentence)


if __name__ == "__main__":
    main()
