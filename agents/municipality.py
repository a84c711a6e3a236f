"""The municipality: its record. Its rules are in `cities`."""

from __future__ import annotations

import numpy as np

NEIGHBOURS = 6
NEAREST = 4  # NGOs of each kind that people of a place have in view
ZONES = 9  # groups of places for which the chances of their people are bounded apart (model/thinning.py)
LEVELS = 32  # by which people of a place differ in how far they get


def municipality_dtype(
    services: int, needs: int, doors: int, kinds: int, trades: int, kind_bits: type, row: type
) -> np.dtype:
    """The record of a municipality, for so many services, needs, doors, kinds of NGO (as bits: `kind_bits`) and
    trades; `row` holds the row of another."""
    return np.dtype(
        [
            ("row", np.int64),
            ("identity", np.uint64),  # from its code, so that its luck depends on no other place
            ("region", np.int64),
            ("region_identity", np.uint64),  # from the name of the region, or of the wider one it belongs to
            (
                "area",
                np.int64,
            ),  # between which moves are counted: the region, or the place where there are few
            ("zone", np.int64),  # thinning: the group of places it is in this month
            ("population", np.float64),
            (
                "foreign_residents",
                np.float64,
            ),  # on the register: where migrants live, not how many (see places)
            ("fiscal_strength", np.float64),
            ("history", np.float64),
            ("internationalisation", np.float64),
            ("own_internationalisation", np.float64),  # A12: that of earlier years, to which it returns
            ("industry", np.float64),
            ("urban", np.float64),
            (
                "trades",
                np.float64,
                (trades,),
            ),  # D13: how far each has jobs here, beside what like places have
            ("insures", np.float64, (trades,)),  # D13: chance that an employer of the trade insures
            ("ruthless", np.float64, (trades,)),  # D13: trouble with employers, 1 as usual
            ("jobs", np.float64, (doors,)),  # D9: for each category (records)
            ("posts", np.float64, (trades,)),  # A10: jobs of each trade, in a boom (records)
            ("vacant", np.float64, (trades,)),  # A10: of these, free now (records)
            ("finding", np.float64, (trades,)),  # A10: chance a month to find work in the own trade
            ("finding_else", np.float64, (trades,)),  # A10: the same in another one, for want of it
            ("neighbours", row, NEIGHBOURS),
            ("similar", row, NEIGHBOURS),
            # B1, B2: what it offers, and to whom
            ("level", np.float64, (services,)),
            ("level_before", np.float64, (services,)),
            ("open", np.uint8, (services,)),
            ("open_before", np.uint8, (services,)),  # before this year's decision, as the others see it
            ("fits", np.float64, (services,)),  # B8: of each service to needs, for those who have no seat
            ("fit", np.float64),  # B8: the mean of these
            (
                "voice",
                np.float64,
            ),  # B8: how far the council makes good what fit lacks, for those who have one
            ("seats", np.uint8, (doors,)),  # B8: whether a group of compatriots sits in the council
            ("firewall", np.uint8),
            ("firewall_before", np.uint8),
            ("service_level", np.float64),
            ("service_quintile", np.int64),  # by service level: 4 is the best fifth of migrants
            # B3, B4, B10
            ("motivation", np.float64),
            ("will", np.float64),  # B10: of those who govern now, about -2 to 2
            ("own_will", np.float64),  # B10: the place's own, to which elections return
            ("budget", np.float64),  # million yen a year
            ("revenue", np.float64),  # B11: of the budget, what comes from migrants' taxes
            ("duties", np.float64),  # B4: what services that the law demands cost, million yen a year
            (
                "earmarked",
                np.float64,
            ),  # A12: money of the nation's project, and raised by it, million yen a year
            ("project", np.float64),  # A12: of this, spent on exchange, or turned to migrants
            ("spent", np.float64),
            ("grant", np.float64),  # B4: central money, million yen a year
            ("to_ngos", np.float64),  # B7: what it gives to the NGOs here, million yen a year
            ("autonomy", np.float64),  # B6: the region's baseline now, -1 to 1
            ("own_autonomy", np.float64),  # B6: that of its history
            ("uptake", np.float64),  # A5: how far its region carries out national policy, 0 to 1
            ("wider_region", np.int64),  # A5: number of the region, or of the wider one it belongs to
            ("leverage", np.float64),  # B4: political leverage, 0 to 1
            ("registered", np.int64),  # B11: of the migrants, those on the register (records)
            ("settled", np.int64),  # B11: of these, those who have settled or have children here
            ("share", np.float64),  # migrants among residents
            ("share_past", np.float64, (12,)),  # at the end of each of the last twelve months, by month % 12
            # who lives here, as of the end of last month (records)
            ("migrants", np.int64),
            ("unauthorised", np.int64),
            ("by_door", np.int32, (doors,)),
            (
                "at_work",
                np.int32,
                (trades,),
            ),  # A10: in each trade, citizens and spouses of nationals left out
            ("looking", np.int32, (trades,)),  # A10: likewise, without work
            ("by_group", np.int32, (doors,)),  # compatriots; there are at most as many groups as doors
            ("knowers", np.float64, (doors,)),  # D2: share of each group who know a service of the city
            ("ngo_knowers", np.float64, (doors,)),
            ("tension", np.float64),  # B9: between neighbours, 0 to 1
            ("neglected", np.float64),  # B9: needs unmet a year for each thousand residents, of late
            ("prejudice", np.float64),  # B12: of landlords, businesses and employers, 1 as usual
            ("own_prejudice", np.float64),  # B12: that of the place, to which it returns
            ("participation", np.float64),  # share of migrants in sustained programmes
            ("mobilised", np.float64),  # D12: share of migrants
            ("members", np.int32, (kinds,)),  # C10: paying members by kind of NGO (records)
            ("raid", np.float64),  # A4: chance of the unauthorised to be taken in a raid here this month
            ("risk", np.float64),  # D3: yearly risk of apprehension as remembered here
            ("trust", np.float64),  # D3: in the firewall, 0 to 1
            ("turnover", np.float64),  # C9: share of those living here who go away in a year
            ("unmet", np.int64, (needs,)),  # over the present fiscal year (records)
            ("left_out", np.int64, (needs,)),  # C5: of these, such as no office answers
            ("off_register", np.int64, (needs,)),  # B8: of these, those of people not on the register
            (
                "ngo_cases",
                np.int64,
            ),  # C11: of its people, that NGOs took on over the present fiscal year (records)
            # NGOs: offices here, and those within reach
            ("ngo_count", np.int64),
            ("ngo_kinds", kind_bits),
            ("ngo_staff", np.float64),
            (
                "within",
                kind_bits,
                (LEVELS,),
            ),  # C11: kinds within reach of people from the keenest to the least so
            ("monitored", np.float64),  # C8: how far unions watch employers, 0 to 1
            # Seldom looked at, and hence last
            ("near", np.int32, (kinds, NEAREST)),  # C11: rows of the nearest NGOs of each kind; -1 for none
            ("near_weight", np.float64, (kinds, NEAREST)),  # C11: how far the distance lets them help
            ("near_total", np.float64),  # C11: of all of these
            ("spot", np.float64, (3,)),  # C11: where it lies on the globe, from the centre (km)
            ("seat", np.int64),  # C11: row of the largest place of its region
        ]
    )
