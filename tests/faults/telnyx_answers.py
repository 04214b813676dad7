"""Answers of Telnyx that are none, as bytes, and what each is for the bot."""

import gzip
import json

from tests.faults.servers import End, Said, answer, chunked

EVENT = {"id": "e1", "event_type": "porting_order.new_comment", "created_at": "2026-03-02T09:00:00Z"}
META = {"total_pages": 1, "total_results": 1, "page_number": 1, "page_size": 250}
PAGE = {"data": [EVENT], "meta": META}
WHOLE = json.dumps(PAGE).encode()
PACKED = gzip.compress(WHOLE, mtime=0)
GZIP = ["Content-Encoding: gzip"]
HTML = "<html><h1>Welcome to the guest network</h1></html>"
QUOTES = b'{"data": [{"id": "e1", "payload": {"comment": "' + b'\\"' * 2**17

BROKEN = {
    "reset before it was heard": (Said(end=End.RESET, hears=False), "lost"),
    "reset when it was heard": (Said(end=End.RESET), "lost"),
    "reset in the head": (Said(b"HTTP/1.1 200 OK\r\nContent-Ty", End.RESET), "lost"),
    "reset in the body": (Said(answer(PAGE)[:-9], End.RESET), "lost"),
    "end before it was heard": (Said(hears=False), "lost"),
    "no HTTP": (Said(b"220 mail.example.com ESMTP\r\n\r\n"), "lost"),
    "an endless head": (Said(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000, End.RESET), "lost"),
    "longer than it is": (Said(answer(PAGE, length=4000)), "lost"),
    "of no length": (Said(answer(PAGE).replace(b"Content-Length: ", b"Content-Length: x")), "lost"),
    "of two lengths": (Said(answer(PAGE, headers=["Content-Length: 3"])), "lost"),
    "chunks without an end": (Said(chunked(WHOLE, ends=False)), "lost"),
    "a chunk of no size": (Said(chunked(WHOLE).replace(b"\r\n\r\n", b"\r\n\r\nxyz", 1)), "lost"),
    "shorter than it is": (Said(answer(PAGE, length=len(WHOLE) - 1)), "not_json"),
    "html": (Said(answer(HTML, kind="text/html")), "not_json"),
    "nothing": (Said(answer("")), "not_json"),
    "two answers": (Said(answer(WHOLE * 2)), "not_json"),
    "plain, said to be packed": (Said(answer(PAGE, headers=GZIP)), "not_json"),
    "packed and cut": (Said(answer(PACKED[:-12], headers=GZIP)), "not_json"),
    "packed and damaged": (Said(answer(PACKED[:20] + b"\x00" + PACKED[21:], headers=GZIP)), "not_json"),
    "packed twice": (Said(answer(PACKED, headers=["Content-Encoding: gzip, gzip"])), "not_json"),
    "a text of quotes that is cut": (Said(answer(QUOTES)), "not_json"),
    "a list": (Said(answer([EVENT])), "wrong_shape"),
    "null": (Said(answer("null")), "wrong_shape"),
    "a page that is none": (Said(answer({"data": "none"})), "wrong_shape"),
    "500": (Said(answer(HTML, "500 Internal Server Error", "text/html")), "http_5xx"),
    "502": (Said(answer(HTML, "502 Bad Gateway", "text/html")), "http_5xx"),
    "503 with a page": (Said(answer(PAGE, "503 Service Unavailable")), "http_5xx"),
    "504": (Said(answer("", "504 Gateway Timeout")), "http_5xx"),
    "401": (Said(answer("", "401 Unauthorized")), "TelnyxRefusedError"),
    "403 in html": (Said(answer(HTML, "403 Forbidden", "text/html")), "TelnyxRefusedError"),
}
"""What comes, and what the event list makes of it."""
OF_NO_MATTER = ("not_json", "wrong_shape")
LATE = {
    "silence": Said(end=End.SILENCE),
    "silence in the body": Said(answer(PAGE)[:-9], End.SILENCE),
    "a head that drips": Said(b"HTTP/1.1 200 OK\r\nX-Slow:", End.DRIP),
    "a body that drips": Said(answer(PAGE, length=10**6), End.DRIP),
}
