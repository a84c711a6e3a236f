"""Word of mouth: those who know of a service, or of an NGO, pass it on (D2)."""

from __future__ import annotations

import pytest
from small import Settings, small_places, small_run

from local_citizenship.agents.services import RIGHTS
from local_citizenship.model import LocalCitizenship

pytestmark = pytest.mark.mechanism("D2")

# Nobody is told of anything but by asking around in need, and by fellow migrants.
QUIET: Settings = {
    "awareness": {"outreach": 0.0, "arrival": 0.0, "ngo_outreach": 0.0, "handbook": 0.6, "search": 0.05},
    "ngos": {"telephone": 0.0, "hotline": 0.0},
}
ONLY_TOWN_HALLS: Settings = {"ngos": {"enabled": False}}
ONLY_NGOS: Settings = {"ngos": {"initial": 30}, "city": {"pace": 0.0}, "claiming": {"employer_insures": 0.0}}


def run(peers: float, *settings: Settings, level: float) -> LocalCitizenship:
    return small_run(
        QUIET, *settings, {"awareness": {"peers": peers}}, months=24, places=small_places(level=level)
    )


def who_know(model: LocalCitizenship) -> tuple[int, int]:
    """How many know a service of their city, and how many an NGO."""
    return int((model.migrants.get("knows") > RIGHTS).sum()), int(
        (model.migrants.get("knows_ngo") != 0).sum()
    )


def test_knowers_of_services_pass_them_on() -> None:
    """D2: the more fellow migrants tell, the more know of the town hall; there is no other way to hear of it but
    asking, and no NGO to hear of."""
    counts = [who_know(run(peers, ONLY_TOWN_HALLS, level=0.8)) for peers in (0.0, 0.02, 0.06)]
    city = [of_city for of_city, _ in counts]
    assert 0 < 1.1 * city[0] < city[1] < city[2]
    assert [of_ngos for _, of_ngos in counts] == [0, 0, 0]


def test_knowers_of_ngos_pass_them_on() -> None:
    """D2: the more fellow migrants tell, the more know of an NGO; city halls, which do nothing, have nothing to
    hear of."""
    counts = [who_know(run(peers, ONLY_NGOS, level=0.0)) for peers in (0.0, 0.02, 0.06)]
    ngos = [of_ngos for _, of_ngos in counts]
    assert 0 < 1.1 * ngos[0] < ngos[1] < ngos[2]
    assert [of_city for of_city, _ in counts] == [0, 0, 0]


def test_what_nobody_knows_cannot_be_passed_on() -> None:
    """D2: without anybody who has asked around, there is no word to spread, however much people talk."""
    silent: Settings = {"awareness": {"search": 0.0}}
    assert who_know(run(0.06, {"ngos": {"initial": 30}}, silent, level=0.8)) == (0, 0)
