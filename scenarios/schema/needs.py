"""Parameters of the needs: how often they strike, who has a right to help, what follows if nobody helps."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from ..catalogue import NEEDS, RIGHT_HOLDERS
from .parameter import KeyedSection, Section, parameter

TSUDA = "Tsuda 2008"


class Need(Section):
    """One kind of need (D1): how often it strikes, who has a right to help, what follows if nobody helps."""

    rate: float = parameter(
        0.05,
        unit="episodes a person-year",
        low=0.0,
        high=0.6,
        meaning="how often it strikes, before the risks of door and status",
        mechanism="D1",
    )
    unauthorised: float = parameter(
        1.0,
        unit="factor",
        low=0.0,
        high=4.0,
        meaning="multiplies the rate for the unauthorised",
        mechanism="D1",
    )
    patience: int = parameter(
        4,
        unit="months",
        low=1,
        high=24,
        meaning="time after which a need nobody met is given up",
        mechanism="D1",
    )
    necessity: float = parameter(
        0.3,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="willingness of a sojourner to ask anybody for help with it; settlers are always willing",
        source=f"assumption, after {TSUDA}: uninterested 'except for basic necessities'",
        mechanism="D4",
    )
    right: str = parameter(
        "legal",
        unit="lowest rung",
        choices=RIGHT_HOLDERS,
        meaning="lowest rung of formal status with a right on paper, everywhere in the country alike",
        mechanism="A1",
    )
    state_delivery: float = parameter(
        0.3,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that the state's own office meets the need of someone who has the right and asks",
        mechanism="A1",
    )
    programme: float = parameter(
        0.0,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="how far the nation's uniform programme covers this need",
        source=f"{TSUDA}: shelters for abused women, consultation at the Human Rights Bureau",
        mechanism="A6",
    )
    recurrence: float = parameter(
        0.2,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that a need nobody met comes back at once",
        mechanism="D10",
    )
    debt: int = parameter(
        2,
        unit="months",
        low=0,
        high=48,
        meaning="months an unmet need adds to the time it takes to reach the savings target",
        mechanism="D10",
    )
    job_loss: float = parameter(
        0.05,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that an unmet need costs the job and forces a move",
        mechanism="D10",
    )
    departure: float = parameter(
        0.03,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that an unmet need ends the stay",
        mechanism="D10, D11",
    )
    harm: float = parameter(
        0.2,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that an unmet need leaves lasting harm to health (each raises illness by half)",
        mechanism="D10",
    )


class Needs(KeyedSection):
    """The kinds of need."""

    names: ClassVar[tuple[str, ...]] = NEEDS
    entry: ClassVar[type[Section]] = Need
    accident: Need = Field(
        default_factory=lambda: Need(
            rate=0.04, unauthorised=1.5, patience=3, necessity=0.8, right="anyone", state_delivery=0.45,
            recurrence=0.1, debt=4, job_loss=0.25, departure=0.08, harm=0.5,
        )
    )  # fmt: skip
    illness: Need = Field(
        default_factory=lambda: Need(
            rate=0.25, unauthorised=1.1, patience=2, necessity=0.8, right="legal", state_delivery=0.2,
            recurrence=0.25, debt=2, job_loss=0.06, departure=0.03, harm=0.25,
        )
    )  # fmt: skip
    dispute: Need = Field(
        default_factory=lambda: Need(
            rate=0.06, unauthorised=1.3, patience=4, necessity=0.35, right="anyone", state_delivery=0.25, programme=1.0,
            recurrence=0.2, debt=1, job_loss=0.3, departure=0.02, harm=0.02,
        )
    )  # fmt: skip
    wages: Need = Field(
        default_factory=lambda: Need(
            rate=0.05, unauthorised=1.8, patience=4, necessity=0.6, right="anyone", state_delivery=0.25, programme=1.0,
            recurrence=0.2, debt=3, job_loss=0.3, departure=0.02, harm=0.02,
        )
    )  # fmt: skip
    abuse: Need = Field(
        default_factory=lambda: Need(
            rate=0.01, unauthorised=1.5, patience=6, necessity=0.6, right="anyone", state_delivery=0.1, programme=1.0,
            recurrence=0.5, debt=1, job_loss=0.1, departure=0.05, harm=0.5,
        )
    )  # fmt: skip
    housing: Need = Field(
        default_factory=lambda: Need(
            rate=0.06, unauthorised=1.2, patience=3, necessity=0.4, right="denizen", state_delivery=0.1, programme=1.0,
            recurrence=0.15, debt=1, job_loss=0.05, departure=0.02, harm=0.05,
        )
    )  # fmt: skip
    arrest: Need = Field(
        default_factory=lambda: Need(
            rate=0.004, unauthorised=1.0, patience=2, necessity=0.9, right="citizen", state_delivery=0.3,
            recurrence=0.0, debt=2, job_loss=0.3, departure=0.05, harm=0.1,
        )
    )  # fmt: skip
    birth: Need = Field(
        default_factory=lambda: Need(
            rate=0.06, unauthorised=1.0, patience=2, necessity=0.8, right="legal", state_delivery=0.2,
            recurrence=0.0, debt=3, job_loss=0.1, departure=0.05, harm=0.15,
        )
    )  # fmt: skip
    schooling: Need = Field(
        default_factory=lambda: Need(
            rate=0.12, unauthorised=1.0, patience=6, necessity=0.5, right="legal", state_delivery=0.2,
            recurrence=0.4, debt=0, job_loss=0.0, departure=0.02, harm=0.0,
        )
    )  # fmt: skip
    papers: Need = Field(
        default_factory=lambda: Need(
            rate=0.12, unauthorised=0.7, patience=3, necessity=0.5, right="legal", state_delivery=0.35,
            recurrence=0.2, debt=0, job_loss=0.03, departure=0.02, harm=0.0,
        )
    )  # fmt: skip
