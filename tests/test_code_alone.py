"""Hash of the rules: it is of what the code does, not of what is said about it."""

from __future__ import annotations

import pytest

from local_citizenship.experiments.studies.provenance import code_alone

SOURCE = '''"""A room."""

import math  # of the library


class Office:
    """Open."""

    def ask(self, migrant):
        """Whether one is let in.

        # not a comment
        """
        # Who is known is let in.
        return migrant.name != "# nobody" or math.inf
'''
CODE = """import math
class Office:
    def ask(self, migrant):
        return migrant.name != "# nobody" or math.inf"""


def test_comments_docstrings_and_empty_lines_are_no_code() -> None:
    assert code_alone(SOURCE) == CODE


@pytest.mark.parametrize(
    ("words", "others", "same"),
    [
        ("Whether one is let in.", "Let in?", True),
        ("# Who is known is let in.", "# The known.", True),
        ("# nobody", "# no-one", False),
        ("!=", "==", False),
    ],
)
def test_only_a_change_of_code_is_one(words: str, others: str, same: bool) -> None:
    assert (code_alone(SOURCE.replace(words, others)) == code_alone(SOURCE)) is same
