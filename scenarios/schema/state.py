"""Parameters of the state: scale, labour demand, status, enforcement, fear."""

from __future__ import annotations

from .parameter import Section, number, probability, share

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Scale(Section):
    """How many people the run stands for."""

    persons_per_record: int = number(1, "Persons per record", unit="persons", low=1, high=10_000,
        start_only=True,
        meaning="people each migrant record stands for; arrivals, stocks and demand for places are divided "
        "by it, tables are multiplied by it")
    share: float = share(1.0, "Share of the country", start_only=True,
        meaning="share of the country's initial stock and arrivals that comes to the places of this run "
        "(1 for a whole country, little for two towns)")


class Labour(Section):
    """Demand for migrant labour (A10)."""

    demand: float = number(1.0, "Labour demand", "A10", unit="index, 1 = boom", high=2.0,
        meaning="state of the business cycle, which moves the jobs that trades offer")
    embeddedness: float = share(0.7, "Embedded demand", "A10",
        meaning="how far a trade comes to depend on migrants: of the jobs that they hold, the share that nobody else "
        "will do, and that outlasts any slump",
        source=f"assumption, after {TSUDA}: demand 'has become structurally embedded'")
    habit: float = number(5.0, "Years to depend", "A10", unit="years", low=0.5, high=50.0,
        meaning="time in which a trade comes to depend on those who work in it (63% of the way), and in which it "
        "does without them again once they have left")
    adjusts: float = number(6.0, "Months to adjust", "A10", unit="months", low=1.0, high=60.0,
        meaning="time in which employers follow the business cycle (63% of the way)")
    layoffs: float = number(2.0, "Migrants laid off first", "A10", unit="factor", high=10.0,
        meaning="how much more often migrants lose their jobs than jobs are lost in their trade")
    natives: float = number(0.2, "Natives in a slump", "A10", unit="jobs for each job lost", high=2.0,
        meaning="how many of the remaining jobs natives take who have lost others, in a slump, before migrants do",
        source="assumption")
    slack: float = number(0.3, "Free jobs to recruit", "A10", unit="share of a boom's jobs", low=0.01, high=1.0,
        meaning="share of a trade's jobs that must stay free, beside those that people here look for, for all to be "
        "taken who would come; with fewer, correspondingly fewer are recruited")
    rehiring: float = probability(0.12, "Finding work again", "A10", per="month", high=0.9,
        meaning="chance that someone without work finds some in the same place, where many more jobs of the trade are "
        "free than people look for; with as many seekers as free jobs, half of it")
    other_trades: float = share(0.3, "Trying other trades", "A2, A10",
        meaning="how far those who find no job in their trade, here or on coming by the back door, take one of another",
        source=f"assumption, after {TSUDA}: side doors 'have not sufficed to meet Japan's labor needs', and many 'have "
        "simply entered Japan illegally through the \"back door\"'")
    elsewhere: float = probability(0.1, "Leaving for work", "A10, D8", per="month", high=0.9,
        meaning="chance that someone without work moves to where there may be some")
    homewards: float = probability(0.06, "Return without work", "A10, D11", per="month", high=0.9,
        meaning="chance that a sojourner with a permit who is without work goes home")
    homewards_settler: float = number(0.4, "The same: settlers", "A10, D11", unit="factor", high=1.0,
        meaning="the same for a settler, relative to a sojourner")
    homewards_unauthorised: float = number(0.5, "The same: unauthorised", "A10, D11", unit="factor", high=1.0,
        meaning="the same for those without a permit, who could not come back")


