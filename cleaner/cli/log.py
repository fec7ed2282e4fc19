"""The log of a run: one JSON object a line, for programs that watch over runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.batch.summary import Step

Log = Callable[..., None]
"""Writes a line: the event, and what is to be said of it by name."""


@contextmanager
def log_to(file: Path | None) -> Iterator[Log]:
    """A log that goes on at the end of a file, line by line; without a file it says nothing. Raises OSError."""
    if file is None:
        yield lambda event, **more: None
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="ascii", buffering=1) as stream:

        def write(event: str, **more: Any) -> None:
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            stream.write(json.dumps({"at": at, "event": event, **more}, default=str) + "\n")

        yield write


def step(log: Log, done: Step) -> None:
    """A document done or failed; of one that is unchanged nothing is said."""
    if done.state == "failed":
        log(
            "document failed", document=done.name, bytes=done.size, seconds=round(done.seconds, 3), message=done.message
        )
    elif done.state == "done":
        log("document done", document=done.name, bytes=done.size, seconds=round(done.seconds, 3),
            characters=done.characters, edits=done.edits, **({"message": done.message} if done.message else {}))  # fmt: skip
