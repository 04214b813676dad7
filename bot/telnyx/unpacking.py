"""The body of an answer, unpacked only as far as our memory allows.

httpx unpacks each piece to its end, whatever that is: a few packed kilobytes may hold gigabytes.
"""

import zlib

import httpx

from bot.telnyx.errors import TOO_LARGE, TelnyxUnavailableError

LARGEST_BODY = 16 * 1024 * 1024
"""Of an answer, unpacked; a page of 250 events has some 500 kB."""
PLAIN = frozenset({"", "identity"})
PACKED = frozenset({"gzip", "x-gzip"})
GZIP = 16 + zlib.MAX_WBITS


async def body_of(response: httpx.Response) -> bytes:
    """The whole body. Raises TelnyxUnavailableError where it is too large, or packed otherwise than asked."""
    packing = response.headers.get("content-encoding", "").strip().lower()
    if packing in PLAIN:
        return await _plain(response)
    if packing in PACKED:
        return await _unpacked(response)
    raise _not_readable()


async def _plain(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        _check(body)
    return bytes(body)


async def _unpacked(response: httpx.Response) -> bytes:
    body, unpacker = bytearray(), zlib.decompressobj(GZIP)
    try:
        async for piece in response.aiter_raw():
            body += unpacker.decompress(piece, LARGEST_BODY + 1 - len(body))
            _check(body)
    except zlib.error as error:
        raise _not_readable() from error
    if not unpacker.eof:
        raise _not_readable()
    return bytes(body)


def _check(body: bytearray) -> None:
    if len(body) > LARGEST_BODY:
        raise TelnyxUnavailableError("Telnyx's answer is too large to be read.", kind=TOO_LARGE)


def _not_readable() -> TelnyxUnavailableError:
    return TelnyxUnavailableError("Telnyx's answer can't be unpacked.", kind="not_json")
