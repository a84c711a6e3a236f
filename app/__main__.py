"""`python -m local_citizenship.app` is the command line."""

from .cli import main

main()
