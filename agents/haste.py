"""How far work leaves no time for anything else (D4): by the hours of the trade, savings, debts and plans.

Who is in haste does gladly what needs doing and little else: a willingness `w` becomes `w` to the power of the haste.
It is worked out once for all who are alike (model/derived.py), so that rules only look it up.
"""

from __future__ import annotations

from .rule import rule


@rule("D4")
def haste_of(trade, settler, indebted, world):
    """1 for a target earner at the usual hours: more in trades of long hours and to pay off debts, less for those who
    settle."""
    haste = world.trades_hours[trade]
    if settler:
        haste = haste * world.claiming_haste_settler
    if indebted:
        haste = haste * (1.0 + world.claiming_haste_debt)
    return haste


@rule("D4")
def is_indebted(migrant, world):
    """1 while debts of the journey, or of a need that nobody met, are being paid off."""
    return int(world.month < migrant.owes_until)
