"""`cleaner lexicon`: lexicons of one's own checked, added to, begun from a corpus, or made of what was decided."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleaner.cli import options
from cleaner.cli.errors import SOME_FAILED, explained, refuse
from cleaner.cli.progress import STOPPED, progress_bar, terminated_like_ctrl_c
from cleaner.cli.summary import counted

if TYPE_CHECKING:
    from cleaner.batch.corpus import Corpus
    from cleaner.files.find import Findings
    from cleaner.knowledge.lexicon.check import Remark, Sums
    from cleaner.knowledge.lexicon.likely import Likely

FOUND_PROBLEMS = 1
SHOWN_WARNINGS = 20

lexicon = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@lexicon.callback()
def _lexicon() -> None:
    """Lexicons of one's own: terms to correct to, and to protect.

    \b
      cleaner lexicon build out/clean -o terms.tsv   terms of a corpus, to prune
      cleaner lexicon add names.tsv 柚香谷           put a term into a file
      cleaner lexicon check names.tsv                what is wrong in a file
      cleaner lexicon show out                       what was decided for good
      cleaner run scans/ -o out --lexicon names.tsv  use it
    """


@lexicon.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Lexicon files.")],
    all_: Annotated[bool, typer.Option("--all", help=f"Show more than {SHOWN_WARNINGS} warnings of a sort.")] = False,
) -> None:
    """Check lexicon files: each problem with its line and what to write instead.

    \b
    Problems keep a file from being used: a line that cannot be read, a term in
    two lines, a form that is itself a term or would become two terms. Warnings
    do not: forms that are words, terms that are shipped already. Exit status 1
    if there are problems.

    \b
    Examples:
      cleaner lexicon check names.tsv
      cleaner lexicon check names.tsv places.tsv --all
    """
    from cleaner.knowledge.lexicon.check import sums, warnings
    from cleaner.knowledge.lexicon.file import parse

    parsed = []
    with explained():
        for path in dict.fromkeys(files):
            with path.open("rb") as stream:
                parsed.append((path, parse(stream)))
    problems = 0
    for path, one in parsed:
        for problem in one.problems:
            typer.echo(f"{path}:{problem.line}: {problem.says}")
        problems += len(one.problems)
    _show_warnings(warnings(parsed), all_)
    for path, one in parsed:
        typer.echo(f"{path}: {_summed_up(sums(one), len(one.problems))}")
    if problems:
        raise typer.Exit(FOUND_PROBLEMS)


@lexicon.command("add")
def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The lexicon file; made where there is none.")],
    term: Annotated[str, typer.Argument(metavar="TERM", help="The word as it should be.")],
    category: Annotated[
        str | None, typer.Option("--category", metavar="NAME", help="What it is: person, place, company …")
    ] = None,
    weight: Annotated[
        float | None, typer.Option("--weight", metavar="N", min=0, max=9, help="How common it is, from 0 to 9.")
    ] = None,
    form: Annotated[
        list[str] | None,
        typer.Option("--form", metavar="WRONG", help="A wrong form to correct wherever it stands. May be repeated."),
    ] = None,
    protect: Annotated[
        bool | None, typer.Option("--protect/--no-protect", help="No pass may touch the term where it stands.")
    ] = None,
) -> None:
    """Put a term into a lexicon file, or change the line that it has there.

    \b
    All other lines stay as they are. In a file whose terms are in order the
    term goes to its place, else to the end. Of a term that is there already,
    what is not said stays, and forms are added to those it has.

    \b
    Examples:
      cleaner lexicon add names.tsv 柚香谷 --category company --form 袖香谷
      cleaner lexicon add names.tsv 李囡囡 --category person --protect
    """
    from cleaner.files.write import write
    from cleaner.knowledge.lexicon.add import Changes, Refused, with_term
    from cleaner.knowledge.lexicon.check import warnings
    from cleaner.knowledge.lexicon.file import parse

    with explained():
        before = file.read_bytes() if file.exists() else b""
        try:
            after = with_term(before, term, Changes(category, weight, form or (), protect))
        except Refused as fault:
            raise refuse(f"{file}: {fault}") from fault
        if after != before:
            write(file.resolve(), after)
    added = parse(line + b"\n" for line in set(after.split(b"\n")) - set(before.split(b"\n")))
    for warning in warnings([(file, added)]):
        typer.echo(f"{file}: warning: {warning.says}", err=True)


@lexicon.command("build")
def build(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files or folders of text, best clean text.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The lexicon file to write.")],
    least: Annotated[int, typer.Option("--least", metavar="N", min=2, help="How often a term must stand in all.")] = 5,
    longest: Annotated[
        int, typer.Option("--longest", metavar="N", min=2, max=20, help="Characters of the longest term.")
    ] = 10,
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="How many to write, the likeliest.")] = 1000,
    encoding: options.Encoding = None,
    force: options.Force = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what failed.")] = False,
) -> None:
    """Collect candidates for a lexicon from texts, for a person to prune.

    \b
    Taken are words and names that recur, hold together, and stand free at both
    edges, and that neither the word list nor the shipped lexicon has; the
    likeliest first. Each line says behind # how often the term stands there,
    how firmly it holds together and how freely it stands (in bits), and shows
    one place. Delete the lines that are no terms; the file can be used as it is.

    \b
    Examples:
      cleaner lexicon build out/clean -o terms.tsv
      cleaner lexicon build corpus/ -o terms.tsv --least 20 --most 300
    """
    with explained():
        options.free(out, force)
        findings = options.texts(paths, encoding)
        try:
            corpus, found = _collected(findings, encoding, least, longest, not quiet and sys.stderr.isatty())
        except KeyboardInterrupt:
            typer.echo(f"cleaner: stopped; {out} is not written", err=True)
            raise typer.Exit(STOPPED) from None
        _write(out, found[:most], corpus)
    failures = [*findings.unread, *corpus.failures]
    if not quiet:
        texts = f"{counted(corpus.characters, 'character')} in {counted(corpus.read, 'document')}"
        kept = f"{len(found[:most]):,} of {counted(len(found), 'candidate')}"
        typer.echo(f"{texts}: {kept} written to {out}\nto prune: delete the lines that are no terms\n"
                   f"to use:   cleaner run … --lexicon {out}")  # fmt: skip
    for name, message in failures:
        typer.echo(f"{name}: {message}", err=True)
    if failures:
        raise typer.Exit(SOME_FAILED)


@lexicon.command("show")
def show(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that `cleaner run` wrote.")],
) -> None:
    """Show as a lexicon what was decided everywhere: always and never.

    \b
    In OUT these decisions hold by themselves. For other collections, keep the
    lines in a file and give it to `cleaner run --lexicon`.

    \b
    Example:
      cleaner lexicon show out > mine.tsv
    """
    from cleaner.batch.folder import OutFolder
    from cleaner.decisions import exchange, terms
    from cleaner.ledger.ledger import Ledger

    with explained(), Ledger.open(OutFolder(out).ledger) as ledger:
        lines, left_out = terms.lexicon_lines(exchange.holding(ledger))
    for line in (terms.HEADER, *lines):
        typer.echo(line)
    if left_out:
        typer.echo(
            f"{counted(len(left_out), 'decision')} of marks, spaces or single characters hold in {out} alone: "
            "no lexicon can say them",
            err=True,
        )


def _show_warnings(found: list[Remark], every: bool) -> None:
    """The warnings; of each sort in a file only the first, where not every one is asked for."""
    shown: Counter[tuple[Path, str]] = Counter()
    for warning in found:
        shown[warning.path, warning.doubt] += 1
        if every or shown[warning.path, warning.doubt] <= SHOWN_WARNINGS:
            typer.echo(f"{warning.path}:{warning.line}: warning: {warning.says}")
    for (path, doubt), times in shown.items():
        if not every and times > SHOWN_WARNINGS:
            typer.echo(f"{path}: warning: {times - SHOWN_WARNINGS:,} more of this sort: {doubt} (--all shows them)")


def _summed_up(sums: Sums, problems: int) -> str:
    """What a file holds, in a line."""
    by_category = ", ".join(f"{category} {times:,}" for category, times in sums.categories.most_common())
    lines = [counted(sums.categories.total(), "term") + (f" ({by_category})" if by_category else "")]
    lines.append(f"{sums.protected:,} protected, {sums.with_forms:,} with forms")
    return "; ".join([*lines, counted(problems, "problem") if problems else "no problems"])


def _collected(
    findings: Findings, encoding: str | None, least: int, longest: int, bar: bool
) -> tuple[Corpus, list[Likely]]:
    """What the documents may have in terms, the likeliest first, and what was read."""
    from cleaner.batch.corpus import Corpus
    from cleaner.knowledge.lexicon.harvest import candidates
    from cleaner.knowledge.lexicon.likely import LEAST_COHESION, LEAST_FREEDOM, likely_terms

    documents = findings.documents
    with terminated_like_ctrl_c(), progress_bar(len(documents), sum(documents.sizes()), bar) as progress:
        corpus = Corpus(documents, encoding, progress)
        found = likely_terms(candidates(corpus.texts(), least, longest, LEAST_COHESION, LEAST_FREEDOM))
    return corpus, found


def _write(out: Path, found: list[Likely], corpus: Corpus) -> None:
    """The candidates as a lexicon file."""
    from cleaner.files.write import as_utf8, replacing
    from cleaner.knowledge.lexicon.likely import lines

    with replacing(out) as stream:
        for line in lines(found, corpus.characters, corpus.read):
            stream.write(as_utf8(line) + b"\n")
