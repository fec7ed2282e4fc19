"""Files that people write: settings, profiles, lexicons, what was learned, decisions, rows, patterns. Each is read, or refused by
the error that says so, with a message."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from begin import bytes_of, fuzz, text_of
from cleaner import Settings, profiles, settings
from cleaner.batch.tables.jsonl import cleaned
from cleaner.batch.tables.line import BrokenLine, parsed
from cleaner.batch.tables.rows import Piece, TableSettings
from cleaner.chain import Cleaner
from cleaner.decisions import decision as decisions
from cleaner.decisions import exchange
from cleaner.files.choice import Choice
from cleaner.knowledge import learned
from cleaner.knowledge.lexicon import add
from cleaner.knowledge.lexicon import file as lexicons
from cleaner.settings import SettingsError
from laws import FRAGMENTS, HOME, ODD

FOLDER = Path(tempfile.mkdtemp(prefix="cleaner-fuzz-"))
FILE = FOLDER / "given.toml"
ROWS = TableSettings(Settings(only=("characters",)))


def read_settings(data: bytes) -> None:
    """A cleaner.toml, and what is said of the settings that it makes."""
    FILE.write_bytes(data)
    try:
        found = settings.load(FILE)
        again = settings.from_table(found.as_table())
        assert again.as_table() == found.as_table()
        Cleaner(found)
    except (SettingsError, OSError, *_LISTED) as error:
        _told(error)


def read_profile(data: bytes) -> None:
    """A profile in a file."""
    FILE.write_bytes(data)
    try:
        settings.of_profile(str(FILE))
        profiles.about(str(FILE))
        Settings(profile=str(FILE))
    except (SettingsError, *_LISTED) as error:
        _told(error)


def read_lexicon(data: bytes) -> None:
    """A lexicon: as a run reads it, as `cleaner lexicon check` does, and with a term added."""
    FILE.write_bytes(data)
    try:
        terms = lexicons.read(FILE)
        assert all(term.text for term in terms)
    except lexicons.LexiconError as error:
        _told(error)
    try:
        changed = add.with_term(data, "柚香谷", add.Changes(forms=("抽香谷",)))
        assert not lexicons.parse(io.BytesIO(changed)).problems
    except add.Refused as error:
        _told(error)


def read_learned(data: bytes) -> None:
    """What was learned from a collection; written again it says the same."""
    FILE.write_bytes(data)
    try:
        facts = learned.read(FILE)
    except learned.LearnedError as error:
        _told(error)
        return
    FILE.write_bytes(learned.written(facts))
    assert sorted(learned.read(FILE)) == sorted(facts)


def read_decisions(data: bytes) -> None:
    """Decisions that somebody exported."""
    FILE.write_bytes(data)
    try:
        found = exchange.read(FILE)
        assert exchange.write(FILE, found) == len(found)
        assert exchange.read(FILE) == found
        decisions.merged(found, found)
    except decisions.DecisionError as error:
        _told(error)


def read_rows(data: bytes) -> None:
    """Rows of a table: whatever is in them, as many come out, and what has no text is as it was."""
    done = cleaned(Piece(0, "t.jsonl", "jsonl", ROWS, data, 1, {"offset": 0, "rows": 0}, last=True))
    before, after = data.split(b"\n"), done.content.split(b"\n")
    assert len(before) == len(after)
    kept = {row for row, _ in done.tally.problems}
    assert all(before[row - 1] == after[row - 1] for row in kept)
    assert all(why for _, why in done.tally.problems)


def read_line(data: bytes) -> None:
    """A line of JSON; with its own text put in it stays as it is."""
    line = text_of(data)
    try:
        found = parsed(line, ("a", "b") if data[:1] == b" " else ("text",))
    except BrokenLine as error:
        _told(error)
        return
    if found is not None:
        assert found.with_(found.text, {}) == line
        again = parsed(found.with_("新", {"quality": 1.0}), ("text",)) if data[:1] != b" " else None
        assert again is None or again.text == "新"


def read_patterns(data: bytes) -> None:
    """A .cleanerignore."""
    FILE.write_bytes(data)
    choice = Choice()
    rules = choice.rules_of(FILE, "")
    for name in ("a.txt", "卷一/页 1.txt", "a/b/c.md", "[x].txt", "!x"):
        choice.leaves_out(name, rules)
        choice.leaves_out(name, rules, folder=True)


_LISTED = (lexicons.LexiconError, learned.LearnedError)

READERS: tuple[Callable[[bytes], None], ...] = (
    read_settings, read_profile, read_lexicon, read_learned, read_decisions, read_rows, read_line, read_patterns,
)  # fmt: skip


def _told(error: Exception) -> None:
    assert str(error).strip(), f"{type(error).__name__} says nothing"


def check(data: bytes) -> None:
    """Gives the input to the reader that its first byte names."""
    if data:
        READERS[data[0] % len(READERS)](data[1:])


PARTS = (
    *FRAGMENTS, *ODD,
    *(f"{name} = " for name in Settings.names()), "[apply_from]\n", "[]", '["wraps"]', '"wraps/move" = 0.5\n', "true", "0.9", "1e400", "nan",
    '"newspaper"', '"../x"', '"tw"', '"s2t"', "'''", "[[a]]", "a.b.c = 1\n", "1979-05-27T07:32:00Z", "0x1F", "inf",
    "\t", "\t\t\t", "protect", "|", "term\tcategory\tweight\tforms\tprotect\n", "# ", "head\t第0版\t3\n", "line\t浙江日报\n", "term\t柚香谷\t2\tnever\n",
    "change\t人驻→入驻\t2\tkeep\n", "→", "{", "}", "[", "]", ":", ",", '"', "\\", "\\ud800", "\\u4eba", "null", "false", "-", "9" * 30, "9" * 5000,
    '{"verdict": "accept", "document": "a", "edit": "b", "rule": "c", "before": "d", "after": null}\n', '"verdict": "replace"', '"text": "人驻"',
    '"at": "2024-01-01T00:00:00+10:00"', '"at": "0001-01-01T00:00:00+14:00"', '"start": 1', '"beside": ["", ""]', '"everywhere": true', '"to": 1',
    "[" * 2000, "!", "**/", "/**", "*.txt", "[a-z]", "[!", "?", "\\", "/", "{a,b}", "+(a)", "@(", "\r\n", "\ufeff",
)  # fmt: skip


def seeds() -> Iterator[bytes]:
    """Good files of each kind."""
    toml = [file.read_bytes() for file in sorted((HOME / "dictionaries" / "profiles").glob("*.toml"))]
    toml += [
        bytes_of(match)
        for match in re.findall(r"```toml\n(.*?)```", (HOME / "docs" / "settings.md").read_text(encoding="utf-8"), re.S)
    ]
    terms = "# term\tcategory\tweight\tforms\tprotect\n柚香谷\t地名\t2.5\t柚香合|抽香谷\t\n王小明\t\t\t\tprotect\n"
    facts = "line\t浙江日报\t3\nhead\t第0版\t4\tkeep\nterm\t柚香谷\t2\nchange\t人驻→入驻\t2\tnever\n"
    row = '{"id": 7, "text": "公司的⼈驻,", "a": {"b": "好"}}\n{"text": null}\n'
    files = [*((t, 0) for t in toml), *((t, 1) for t in toml), (bytes_of(terms), 2), (bytes_of(facts), 3)]
    files += [(bytes_of(part), 4) for part in PARTS if "verdict" in part]
    files += [
        (bytes_of(row), 5),
        (bytes_of(row[:40]), 6),
        (bytes_of(' {"a": {"b": "好"}}'), 6),
        (b"# x\n*.txt\n!a/b.md\nvol*/\n**/x/**\n", 7),
    ]
    for content, reader in files:
        yield bytes([ord("0") // len(READERS) * len(READERS) + reader]) + content


if __name__ == "__main__":
    fuzz(check, seeds(), PARTS, longest=8000)
