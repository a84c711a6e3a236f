"""All measures: functions of a run, each returning a tidy table whose docstring names definition and units.

| id | measure |
|---|---|
| E1 | `formal_and_substantive`: rights on paper beside needs met |
| E2 | `unevenness`: of service level and of needs met, over places, regions and statuses |
| E3 | `take_up`: need -> aware -> willing -> eligible -> claimed -> served |
| E4 | `modes`: never, episodic, sustained |
| E5 | `who_fills`: city, NGO, nation, nobody; turned away |
| E6 | `portability_loss`: service level and enrolments lost by moving |
| E7 | `adoption`: services over time; `alike`: variance between places |
| E8 | `harms`: unmet needs for each 1,000 person-years |
| E9 | `collaboration`: city effort with and without NGOs |
|    | `stocks`, `flows`; `main_outcomes`: the headline numbers |
|    | `measures_table`: all of E1 to E9 by year in one table, as a run folder has it |

Shares lie between 0 and 1; where nothing was counted, a share is NaN.
"""

from .cascade import formal_and_substantive, harms, take_up, who_fills
from .collaboration import collaboration
from .headline import Outcome, main_outcomes
from .measures_table import measures_table
from .people import flows, modes, portability_loss, stocks
from .spread import ADOPTED_LEVEL, LEAST_NEEDS, adoption, alike, unevenness

__all__ = [
    "ADOPTED_LEVEL",
    "LEAST_NEEDS",
    "Outcome",
    "adoption",
    "alike",
    "collaboration",
    "flows",
    "formal_and_substantive",
    "harms",
    "main_outcomes",
    "measures_table",
    "modes",
    "portability_loss",
    "stocks",
    "take_up",
    "unevenness",
    "who_fills",
]
