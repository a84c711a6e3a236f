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


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ('def f(a): "doc"; return a\n', "def f(a): return a"),
        ('def f(é): "dôc"; return é  # ça\n', "def f(é): return é"),
        ('class A: "doc"\n', "class A:"),
        ('def f(a):\n    "doc"; x = 1\n    return x\n', "def f(a):\n    x = 1\n    return x"),
        ('def f(a):\n    """Of a.\n\n    And é."""; return a\n', "def f(a):\n    return a"),
        ('def f(a):\n    ("doc"  # of a\n     "more")\n    return a\n', "def f(a):\n    return a"),
        ('"""É."""; x = """a \n\n"""\n', 'x = """a \n\n"""'),
        ('"""É."""\n\nx = "é"  # é\n', 'x = "é"'),
        ("x = 1\n\f\ny = '\u2028'  # two\n", "x = 1\ny = '\u2028'"),
    ],
)
def test_a_docstring_goes_and_what_stands_beside_it_stays(source: str, code: str) -> None:
    assert code_alone(source) == code


@pytest.mark.parametrize("prefix", ["", "f", "rb"])
def test_of_other_strings_all_is_kept(prefix: str) -> None:
    source = f'x = {prefix}"""one  \n\n# two \n"""  # three\n\n\ny = 1\n'
    assert code_alone(source) == f'x = {prefix}"""one  \n\n# two \n"""\ny = 1'


def test_blanks_between_the_parts_of_a_string_are_no_code() -> None:
    parts = 'x = (\n    "a"  # one\n\n    "b"\n)\n'
    assert code_alone(parts) == 'x = (\n    "a"\n    "b"\n)'
