"""What shared luck is worth: replicates needed without it, over those needed with it, for each headline outcome.

Two scenarios at the same scale, n pairs of runs under the same seeds. An outcome's figure is the variance of its
difference between runs of their own luck (sum of both variances) over that of its paired differences: so many times
the runs give an interval as narrow. In the note its 95% bootstrap interval over the pairs, and the difference itself.
The bar, at least 5, is for every headline outcome; outcomes that have no variance are left out.

    python -m benchmarks.bench_paired --pairs 24
"""

from __future__ import annotations

import math
from typing import Any

from benchmarks.common import Figure, arguments, machine, number, report

BAR = 5.0


def main() -> None:
    from local_citizenship.experiments.comparison import Comparison, compare_scenarios
    from local_citizenship.outcomes.wording import change_and_interval
    from local_citizenship.scenarios import load_scenario

    parser = arguments(__doc__, rounds=1)
    parser.add_argument(
        "--first", default="japan-sample", help="the scenario compared with (default %(default)s)"
    )
    parser.add_argument("--other", default="firewall", help="the scenario compared (default %(default)s)")
    parser.add_argument("--pairs", type=int, default=24, help="pairs of runs (default %(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default %(default)s)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="for both; may be given again"
    )
    options = parser.parse_args()
    about = machine()
    first = load_scenario(options.first, sets=options.set)
    scale = f"scale.persons_per_record={first.parameters.scale.persons_per_record}"
    other = load_scenario(options.other, sets=[scale, *options.set])
    found: Comparison = compare_scenarios(
        [first, other], options.pairs, figures=False, workers=options.workers
    )
    figures = []
    factors: Any = found.differences_table().set_index("outcome")
    for name, each in found.differences(1).items():
        if not math.isfinite(each.variance_reduction_factor):
            continue
        label, unit = found.words[name]
        change, interval = change_and_interval(each.change, each.low, each.high, unit)
        low, high = (float(factors.loc[name, f"variance_reduction_{end}"]) for end in ("low", "high"))
        note = f"{each.n} pairs, {number(low)} to {number(high)}; difference {change} ({interval})"
        figures.append(Figure(label, each.variance_reduction_factor, "times", BAR, at_least=True, note=note))
    title = " ".join([f"paired, {options.other} against {options.first}", *options.set])
    report(title, figures, about, options.json)


if __name__ == "__main__":
    main()
