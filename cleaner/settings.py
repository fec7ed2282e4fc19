"""Settings: every option of a run, with its default; read from keyword arguments or from a `cleaner.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Literal, get_args

from rapidfuzz import process

PASS_NAMES = ("characters", "artifacts", "wraps", "spaces", "punctuation", "script", "garble", "misreads", "terms")

Letters = Literal["half", "keep"]
Quotes = Literal["region", "curved", "corner", "keep"]
Ellipsis = Literal["region", "baseline", "centred", "keep"]
Ranges = Literal["document", "hyphen", "dash", "wave", "keep"]
LatinSpacing = Literal["document", "none", "space", "keep"]
PageBreaks = Literal["drop", "keep"]
Region = Literal["cn", "tw", "hk"]
Conversion = Literal[
    "none", "s2t", "t2s", "s2tw", "tw2s", "s2hk", "hk2s", "s2twp", "tw2sp", "t2tw", "tw2t", "t2hk", "hk2t"
]


class SettingsError(ValueError):
    """A setting that does not exist or cannot have that value. The message says which, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run does. All fields have defaults that suit scans of newspapers and magazines."""

    only: tuple[str, ...] = ()
    """Passes to run; none named: all."""
    skip: tuple[str, ...] = ()
    """Passes to leave out."""
    lexicons: tuple[Path, ...] = ()
    """Lexicons of one's own (TSV), beside those that come with cleaner."""
    region: Region = "cn"
    """Whose conventions hold: `cn` (GB/T 15834), `tw`, `hk`."""
    convert: Conversion = "none"
    """Conversion of the whole text by OpenCC: `s2t`, `t2s`, … Default: none."""
    latin_spacing: LatinSpacing = "document"
    """Spaces between Chinese and Latin letters or digits: `document` (its own habit, where it has one), `none`, `space`,
    `keep`."""
    letters: Letters = "half"
    """Full-width letters and digits: set at `half` width, or `keep` them."""
    quotes: Quotes = "region"
    """Quotation marks: straight ones as the region has them, `curved` or `corner` all of them, or `keep` them."""
    ellipsis: Ellipsis = "region"
    """Ellipses: rows of points become ……, and ⋯⋯ stays where it is at home; `baseline`, `centred`: all of them; `keep`."""
    ranges: Ranges = "document"
    """Connectors between numbers: suggest the one that the document has mostly, or set `hyphen`, `dash`, `wave`; `keep`."""
    page_breaks: PageBreaks = "drop"
    """Form feeds and lines that only say where a page ends: `drop` them, or `keep` them, behind the paragraph that runs on."""
    keep_furniture: bool = False
    """Leave folios, running heads, ornaments and debris in the text."""

    def __post_init__(self) -> None:
        for name in ("only", "skip", "lexicons"):
            value = getattr(self, name)
            if isinstance(value, str | Path):
                raise SettingsError(f"{name} must be several, not {value!r} alone; write ({value!r},)")
            object.__setattr__(self, name, tuple(Path(v) for v in value) if name == "lexicons" else tuple(value))
        if not isinstance(self.keep_furniture, bool):
            raise SettingsError(f"keep_furniture must be true or false, not {self.keep_furniture!r}")
        for name in (*self.only, *self.skip):
            if name not in PASS_NAMES:
                raise SettingsError(f"there is no pass named {name!r}; {meant(name, PASS_NAMES)}")
        for field, allowed in _CHOICES.items():
            value = getattr(self, field)
            if value not in allowed:
                raise SettingsError(f"{field} cannot be {value!r}; {meant(str(value), allowed)}")

    @property
    def passes(self) -> tuple[str, ...]:
        """The names of the passes to run, in the chain's order."""
        return tuple(n for n in PASS_NAMES if (not self.only or n in self.only) and n not in self.skip)

    def with_(self, **changes: object) -> Settings:
        """These settings with some of them changed. Raises SettingsError on a name or value that does not exist."""
        for name in changes:
            if name not in _NAMES:
                raise SettingsError(f"there is no setting named {name!r}; {meant(name, _NAMES)}")
        return replace(self, **changes)  # type: ignore[arg-type]


_CHOICES: dict[str, tuple[str, ...]] = {
    "region": get_args(Region),
    "convert": get_args(Conversion),
    "latin_spacing": get_args(LatinSpacing),
    "letters": get_args(Letters),
    "quotes": get_args(Quotes),
    "ellipsis": get_args(Ellipsis),
    "ranges": get_args(Ranges),
    "page_breaks": get_args(PageBreaks),
}
_NAMES = tuple(field.name for field in fields(Settings))
_TYPES: dict[str, type] = {"only": list, "skip": list, "lexicons": list, "keep_furniture": bool}


def meant(name: str, known: tuple[str, ...]) -> str:
    """What to write instead of a name that does not exist: the likeliest of those known, or all of them."""
    best = process.extractOne(name, known, score_cutoff=60)
    return f"did you mean {best[0]!r}?" if best else "there are " + ", ".join(known)


def load(path: Path) -> Settings:
    """The settings of a `cleaner.toml`, paths in it taken relative to its folder.

    Raises SettingsError with the file's name on TOML that cannot be read, unknown names and wrong values, and OSError
    where the file cannot be opened.
    """
    try:
        with path.open("rb") as stream:
            table = tomllib.load(stream)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
    try:
        return from_table(table, path.parent)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def from_table(table: Mapping[str, object], folder: Path = Path()) -> Settings:
    """Settings from a table of names and values as TOML gives them. Raises SettingsError."""
    values: dict[str, object] = {}
    for name, value in table.items():
        if name not in _NAMES:
            raise SettingsError(f"there is no setting named {name!r}; {meant(name, _NAMES)}")
        wanted = _TYPES.get(name, str)
        if not isinstance(value, wanted):
            raise SettingsError(f"{name} must be {_IN_WORDS[wanted]}, not {value!r}")
        if isinstance(value, list):
            if not all(isinstance(item, str) for item in value):
                raise SettingsError(f"{name} must be a list of strings")
            value = tuple(folder / item for item in value) if name == "lexicons" else tuple(value)
        values[name] = value
    return Settings().with_(**values)


_IN_WORDS = {list: "a list of strings", bool: "true or false", str: "a string"}
