"""Answers of Slack that are none, or come too late, as bytes."""

import gzip
import json

from tests.faults.servers import End, Said, answer, chunked

OK = {"ok": True, "channel": "C1", "ts": "17.1", "message": {"ts": "17.1", "text": "Hello"}}
NO = {"ok": False, "error": "channel_not_found"}
HTML = "<html><h1>Bad gateway</h1></html>"
WHOLE = json.dumps(OK).encode()
DEEP = b'{"ok": true, "ts": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
PACKED = gzip.compress(WHOLE, mtime=0)
GZIP = ["Content-Encoding: gzip"]

BROKEN = {
    "reset before it was heard": Said(end=End.RESET, hears=False),
    "reset when it was heard": Said(end=End.RESET),
    "reset in the head": Said(b"HTTP/1.1 200 OK\r\nContent-Ty", End.RESET),
    "reset in the body": Said(answer(OK)[:-9], End.RESET),
    "end before it was heard": Said(hears=False),
    "html with 200": Said(answer(HTML, kind="text/html")),
    "html with 502": Said(answer(HTML, "502 Bad Gateway", "text/html")),
    "html with 504": Said(answer(HTML, "504 Gateway Timeout", "text/html")),
    "503 and when to come again": Said(answer("", "503 Service Unavailable", headers=["Retry-After: 9"])),
    "500 that says yes": Said(answer(OK, "500 Internal Server Error")),
    "502 that says no": Said(answer(NO, "502 Bad Gateway")),
    "400 that says yes": Said(answer(OK, "400 Bad Request")),
    "yes as plain text": Said(answer(OK, kind="text/plain")),
    "yes as a packed file": Said(answer(OK, kind="application/gzip")),
    "no as html": Said(answer(NO, kind="text/html")),
    "another charset": Said(answer(OK, kind="application/json; charset=utf-16")),
    "a charset that is none of texts": Said(answer(OK, kind="application/json; charset=zlib")),
    "plain, said to be packed": Said(answer(OK, headers=GZIP)),
    "packed and cut": Said(answer(PACKED[:-12], headers=GZIP)),
    "packed and damaged": Said(answer(PACKED[:20] + b"\x00" + PACKED[21:], headers=GZIP)),
    "packed in a way that nobody knows": Said(answer(WHOLE[::-1], headers=["Content-Encoding: zip"])),
    "longer than it is": Said(answer(OK, length=4000)),
    "shorter than it is": Said(answer(OK, length=len(WHOLE) - 1)),
    "of no length": Said(answer(OK).replace(b"Content-Length: ", b"Content-Length: x")),
    "of two lengths": Said(answer(OK, headers=["Content-Length: 3"])),
    "chunks without an end": Said(chunked(WHOLE[:-1], ends=False)),
    "a chunk of no size": Said(chunked(WHOLE).replace(b"\r\n\r\n", b"\r\n\r\nxyz", 1)),
    "a list": Said(answer([OK])),
    "a text": Said(answer('"ok"')),
    "null": Said(answer("null")),
    "true": Said(answer("true")),
    "deep": Said(answer(DEEP)),
    "two answers": Said(answer(WHOLE * 2)),
    "no ok": Said(answer({"ts": "17.1"})),
    "no error": Said(answer({"ok": False})),
    "an error that is no word": Said(answer({"ok": False, "error": ["channel_not_found"]})),
    "no HTTP": Said(b"220 mail.example.com ESMTP\r\n\r\n"),
    "an endless head": Said(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 100_000, End.RESET),
}
LATE = {
    "silence": Said(end=End.SILENCE),
    "silence in the body": Said(answer(OK)[:-9], End.SILENCE),
    "a head that drips": Said(b"HTTP/1.1 200 OK\r\nX-Slow:", End.DRIP),
    "a body that drips": Said(answer(OK, length=10**6), End.DRIP),
}
