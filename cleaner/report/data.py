"""What the report's page shows of a run, as JSON: every text once, and places instead of copies.

`edits` are rows in the order of `EDIT`; passages tell the text around them in tokens: a string is text as it stands,
a list begins with one of `TOKENS`. What large runs show is bounded (MOST_…): the rest is counted, and edits.jsonl has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from typing import Any

from cleaner.chain import known_rules
from cleaner.decisions.decision import Decision
from cleaner.ledger.ledger import Document, Ledger, LedgerError
from cleaner.report.passages import Passage, Record, Token, entries_of, passages, shortened
from cleaner.report.series import Told
from cleaner.text.finish import surroundings
from cleaner.text.records import as_line

MOST_EDITS = 50_000
"""Edits shown in one report: 14 MB of a dense run, which Chromium opens in less than 2 s on two busy cores."""

MOST_DOCUMENTS = 2_500
"""Documents listed, those with the most edits for their length; so each of them can show 20 edits at least."""

MOST_FOLDED = 3_000_000
"""Code points of unchanged text that a report holds folded away; what is more is counted only."""

MOST_OF_EVIDENCE = 240
"""Code points shown of one piece of evidence."""

BANDS = ("applied", "suggested", "flagged", "rejected")
"""Bands as the page numbers them; `rejected` are edits left out of the clean text by a decision."""

EDIT = ("id", "document", "number", "line", "start", "end", "before", "after", "rule", "band", "confidence", "left", "right",
        "series", "more")  # fmt: skip
"""The columns of an edit; `document`, `rule`, `band` and `series` are places in lists, `more` is what few edits have."""

TOKENS = ("text", "change", "end", "arrival")
"""[0, text, over], [1, edit, before, after, over], [2, edit, over], [3, edit]: `over` is flagged, moved, or both."""

_NAME_OF = {"change": 1, "end": 2, "arrival": 3}


def edits_of(document: Document) -> int:
    """The number of its edits, in all bands."""
    return document.applied + document.suggested + document.flagged


def page_data(
    ledger: Ledger, documents: Sequence[Document], told: Told, decisions: Sequence[Decision]
) -> dict[str, Any]:
    """What the page is made of: the documents given, with as many of their edits as may be shown."""
    most = most_of_each([edits_of(document) for document in documents])
    rules: dict[str, int] = {}
    series: dict[int, int] = {}
    edits: list[list[Any]] = []
    listed = []
    left_out = _left_out(decisions)
    foldable = sum(document.characters for document in documents) <= MOST_FOLDED
    for number, document in enumerate(documents):
        source = source_of(ledger, document)
        known = {edit["id"] for edit in ledger.edits(document.name)} if document.name in left_out else set()
        extra = [edit for edit in left_out.get(document.name, ()) if edit["id"] not in known and _fits(edit, source)]
        shown = nsmallest(most, ledger.edits(document.name), key=telling)
        records = sorted([*shown, *extra], key=lambda e: (e["start"], e["end"], e["id"]))
        first = len(edits)
        entries = entries_of(records, source)
        for entry in entries:
            place = told.number(entry.edit, source)
            edits.append(
                _row(entry.edit, number, entry.number, source, rules.setdefault(entry.edit["rule"], len(rules)),
                     None if place is None else series.setdefault(place, len(series)), entry.destination_line)
            )  # fmt: skip
        listed.append(
            {
                "name": document.name, "characters": document.characters, "encoding": document.encoding,
                "certain": document.certain, "message": document.message, "counts": [document.applied, document.suggested,
                document.flagged], "leftOut": edits_of(document) - len(shown), "hasSource": source is not None,
                "passages": list(_with_folds(passages(entries, source), first, source, foldable)),
            }
        )  # fmt: skip
    return {
        "bands": BANDS,
        "rules": [_rule(name) for name in rules],
        "series": [_series(told, place, rules) for place in series],
        "documents": listed,
        "edits": edits,
        "decisions": [decision.as_line() for decision in decisions],
    }


def as_script(data: Mapping[str, Any]) -> str:
    """Data as JSON that can stand in a `script` element: no `<` in it, so that nothing in a text can end it."""
    return as_line(data).replace("<", "\\u003c")


def most_of_each(numbers: Sequence[int]) -> int:
    """How many edits of a document are shown, so that no more than MOST_EDITS are shown in all.

    Small documents are shown whole; what they leave is shared evenly among the larger ones.
    """
    room = MOST_EDITS
    for place, number in enumerate(ascending := sorted(numbers)):
        share = room // (len(ascending) - place)
        if number > share:
            return share
        room -= number
    return MOST_EDITS


def telling(edit: Record) -> tuple[int, float, int, str]:
    """Which edits are shown first where not all can be: what a person must decide, what was removed, the least certain."""
    rank = {"flagged": 0, "suggested": 1}.get(edit["band"], 2 if is_furniture(edit) else 3)
    return rank, edit["confidence"], edit["start"], edit["id"]


def is_furniture(edit: Record) -> bool:
    """Whether the edit takes a piece of the page (a folio, a running head, debris) out of the text."""
    after = edit["after"]
    return edit["pass"] == "artifacts" and after is not None and bool(edit["before"].strip()) and not after.strip()


def source_of(ledger: Ledger, document: Document) -> str | None:
    """The decoded source, or None where the ledger has no copy and the original is not there any more."""
    try:
        return ledger.text(document.name)
    except LedgerError:
        return None


def _left_out(decisions: Sequence[Decision]) -> dict[str, list[dict[str, Any]]]:
    """What was rejected, as edits, by document: once applied, the ledger has them as decisions alone."""
    found: dict[str, list[dict[str, Any]]] = {}
    for d in decisions:
        if d.verdict in ("reject", "replace") and not d.everywhere and d.after is not None and d.kind == "change":
            end = d.start + len(d.before)
            found.setdefault(d.document, []).append(
                {"id": d.edit, "document": d.document, "start": d.start, "end": end, "line": d.line, "before": d.before,
                 "after": d.after, "pass": d.rule.partition("/")[0], "rule": d.rule, "band": "rejected", "confidence": 0.0}
            )  # fmt: skip
    return found


def _fits(edit: Record, source: str | None) -> bool:
    return source is not None and source.startswith(edit["before"], edit["start"])


def _row(
    edit: Record, document: int, number: int, source: str | None, rule: int, series: int | None, destination: int | None
) -> list[Any]:
    left, right = surroundings(source, edit["start"], edit["end"]) if source is not None else ("", "")
    more: dict[str, Any] = {name: edit[name] for name in ("group", "kind", "to", "new") if name in edit}
    if destination is not None:
        more["destination"] = destination
    if edit.get("evidence"):
        more["evidence"] = [(name.replace("_", " "), _told(value)) for name, value in edit["evidence"].items()]
    if edit.get("steps"):
        more["steps"] = [[s["rule"], s["before"], s["after"], s["confidence"]] for s in edit["steps"]]
    if is_furniture(edit):
        more["furniture"] = True
    return [edit["id"], document, number, edit["line"], edit["start"], edit["end"], edit["before"], edit["after"], rule,
            BANDS.index(edit["band"]), edit["confidence"], left, right, series, more or 0]  # fmt: skip


def _told(value: Any) -> str:
    """A value of evidence in words."""
    if isinstance(value, Mapping):
        text = ", ".join(f"{name} {_told(part)}" for name, part in value.items())
    elif isinstance(value, list):
        text = ", ".join(map(_told, value))
    else:
        text = value if isinstance(value, str) else as_line({"": value})[5:-1]
    head, left_out, tail = shortened(text, MOST_OF_EVIDENCE)
    return f"{head} … {tail}" if left_out else text


def _rule(name: str) -> list[str]:
    rule = known_rules().get(name)
    return (
        [name, rule.does, rule.why, rule.source]
        if rule
        else [name, "This version of cleaner does not know this rule.", "", ""]
    )


def _series(told: Told, place: int, rules: Mapping[str, int]) -> dict[str, Any]:
    one = told.series[place]
    return {"before": one.before, "after": one.after, "rule": rules[one.rule], "beside": one.beside,
            "bands": [one.bands.get(band, 0) for band in BANDS[:3]], "writing": one.is_writing}  # fmt: skip


def _with_folds(told: Iterable[Passage], first: int, source: str | None, foldable: bool) -> Iterator[list[Any]]:
    """Passages as [line, begins, ends, tokens, edits], and between them what did not change, as [line, lines, text].

    Edits are places in the list of all, from `first` on. Text is left out where it is not `foldable`.
    """
    at = 0
    for passage in told:
        if source is not None and passage.start is not None and passage.end is not None:
            yield from _fold(source, at, passage.start, foldable)
            at = passage.end
        tokens = [row for token in passage.tokens for row in _token(token, first)]
        edits = [first + entry.number - 1 for entry in passage.entries]
        yield [passage.line, int(passage.begins), int(passage.ends), tokens, edits]
    if source is not None:
        yield from _fold(source, at, len(source), foldable)


def _fold(source: str, start: int, end: int, foldable: bool) -> Iterator[list[Any]]:
    text = source[start:end]
    if text.strip():
        bare = text.strip("\r\n")
        line = source.count("\n", 0, start + text.index(bare)) + 1 if foldable else 0
        yield [line, bare.count("\n") + 1, bare if foldable else 0]


def _token(token: Token, first: int) -> Iterator[Any]:
    edit = first + token.entry.number - 1 if token.entry else 0
    if token.kind == "text":
        if token.text:
            yield [0, token.text, token.over] if token.over else token.text
    elif token.kind == "change" and token.difference:
        yield [1, edit, token.difference.before, token.difference.after, *([token.over] if token.over else ())]
    else:
        yield [_NAME_OF[token.kind], edit, *([token.over] if token.over else ())]
