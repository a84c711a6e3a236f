"""What moves a municipality: reasons, will, agenda, adoption, money, hostility, voice, access; one file each.

All are imported together, since each declares the mechanisms it stands for.
"""

from __future__ import annotations

from . import access, adoption, agenda, hostility, money, reasons, voice, will

__all__ = ["access", "adoption", "agenda", "hostility", "money", "reasons", "voice", "will"]