class Status(Section):
    """Moves on the ladder of formal status (A1, A3)."""

    permanent_after: int = number(120, "Stay to permanence", "A3", unit="months", low=12, high=360,
        meaning="legal residence required for permanent residence",
        source=f"{TSUDA}: ten years of residence")
    permanent_married: int = number(120, "Permanence if married", "A3", unit="months", low=12, high=360,
        meaning="the same for those married to a national, if it is less",
        source=f"{TSUDA}: taken into consideration since the late 1990s")
    permanent_rate: float = probability(0.004, "Permanence granted", "A3", per="month", high=0.05,
        meaning="chance that a legal settler past the threshold obtains permanent residence")
    marriage: float = probability(0.0006, "Marriage to a national", "A3", per="month", high=0.01,
        meaning="chance that a settler marries a national, which brings a long permit")
    married_permit: int = number(36, "Permit if married", "A3", unit="months", low=1, high=360,
        meaning="permit of those married to a national, if the door's own is not longer")
    married_renewal: float = probability(0.95, "Renewal if married", "A3",
        meaning="chance that the expiring permit of those married to a national is renewed, if the door's own is not "
        "higher")
    family_after: int = number(12, "Stay before the family", "A8", unit="months", high=240,
        meaning="legal residence after which a family may follow")
    abuse_at_home: float = number(0.5, "Abuse at home", "A11, D1", unit="factor", high=3.0,
        meaning="how often who lives with a partner is abused at home, with work or without, relative to the usual "
        "rate of abuse")
    dependent: float = number(6.0, "Permit of a spouse", "A11, D1", unit="factor", low=1.0, high=10.0,
        meaning="how much more often at home, if the permit rests on marriage and would be lost with it")
    special_permission: float = probability(0.25, "Special permission", "A3",
        meaning="chance that an unauthorised settler who marries a national is given a permit")
    naturalise_after: int = number(60, "Stay to naturalise", "A3", unit="months", low=12, high=360,
        meaning="legal residence required for naturalisation")
    naturalise_apply: float = probability(0.0015, "Naturalisation sought", "A3", per="month", high=0.02,
        meaning="chance that a settler past the threshold takes up the paperwork of naturalisation")
    naturalise_granted: float = probability(0.5, "Naturalisation granted", "A3",
        meaning="chance that officials, at their discretion, grant an application",
        source=f"assumption, after {TSUDA}: 'considerable discretion'")
    amnesty: float = probability(0.0, "Amnesty", "A3, A5",
        meaning="regularisation: chance that an unauthorised migrant is given a permit to work, in each "
        "month it is above 0 (a timeline sets it for a month and back to 0)")
    amnesty_after: int = number(0, "Stay for an amnesty", "A3, A5", unit="months", high=240,
        meaning="stay in the country that an amnesty asks for")
    amnesty_permit: int = number(12, "Permit of an amnesty", "A3, A5", unit="months", low=1, high=360,
        meaning="permit given in an amnesty, and when it is renewed, if the door's own is not longer")
    regularised_renewal: float = probability(0.85, "Renewal after amnesty", "A3, A5",
        meaning="chance that the expiring permit of someone regularised is renewed, if the door's own is not "
        "higher")


class Enforcement(Section):
    """Apprehension and deportation (A4)."""

    apprehension: float = probability(0.0075, "Apprehension", "A4", per="month", high=0.06,
        meaning="chance that an overstayer or smuggled migrant is apprehended")
    tightened: float = number(1.0, "Tightened by law", "A4", unit="factor", high=10.0,
        meaning="what later laws have made of the chance of apprehension: for a timeline, so that whoever varies the "
        "chance varies it before and after",
        source="assumption")
    outside_activity: float = number(0.35, "Risk outside the visa", "A4", unit="factor", high=1.0,
        meaning="risk of those who work outside their visa's activity, relative to overstayers")
    raids: float = share(0.5, "Taken in raids", "A4",
        meaning="share of the apprehended who are taken in raids, and not one by one",
        source="assumption")
    sweep: float = number(0.15, "Taken at one time", "A4", unit="share", low=0.001, high=0.25,
        meaning="share of a place's unauthorised whom a raid takes at one time, where all work in full view; the more "
        "it takes, the fewer raids there are",
        source="assumption")
    complaints: float = number(2.0, "Raids after complaints", "A4, B9", unit="factor", high=20.0,
        meaning="how much more raids a place draws where neighbours are as tense as can be, and complain")
    tips: float = number(3.0, "Raids after reports", "A4", unit="factor", high=20.0,
        meaning="how much more raids a place draws where officials report all whom they see")
    halve_in: float = number(0.0, "Crackdown: dated", "A4", unit="years", high=20.0,
        meaning="a crackdown dated by the scenario: raise apprehension by what would halve the unauthorised in this "
        "time if nobody else came or went, until half are left or the time is over; 0 for none but what concern brings",
        source=f"{TSUDA}: the government 'has determined to halve the number of illegal immigrants'")
    borne: float = share(0.15, "Concern that is borne", "A4, A9",
        meaning="public concern with which a government lives; what is beyond presses it for a crackdown; 1 for a "
        "government that never gives way",
        source=f"assumption, after {TSUDA}: cracked down 'in response to the media-fueled public perception'")
    ebb: float = number(72.0, "Months of pressure", "A4, A9", unit="months", low=1.0, high=600.0,
        meaning="time in which what has pressed a government is forgotten (63% of the way)")
    patience: float = number(0.2, "Pressure for a crackdown", "A4, A9", unit="concern times years", low=0.01,
        high=20.0,
        meaning="pressure at which the government announces a crackdown",
        source=f"fitted, with Japan's concern, to P03 and its plan of 2004; {TSUDA}: 'increasing public concern over "
        "rising foreigner crime'")
    answers_in: float = number(5.0, "Crackdown: by concern", "A4, A9", unit="years", low=0.25, high=20.0,
        meaning="time in which a crackdown that concern has brought is to halve the unauthorised; it ends sooner when "
        "half are left, when the public has lost interest, or when it has cost too much",
        source=f"assumption, as Japan's; {TSUDA}: 'determined to halve the number of illegal immigrants'")
    given_up: float = share(0.5, "Crackdown given up", "A4, A9",
        meaning="part of the concern that is borne, below which the public has lost interest in a crackdown that "
        "concern has brought")
    at_least: int = number(6, "Crackdown kept up", "A4, A9", unit="months", high=60,
        meaning="months in which a crackdown that concern has brought is not given up for want of interest: its own "
        "news is still to come",
        source="assumption")
    purse: float = number(3.0, "Cost of a crackdown", "A4", unit="years of usual enforcement", low=0.05, high=100.0,
        meaning="cost at which a crackdown that concern has brought is called off: whom it has taken beyond the usual, "
        "over those whom a usual year takes",
        source="assumption")
    detention: int = number(2, "Months of detention", "A4", unit="months", low=1, high=12,
        meaning="time between apprehension and deportation, in which help may come")
    release: float = probability(0.06, "Release with NGO help", "A4, C1",
        meaning="chance that an apprehended migrant whom an NGO helps is let go")
    duty_to_report: float = probability(0.15, "Duty to report", "A4",
        meaning="chance that an unauthorised claimant is reported by a public office without a firewall",
        source=f"assumption, after {TSUDA}: officials 'are required to report'")


