"""Measures that a test declares, as a user does; and none of them is left to the next."""

from __future__ import annotations

import sys

from local_citizenship.outcomes import declaration


def forget_own_measures() -> None:
    """Forget all measures that users declared."""
    declaration._forget(lambda each: each.is_users)
    for name in declaration._CODE:
        sys.modules.pop(name, None)
    declaration._CODE.clear()
    declaration._RECEIVED.clear()
