"""Runs that learn: the same from one process and two, what a person edited kept, and going on after a stop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cleaner.batch.folder import OutFolder
from cleaner.batch.run import Interrupted, run
from cleaner.batch.summary import Step, Summary
from cleaner.files.find import find
from cleaner.settings import Settings
from tests.test_learning import PAGES

MISREAD = """傍晚，一行人离开嗽石湾，沿着新修的公路下山。
博物馆里新添了一口铜钟，钟上的字已经看不清了，讲解员说它铸成的那一年城里发过大水。
邮递员骑着自行车穿过小巷，车铃一响，家家户户的门就开了，狗也跟着跑出来。
"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, page in enumerate(PAGES):
        (folder / f"{number}.txt").write_text(page, encoding="utf-8")
    (folder / "z.txt").write_text(MISREAD, encoding="utf-8")
    return folder


def learning(pages: Path, top: Path, settings: Settings | None = None, **how: Any) -> Summary:
    out = OutFolder(top)
    out.check([pages])
    return run(find([pages]).documents, out, settings or Settings(), **{"learn": True, **how})


def clean(top: Path) -> str:
    return (top / "clean/z.txt").read_text(encoding="utf-8")


def test_a_name_is_mended_because_other_documents_have_it(pages: Path, tmp_path: Path) -> None:
    learning(pages, tmp_path / "plain", learn=False)
    assert clean(tmp_path / "plain") == MISREAD
    summary = learning(pages, tmp_path / "out")
    assert clean(tmp_path / "out") == MISREAD.replace("嗽", "漱")
    assert summary.learning is not None
    assert (summary.learning.documents, summary.learning.facts) == (6, {"term": 1})


def test_one_process_and_two_learn_the_same(pages: Path, tmp_path: Path) -> None:
    learning(pages, tmp_path / "one", jobs=1)
    learning(pages, tmp_path / "two", jobs=2)
    for name in ("learned.tsv", "edits.jsonl"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_file_serves_another_run(pages: Path, tmp_path: Path) -> None:
    learning(pages, tmp_path / "out")
    for page in pages.glob("[0-9].txt"):
        page.unlink()
    learning(pages, tmp_path / "more", Settings(learned=tmp_path / "out/learned.tsv"), learn=False)
    assert clean(tmp_path / "more") == MISREAD.replace("嗽", "漱")


def test_a_run_again_passes_over_what_is_done(pages: Path, tmp_path: Path) -> None:
    learning(pages, tmp_path / "out")
    steps: list[Step] = []
    summary = learning(pages, tmp_path / "out", progress=steps.append)
    assert (summary.unchanged, summary.cleaned) == (6, 0)
    assert "learned" not in {step.state for step in steps}


@pytest.mark.parametrize("after", [3, 8])
def test_a_run_that_was_stopped_goes_on(pages: Path, tmp_path: Path, after: int) -> None:
    steps: list[Step] = []
    with pytest.raises(Interrupted):
        learning(pages, tmp_path / "out", progress=steps.append, stop=lambda: len(steps) >= after)
    learning(pages, tmp_path / "out")
    learning(pages, tmp_path / "whole")
    for name in ("learned.tsv", "edits.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def edited(top: Path, before: str, after: str) -> None:
    path = top / "learned.tsv"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_an_edited_file_is_used_as_it_stands(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    learning(pages, out)
    edited(out, "term\t漱石湾\t5", "# no village of ours")
    content = (out / "learned.tsv").read_bytes()
    summary = learning(pages, out)
    assert (out / "learned.tsv").read_bytes() == content
    assert clean(out) == MISREAD
    assert summary.why == {"other settings": 6}


def test_other_documents_are_learned_from_anew_and_what_was_edited_is_kept(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    learning(pages, out)
    edited(out, "term\t漱石湾\t5", "term\t漱石湾\t5\tnever\nterm\t榆柳坪\t\tkeep\nterm\t青埠镇")
    content = (out / "learned.tsv").read_bytes()
    (pages / "y.txt").write_text(PAGES[0], encoding="utf-8")
    summary = learning(pages, out)
    lines = (out / "learned.tsv").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["term\t漱石湾\t6\tnever", "term\t榆柳坪\t5\tkeep"]
    assert summary.learning is not None
    assert summary.learning.set_aside == out / "edited/learned.tsv"
    assert summary.learning.set_aside.read_bytes() == content
    assert clean(out) == MISREAD


def test_of_a_large_collection_a_sample_is_read(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.batch.learn.SAMPLE", 400)
    summary = learning(pages, tmp_path / "out")
    assert summary.learning is not None
    assert 0 < (summary.learning.documents or 0) < 6
    assert summary.cleaned == 6
