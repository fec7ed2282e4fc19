"""Settings: every option of a run, with its default; read from keyword arguments or from a `cleaner.toml`.

A profile (`cleaner.profiles`) gives other defaults. What a file or a caller says outweighs it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import wraps
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from cleaner import installed, profiles
from cleaner.errors import SettingsError, meant

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


_Value = TypeVar("_Value")


class Table(dict[str, _Value]):
    """Values by name, as part of settings: never changed once made, so that settings can be kept and compared."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run does. All fields have defaults that suit scans of newspapers and magazines."""

    profile: str = ""
    """Other defaults for all that follows, for a kind of text: `newspaper`, `book`, `corpus`, … or the path of a TOML file."""
    only: tuple[str, ...] = ()
    """Passes to run; none named: all."""
    skip: tuple[str, ...] = ()
    """Passes to leave out, or single rules (`wraps/move`)."""
    apply_from: Mapping[str, float] = field(default_factory=Table)
    """By pass or rule, the confidence from which its edits are applied; those below are suggested. 1: only what is certain."""
    lexicons: tuple[Path, ...] = ()
    """Lexicons of one's own (TSV), or by the name under which a package ships them, beside those that come with cleaner."""
    learned: Path | None = None
    """What was learned from a collection (`cleaner run --learn` writes it): running heads, terms, confirmed misreads."""
    model: Path | None = None
    """A language model of one's own instead of the shipped one (`cleaner model build` writes it)."""
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

    of_passes: Mapping[str, Mapping[str, Any]] = field(default_factory=Table)
    """Options of passes that other packages add, by pass (`cleaner.plugins`)."""

    def __post_init__(self) -> None:
        for name in ("only", "skip", "lexicons"):
            value = getattr(self, name)
            if isinstance(value, str | Path):
                raise SettingsError(f"{name} must be several, not {value!r} alone; write ({value!r},)")
            several = _several(name, value)
            object.__setattr__(self, name, tuple(map(lexicon, several) if name == "lexicons" else several))
        _check_tables(self)
        object.__setattr__(self, "apply_from", Table(self.apply_from))
        own = {name: Table({k: tuple(v) if isinstance(v, list) else v for k, v in options.items()})
               for name, options in self.of_passes.items()}  # fmt: skip
        object.__setattr__(self, "of_passes", Table(own))
        for name in ("learned", "model"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, Path(*_several(name, (value,))))
        if not isinstance(self.keep_furniture, bool):
            raise SettingsError(f"keep_furniture must be true or false, not {self.keep_furniture!r}")
        for name in (*self.only, *self.skip, *self.apply_from, *self.of_passes):
            _check_pass(name.partition("/")[0])
        for name in self.of_passes:
            if name in PASS_NAMES:
                raise SettingsError(f"the pass {name} has no options of its own; its settings stand by themselves")
        for name, least in self.apply_from.items():
            if not isinstance(least, int | float) or not 0 <= least <= 1:
                raise SettingsError(f"apply_from: {name} must be a number from 0 to 1, not {least!r}")
        for name in self.only:
            if "/" in name:
                raise SettingsError(f"only takes passes, not the rule {name!r}; skip takes rules, too")
        if self.only and not any(map(self.runs, self.only)):
            raise SettingsError(f"nothing would run: all that only names ({', '.join(self.only)}) is in skip, too")
        for choice, allowed in CHOICES.items():
            value = getattr(self, choice)
            if value not in allowed:
                raise SettingsError(f"{choice} cannot be {value!r}; {meant(str(value), allowed)}")

    def runs(self, name: str) -> bool:
        """Whether the pass of that name runs."""
        return (not self.only or name in self.only) and name not in self.skip

    @property
    def passes(self) -> tuple[str, ...]:
        """The names of the passes of cleaner itself that run, in the chain's order."""
        return tuple(filter(self.runs, PASS_NAMES))

    @property
    def skipped_rules(self) -> frozenset[str]:
        """The single rules to leave out."""
        return frozenset(name for name in self.skip if "/" in name)

    def with_(self, **changes: object) -> Settings:
        """These settings with some of them changed; a profile among the changes overrules them all but the other changes.

        Raises SettingsError on a name or value that does not exist.
        """
        for name in changes:
            _check_name(name)
        return replace(self, **layered(of_profile(changes.get("profile", "")), changes))

    def as_table(self) -> dict[str, Any]:
        """These settings by name as TOML and JSON take them, paths absolute; `from_table` makes equal ones of it. What a
        profile said is said without it.
        """
        table = {name: getattr(self, name) for name in _NAMES if name not in ("profile", "of_passes")}
        table |= {name: list(table[name]) for name in ("only", "skip")}
        table["lexicons"] = [str(path.absolute()) for path in self.lexicons]
        for name in ("learned", "model"):
            path = table.pop(name)
            if path is not None:
                table[name] = str(path.absolute())
        return table | {name: dict(options) for name, options in self.of_passes.items()}

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of all settings."""
        return _NAMES


def of_profile(profile: object) -> dict[str, Any]:
    """What a profile, of that name or path, sets by name; nothing where none is named. Raises SettingsError."""
    if profile is None or profile == "":
        return {}
    if not isinstance(profile, str):
        raise SettingsError(f"profile must be a name or a path, as a string, not {profile!r}")
    file = profiles.path(profile)
    found = read_values(file)
    if "profile" in found:
        raise SettingsError(f"{file}: a profile cannot begin with another one; write what it sets")
    try:
        Settings(**found)
    except SettingsError as error:
        raise SettingsError(f"{file}: {error}") from error
    return found


def _with_profile(make: Callable[..., None]) -> Callable[..., None]:
    """Settings made with the profile's values where none are given."""

    @wraps(make)
    def made(self: Settings, **given: Any) -> None:
        for name in given:
            _check_name(name)
        make(self, **layered(of_profile(given.get("profile", "")), given))

    return made


