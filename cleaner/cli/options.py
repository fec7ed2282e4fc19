"""Options that several commands have, and the settings they add up to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cleaner.cli.errors import refuse

if TYPE_CHECKING:
    from cleaner.effective import Effective
    from cleaner.files.find import Findings

SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", metavar="FILE", help="Settings from a cleaner.toml; options here overrule it."),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME",
        help="Settings for a kind of text: newspaper, magazine, book, web, traditional-book, corpus, or a TOML file of "
        "your own. A settings file and options overrule it.",
    ),
]
Lexicons = Annotated[
    list[Path] | None,
    typer.Option(
        "--lexicon", metavar="FILE", help="A lexicon of your own (TSV), beside the built-in ones. May be repeated."
    ),
]
Learned = Annotated[
    Path | None,
    typer.Option(
        "--learned", metavar="FILE", help="What another run learned from its collection (OUT/learned.tsv of --learn)."
    ),
]
Model = Annotated[
    Path | None,
    typer.Option(
        "--model",
        metavar="FILE",
        help="A language model of your own, instead of the built-in one (cleaner model build).",
    ),
]
Only = Annotated[
    str, typer.Option("--only", metavar="PASS,...", help="Run these passes only (cleaner explain lists them).")
]
Skip = Annotated[str, typer.Option("--skip", metavar="PASS,...", help="Leave these passes out, or single rules.")]
Keep = Annotated[
    str | None,
    typer.Option(
        "--keep",
        metavar="furniture",
        help="Leave page numbers, running heads, ornaments and debris in the text (one kind only: --skip artifacts/folio).",
    ),
]
Convert = Annotated[
    str | None,
    typer.Option(
        "--convert",
        metavar="NAME",
        help="Convert the whole text by OpenCC: t2s, s2t, s2tw, tw2s, s2hk, hk2s and others.",
    ),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="The encoding of all input (gb18030, big5hkscs, …), instead of telling it by itself.",
    ),
]
Field = Annotated[
    str,
    typer.Option(
        "--field", metavar="NAME", help="The field of JSONL, or column of Parquet, with the text; a.b is b inside a."
    ),
]
AddEdits = Annotated[
    bool, typer.Option("--add-edits", help="JSONL, Parquet: give each row its edits, in a field or column `edits`.")
]
AddQuality = Annotated[
    bool, typer.Option("--add-quality", help="JSONL, Parquet: give each row its quality, 0 to 1, as `quality`.")
]
Engine = Annotated[
    Literal["local", "ray"],
    typer.Option(
        "--engine", metavar="local|ray", help="What does the work: this machine, or Ray, here or on a cluster."
    ),
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address", metavar="HOST:PORT", help="With --engine ray: the cluster (auto: the one this is part of)."
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", metavar="N", min=1, help="Processes to use. By default one for little work, else one a processor."
    ),
]


Force = Annotated[bool, typer.Option("--force", help="Write over FILE where it is there already.")]


def free(file: Path | None, force: bool) -> None:
    """Refuses to write over a file that is there, unless that is asked for."""
    if file is not None and file.exists() and not force:
        raise refuse(f"{file} is there already; give --force to write over it, or another name")


def texts(paths: list[Path], encoding: str | None) -> Findings:
    """The documents under the paths, for a command that reads them all in that encoding. Refuses paths without any; raises
    UnknownEncoding, UnusablePaths.
    """
    from cleaner.cli.summary import others
    from cleaner.files.decode import codec_of
    from cleaner.files.find import find

    if encoding is not None:
        codec_of(encoding)
    findings = find(paths)
    if not findings.documents and not findings.unread:
        passed_over = f"; {others(findings)}" if findings.others else ""
        raise refuse(f"no .txt or .md file under {', '.join(map(str, paths))}{passed_over}")
    return findings


def effective(
    file: Path | None,
    lexicons: list[Path] | None,
    only: str,
    skip: str,
    keep: str | None,
    convert: str | None,
    profile: str | None,
    learned: Path | None = None,
    model: Path | None = None,
) -> Effective:
    """The settings of a profile, a file and the options, each overruling what comes before, with where each value came from.

    Raises SettingsError, OSError.
    """
    from cleaner.effective import Effective

    if keep not in (None, "furniture"):
        raise refuse(_no_furniture(keep))
    given: dict[str, object] = {}
    if lexicons:
        given["lexicons"] = tuple(lexicons)
    if learned is not None:
        given["learned"] = learned
    if model is not None:
        given["model"] = model
    if only:
        given["only"] = _names(only)
    if skip:
        given["skip"] = _names(skip)
    if keep:
        given["keep_furniture"] = True
    if convert is not None:
        given["convert"] = convert
    if profile is not None:
        given["profile"] = profile
    return Effective.of(file, given)


def _no_furniture(kind: str) -> str:
    """Why --keep does not take a kind of page furniture, and what does."""
    from cleaner.chain import RULES

    rule = f"artifacts/{kind.removesuffix('s')}"
    instead = (
        f"to keep that kind alone write --skip {rule}" if rule in RULES else "cleaner explain artifacts lists its kinds"
    )
    return f"--keep takes `furniture`, which is all of it (page numbers, running heads, ornaments, debris), not {kind!r}; {instead}"


def _names(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(",") if name.strip())
