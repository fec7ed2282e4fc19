"""Files and folders measured against their references: documents matched by name, and totals over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cleaner.evaluation.equivalence import known
from cleaner.evaluation.measure import Difference, evaluate
from cleaner.evaluation.score import Score
from cleaner.files.find import find
from cleaner.files.found import Found
from cleaner.files.read import read, reading_of
from cleaner.files.unreadable import UnreadableDocument

IS_TABLE = "a table (JSONL, Parquet), whose rows are not measured; write their texts to files first"

MOST_DIFFERENCES = 200
"""Differences of one document that are kept with their context."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A document measured: its score, the scores of its pages where it has several, how many differences there are, and the
    first of them.
    """

    name: str
    score: Score
    pages: tuple[Score, ...] = ()
    differing: int = 0
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Documents measured, in the order of their names, and what stands for what in all of them.

    `without_reference` and `without_clean` are documents that only one side has, `failures` those that could not be read,
    each with the reason; none of them is in the score.
    """

    same: tuple[str, ...]
    documents: tuple[Evaluated, ...]
    confusions: Counter[tuple[str, str]]
    without_reference: tuple[str, ...] = ()
    without_clean: tuple[str, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()

    @property
    def score(self) -> Score:
        """The score of all documents, in which each character weighs alike."""
        return sum((document.score for document in self.documents), Score())

    def as_table(self) -> dict[str, object]:
        """All of it by name, as JSON takes it; confusions by how often they come."""
        return {
            "same": list(self.same),
            "all": self.score.as_table(),
            "documents": [
                {"document": d.name, **d.score.as_table(), "pages": [page.as_table() for page in d.pages]}
                for d in self.documents
            ],
            "confusions": [
                {"stands": stands, "should": should, "times": times}
                for (stands, should), times in by_frequency(self.confusions)
            ],
            "without_reference": list(self.without_reference),
            "without_clean": list(self.without_clean),
            "failures": [{"document": name, "message": message} for name, message in self.failures],
        }


def by_frequency(confusions: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    """Confusions with how often they come, the commonest first; of equals in the order of their characters."""
    return sorted(confusions.items(), key=lambda pair: (-pair[1], pair[0]))


def evaluate_files(clean: Path, reference: Path, same: Collection[str] = ()) -> Evaluation:
    """One file measured against another. Raises SettingsError for an equivalence that does not exist."""
    name = reference.name
    return _evaluated({name: _found(clean)}, {name: _found(reference)}, same)


def evaluate_folders(
    clean: Path,
    reference: Path,
    same: Collection[str] = (),
    progress: Callable[[int, int], None] = lambda done, every: None,
) -> Evaluation:
    """The documents of one folder measured against those of another, matched by their path in the folder; a document that
    finds no partner so takes the one whose path is the same but for the suffixes, where there is just one on either side.

    `progress` is told how many of how many documents are done. Raises UnusablePaths where a folder is missing, SettingsError
    for an equivalence that does not exist.
    """
    cleaned, references = ({found.name: found for found in find([top]).documents} for top in (clean, reference))
    return _evaluated(_renamed(cleaned, references), references, same, progress)


def _renamed(cleaned: Mapping[str, Found], references: Mapping[str, Found]) -> dict[str, Found]:
    """The cleaned documents by the names of their references, where they have one under another suffix."""
    waiting = _by_stem(references.keys() - cleaned.keys())
    spare = _by_stem(cleaned.keys() - references.keys())
    other = {
        names[0]: waiting[stem][0]
        for stem, names in spare.items()
        if len(names) == 1 and len(waiting.get(stem, ())) == 1
    }
    return {other.get(name, name): found for name, found in cleaned.items()}


def _by_stem(names: Iterable[str]) -> dict[str, list[str]]:
    """Names by what they are without suffixes: `a/0001.hocr.txt` and `a/0001.txt` are `a/0001`."""
    stems: dict[str, list[str]] = {}
    for name in names:
        path = PurePosixPath(name)
        stem = path.name[: -len("".join(path.suffixes)) or None]
        stems.setdefault(str(path.with_name(stem)), []).append(name)
    return stems


def _evaluated(
    cleaned: Mapping[str, Found],
    references: Mapping[str, Found],
    same: Collection[str],
    progress: Callable[[int, int], None] = lambda done, every: None,
) -> Evaluation:
    both = sorted(cleaned.keys() & references.keys())
    equivalences = known(same)
    documents: list[Evaluated] = []
    confusions: Counter[tuple[str, str]] = Counter()
    failures: list[tuple[str, str]] = []
    for number, name in enumerate(both, 1):
        try:
            clean, reference = (_text(side[name]) for side in (cleaned, references))
        except UnreadableDocument as error:
            failures.append((name, str(error)))
        else:
            measured = evaluate(clean, reference, equivalences)
            confusions += measured.confusions
            differences = measured.differences
            documents.append(
                Evaluated(name, measured.score, measured.pages, len(differences), differences[:MOST_DIFFERENCES])
            )
        progress(number, len(both))
    return Evaluation(
        tuple(sorted(equivalences)),
        tuple(documents),
        confusions,
        tuple(sorted(cleaned.keys() - references.keys())),
        tuple(sorted(references.keys() - cleaned.keys())),
        tuple(failures),
    )


def _text(found: Found) -> str:
    try:
        if found.table:
            raise UnreadableDocument(IS_TABLE)
        return reading_of(read(found.path, member=found.member).raw, name=found.name).text
    except UnreadableDocument as error:
        raise UnreadableDocument(f"{found.path}: {error}") from error


def _found(path: Path) -> Found:
    return Found(path.name, path, 0)