Settings.__init__ = _with_profile(Settings.__init__)  # type: ignore[method-assign]


def layered(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Values by name, those above instead of those below; options of added passes pass by pass."""
    own = above.get("of_passes", {})
    both = {**below.get("of_passes", {}), **own} if isinstance(own, Mapping) else own
    return {**below, **above} | ({"of_passes": both} if both else {})


def lexicon(given: str | Path) -> Path:
    """The path of a lexicon: as it is, or that of the one which a package ships under this name."""
    path = Path(given)
    if path.suffix or path.name != str(given) or path.exists():
        return path
    return installed.path(path.name, installed.LEXICONS) if path.name in installed.names(installed.LEXICONS) else path


def _several(name: str, value: object) -> tuple[Any, ...]:
    """The names or paths that a setting is given. Raises SettingsError where they are none."""
    several = tuple(value) if isinstance(value, Iterable) else (value,)
    kind = str if name in ("only", "skip") else (str, Path)
    if wrong := [item for item in several if not isinstance(item, kind) or "\0" in str(item)]:
        raise SettingsError(f"{name} takes {'paths' if isinstance(kind, tuple) else 'names'}, not {wrong[0]!r}")
    return several


def _check_tables(settings: Settings) -> None:
    """Raises SettingsError where tables are none."""
    for name in ("apply_from", "of_passes"):
        table = getattr(settings, name)
        if not isinstance(table, Mapping) or not all(isinstance(key, str) for key in table):
            raise SettingsError(f"{name} must be a table by pass, not {table!r}")
    for name, options in settings.of_passes.items():
        if not isinstance(options, Mapping):
            raise SettingsError(f"the options of {name} must be a table, not {options!r}")


def _check_pass(name: str) -> None:
    if name in PASS_NAMES:
        return
    if name not in installed.names():
        raise SettingsError(f"there is no pass named {name!r}; {meant(name, (*PASS_NAMES, *installed.names()))}")


def _check_name(name: str) -> None:
    if name not in _NAMES:
        raise SettingsError(f"there is no setting named {name!r}; {meant(name, _NAMES)}")


CHOICES: dict[str, tuple[str, ...]] = {
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
_TYPES |= {"apply_from": dict, "of_passes": dict}


def load(path: Path) -> Settings:
    """The settings of a `cleaner.toml`, paths in it taken relative to its folder.

    Raises SettingsError with the file's name on TOML that cannot be read, unknown names and wrong values, and OSError
    where the file cannot be opened.
    """
    values = read_values(path)
    try:
        return Settings(**values)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def read_values(path: Path) -> dict[str, Any]:
    """What a TOML file of settings sets, by name. Raises as `load` does, but for values that are of the right type."""
    try:
        with path.open("rb") as stream:
            table = tomllib.load(stream)
    except ValueError as error:  # of TOML, of UTF-8, or a number of thousands of digits
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise SettingsError(f"{path}: not valid TOML: nested too deeply") from error
    try:
        return _values(table, path.parent)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error


def from_table(table: Mapping[str, object], folder: Path = Path()) -> Settings:
    """Settings from a table of names and values as TOML gives them. Raises SettingsError."""
    return Settings(**_values(table, folder))


def _values(table: Mapping[str, object], folder: Path) -> dict[str, Any]:
    """The fields that a table sets, of their types; tables of passes that packages add are `of_passes`."""
    values: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict) and name not in _NAMES:
            _check_table(name)
            values.setdefault("of_passes", {})[name] = value
            continue
        _check_name(name)
        wanted = _TYPES.get(name, str)
        if not isinstance(value, wanted):
            raise SettingsError(f"{name} must be {_IN_WORDS[wanted]}, not {value!r}")
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            raise SettingsError(f"{name} must be a list of strings")
        values[name] = _placed(name, value, folder)
    return values


def _placed(name: str, value: Any, folder: Path) -> Any:
    """A value of a file in `folder`: paths in it are relative to that."""
    if name == "lexicons":
        return tuple(found if (found := lexicon(item)).is_absolute() else folder / item for item in value)
    if name in ("learned", "model"):
        return folder / value
    if name == "profile" and value.endswith(".toml"):
        return str(folder / value)
    return tuple(value) if isinstance(value, list) else value


def _check_table(name: str) -> None:
    if name not in installed.names():
        known = (*installed.names(), *_NAMES)
        raise SettingsError(f"there is no setting named {name!r}, nor a pass of a package; {meant(name, known)}")


_IN_WORDS = {
    list: "a list of strings",
    bool: "true or false",
    str: "a string",
    dict: "a table of numbers by pass or rule",
}
