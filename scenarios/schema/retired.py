"""Parameters of earlier releases that are gone, and what to look at instead: said where a file still has them."""

from __future__ import annotations

RETIRED = {
    "claiming.employer_insures": "trades.*.insures",
    "claiming.insure_sojourner": "claiming.premium",
    "claiming.join_family": "claiming.join_for_child",
    "claiming.join_sojourner": "claiming.join_at_work",
    "enforcement.raid_size": "enforcement.sweep",
    "fear.spreading": "fear.fading",
    "labour.search": "labour.rehiring",
    "moving.brokers": "trades.*.brokers",
    "settling.extend": "settling.homeward",
    "voice.courts": "voice.cases",
}
