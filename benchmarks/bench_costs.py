"""What each mechanism costs: model seconds of Japan at full size with everything on, less those without it.

Processor time of one thread, after compilation, in fresh processes. With everything on it is taken first and last,
which shows how far two equal runs lie apart: smaller differences mean nothing. A mechanism that is switched off also
changes how many people there are and what happens to them, so that its cost is that of the rule and of what it leads
to; a negative one means that without it more happens. `--only` names mechanisms; else all that can be switched off,
but for those that would leave no migrants or no needs to simulate. `--together` names those that are switched off
all at once for one more figure: what is left when policy, perception, networks, voice, language and mobilisation go.
"""

from __future__ import annotations

import argparse
import json

from benchmarks.common import Figure, arguments, in_a_fresh_process, machine, median, report

BAR_SECONDS, BAR_WITHOUT = 15.0, 10.0
STRUCTURE = ("A2", "D1")  # without them it is another country
EVERYTHING_ON = "none"
EXTENSIONS = "A5 A6 A7 A8 A9 B6 B7 B8 B9 C3 C6 C7 C8 C9 C10 D6 D12"


def child(scenario_name: str, off: str) -> float:
    """Seconds of processor time of one run in this process."""
    import time

    from local_citizenship.experiments.mechanisms import BY_ID, held
    from local_citizenship.model import LocalCitizenship
    from local_citizenship.scenarios import load_scenario

    LocalCitizenship(load_scenario("two-towns", months=13)).run()  # compiles, or loads
    scenario = load_scenario(scenario_name)
    if off != EVERYTHING_ON:
        without = {path: value for name in off.split() for path, value in BY_ID[name].without.items()}
        scenario = held(scenario, without)
    model = LocalCitizenship(scenario)
    model.step()
    started = time.process_time()
    model.run()
    return time.process_time() - started


def main() -> None:
    from local_citizenship.experiments.mechanisms import MECHANISMS

    parser = arguments(__doc__, rounds=1)
    parser.add_argument("--scenario", default="japan")
    parser.add_argument("--only", nargs="*", default=None, metavar="ID")
    parser.add_argument("--together", default=EXTENSIONS, metavar="IDS")
    parser.add_argument("--child", metavar="ID", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(options.scenario, options.child)))
        return
    about = machine()
    names = {m.id: m.name for m in MECHANISMS if m.without and m.id not in STRUCTURE}
    wanted = options.only or list(names)

    def seconds(off: str) -> float:
        taken = [
            in_a_fresh_process("benchmarks.bench_costs", "--scenario", options.scenario, "--child", off)
            for _ in range(options.rounds)
        ]
        return float(median(taken))

    first = seconds(EVERYTHING_ON)
    without_all = seconds(options.together)
    without = {name: seconds(name) for name in wanted}
    last = seconds(EVERYTHING_ON)
    everything = (first + last) / 2.0
    figures = [
        Figure("everything on", everything, "s", BAR_SECONDS, note=f"first {first:.2f}, last {last:.2f}"),
        Figure(f"without {options.together}", without_all, "s", BAR_WITHOUT),
        *(
            Figure(f"{name}: {names.get(name, '')}", everything - cost, "s", note=f"without it {cost:.2f}")
            for name, cost in without.items()
        ),
    ]
    report("costs", figures, about, options.json)


if __name__ == "__main__":
    main()
