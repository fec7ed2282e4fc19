"""Applying decisions: the folder of a run as a person wants it, again and again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cleaner.batch.apply import apply
from cleaner.batch.folder import OutFolder
from cleaner.batch.run import run
from cleaner.batch.summary import Summary
from cleaner.chain import Cleaner
from cleaner.cli.main import app
from cleaner.decisions import decided
from cleaner.decisions.decision import Decision, Verdict, about, current, parsed
from cleaner.files.find import find
from cleaner.files.write import clean_file
from cleaner.ledger.ledger import Ledger, LedgerError
from cleaner.settings import Settings
from tests.review.conftest import PAGES, Decide


def clean(out: OutFolder, name: str) -> str:
    return (out.clean / name).read_text(encoding="utf-8")


def cleaner(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_nothing_decided_changes_nothing(out: OutFolder) -> None:
    before = {path: path.read_bytes() for path in out.clean.rglob("*") if path.is_file()}
    summary = apply(out)
    assert (summary.cleaned, summary.unchanged) == (0, 3)
    assert {path: path.read_bytes() for path in out.clean.rglob("*") if path.is_file()} == before


def test_a_rejected_edit_is_left_out_of_clean_file_and_edits(out: OutFolder, decide: Decide) -> None:
    assert "公司的入驻，村里热闹起来。" in clean(out, "a.txt")
    decision = decide("a.txt", "人", "reject")
    summary = apply(out)
    assert (summary.cleaned, summary.unchanged, summary.unplaced) == (1, 2, [])
    assert "公司的人驻，村里热闹起来。" in clean(out, "a.txt")
    assert "书店的入驻" in clean(out, "a.txt")
    edits = [json.loads(line) for line in out.edits.read_text(encoding="utf-8").splitlines()]
    assert decision.edit not in {edit["id"] for edit in edits}
    assert not any("new" in edit for edit in edits)
    assert (apply(out).cleaned, apply(out).unchanged) == (0, 3)


def test_a_decision_about_a_document_that_is_not_there_is_told(out: OutFolder, decide: Decide) -> None:
    gone = replace(decide("a.txt", "人", "reject"), document="gone.txt")
    with Ledger.deciding(out.ledger) as ledger:
        ledger.add_decisions([gone.as_line()])
    assert apply(out).unplaced == [("gone.txt", "1 decision about it, but it is not in this folder")]


@pytest.mark.parametrize("name", ["../../escaped.txt", "/tmp/escaped.txt"])
def test_a_ledger_from_elsewhere_leads_nowhere_else(out: OutFolder, scans: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "escaped.txt").write_text("mine")
    with sqlite3.connect(out.ledger) as ledger:
        ledger.execute("UPDATE documents SET clean = ? WHERE name = 'a.txt'", (name,))
    with pytest.raises(LedgerError, match="leads out of the folder"):
        apply(out)
    with pytest.raises(LedgerError, match="leads out of the folder"):
        run(find([scans]).documents, out, Settings(), force=True)
    assert (tmp_path / "escaped.txt").read_text() == "mine"
    assert not Path("/tmp/escaped.txt").exists()


def test_always_holds_in_the_word_that_it_was_said_about() -> None:
    edit = {"document": "a", "id": "1", "rule": "misreads/look-alike", "before": "人", "after": "入", "line": 1}
    for source, at, beside in (("公司的人驻", 3, ("", "驻")), ("甲人乙", 1, ("甲", "乙")), ("注人资金", 1, ("注", ""))):
        decision = about({**edit, "start": at, "end": at + 1}, source, "always")
        assert decision.beside == beside


def test_a_decision_taken_back_is_undone(out: OutFolder, decide: Decide) -> None:
    before = clean(out, "a.txt"), out.edits.read_bytes()
    decision = decide("a.txt", "人", "reject")
    apply(out)
    with Ledger.deciding(out.ledger) as ledger:
        ledger.add_decisions([decision.as_line().replace('"reject"', '"none"')])
    assert apply(out).cleaned == 1
    assert (clean(out, "a.txt"), out.edits.read_bytes()) == before


def test_never_holds_in_every_document_and_in_the_next_run(
    out: OutFolder, decide: Decide, scans: Path, cleaned: Callable[[], Summary]
) -> None:
    decide("a.txt", "人", "never")
    summary = apply(out)
    assert (summary.cleaned, summary.unchanged) == (2, 1)  # c.txt has no such word
    assert "入驻" not in clean(out, "a.txt") + clean(out, "b.md")
    (scans / "d.txt").write_text("又有三家公司的人驻手续办好了。\n", encoding="utf-8")
    assert cleaned().cleaned == 1
    assert clean(out, "d.txt") == "又有三家公司的人驻手续办好了。\n"
    assert "入驻" not in clean(out, "a.txt")


def test_a_page_recognised_again_keeps_its_decisions(
    out: OutFolder, decide: Decide, scans: Path, cleaned: Callable[[], Summary]
) -> None:
    decide("a.txt", "人", "reject", nth=1)
    (scans / "a.txt").write_text("版面的头一行\n\n" + PAGES["a.txt"].replace("有了去处", "有 了去处"), encoding="utf-8")
    assert cleaned().unplaced == []
    assert "书店的人驻" in clean(out, "a.txt")
    assert "公司的入驻" in clean(out, "a.txt")


def test_a_decision_without_a_place_is_told(
    out: OutFolder, decide: Decide, scans: Path, cleaned: Callable[[], Summary]
) -> None:
    decide("a.txt", "人", "reject")
    (scans / "a.txt").write_text("全都换了。\n", encoding="utf-8")
    ((name, told),) = cleaned().unplaced
    assert name == "a.txt"
    assert "line 1 (reject: '人' → '入') was not carried out: its place was not found" in told


def test_restore_gives_the_sources_after_apply(out: OutFolder, decide: Decide, scans: Path, tmp_path: Path) -> None:
    decide("a.txt", "人", "reject")
    decide("b.md", ",", "replace", text="——")
    cleaner("apply", out.top)
    assert "入驻——大家" in clean(out, "b.md")
    cleaner("restore", out.top, tmp_path / "originals")
    for name in PAGES:
        assert (tmp_path / "originals" / name).read_bytes() == (scans / name).read_bytes()


def test_a_clean_file_that_somebody_edited_is_set_aside(out: OutFolder, decide: Decide) -> None:
    (out.clean / "a.txt").write_text("我改过了。\n", encoding="utf-8")
    decide("a.txt", "人", "reject")
    (kept,) = apply(out).set_aside
    assert kept.read_text(encoding="utf-8") == "我改过了。\n"


def test_a_ledger_that_does_not_say_the_settings(out: OutFolder) -> None:
    import sqlite3

    with sqlite3.connect(out.ledger) as connection:
        connection.execute("DROP TABLE settings")
        connection.execute("DROP TABLE decisions")
    with pytest.raises(LedgerError, match="does not say with which settings"):
        apply(out)


def test_the_settings_of_the_run_hold_and_a_lost_lexicon_is_told(scans: Path, tmp_path: Path) -> None:
    lexicon = tmp_path / "mine.tsv"
    lexicon.write_text("热闹非凡\tword\t\t热闹起来\n", encoding="utf-8")
    cleaner("run", scans, "-o", tmp_path / "out", "--lexicon", lexicon, "--skip", "punctuation")
    out = OutFolder(tmp_path / "out")
    with Ledger.deciding(out.ledger) as ledger:
        edit = next(e for e in ledger.edits("a.txt") if e["before"] == "人")
        ledger.add_decisions([about(edit, ledger.text("a.txt"), "reject").as_line()])
    apply(out)
    assert clean(out, "a.txt").startswith("随着文创公司的人驻,村里热闹非凡。")
    lexicon.unlink()
    result = CliRunner().invoke(app, ["apply", str(out.top)])
    assert result.exit_code == 2
    assert "mine.tsv" in result.stderr


def test_decisions_move_between_people(out: OutFolder, decide: Decide, tmp_path: Path) -> None:
    decide("a.txt", "人", "reject", comment="原文如此")
    decide("b.md", ",", "accept")
    file = tmp_path / "mine.jsonl"
    assert "2 decisions written" in cleaner("decisions", out.top, "--export", file)
    assert "a.txt:1  reject  人 → 入  misreads/look-alike  (林" in cleaner("decisions", out.top)
    assert "# 原文如此" in cleaner("decisions", out.top)
    assert "0 decisions added, 2 decisions known already" in cleaner("decisions", out.top, "--import", file)
    theirs = file.read_text(encoding="utf-8").replace("林", "王").replace('"reject"', '"accept"').replace("20", "30", 1)
    lines = [line.replace('"at": "20', '"at": "30') for line in theirs.splitlines()]
    file.write_text("\n".join(lines), encoding="utf-8")
    told = cleaner("decisions", out.top, "--import", file)
    assert "2 decisions added" in told
    assert told.count("conflict:") == 1
    assert "the later holds: (王" in told
    apply(out)
    assert "公司的入驻" in clean(out, "a.txt")


def test_times_of_other_places_are_compared_as_times() -> None:
    line = '{"verdict": "%s", "document": "a", "edit": "e", "rule": "r", "before": "b", "at": "%s"}'
    earlier = parsed(line % ("accept", "2026-03-01T09:00:00+08:00"))
    later = parsed(line % ("reject", "2026-03-01T02:00:00Z"))
    assert current([later, earlier]) == {later.key: later}
    assert parsed(later.as_line()) == later


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[]", "a JSON object is wanted"),
        ("{", "not JSON"),
        (
            '{"verdict": "accept", "document": "a", "edit": "e", "rule": "r", "before": "b", "at": "soon"}',
            "must be a time",
        ),
        ('{"verdict": "maybe"}', "the verdict must be one of"),
        ('{"verdict": "accept", "document": "a"}', "edit is missing"),
        ('{"verdict": "replace", "document": "a", "edit": "e", "rule": "r", "before": "b"}', "wants a text"),
        ('{"verdict": "accept", "document": "a", "edit": "e", "rule": "r", "before": "b", "start": "1"}', "wrong kind"),
        ('{"verdict": "accept", "document": "a", "edit": "e", "rule": "r", "before": "b", "beside": 1}', "wrong kind"),
    ],
)
def test_a_file_that_holds_no_decisions(out: OutFolder, tmp_path: Path, line: str, says: str) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["decisions", str(out.top), "--import", str(file)])
    assert result.exit_code == 2
    assert f"{file}, line 2: " in result.stderr
    assert says in result.stderr


def test_what_holds_everywhere_is_shown_as_a_lexicon(out: OutFolder, decide: Decide, tmp_path: Path) -> None:
    decide("a.txt", "人", "always")
    decide("a.txt", ",", "never")
    result = CliRunner().invoke(app, ["lexicon", "show", str(out.top)])
    assert result.stdout == "# term\tcategory\tweight\tforms\tprotect\n入驻\tuser\t\t人驻\n"
    assert "1 decision of marks" in result.stderr
    (tmp_path / "mine.tsv").write_text(result.stdout, encoding="utf-8")
    cleaner("run", tmp_path / "scans", "-o", tmp_path / "other", "--lexicon", tmp_path / "mine.tsv")


@given(st.data())
@settings(max_examples=15)
def test_apply_gives_what_the_chain_gives_with_those_decisions(data: st.DataObject) -> None:
    """Through ledger and files as in memory, whatever is rejected and accepted; and the sources come back."""
    with TemporaryDirectory() as folder:
        scans, out = Path(folder) / "scans", OutFolder(Path(folder) / "out")
        scans.mkdir()
        for name, text in PAGES.items():
            (scans / name).write_text(text + "自已做的饭。\n", encoding="utf-8")
        run(find([scans]).documents, out, Settings())
        taken: dict[str, list[Decision]] = {name: [] for name in PAGES}
        with Ledger.deciding(out.ledger) as ledger:
            for edit in list(ledger.edits()):
                if data.draw(st.booleans()):
                    verdict: Verdict = "accept" if edit["band"] == "suggested" else "reject"
                    taken[edit["document"]].append(about(edit, ledger.text(edit["document"]), verdict))
            ledger.add_decisions([decision.as_line() for of_one in taken.values() for decision in of_one])
        apply(out)
        for name in PAGES:
            source = (scans / name).read_text(encoding="utf-8")
            wanted = decided.clean(Cleaner(), source, taken[name]).cleaned.text
            assert (out.clean / name).read_bytes() == clean_file(wanted)
        cleaner("restore", out.top, Path(folder) / "originals")
        for name in PAGES:
            assert (Path(folder) / "originals" / name).read_bytes() == (scans / name).read_bytes()
