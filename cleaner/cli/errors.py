"""What a person did wrong, told in one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

WRONG_USAGE = 2
SOME_FAILED = 3


def refuse(message: str) -> typer.Exit:
    """The exit from a command that was used wrongly, its message printed. To be raised."""
    typer.echo(f"cleaner: {message}", err=True)
    return typer.Exit(WRONG_USAGE)


@contextmanager
def explained() -> Iterator[None]:
    """Turns the errors that a person can mend into their message and exit status 2."""
    try:
        yield
    except _expected() as error:
        raise refuse(str(error)) from error
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise refuse(f"{where}{error.strerror or error}") from error


def _expected() -> tuple[type[Exception], ...]:
    from cleaner.batch.folder import UnusableFolder
    from cleaner.decisions.decision import DecisionError
    from cleaner.errors import SettingsError
    from cleaner.extras import MissingExtra
    from cleaner.files.decode import UnknownEncoding
    from cleaner.files.find import UnusablePaths
    from cleaner.knowledge.learned import LearnedError
    from cleaner.knowledge.lexicon import LexiconError
    from cleaner.ledger.ledger import LedgerError

    return (DecisionError, LearnedError, LedgerError, LexiconError, MissingExtra, SettingsError, UnknownEncoding, UnusableFolder,
            UnusablePaths)  # fmt: skip
