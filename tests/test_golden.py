"""The chain over our own texts, as golden files that show what a change of a rule, weight or dictionary does.

tests/golden/README.md says how to read and to update them. Numbers are rounded to two places, far from what tells
machines apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from cleaner import Band, Cleaned, Cleaner, Edit
from cleaner.chain import PASSES
from cleaner.cli.visible import visible
from cleaner.evaluation import Score, evaluate
from cleaner.evaluation.score import CLASSES, percent
from cleaner.text.records import in_order
from cleaner.text.width import HAN

TOP = Path(__file__).resolve().parents[1]
GOLDEN = TOP / "tests" / "golden"
SAMPLES = sorted((TOP / "samples" / "scans").glob("*.txt"))
RIGHT = [*sorted((TOP / "samples" / "clean").glob("*.txt")), *sorted((GOLDEN / "clean").glob("*.txt"))]
Compare = Callable[[Path, str], None]

AROUND = 8
"""Characters shown on either side of a change."""

NEAR = 3
"""Equal characters between two differences at most, where they are shown as one."""


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def cleaned(path: Path) -> Cleaned:
    return _cleaner().clean(read(path))


@cache
def _cleaner() -> Cleaner:
    return Cleaner()


# What is held


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_samples_come_out_as_written_down(sample: Path, golden: Compare) -> None:
    golden(GOLDEN / "scans" / sample.name, "\n".join(sample_card(sample)) + "\n")


def test_right_text_is_harmed_no_more_than_written_down(golden: Compare) -> None:
    golden(GOLDEN / "harm.txt", "\n".join(harm_card(RIGHT)) + "\n")


def test_no_golden_file_is_left_over() -> None:
    assert [path.name for path in sorted((GOLDEN / "scans").iterdir())] == [path.name for path in SAMPLES]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_samples_come_far_nearer_to_their_clean_text(sample: Path) -> None:
    """What no update of a golden file gets past."""
    want = "\n".join(lines(reference(sample)))
    before, after = (
        Levenshtein.distance("\n".join(lines(text)), want) for text in (read(sample), cleaned(sample).text)
    )
    assert after <= 0.5 * before


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_no_chinese_character_of_right_text_is_changed(path: Path) -> None:
    """Nor does an update get past this."""
    assert [around(edit, read(path)) for edit in cleaned(path).edits if changes_characters(edit)] == []


# The card of a sample


def sample_card(sample: Path) -> Iterator[str]:
    """What becomes of a scan: scores before and after, what is still wrong, every edit."""
    result = cleaned(sample)
    yield f"samples/scans/{sample.name}, cleaned"
    yield ""
    yield from scores(evaluate(read(sample), reference(sample)).score, evaluate(result.text, reference(sample)).score)
    yield ""
    yield from by_pass(in_order(result))
    yield ""
    yield "Still wrong: {what came out→what should have}"
    yield from still_wrong(result.text, reference(sample))
    yield ""
    yield "Edits"
    yield from (row(edit, result.source) for edit in in_order(result))


def scores(scan: Score, clean: Score) -> Iterator[str]:
    """What `cleaner evaluate` measures of a scan, and of what it became."""
    yield f"{'':30}{'scan':>10}{'cleaned':>10}"
    yield f"{'character error rate':30}{percent(scan.error_rate):>10}{percent(clean.error_rate):>10}"
    for name in CLASSES:
        if name in scan.classes and name in clean.classes:
            rates = (percent(score.classes[name].rate) for score in (scan, clean))
            yield f"  {name:28}" + "".join(f"{rate:>10}" for rate in rates)
    for label, field in (("replaced", "replaced"), ("lost", "lost"), ("invented", "invented"),
                         ("paragraphs right", "paragraphs_right"), ("breaks kept", "breaks_kept"),
                         ("breaks lost", "breaks_lost"), ("lines broken", "lines_broken")):  # fmt: skip
        yield f"{label:30}{getattr(scan, field):>10}{getattr(clean, field):>10}"


def still_wrong(got: str, want: str) -> Iterator[str]:
    """Where a text is not as it should be, line breaks included; how many blank lines stand between lines counts for nothing."""
    got, want = "\n".join(lines(got)), "\n".join(lines(want))
    runs: list[list[int]] = []
    for op in Levenshtein.opcodes(got, want):
        if op.tag == "equal":
            continue
        if runs and op.src_start - runs[-1][1] <= NEAR:
            runs[-1][1], runs[-1][3] = op.src_end, op.dest_end
        else:
            runs.append([op.src_start, op.src_end, op.dest_start, op.dest_end])
    for start, end, should_start, should_end in runs:
        yield "  " + in_place(got, start, end, f"{visible(got[start:end])}→{visible(want[should_start:should_end])}")


# The harm card


def harm_card(paths: Iterable[Path]) -> Iterator[str]:
    """What the chain does to texts that are right: by text, by pass, and edit by edit."""
    yield "What is done to text that is right: samples/clean and tests/golden/clean"
    yield ""
    yield f"{'':30}{'characters':>10}" + "".join(f"{band:>10}" for band in Band)
    every: list[Edit] = []
    listed: list[str] = []
    characters = 0
    for path in paths:
        text, edits = read(path), in_order(cleaned(path))
        bands = Counter(edit.band for edit in edits)
        yield f"{path.stem:30}{len(text):>10,}" + "".join(f"{bands[band]:>10}" for band in Band)
        if edits:
            listed += ["", str(path.relative_to(TOP)), *(row(edit, text) for edit in edits)]
        characters += len(text)
        every += edits
    bands = Counter(edit.band for edit in every)
    yield f"{'all':30}{characters:>10,}" + "".join(f"{bands[band]:>10}" for band in Band)
    yield f"{'in 10,000 characters':30}{'':10}" + "".join(f"{bands[band] / characters * 1e4:>10.2f}" for band in Band)
    yield ""
    yield from by_pass(every)
    yield from listed


# Both


def by_pass(edits: Iterable[Edit]) -> Iterator[str]:
    """How many edits of each pass there are, by band."""
    count = Counter((edit.pass_, edit.band) for edit in edits)
    yield f"{'edits':30}" + "".join(f"{band:>10}" for band in Band)
    for name in [step.name for step in PASSES]:
        if any(count[name, band] for band in Band):
            yield f"{name:30}" + "".join(f"{count[name, band]:>10}" for band in Band)


def row(edit: Edit, source: str) -> str:
    """An edit on one line: line of the source, band, confidence, rule (several where several met), what and where."""
    rules = "+".join(dict.fromkeys(step.rule for step in edit.steps)) or edit.rule
    return f"{edit.line:>4} {edit.band:9} {edit.confidence:.2f} {rules:24} {around(edit, source)}"


def around(edit: Edit, source: str) -> str:
    """What an edit changes, between the characters beside it."""
    before = visible(edit.before)
    if edit.kind == "move":
        line = source.count("\n", 0, edit.to) + 1
        return in_place(source, edit.start, edit.end, f"{before}→line {line}")
    return in_place(source, edit.start, edit.end, before if edit.after is None else f"{before}→{visible(edit.after)}")


def in_place(text: str, start: int, end: int, what: str) -> str:
    """`what` in braces, between the characters that stand beside the span."""
    return f"{visible(text[max(0, start - AROUND) : start])}{{{what}}}{visible(text[end : end + AROUND])}"


def changes_characters(edit: Edit) -> bool:
    return edit.kind == "change" and HAN.findall(edit.before) != HAN.findall(edit.after or "")


def lines(text: str) -> list[str]:
    """The lines that are not blank: where blank lines stand is the layout's business, not the text's."""
    return [line for line in text.split("\n") if line.strip()]


def reference(sample: Path) -> str:
    return read(TOP / "samples" / "clean" / sample.name)
