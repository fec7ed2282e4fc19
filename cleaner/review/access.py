"""Who may ask the review: requests to this machine under its own name (Host) and, where they change anything, from the page
itself (Origin). A page elsewhere whose name leads here has another.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What every answer says to browsers: nothing is taken from elsewhere, shown elsewhere, or kept."""


class Doorkeeper:
    """Lets in only requests to this machine by its own name and, where they change anything, from the page itself."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on, or answers it with status 403 and the reason."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        refusal = self._refusal(Request(scope))
        if refusal:
            response = PlainTextResponse(refusal, 403, HEADERS)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, _with_headers(send))

    def _refusal(self, request: Request) -> str:
        if not request.scope["query_string"].isascii():
            return "an address has no such characters"
        host = request.headers.get("host", "")
        if host not in self._hosts:
            return "this review is for 127.0.0.1 only"
        origin = request.headers.get("origin")
        if origin is not None and origin not in {f"http://{name}" for name in self._hosts}:
            return "this review takes nothing from other pages"
        if request.method not in ("GET", "HEAD") and origin is None:
            return "a decision must say from which page it comes"
        return ""


def _with_headers(send: Send) -> Callable[[Any], Awaitable[None]]:
    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            message["headers"] += [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
        await send(message)

    return sending
