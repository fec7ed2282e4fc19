"""The samples, cleaned, against the clean text that each should become.

What still differs stands in tests/golden/NAME.diff, line by line, so that a change of a rule or dictionary shows what it
does. `python tests/test_samples_cleaned.py` writes the files anew; read the difference before committing it.
"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest
from rapidfuzz.distance import Levenshtein

from cleaner import Cleaner

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted((ROOT / "samples" / "scans").glob("*.txt"))
GOLDEN = ROOT / "tests" / "golden"
CLEANER = Cleaner()


def lines(text: str) -> list[str]:
    """The lines that are not blank: where blank lines stand is the layout's business, not the text's."""
    return [line for line in text.split("\n") if line.strip()]


def difference(sample: Path) -> str:
    """What separates the cleaned sample from the text it should become."""
    want = (ROOT / "samples" / "clean" / sample.name).read_text(encoding="utf-8")
    got = CLEANER.clean(sample.read_text(encoding="utf-8")).text
    rows = unified_diff(lines(want), lines(got), "should become", "becomes", lineterm="", n=0)
    return "\n".join(row for row in rows if not row.startswith("@@")) + "\n"


def golden(sample: Path) -> Path:
    return GOLDEN / f"{sample.stem}.diff"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_becomes_its_clean_text_but_for_what_is_known(sample: Path) -> None:
    assert difference(sample) == golden(sample).read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_comes_far_nearer_to_its_clean_text(sample: Path) -> None:
    want = "\n".join(lines((ROOT / "samples" / "clean" / sample.name).read_text(encoding="utf-8")))
    scan = sample.read_text(encoding="utf-8")
    before, after = (Levenshtein.distance("\n".join(lines(text)), want) for text in (scan, CLEANER.clean(scan).text))
    assert after <= 0.5 * before


if __name__ == "__main__":
    for path in SAMPLES:
        golden(path).write_text(difference(path), encoding="utf-8")