class Fear(Section):
    """Fear of apprehension (D3)."""

    weight: float = number(8.0, "Fear of apprehension", "D3", unit="per yearly risk", high=40.0,
        meaning="how alarming a yearly risk of apprehension of 1 is; an alarm of 1 makes half of all fear there can be")
    local: float = share(0.6, "Local share of fear", "D3",
        meaning="weight of raids in one's own municipality and those around it, against the country's",
        source="assumption: fear is of what happens where one lives more than of what is told of elsewhere")
    talk: float = share(0.25, "Talk among compatriots", "D3",
        meaning="weight of what happened to compatriots anywhere; what it and `local` leave of 1 is for the news")
    reach: float = share(0.2, "Raids in reach", "D3",
        meaning="how much one of the unauthorised in a town around counts, beside one in one's own place, in what is "
        "seen of raids",
        source="assumption")
    circle: float = number(100.0, "Compatriots who tell", "D3", unit="persons", high=1e6,
        meaning="compatriots in a place among whom half of the raids near by are heard of; 0: all are",
        source="assumption")
    fading: float = number(12.0, "Months to fade", "D3", unit="months", low=1.0, high=120.0,
        meaning="time in which a raid is forgotten (63% of the way); one alarms at once")
    government: float = number(1.0, "Fear of public offices", "D3", unit="factor", high=1.0,
        meaning="how far fear keeps people from the offices of city and state")
    ngos: float = number(0.2, "Fear of NGOs", "D3", unit="factor", high=1.0,
        meaning="how far fear keeps people from NGOs",
        source=f"assumption, after {TSUDA}: less so on NGOs")
    firewall: float = share(0.7, "Firewall against fear", "D3",
        meaning="part of fear that a city's firewall takes away where it is fully trusted, and of reporting")
    trust: float = number(24.0, "Months to trust", "D3", unit="months", low=1.0, high=240.0,
        meaning="time in which a city's firewall comes to be trusted (63% of the way)")
    trust_lost: float = number(3.0, "Months to distrust", "D3", unit="months", low=1.0, high=240.0,
        meaning="time in which trust goes once a city has no firewall any more (63% of the way)")
    breach: float = number(10.0, "Trust lost by a report", "D3", unit="factor", high=1_000.0,
        meaning="trust in the firewall lost in a month for the share of the unauthorised here whom an office reported")
