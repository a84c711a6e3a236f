"""The answer to `/api/run`: frames of progress, and at last the world; packed for those who are not on this
machine."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import zlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from .pool import Reply
from .runs import refusal

if TYPE_CHECKING:
    from starlette.requests import Request

KIND = {"progress": b"P", "world": b"W", "error": b"E"}
_QUICKLY = (
    1  # how hard to pack: a world of Japan shrinks to a third in the time it takes to send a tenth of it
)
_GZIP = 16 + zlib.MAX_WBITS


def streamed(request: Request, first: Reply, rest: AsyncGenerator[Reply, None]) -> StreamingResponse:
    """The replies of a run, the `first` of which has come, as frames. When the client goes away, the run is
    stopped."""
    frames, headers = _frames(first, rest), {}
    if _is_elsewhere(request) and "gzip" in request.headers.get("accept-encoding", ""):
        frames, headers = _packed(frames), {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return StreamingResponse(frames, headers=headers, media_type="application/octet-stream")


def _is_elsewhere(request: Request) -> bool:
    try:
        return request.client is not None and not ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return True


async def _packed(frames: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The frames as gzip, each of which can be read when it comes."""
    packer = zlib.compressobj(_QUICKLY, zlib.DEFLATED, _GZIP)
    async with contextlib.aclosing(frames):  # type: ignore[type-var]
        async for frame_ in frames:
            packed = await asyncio.to_thread(packer.compress, frame_)
            yield packed + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


async def _frames(first: Reply, frames: AsyncGenerator[Reply, None]) -> AsyncIterator[bytes]:
    """The frames of a run as bytes. Left before the end (the client has gone), it stops the run."""
    async with contextlib.aclosing(frames):
        yield frame(first)
        if first[0] == "world":
            return
        async for reply in frames:
            yield frame(reply)


def frame(reply: Reply) -> bytes:
    """A reply as a frame of the stream: a byte for its kind, its length, its content."""
    if reply[0] == "progress":
        content = json.dumps(dict(zip(("done", "total", "date"), reply[1:], strict=True))).encode()
    elif reply[0] == "world":
        content = reply[1]
    else:
        refused = refusal(reply)
        content = json.dumps({"error": refused.message, "hint": refused.hint}).encode()
    kind = KIND.get(reply[0], KIND["error"])
    return kind + len(content).to_bytes(4, "little") + content
