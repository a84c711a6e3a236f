"""The older names of `outcome_spec`, until nobody imports them any more."""

from .outcome_spec import DIVIDED_BY, GROUPS, WHOLE_RUN, Values, headline, measure, values_of
from .outcome_spec import OutcomeSpec as Kept

__all__ = ["DIVIDED_BY", "GROUPS", "WHOLE_RUN", "Kept", "Values", "headline", "measure", "values_of"]
