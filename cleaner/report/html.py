"""The diff report: a run as one HTML file that needs no network and no server.

It holds a summary, which any browser shows, and the run as data, from which the page's script makes what is looked at.
The same page is served by `cleaner review`. The same ledger gives the same bytes.

Texts of documents are data: the template engine escapes them, the script makes text nodes of them, what cannot be seen is
shown as its code, and the page's Content-Security-Policy lets only its own script and style run.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b, sha256
from heapq import nsmallest
from itertools import islice
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

from cleaner.chain import known_rules
from cleaner.decisions.exchange import holding
from cleaner.files.write import replacing
from cleaner.ledger.ledger import Document, Ledger
from cleaner.report.data import MOST_DOCUMENTS, as_script, edits_of, page_data, source_of
from cleaner.report.series import Tally
from cleaner.report.templating import environment
from cleaner.report.visible import inert
from cleaner.rules import Rule
from cleaner.settings import PASS_NAMES

MOST_FAILURES = 1_000
"""Failed documents listed with their reasons."""

BANDS = {"applied": "✓", "suggested": "?", "flagged": "!"}
"""The bands, each with the sign by which it is told from the others wherever it is named."""

STEPS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
"""Where the bars of the histogram of confidences begin: finer where most edits are."""

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPTS = Path(__file__).parent / "page"
_IN_ORDER = ("text", "run", "decisions", "passages", "list", "filter", "series", "apply", "start")


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
class Bar:
    """A bar of the histogram: edits with a confidence from `low` on, by band."""

    low: float
    bands: Mapping[str, int]

    @property
    def total(self) -> int:
        """The edits in all bands."""
        return sum(self.bands.values())


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
    histogram: Sequence[Bar]
    rules: Sequence[Rule]
    cleaned_at: str
    versions: Sequence[str]


def write(ledger_path: Path, target: Path) -> None:
    """Writes the report of the run in the ledger at `ledger_path` to `target`, in place of what was there.

    Raises LedgerError where the ledger cannot be read, and OSError where `target` cannot be written.
    """
    with Ledger.open(ledger_path) as ledger, replacing(target) as stream:
        stream.writelines(part.encode("utf-8") for part in page(ledger))


def page(ledger: Ledger, server: str | None = None, images: Mapping[str, int] | None = None) -> Iterator[str]:
    """The page of a run, in pieces: in one file, or with script and style beside it where a `server` has that address.

    `images` gives the numbers by which the server knows the images of documents.
    """
    tally, rules = _tally(ledger)
    told = tally.told()
    summary = _summary(ledger, rules)
    documents = _by_name([document for document in summary.listed if edits_of(document)])
    data = page_data(ledger, documents, told, holding(ledger))
    for entry in data["documents"]:
        entry["anchor"] = anchor(entry["name"])
        if images and entry["name"] in images:
            entry["image"] = images[entry["name"]]
    data["run"] = _name_of_run(ledger)
    template = _environment().get_template("report.html.jinja")
    return template.generate(
        summary=summary,
        data=Markup(as_script(data)),
        server=server,
        style=Markup(style()),
        script=Markup(script()),
        policy=_policy(style(), script()),
    )


def style() -> str:
    """The page's style sheet."""
    return (_TEMPLATES / "report.css").read_text("utf-8")


def script() -> str:
    """The page's script."""
    parts = ((_SCRIPTS / f"{name}.js").read_text("utf-8") for name in _IN_ORDER)
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"


def _policy(style: str, script: str) -> str:
    """The Content-Security-Policy of a file: nothing but this very style and script, and nothing from anywhere else."""
    style_hash, script_hash = (b64encode(sha256(text.encode()).digest()).decode() for text in (style, script))
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}'; script-src 'sha256-{script_hash}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _name_of_run(ledger: Ledger) -> str:
    """A name for this run over these very sources, under which a browser keeps decisions that are not saved yet."""
    digest = blake2b(digest_size=8)
    for document in ledger.documents():
        digest.update(f"{document.name}\n{document.sha256}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


# What is told


def _summary(ledger: Ledger, rules: set[str]) -> Summary:
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
        histogram=_histogram(ledger),
        rules=[known_rules().get(name) or Rule(name, "", "") for name in _in_chain_order(rules)],
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
        source = source_of(ledger, document) if document.has_source else None  # all originals are not read for this
        for edit in ledger.edits(document.name):
            tally.add(edit, source)
            rules.update((edit["rule"], *(step["rule"] for step in edit.get("steps", ()))))
    return tally, rules


def _histogram(ledger: Ledger) -> list[Bar]:
    """The edits by confidence; nothing where there are none."""
    bars = [Counter[str]() for _ in STEPS]
    for confidence, band, number in ledger.confidences():
        bars[max(place for place, low in enumerate(STEPS) if confidence >= low)][band] += number
    return [Bar(low, bands) for low, bands in zip(STEPS, bars, strict=True)] if any(bars) else []


def _in_chain_order(names: Mapping[str, object] | set[str]) -> list[str]:
    """Names of passes or rules, in the order in which the chain comes to them."""
    order = {name: place for place, name in enumerate(PASS_NAMES)}
    return sorted(names, key=lambda name: (order.get(name.partition("/")[0], len(order)), name))


def _worst_first(document: Document) -> tuple[float, str]:
    return -(per_10k(document) or 0), document.name


def _by_name(documents: Sequence[Document]) -> list[Document]:
    return sorted(documents, key=lambda document: document.name)


# How it is worded


def per_10k(document: Document) -> float | None:
    """Edits for 10,000 characters: a hint at a scan's quality. None for an empty document."""
    return 10_000 * edits_of(document) / document.characters if document.characters else None


def anchor(name: str) -> str:
    """The name by which a link finds a document: the same in every report of the same run."""
    return "d-" + blake2b(name.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


def clock(at: str) -> str:
    """A time of the ledger (UTC, ISO 8601) to the minute: `2026-11-22 10:45 UTC`."""
    return f"{at[:10]} {at[11:16]} UTC"


def _environment() -> Environment:
    made = environment(_TEMPLATES)
    functions = (anchor, clock, edits_of, per_10k)
    made.filters |= {function.__name__: function for function in functions}
    made.filters["inert"] = inert
    made.globals |= {"BANDS": BANDS, "RULES": known_rules(), "PASS_NAMES": PASS_NAMES}
    return made
