"""What a hand-out holds: its parts, read out of the one file."""

from __future__ import annotations

import base64
import gzip
import json
import re
from typing import Any


def script_in(html: str, about: str) -> dict[str, Any]:
    """The JSON in the script element of this type."""
    found = re.search(rf'<script type="{about}">(.*?)</script>', html, re.DOTALL)
    assert found
    content: dict[str, Any] = json.loads(found[1])
    return content


def content_of(html: str) -> dict[str, Any]:
    """Worlds, lives and words of the hand-out."""
    return script_in(html, 'application/json" id="handout')


def unpacked(data: str) -> bytes:
    """A block as it was before it was made small."""
    return gzip.decompress(base64.b64decode(data))
