"""The review: the report's page, served to this machine alone, with every decision written to the ledger at once.

The page can be asked for only with the token that stands in its address; `cleaner.review.access` says by whom. The ledger is
opened for each request and closed again, so that `cleaner apply` and `cleaner decisions` can work beside it, and a server that
is killed leaves nothing undone.
"""

from __future__ import annotations

import json
import mimetypes
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from cleaner.batch.apply import apply
from cleaner.batch.folder import OutFolder
from cleaner.decisions.decision import Decision, DecisionError, now, parsed
from cleaner.errors import SettingsError
from cleaner.knowledge.lexicon import LexiconError
from cleaner.ledger.ledger import Ledger, LedgerError
from cleaner.report import html
from cleaner.review.access import Doorkeeper

IMAGES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")
"""Suffixes of scans that browsers show; of several with one name the first."""

MOST_BYTES = 16 * 1024 * 1024
"""Bytes of decisions in one request."""


@dataclass(frozen=True)
class Review:
    """A folder under review: by whom, at which address (`token` keeps others out), with which images of scans."""

    out: OutFolder
    token: str
    port: int
    who: str
    image_root: Path | None = None
    images: list[Path] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The address of the page, without the host."""
        return f"/{self.token}/"

    @property
    def hosts(self) -> frozenset[str]:
        """The names under which the page may be asked for: a page elsewhere whose name leads here has another."""
        return frozenset(f"{name}:{self.port}" for name in ("127.0.0.1", "localhost"))


def application(review: Review) -> Starlette:
    """The review as an ASGI application. Raises LedgerError where the folder holds no ledger."""
    Ledger.open(review.out.ledger).close()
    answers = _Answers(review)
    routes = [
        Route("/", answers.page),
        Route("/page.css", answers.style),
        Route("/page.js", answers.script),
        Route("/decisions", answers.decisions),
        Route("/decisions", answers.keep, methods=["POST"]),
        Route("/apply", answers.apply, methods=["POST"]),
        Route("/image/{number}", answers.image),
    ]
    top = [
        Mount(review.address.rstrip("/"), routes=routes),
        Route("/favicon.ico", _nothing),
    ]  # browsers ask by themselves
    app = Starlette(routes=top, exception_handlers={LedgerError: _refused})
    app.add_middleware(Doorkeeper, hosts=review.hosts)
    return app


class _Answers:
    """What the review answers. Work on the ledger is done in threads, so that one long answer holds up no other."""

    def __init__(self, review: Review) -> None:
        self._review = review

    async def page(self, request: Request) -> Response:
        """The report, with what was decided up to now."""
        return Response(await run_in_threadpool(_page, self._review), media_type="text/html")

    async def style(self, request: Request) -> Response:
        """Its style sheet."""
        return Response(html.style(), media_type="text/css")

    async def script(self, request: Request) -> Response:
        """Its script."""
        return Response(html.script(), media_type="text/javascript")

    async def decisions(self, request: Request) -> Response:
        """The decisions of the ledger, those behind the first `after`."""
        after = request.query_params.get("after", "0")
        number, taken = await run_in_threadpool(_decisions, self._review, _number(after))
        return JSONResponse({"number": number, "decisions": taken})

    async def keep(self, request: Request) -> Response:
        """Keeps decisions, all or none; once it answers, they are on disk."""
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                return JSONResponse({"error": "too many decisions at once"}, 413)
        try:
            taken = _taken(json.loads(body), self._review.who)
        except (DecisionError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 422)
        except RecursionError:
            return JSONResponse({"error": "nested too deeply to be decisions"}, 422)
        await run_in_threadpool(_keep, self._review, taken)
        return JSONResponse({"kept": len(taken)})

    async def apply(self, request: Request) -> Response:
        """Writes the clean files again, and says what became of the decisions."""
        try:
            summary = await run_in_threadpool(apply, self._review.out, jobs=1)
        except (LexiconError, SettingsError, OSError) as error:
            return JSONResponse({"error": str(error)}, 409)
        told = [f"{summary.cleaned} written again, {summary.unchanged} without new decisions"]
        told += [f"{name}: {message}" for name, message in (*summary.remarks, *summary.unplaced)]
        told += [f"failed: {name}: {message}" for name, message in summary.failures]
        return JSONResponse({"told": told})

    async def image(self, request: Request) -> Response:
        """The scan of a document, by the number that the page has for it."""
        number = _number(request.path_params["number"])
        path = self._review.images[number - 1] if 1 <= number <= len(self._review.images) else None
        if path is None or not path.is_file():
            return PlainTextResponse("no such image", 404)
        return FileResponse(path, media_type=mimetypes.guess_type(path.name)[0] or "application/octet-stream")


def _number(text: str) -> int:
    """A number of an address; 0 for what is none, or is larger than any that the page has."""
    return int(text) if text.isdecimal() and len(text) <= 9 else 0


async def _nothing(request: Request) -> Response:
    return Response(status_code=204)


async def _refused(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 503)


def _page(review: Review) -> bytes:
    with Ledger.open(review.out.ledger) as ledger:
        numbers = {}
        review.images.clear()
        for document in ledger.documents() if review.image_root else ():
            path = image_of(document.name, review.image_root) if review.image_root else None
            if path:
                review.images.append(path)
                numbers[document.name] = len(review.images)
        return "".join(html.page(ledger, review.address, numbers)).encode("utf-8")


def image_of(document: str, root: Path) -> Path | None:
    """The image under `root` with a document's name and the suffix of an image; never one outside of `root`."""
    name = PurePosixPath(document)
    if name.is_absolute() or not name.name or ".." in name.parts or "\0" in document:
        return None
    for base in (root / name, root / name.with_suffix("")):
        for suffix in IMAGES:
            path = base.with_name(base.name + suffix)
            with suppress(OSError):  # a name that is too long for a file once it has the suffix
                if path.is_file() and path.resolve().is_relative_to(root.resolve()):
                    return path
    return None


def _decisions(review: Review, after: int) -> tuple[int, list[Any]]:
    """How many decisions the ledger has, and those behind the first `after`."""
    with Ledger.open(review.out.ledger) as ledger:
        lines = ledger.decisions(after)
    return after + len(lines), [json.loads(line) for line in lines]


def _taken(given: Any, who: str) -> list[Decision]:
    """Decisions as the page sent them, taken now and by the person at this machine. Raises DecisionError."""
    if not isinstance(given, list):
        raise DecisionError("a list of decisions is wanted")
    return [replace(parsed(json.dumps(one)), who=who, at=now()) for one in given]


def _keep(review: Review, taken: list[Decision]) -> None:
    with Ledger.deciding(review.out.ledger) as ledger:
        ledger.add_decisions([decision.as_line() for decision in taken])
