"""The first pass of a run that learns from its collection: documents cleaned, counted, and what they have in common written down.

Of a large collection a sample is read, chosen by the names of the documents, so that learning takes no longer the larger it is.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from cleaner import __version__
from cleaner.batch.folder import OutFolder
from cleaner.batch.summary import Learning, Step, Summary
from cleaner.batch.tasks import How, results
from cleaner.batch.work import Task, attempt
from cleaner.files.listing import Listing
from cleaner.files.write import write
from cleaner.knowledge import learned, lexicon
from cleaner.knowledge.learned import HEAD, LINE, NEVER, Fact
from cleaner.learning import Counts, counts_of, facts
from cleaner.ledger.ledger import Ledger

SAMPLE: Final = 6_000_000
"""Bytes that are learned from, about: two million characters, two thousand pages. One processor takes a quarter of a minute for them,
and counting their terms takes 400 MB, once, before the second pass."""

_HEADER: Final = (
    "What cleaner {version} learned from {documents:,} of {all:,} documents ({characters:,} characters).",
    "Yours to edit: delete a line, add one, or mark it `never` (not to be used, nor learned again) or `keep` (whatever a",
    "later run finds). Give it to other runs with --learned. documents: in how many it was found.",
    "  line    stands at the edge of pages: suggested to be removed there; numbers are 0",
    "  head    the same, removed",
    "  term    a name or term that cleaner did not know",
    "  change  a misread that was mended, with a character beside it",
)


def learn(
    texts: Listing, out: OutFolder, task: Task, ledger: Ledger, workers: int, how: How, summary: Summary, *, force: bool
) -> Path | None:
    """Learns from the texts, and gives the file that says what; None where a person stopped it.

    What was learned from the same documents before is used as it stands now, edits of a person included, unless `force`
    asks for it anew. Else the lines that a person has marked stay, and a file that was edited is set aside.
    Raises LearnedError where the file is there and at fault, OSError.
    """
    made_from = _made_from(texts, task)
    noted = json.loads(ledger.fact("learned") or "{}")
    path = out.learned
    standing = learned.read(path) if path.is_file() else []
    if path.is_file() and noted.get("from") == made_from and not force:
        summary.learning = Learning(path, _by_kind(standing))
        return path
    counts = _counted(texts, task, workers, how)
    if counts is None:
        return None
    found = _with_marked(facts(counts, lexicon.load(task.settings.lexicons)), standing)
    header = (line.format(version=__version__, documents=counts.documents, all=len(texts), characters=counts.characters)
              for line in _HEADER)  # fmt: skip
    content = learned.written(found, header)
    aside = None
    if path.is_file() and _sha256(path.read_bytes()) not in (noted.get("sha256"), _sha256(content)):
        aside = out.keep_aside(path, path.name)
    write(path, content)
    ledger.note("learned", json.dumps({"from": made_from, "sha256": _sha256(content)}))
    summary.learning = Learning(path, _by_kind(found), counts.documents, aside)
    return path


def _made_from(texts: Listing, task: Task) -> str:
    """A hash of all that what is learned depends on."""
    made_from = hashlib.sha256(f"{task.signature} {__version__}\n".encode())
    for found in texts:
        made_from.update(f"{found.name!r} {found.size} {found.modified}\n".encode())
    return made_from.hexdigest()[:16]


def _counted(texts: Listing, task: Task, workers: int, how: How) -> Counts | None:
    """What is counted in the documents; None where a person stopped it."""
    total = Counts()
    with closing(results(_sample(texts, task), workers, how, counted, lost)) as every:
        for done in every:
            if done is not None:
                of, counts = done
                total += counts
                how.progress(Step(of.name, of.size, "learned", characters=counts.characters))
    return None if how.stop() else total


def _sample(texts: Listing, task: Task) -> Iterator[Task]:
    """The documents that are learned from: all of a small collection; of a large one those whose names fall among them."""
    share = SAMPLE / max(1, sum(texts.sizes()))
    for found in texts:
        if share < 1 and (found.size > SAMPLE or int(_sha256(repr(found.name).encode())[:8], 16) >= share * 2**32):
            continue
        yield replace(task, name=found.name, path=found.path, member=found.member, size=found.size)


def counted(task: Task) -> Counts:
    """What is counted of a document; nothing of one that cannot be cleaned. Raises nothing for its sake."""
    cleaned = attempt(task).cleaned
    return Counts() if cleaned is None else counts_of(task.name, cleaned)


def lost(task: Task, reason: str) -> Counts:
    """Nothing is counted of a document whose process died of it; the second pass will tell."""
    return Counts()


def _with_marked(found: list[Fact], standing: list[Fact]) -> list[Fact]:
    """What was found, and the lines that a person marked; those as they are, but for the number of documents."""
    facts = {_about(fact): fact for fact in found}
    for fact in standing:
        if fact.mark:
            again = facts.get(_about(fact))
            facts[_about(fact)] = fact._replace(documents=again.documents) if again else fact
    return list(facts.values())


def _about(fact: Fact) -> tuple[str, str]:
    return HEAD if fact.kind == LINE else fact.kind, fact.text


def _by_kind(found: list[Fact]) -> Counter[str]:
    return Counter(fact.kind for fact in found if fact.mark != NEVER)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
