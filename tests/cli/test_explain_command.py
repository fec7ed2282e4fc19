"""`cleaner explain`: the rules' own documentation."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from cleaner.chain import RULES

Command = Callable[..., Result]


def test_all_rules_are_listed_by_pass(cleaner: Command) -> None:
    result = cleaner("explain")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [name for name in (line.split()[0] for line in lines if line[:3].strip()) if name in RULES] == list(RULES)
    assert "misreads" in lines


def test_a_rule_is_told_with_reason_source_and_examples(cleaner: Command) -> None:
    rule = RULES["characters/radical"]
    result = cleaner("explain", rule.name)
    assert result.exit_code == 0
    told = "".join(result.stdout.split())
    for part in (rule.does, rule.why, rule.source, *rule.examples[0]):
        assert "".join(part.split()) in told


def test_a_pass_gives_all_its_rules(cleaner: Command) -> None:
    told = cleaner("explain", "spaces").stdout
    assert all(name in told for name, rule in RULES.items() if rule.pass_ == "spaces")


def test_every_rule_can_be_told(cleaner: Command) -> None:
    for name in RULES:
        assert cleaner("explain", name).stdout.startswith(name)


def test_an_unknown_rule_gets_a_suggestion(cleaner: Command) -> None:
    result = cleaner("explain", "characters/radicals")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "did you mean 'characters/radical'?" in result.stderr


def test_an_edit_is_told_with_what_speaks_for_it(cleaner: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("柚香谷公司的人驻，给村里带来了新的发展机遇。\n", encoding="utf-8")
    cleaner("run", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out"))
    entry = json.loads((tmp_path / "out" / "edits.jsonl").read_text(encoding="utf-8"))
    told = cleaner("explain", entry["id"][:6], "--in", str(tmp_path / "out")).stdout
    assert told.startswith("a.txt:1  人 → 入")
    for part in ("misreads/look-alike, applied", "log10 gain:", "look-alike:", "word: 入驻", "neighbours elsewhere:"):
        assert part in told


def test_an_id_that_no_edit_has_is_refused(cleaner: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("春天来了。\n", encoding="utf-8")
    cleaner("run", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out"))
    result = cleaner("explain", "beef", "--in", str(tmp_path / "out"))
    assert result.exit_code == 2
    assert "no edit" in result.stderr


def test_an_edit_needs_an_id(cleaner: Command, tmp_path: Path) -> None:
    result = cleaner("explain", "--in", str(tmp_path))
    assert result.exit_code == 2
    assert "give the id" in result.stderr
