"""What if, and how sure? Replicates of a scenario, and the patterns the model is held against."""

from .replicates import Replicate, run_replicates, seeds_for

__all__ = ["Replicate", "run_replicates", "seeds_for"]
