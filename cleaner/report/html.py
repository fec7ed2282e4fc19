"""The diff report: a run as one HTML file that needs no network, no server and no script to be read.

It holds a summary, then every document with every edit in its surroundings. What large runs show is bounded (MOST_…):
the rest is counted, and edits.jsonl has all of it. The same ledger gives the same bytes.

Texts of documents are data: everything is escaped by the template engine, what cannot be seen is shown as its code, and
the page's Content-Security-Policy lets only the script and style run that this module put there.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from heapq import nsmallest
from itertools import islice
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cleaner.batch.ledger import Document, Ledger, LedgerError
from cleaner.chain import RULES
from cleaner.files.write import replacing
from cleaner.report.passages import Entry, Passage, Record, alike, entries_of, passages, shortened
from cleaner.report.series import Series, Tally
from cleaner.report.visible import changed, code, inert, paragraphs, running
from cleaner.rules import Rule
from cleaner.settings import PASS_NAMES

MOST_EDITS = 20_000
"""Edits shown in full in one report: 10 MB of a dense run, which Chromium opens in 1.6 s on two busy cores."""

MOST_EDITS_OF_DOCUMENT = 2_000
"""Edits of one document shown in full."""

MOST_DOCUMENTS = 1_000
"""Documents listed, those with the most edits for their length; so each of them can show 20 edits at least."""

MOST_FAILURES = 1_000
"""Failed documents listed with their reasons."""

MOST_SERIES = 30
"""Series of equal changes listed, of characters and of marks each."""

OPEN_AT_FIRST = 300
"""A report of so many edits opens with all documents unfolded, a larger one with all of them folded."""

MOST_OF_EVIDENCE = 240
"""Code points shown of one piece of evidence."""

BANDS = {"applied": "✓", "suggested": "?", "flagged": "!"}
"""The bands, each with the sign by which it is told from the others wherever it is named."""

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class PassCount:
    """The edits of one pass, by band."""

    name: str
    bands: Mapping[str, int]

    @property
    def total(self) -> int:
        """The edits in all bands."""
        return sum(self.bands.values())


@dataclass(frozen=True, slots=True)
class SeriesList:
    """The most frequent series of one kind; `left_out` is how many more there are."""

    of: str
    shown: Sequence[Series]
    left_out: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands at the head of the report. `listed` are the documents shown, `failures` those not cleaned."""

    documents: int
    characters: int
    bands: Mapping[str, int]
    passes: Sequence[PassCount]
    listed: Sequence[Document]
    failures: Sequence[Document]
    failed: int
    series: Sequence[SeriesList]
    rules: Sequence[Rule]
    cleaned_at: str
    versions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """A document with the edits of it that are shown; `left_out` are those counted only."""

    document: Document
    passages: Sequence[Passage]
    furniture: Sequence[Entry]
    shown: int
    left_out: int
    has_source: bool


def write(ledger_path: Path, target: Path) -> None:
    """Writes the report of the run in the ledger at `ledger_path` to `target`, in place of what was there.

    Raises LedgerError where the ledger cannot be read, and OSError where `target` cannot be written.
    """
    with Ledger.open(ledger_path) as ledger, replacing(target) as stream:
        stream.writelines(part.encode("utf-8") for part in _parts(ledger))


def _parts(ledger: Ledger) -> Iterator[str]:
    """The report, piece by piece: one document is in memory at a time."""
    summary = _summary(ledger)
    most = _most_of_each([edits_of(document) for document in summary.listed])
    style, script = ((_TEMPLATES / name).read_text("utf-8") for name in ("report.css", "report.js"))
    template = _environment().get_template("report.html.jinja")
    return template.generate(
        summary=summary,
        sections=(_section(ledger, document, most) for document in _by_name(summary.listed) if edits_of(document)),
        unfolded=sum(summary.bands.values()) <= OPEN_AT_FIRST,
        style=Markup(style),
        script=Markup(script),
        policy=_policy(style, script),
    )


