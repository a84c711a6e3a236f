"""A commented study file to start from."""

from __future__ import annotations

from pathlib import Path

from .console import UsageMistake

_TEXT = """\
# Check it:  local-citizenship study check {file}
# Run it:    local-citizenship study run {file}
# What can be varied:  local-citizenship explain
# What can be kept:    local-citizenship measures --define

title: {name}
question: What difference does it make whether ...?

# One scenario or a list of them: shipped ones, or files beside this one.
scenarios: {scenario}
# months: 120                  # as the scenario says, if left out
# set:                         # what holds in every run
#   fear: {{weight: 3}}

# What is varied. A lever is what a policy-maker sets, the rest is uncertain; `role:` overrules what is said here.
factors:
  ngos.enabled: [true, false]  # a parameter and its values
  fear.weight:                 # ... or its range
    low: 1
    high: 10
    # scale: log
    # label: Weight of fear
#  copying:                    # several parameters that go together
#    alternatives:
#      as it is: {{}}
#      none: {{city: {{neighbours: 0, similar: 0, rivalry: 0}}}}
#  firewall:                   # the date from which something holds
#    change: {{enforcement: {{duty_to_report: 0}}, fear: {{firewall: 1}}}}
#    values: [1994-01, 2002-01, never]

# grid: all values with each other, a range cut into levels.    ofat: one factor at a time.
# {{lhs: {{points: 64}}}}, {{morris: {{trajectories: 10}}}}, {{sobol: {{samples: 64}}}}: samples of the ranges.
# list: the points listed under `points:`, each as {{ngos.enabled: true, fear.weight: 3}}.
design: {{grid: {{levels: 3}}}}

# How often each point is run: a number, or until the mean is known well enough:
# replicates: {{until: {{needs_met: 0.01}}, at_least: 5, at_most: 50, confidence: 0.95}}
replicates: 10
seed: 1
common_random_numbers: true    # the same luck at each design point, so that differences are not luck

# What is kept of each run: headline numbers, and measures of E1 to E9 by year, of one group if so wished.
outcomes:
  - needs_met
  - take_up
  - E3.served_of_needs
  - {{measure: E3.served_of_needs, status: overstayer, year: last}}
"""


def write(file: Path, scenario: str) -> None:
    """Write a study of `scenario`. Errors: UsageMistake if `file` exists or cannot be written, ScenarioError."""
    from ..scenarios import load_scenario

    if file.suffix not in (".yaml", ".yml"):
        raise UsageMistake(f"{file} should end in .yaml, so that editors know what it is")
    load_scenario(scenario)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8", newline="\n") as opened:
            opened.write(_TEXT.format(file=file, name=file.stem, scenario=scenario))
    except FileExistsError:
        raise UsageMistake(f"{file} exists already, and is left as it is: choose another name") from None
    except OSError as error:
        raise UsageMistake(f"{file} can't be written: {error.strerror or error}") from error
