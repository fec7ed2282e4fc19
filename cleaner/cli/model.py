"""`cleaner model`: a language model of one's own corpus."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    from cleaner.knowledge.estimate import Built

WORTH_IT = 0.75
"""The share of the shipped model's perplexity below which one's own is likely to mend more: at 0.92 one of 14 million characters
of news mended less (its words are fewer), at 0.41 one of 5 million characters of traditional text mended more."""

model = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@model.callback()
def _model() -> None:
    """Language models of one's own, instead of the one that comes with cleaner.

    \b
      cleaner model build corpus/ -o mine.npz        count one
      cleaner run scans/ -o out --model mine.npz     use it

    \b
    The shipped model was counted from 48 million characters of modern
    simplified Chinese, most of it news. One of your own is worth it for text
    that this does not know, and takes as much text as you can get.
    """


@model.command("build")
def build(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files or folders of right text.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE.npz", help="The model file to write.")],
    encoding: options.Encoding = None,
    force: options.Force = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what failed.")] = False,
) -> None:
    """Count a language model from texts.

    \b
    The texts must be right: what is misread in them the model takes for
    Chinese. A line is taken for a paragraph, so lines must not be wrapped
    (`cleaner run` joins them). The model replaces the shipped one, it does not
    add to it: with less text it knows less, and mends less.

    \b
      under 1 million characters     refused
      some millions                  for what the shipped one knows badly:
                                     traditional text (no other was measured)
      tens of millions               to match the shipped one on modern text

    \b
    One paragraph in 50 is not counted; told at the end is how well the model
    foresees those, and how well the shipped one does (perplexity: the lower,
    the better). Takes some 100 bytes of memory a character.

    \b
    Examples:
      cleaner model build corpus/ -o mine.npz
      cleaner run scans/ -o out --model mine.npz
    """
    from cleaner.files.write import replacing
    from cleaner.knowledge.estimate import TooLittleText

    with explained():
        options.free(out, force)
        findings = options.texts(paths, encoding)
        try:
            corpus, built = _built(findings, encoding, not quiet and sys.stderr.isatty())
            with replacing(out) as stream:
                built.write(stream)
        except KeyboardInterrupt:
            typer.echo(f"cleaner: stopped; {out} is not written", err=True)
            raise typer.Exit(STOPPED) from None
        except TooLittleText as error:
            raise refuse(str(error)) from error
    if not quiet:
        typer.echo(_summed_up(corpus, built, out))
    failures = [*findings.unread, *corpus.failures]
    for name, message in failures:
        typer.echo(f"{name}: {message}", err=True)
    if failures:
        raise typer.Exit(SOME_FAILED)


def _built(findings: Findings, encoding: str | None, shown: bool) -> tuple[Corpus, Built]:
    """The model of the documents, and what was read. Raises TooLittleText."""
    from cleaner.batch.corpus import Corpus
    from cleaner.knowledge.estimate import of_texts, parted

    documents = findings.documents
    with terminated_like_ctrl_c():
        with progress_bar(len(documents), sum(documents.sizes()), shown) as progress:
            corpus = Corpus(documents, encoding, progress)
            text = parted(corpus.texts())
        with _saying(shown) as say:
            return corpus, of_texts(text, say)


@contextmanager
def _saying(shown: bool) -> Iterator[Callable[[str], None]]:
    """What is being done, in a line on standard error that is gone at the end."""
    if not shown:
        yield lambda what: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield status.update


def _summed_up(corpus: Corpus, built: Built, out: Path) -> str:
    """What was counted and kept, and how to use it."""
    sizes = ", ".join(f"{number:,} of {order}" for order, number in built.sizes.items())
    return (
        f"{counted(corpus.characters, 'character')} in {counted(corpus.read, 'document')}: {built.symbols:,} symbols counted\n"
        f"n-grams kept: {sizes}\n"
        f"{_foreseen(built)}\n"
        f"{out.stat().st_size:,} bytes written to {out}\n"
        f"to use: cleaner run … --model {out}"
    )


def _foreseen(built: Built) -> str:
    """How well the model foresees what was held out, and whether it is worth using."""
    if not built.characters:
        return "perplexity not measured: the texts have too few paragraphs (lines) to hold one back"
    better = built.perplexity < WORTH_IT * built.shipped
    verdict = (
        "clearly lower: likely to mend more"
        if better
        else "not clearly lower: the shipped model is likely to mend more"
    )
    return (
        f"perplexity {built.perplexity:.1f} a character, on {built.characters:,} characters held out; "
        f"that of the shipped model {built.shipped:.1f} ({verdict})"
    )