def _policy(style: str, script: str) -> str:
    """The Content-Security-Policy: nothing but this very style and script, and nothing from anywhere else."""
    style_hash, script_hash = (b64encode(sha256(text.encode()).digest()).decode() for text in (style, script))
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )


# What is told


def _summary(ledger: Ledger) -> Summary:
    tally, rules = _tally(ledger)
    by_pass: dict[str, Counter[str]] = {}
    for (pass_, band), number in ledger.counts().items():
        by_pass.setdefault(pass_, Counter())[band] += number
    documents = failed = characters = 0
    latest = ""
    versions: set[str] = set()
    for document in ledger.documents():
        documents += 1
        characters += document.characters
        failed += document.state == "failed"
        latest = max(latest, document.at)
        versions.add(document.version)
    return Summary(
        documents=documents,
        characters=characters,
        bands=sum(by_pass.values(), Counter()),
        passes=[PassCount(name, by_pass[name]) for name in _in_chain_order(by_pass)],
        listed=nsmallest(MOST_DOCUMENTS, (d for d in ledger.documents() if d.state == "done"), key=_worst_first),
        failures=list(islice((d for d in ledger.documents() if d.state == "failed"), MOST_FAILURES)),
        failed=failed,
        series=_series(tally),
        rules=[RULES.get(name) or Rule(name, "", "") for name in _in_chain_order(rules)],
        cleaned_at=latest,
        versions=sorted(versions),
    )


def _tally(ledger: Ledger) -> tuple[Tally, set[str]]:
    """The series of the run, and the rules that had a part in it."""
    tally = Tally()
    rules: set[str] = set()
    for document in ledger.documents():
        if not edits_of(document):
            continue
        source = _source(ledger, document)
        for edit in ledger.edits(document.name):
            tally.add(edit, source)
            rules.update((edit["rule"], *(step["rule"] for step in edit.get("steps", ()))))
    return tally, rules


def _series(tally: Tally) -> list[SeriesList]:
    """The series that are worth a look first, then those of marks and white space, which are many and small."""
    series = tally.series()
    lists = []
    for of, writing in (("characters", True), ("marks and white space", False)):
        found = [one for one in series if one.is_writing == writing]
        if found:
            lists.append(SeriesList(of, found[:MOST_SERIES], len(found[MOST_SERIES:])))
    return lists


def _in_chain_order(names: Mapping[str, object] | set[str]) -> list[str]:
    """Names of passes or rules, in the order in which the chain comes to them."""
    order = {name: place for place, name in enumerate(PASS_NAMES)}
    return sorted(names, key=lambda name: (order.get(name.partition("/")[0], len(order)), name))


def _worst_first(document: Document) -> tuple[float, str]:
    return -(per_10k(document) or 0), document.name


def _by_name(documents: Sequence[Document]) -> list[Document]:
    return sorted(documents, key=lambda document: document.name)


def _most_of_each(numbers: Sequence[int]) -> int:
    """How many edits of a document are shown, so that no more than MOST_EDITS are shown in all.

    Small documents are shown whole; what they leave is shared evenly among the larger ones.
    """
    room = MOST_EDITS
    for place, number in enumerate(ascending := sorted(numbers)):
        share = room // (len(ascending) - place)
        if number > share:
            return min(share, MOST_EDITS_OF_DOCUMENT)
        room -= number
    return MOST_EDITS_OF_DOCUMENT


def _section(ledger: Ledger, document: Document, most: int) -> Section:
    edits = nsmallest(most, ledger.edits(document.name), key=_telling)
    edits.sort(key=lambda edit: (edit["start"], edit["end"], edit["id"]))
    source = _source(ledger, document)
    entries = entries_of(edits, source)
    return Section(
        document=document,
        passages=list(passages(entries, source)),
        furniture=[entry for entry in entries if is_furniture(entry.edit)],
        shown=len(entries),
        left_out=edits_of(document) - len(entries),
        has_source=source is not None,
    )


