"""Shared by all tests."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from browser import Windows
    from playwright.sync_api import Browser, Page

mpl.use("Agg")  # no test opens a window
_UNHURRIED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # the machine may be busy
settings.register_profile("same", derandomize=True, **_UNHURRIED)  # the same examples each time
settings.register_profile("searching", **_UNHURRIED)
settings.load_profile("same")
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background, where Ctrl-C is not heard
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--thorough",
        action="store_true",
        help="the tests marked thorough, too, and new made-up examples: some minutes more",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Made-up examples are new ones each time where somebody looks for what fails, and the same ones elsewhere."""
    settings.load_profile("searching" if config.getoption("--thorough", default=False) else "same")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is thorough, unless it is asked for, by `--thorough` or by its own name."""
    named = any("::" in str(argument) for argument in config.args)
    if config.getoption("--thorough") or named:
        return
    left_out = [item for item in items if item.get_closest_marker("thorough")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module", autouse=True)
def _kept_things_are_not_looked_at() -> None:
    """Runs and scenarios that earlier files of tests keep grow to gigabytes, and every collection of garbage would go
    through them: it took seconds, after each run."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which the test runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def impatient() -> Iterator[None]:
    """For what might wait for ever: within five minutes, however busy the machine is, or the test has failed."""

    def late(*_: object) -> None:
        raise TimeoutError("it waits for ever")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(300)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser without a screen."""
    from browser import launched

    with launched() as found:
        yield found


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[Windows]:
    """Windows of a small classroom's explorer."""
    from browser import Windows
    from classroom import listening, room

    with listening(room()) as address:
        yield Windows(browser, address)


@pytest.fixture(scope="module")
def shared(windows: Windows) -> Page:
    """A window that all tests of a file use one after the other."""
    return windows.another(1280, 800)


@pytest.fixture
def explore(windows: Windows, shared: Page) -> Iterator[Any]:
    """Opens the explorer in a state; at the end nothing may have gone wrong."""
    from browser import shown

    def opened(state: str = "") -> Page:
        shared.goto("about:blank")
        return shown(shared, windows, state)

    windows.wrong.clear()
    yield opened
    assert windows.wrong == []


@pytest.fixture(scope="module")
def town_worlds() -> tuple[Any, Any]:
    """Two towns as they are, and without fear: arrays as numbers."""
    from classroom import world_sent

    return world_sent()[1], world_sent("fear.weight=0")[1]


@pytest.fixture(scope="session")
def unafraid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario file: two towns in which nobody fears."""
    file = tmp_path_factory.mktemp("scenarios") / "unafraid.yaml"
    file.write_text("extends: two-towns\ntitle: Without fear\nfear: {weight: 0}\n")
    return file
