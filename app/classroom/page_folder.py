"""Where the files of the page lie."""

from pathlib import Path

PAGE = Path(__file__).parent / "page"
