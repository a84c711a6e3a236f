"""`python -m local_citizenship.app`, and the command `local-citizenship`: the command line."""

from typing import NoReturn

from ..outcomes.interruption import STOPPED, stop_as_by_ctrl_c


def main() -> NoReturn:
    """The command line, which may be stopped before it is loaded, too."""
    stop_as_by_ctrl_c()
    try:
        from .cli import main as command_line
    except KeyboardInterrupt:
        raise SystemExit(STOPPED) from None
    command_line()


if __name__ == "__main__":
    main()
