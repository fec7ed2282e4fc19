"""The review server, asked anything: it fails at nothing, shows nothing that is not for it to show, and keeps strangers out."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from begin import bytes_of, fuzz, text_of
from cleaner import Settings
from cleaner.batch.folder import OutFolder
from cleaner.batch.run import run
from cleaner.decisions.decision import about
from cleaner.files.find import find
from cleaner.ledger.ledger import Ledger
from cleaner.review.server import Review, application, image_of
from laws import ODD

TOP = Path(mkdtemp(prefix="cleaner-fuzz-"))
SECRET = b"nobody may see this"
HOST = b"127.0.0.1:8377"
ORIGIN = b"http://127.0.0.1:8377"
METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "get", "")
HOSTS = (HOST, HOST, b"localhost:8377", b"evil.example", b"127.0.0.1", b"", None)
ORIGINS = (ORIGIN, ORIGIN, b"http://localhost:8377", b"https://evil.example", b"null", b"", None)
RANGES = (None, b"bytes=0-1", b"bytes=2-1", b"bytes=-1,0-0", b"bytes=99-", b"bytes=" + b"9" * 5000 + b"-", b"x")


def _collection() -> Review:
    """A small collection under review, with an image, beside a file that is not for the page."""
    scans, images = TOP / "scans", TOP / "images"
    scans.mkdir()
    images.mkdir()
    (scans / "a.txt").write_text("随着文创公司的人驻,村里热闹起来。\n", encoding="utf-8")
    (images / "a.png").write_bytes(b"\x89PNG")
    (TOP / "secret.png").write_bytes(SECRET)
    (images / "link.png").symlink_to(TOP / "secret.png")
    out = OutFolder(TOP / "out")
    run(find([scans]).documents, out, Settings(), jobs=1)
    shutil.copytree(out.top, TOP / "before")
    return Review(out, "token", 8377, "林", images)


REVIEW = _collection()
APP = application(REVIEW)
LOOP = asyncio.new_event_loop()


def check(data: bytes) -> None:
    """Sends a request made of the input, and looks at what comes back."""
    method, host, origin, part = (data[at] if at < len(data) else 0 for at in range(4))
    path, _, body = data[4:].partition(b"\n\n")
    image_name = text_of(path)
    found = image_of(image_name, TOP / "images")
    assert found is None or found.resolve().is_relative_to(TOP / "images"), image_name
    sent = (METHODS[method % len(METHODS)], HOSTS[host % len(HOSTS)], ORIGINS[origin % len(ORIGINS)])
    status, answer = LOOP.run_until_complete(_answer(*sent, RANGES[part % len(RANGES)], path, body))
    assert 200 <= status < 500, status
    assert SECRET not in answer
    if sent[1] not in HOSTS[:3] or (sent[2] is not None and sent[2] not in ORIGINS[:3]):
        assert status == 403, f"a stranger was answered with {status}"
    if sent[0] not in ("GET", "HEAD"):
        assert sent[2] is not None or status == 403
        if status == 200:
            shutil.copy(TOP / "before" / "ledger.db", REVIEW.out.ledger)
    if status == 200:
        assert path.split(b"?")[0].startswith((b"/token/", b"/favicon.ico")) or b"%" in path, path


async def _answer(
    method: str, host: bytes | None, origin: bytes | None, part: bytes | None, path: bytes, body: bytes
) -> tuple[int, bytes]:
    """Status and body of the answer to a request."""
    raw, _, query = path.partition(b"?")
    headers = [(b"host", host), (b"origin", origin), (b"range", part)]
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "raw_path": raw,
        "path": raw.decode("utf-8", "replace"), "query_string": query, "root_path": "", "server": ("127.0.0.1", 8377),
        "client": ("127.0.0.1", 50000), "headers": [(name, value) for name, value in headers if value is not None],
    }  # fmt: skip
    messages: list[Any] = []

    async def receive() -> dict[str, Any]:
        if not waiting:
            await asyncio.Event().wait()  # the browser stays
        return waiting.pop()

    async def send(message: Any) -> None:
        messages.append(message)

    await APP(scope, receive, send)
    parts = [message.get("body", b"") for message in messages[1:]]
    return messages[0]["status"], b"".join(parts)


PARTS = (
    *ODD,
    "/token/", "/token/page.css", "/token/page.js", "/token/decisions", "/token/decisions?after=", "/token/apply", "/token/image/", "/favicon.ico",
    "/", "//", "..", "%2e%2e", "%00", "\0", "a", "a.txt", "a.png", "link", "secret.txt", "../secret", "?", "&", "=", "after", "0", "1", "-1",
    "9" * 25, "9" * 5000, "²", "٣", "\n\n", "[", "]", "{", "}", ",", ":", '"', '"\\ud800"', "null", "true", "[" * 2000, "1e999", "\udc80",
    '"verdict": "replace"', '"text": "\\ud800"', '"at": "0001-01-01T00:00:00+14:00"', '"everywhere": true', '"verdict": "always"',
    '"start": ', '"document": ', '"who": "x"', '"beside": ["公", "驻"]', "a.txt\0",
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    """Requests as the page makes them, and as it does not."""
    with Ledger.open(REVIEW.out.ledger) as ledger:
        text = ledger.text("a.txt")
        made = [
            about(edit, text, verdict, text="好")
            for edit in ledger.edits("a.txt")
            for verdict in ("accept", "replace", "never")
        ]
    decisions = bytes_of(json.dumps([json.loads(decision.as_line()) for decision in made], ensure_ascii=False))
    for path in PARTS[len(ODD) : len(ODD) + 8]:
        yield b"\x00\x00\x00\x00" + path.encode()
        yield b"\x01\x00\x00\x00" + path.encode() + b"\n\n" + decisions
        yield b"\x00\x03\x03\x00" + path.encode()
    yield b"\x00\x00\x00\x00/token/image/1"
    for name in ("a.txt", "link.txt", "../secret.txt", "a/../../secret.txt"):
        yield b"\x00\x00\x00\x00" + name.encode()


if __name__ == "__main__":
    fuzz(check, seeds(), PARTS, longest=6000)
