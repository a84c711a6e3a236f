"""How far work leaves no time for anything else (D4): by the hours of the trade, savings, debts and plans."""

from __future__ import annotations

from .employers import trade_of
from .rule import rule


@rule("D4")
def haste_of(migrant, world):
    """1 for a target earner at the usual hours: more in trades of long hours and to pay off debts, less for those who
    settle."""
    haste = world.trades_hours[trade_of(migrant, world)]
    if migrant.settler:
        haste = haste * world.claiming_haste_settler
    if world.month < migrant.owes_until:
        haste = haste * (1.0 + world.claiming_haste_debt)
    return haste
