"""What a student did wrong, in one sentence."""

from __future__ import annotations


class Mistake(ValueError):
    """A student's mistake: says what is wrong and what would do. Notebooks show the sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        """Asked for by IPython in place of a traceback."""
        return [str(self)]