def _telling(edit: Record) -> tuple[int, float, int, str]:
    """Which edits are shown first where not all can be: what a person must decide, what was removed, the least certain."""
    rank = {"flagged": 0, "suggested": 1}.get(edit["band"], 2 if is_furniture(edit) else 3)
    return rank, edit["confidence"], edit["start"], edit["id"]


def _source(ledger: Ledger, document: Document) -> str | None:
    """The decoded source, or None where the ledger was told not to keep it."""
    if not document.has_source:
        return None
    try:
        return ledger.text(document.name)
    except LedgerError:
        return None


# How it is worded


def edits_of(document: Document) -> int:
    """The number of its edits, in all bands."""
    return document.applied + document.suggested + document.flagged


def per_10k(document: Document) -> float | None:
    """Edits for 10,000 characters: a hint at a scan's quality. None for an empty document."""
    return 10_000 * edits_of(document) / document.characters if document.characters else None


def is_furniture(edit: Record) -> bool:
    """Whether the edit takes a piece of the page (a folio, a running head, debris) out of the text."""
    after = edit["after"]
    return edit["pass"] == "artifacts" and after is not None and bool(edit["before"].strip()) and not after.strip()


def text_line(edit: Record) -> int:
    """The line in which the text of an edit begins, line ends at its start left out."""
    before: str = edit["before"]
    return int(edit["line"]) + before.count("\n", 0, len(before) - len(before.lstrip()))


def anchor(name: str, edit: Record | None = None) -> str:
    """The name by which a link finds a document, or an edit of it: the same in every report of the same run."""
    document = "d-" + blake2b(name.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    return document if edit is None else f"{document}-{inert(edit['id'])}"


def certainty(confidence: float) -> str:
    """A probability with three places at most, rounded down, so that only certainty is called 1."""
    return f"{int(confidence * 1000 + 1e-9) / 1000:.3f}".rstrip("0").rstrip(".")


def certainties(entries: Sequence[Entry]) -> str:
    """The confidence of entries: one, or the least and the greatest."""
    told = [certainty(confidence) for confidence in sorted(entry.edit["confidence"] for entry in entries)]
    return told[0] if told[0] == told[-1] else f"{told[0]}–{told[-1]}"


def evidence(edit: Record) -> list[tuple[str, str]]:
    """What speaks for an edit, as names and values."""
    return [(name.replace("_", " "), _told(value)) for name, value in edit.get("evidence", {}).items()]


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        text = ", ".join(f"{name} {_told(part)}" for name, part in value.items())
    elif isinstance(value, list):
        text = ", ".join(map(_told, value))
    else:
        text = value if isinstance(value, str) else json.dumps(value)
    head, left_out, tail = shortened(text, MOST_OF_EVIDENCE)
    return f"{head} … {tail}" if left_out else text


def code_points(edit: Record) -> str:
    """The code points of a short change, `U+2F08 → U+4EBA`: characters that look alike are told apart. Else nothing."""
    before, after = edit["before"], edit["after"]
    if after is None or edit.get("kind") == "move" or max(len(before), len(after)) > 2:
        return ""
    return " → ".join(" ".join(map(code, side)) or "nothing" for side in (before, after))


def thousands(number: float) -> str:
    """A number as English writes it: 12,345."""
    return f"{number:,.0f}"


def clock(at: str) -> str:
    """A time of the ledger (UTC, ISO 8601) to the minute: `2026-11-22 10:45 UTC`."""
    return f"{at[:10]} {at[11:16]} UTC"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: running(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    functions = (alike, anchor, certainties, certainty, changed, clock, code_points, edits_of, evidence, is_furniture, paragraphs,
                 per_10k, shortened, text_line, thousands)  # fmt: skip
    environment.filters |= {function.__name__: function for function in functions}
    environment.filters["inert"] = inert
    environment.globals |= {"BANDS": BANDS, "RULES": RULES, "PASS_NAMES": PASS_NAMES}
    return environment
