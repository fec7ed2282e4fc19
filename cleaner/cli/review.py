"""`cleaner review`: the page on which edits are accepted and rejected."""

from __future__ import annotations

import getpass
import secrets
import socket
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli.errors import explained, refuse

PORT = 8377
"""The port tried first: the same each time, so that a page left open finds a server that was started again."""


def review(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that `cleaner run` wrote.")],
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="N", min=1, max=65535, help=f"The port. By default {PORT}, or a free one."),
    ] = None,
    image_root: Annotated[
        Path | None,
        typer.Option(
            "--image-root",
            metavar="DIR",
            help="Show the scan beside the text: the image in DIR with the document's name.",
        ),
    ] = None,
    who: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="Whose decisions they are. By default the name of the login."),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Review the edits of a run in the browser, and decide.

    \b
    Accept and reject edits one by one, or the same change everywhere; type what
    stands on the page; leave comments. Decisions are kept as they are taken. The
    page can be reached from this machine only. Press ? on it to see the keys,
    and `Apply decisions` (or run `cleaner apply OUT`) to write the clean files.

    \b
    Examples:
      cleaner review out
      cleaner review out --image-root scans/images --as 林
    """
    try:
        import uvicorn

        from cleaner.review.server import Review, application
    except ImportError as error:
        raise refuse(f"the review needs {error.name}; install it with: pip install 'cleaner[review]'") from error
    from cleaner.batch.folder import OutFolder

    if image_root is not None and not image_root.is_dir():
        raise refuse(f"{image_root} is no folder; give the folder that holds the images of the scans")
    with explained():
        listening = _listening(port)
        number = listening.getsockname()[1]
        serving = Review(OutFolder(out), secrets.token_urlsafe(16), number, who or _login(), image_root)
        app = application(serving)
        address = f"http://127.0.0.1:{number}{serving.address}"
        typer.echo(f"review at {address}  (Ctrl-C ends it)")
        if browser:
            import webbrowser

            webbrowser.open(address)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2, server_header=False)
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
        typer.echo(f"ended; every decision is kept, and `cleaner apply {out}` carries them out")


def _listening(port: int | None) -> socket.socket:
    """A socket on this machine alone, at the port asked for, or at PORT, or where that is taken at any free one."""
    for one in (port,) if port else (PORT, 0):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", one))
        except OSError:
            listening.close()
            continue
        return listening
    raise refuse(f"port {port} is taken; give another with --port, or leave it out")


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a login without a name, as in some containers
        return ""
