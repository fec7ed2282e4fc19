"""`cleaner restore`: the original files, from the ledger alone."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli.errors import SOME_FAILED, explained, refuse
from cleaner.cli.named import named

LISTED = 5


def restore(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that `cleaner run` wrote.")],
    dest: Annotated[
        Path, typer.Argument(metavar="DEST", help="The folder to write the originals to; made where missing.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Write over files that are there.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what failed.")] = False,
) -> None:
    """Rebuild the original files, byte for byte, from OUT/ledger.db alone.

    \b
    Of members of archives, and after `run --no-sources`, the ledger holds no
    copies: these come from where they were read, if they are still the same.

    \b
    Encodings, byte order marks, line ends and broken bytes come back as they
    were. What stands in OUT/clean does not matter; edit it as you like.

    \b
    Example:
      cleaner restore out originals
    """
    from cleaner.batch.folder import OutFolder, inside
    from cleaner.batch.tables.restore import copied
    from cleaner.files.write import write
    from cleaner.ledger.ledger import Ledger, LedgerError

    failures: list[tuple[str, str]] = []
    restored = read_again = 0
    with explained(), Ledger.open(OutFolder(out).ledger) as ledger:
        documents = list(ledger.documents())
        if dest.exists() and not dest.is_dir():
            raise refuse(f"{dest} is a file; give a folder")
        if dest.resolve().is_relative_to(out.resolve()):
            raise refuse(f"{dest} lies in {out}, whose ledger the originals come from; give a folder beside it")
        there = [] if force else [d.name for d in documents if d.sha256 and (dest / d.name).exists()]
        if there:
            more = f" and {len(there) - LISTED:,} more" if len(there) > LISTED else ""
            raise refuse(
                f"{dest} already has {', '.join(map(named, there[:LISTED]))}{more}; nothing was written. "
                "Give another folder, or --force to write over them"
            )
        for document in documents:
            if document.is_table and inside(document.name):
                why = copied(document, dest / document.name)
                failures += [(document.name, why)] if why else []
                restored += not why
                read_again += not why
                continue
            try:
                source = ledger.source(document.name)
            except LedgerError as error:
                failures.append((document.name, str(error)))
                continue
            if hashlib.sha256(source).hexdigest() != document.sha256:
                failures.append((document.name, "the ledger's copy is damaged (its checksum differs)"))
            elif not inside(document.name):
                failures.append((document.name, "the name leads out of the folder; not written"))
            else:
                write(dest / document.name, source)
                restored += 1
                read_again += not document.has_source
    if not quiet:
        again = (
            f"; {read_again:,} of them are not in the ledger, and came from where they were read" if read_again else ""
        )
        typer.echo(f"{restored:,} of {len(documents):,} documents restored to {dest}{again}")
    for name, message in failures:
        typer.echo(f"{name}: {message}", err=True)
    if failures:
        raise typer.Exit(SOME_FAILED)
