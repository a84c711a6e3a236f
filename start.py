#!/usr/bin/env python3
"""Set up and run with one command, on a machine that has only Python: `python3 start.py` tells all commands.

What it installs goes into the folder `.venv` beside this file, and nowhere else. This file stays readable by any
Python, Python 2 included, so that an old one can tell its user so; the work is done in `setting_up`.
"""

import os
import sys

OLDEST = (3, 11)

if sys.version_info < OLDEST:
    sys.stderr.write(
        "local-citizenship needs Python %d.%d or newer, and this is Python %d.%d: "
        "install a newer one (https://www.python.org/downloads/) and start again with it.\n"
        % (OLDEST + tuple(sys.version_info[:2]))
    )
    sys.exit(2)

ROOT = os.path.dirname(os.path.realpath(__file__))
if not os.path.isdir(os.path.join(ROOT, "setting_up")):
    sys.stderr.write("start.py does its work in the folder of the project, with `setting_up` beside it.\n")
    sys.exit(2)

sys.path.insert(0, ROOT)  # which `python -P` leaves out
try:
    from setting_up.commands import main
    from setting_up.links import lay_out_links
except (ImportError, SyntaxError, ValueError, OSError) as error:
    sys.stderr.write("A part of start.py cannot be read (%s): get a new copy of the project.\n" % error)
    sys.exit(2)
finally:
    sys.path.remove(ROOT)

__all__ = ["lay_out_links", "main"]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
