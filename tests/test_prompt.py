"""The prompt answers at once: what a command does not need is not loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("numpy", "numba", "mesa", "pandas", "matplotlib", "scipy", "pyarrow")
ENDED = """
import sys
from local_citizenship.app.cli import main
sys.argv[1:] = {arguments!r}
try:
    main()
finally:
    print("LOADED", *sorted({names!r} & set(sys.modules)))
"""


def loaded(arguments: list[str], names: set[str]) -> set[str]:
    """Which of these packages a new process has loaded when the command has ended."""
    program = ENDED.format(arguments=arguments, names=names)
    ended = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr
    return set(ended.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize("command", ["--help", "--version", "list", "run --help", "explain fear"])
def test_what_needs_no_numbers_loads_none_of_their_packages(command: str) -> None:
    assert loaded(command.split(), set(HEAVY)) == set()


def test_the_schema_is_not_read_to_list_scenarios() -> None:
    assert loaded(["list"], {"local_citizenship.scenarios.schema", "pydantic", *HEAVY}) == set()


def test_a_run_whose_rules_are_compiled_is_made_and_kept_without_numba_or_mesa(tmp_path) -> None:
    command = ["run", "two-towns", "--months", "2", "--no-figures", "--out", str(tmp_path / "run")]
    loaded(command, set())  # by now they are
    again = [*command, "--overwrite"]
    assert loaded(again, {"mesa", "matplotlib", "numba", "scipy"}) <= {"scipy"}


def test_two_processes_draw_the_same_figures_as_one(tmp_path) -> None:
    run, again = tmp_path / "run", tmp_path / "again"
    loaded(["run", "two-towns", "--months", "14", "--seeds", "1", "--out", str(run)], set())
    from local_citizenship.outcomes.plots import FIGURES, draw_all
    from local_citizenship.outcomes.run_folder import load_run

    draw_all(load_run(run), again)
    names = sorted(file.name for file in again.iterdir())
    assert len(names) == 2 * len(FIGURES)
    assert sorted(file.name for file in (run / "figures").iterdir()) == names
    for name in names:
        assert (run / "figures" / name).read_bytes() == (again / name).read_bytes(), name
