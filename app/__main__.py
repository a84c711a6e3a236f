"""`python -m local_citizenship.app`, and the command `local-citizenship`: the command line."""

import contextlib
import os
import sys
from typing import NoReturn

from ..outcomes.interruption import STOPPED, cannot_be_stopped, stop_as_by_ctrl_c


def open_what_is_closed() -> None:
    """Whoever starts this with a closed stream (`>&-`) asks for silence; a file must not be opened in its place."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            with contextlib.suppress(OSError):
                handle = os.open(os.devnull, os.O_RDWR)
                if handle != number:
                    os.dup2(handle, number)
                    os.close(handle)
                os.set_inheritable(number, True)
                setattr(sys, name, os.fdopen(number, "w" if number else "r", closefd=False))


def main() -> NoReturn:
    """The command line, which may be stopped before it is loaded, and once more while it says so."""
    stop_as_by_ctrl_c()
    open_what_is_closed()
    try:
        from .cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        cannot_be_stopped()
        raise SystemExit(STOPPED) from None


if __name__ == "__main__":
    main()
