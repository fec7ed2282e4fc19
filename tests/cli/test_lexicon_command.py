"""`cleaner lexicon`, as a person would run it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from cleaner.knowledge import lexicon

Command = Callable[..., Result]

SAMPLES = Path(__file__).parents[2] / "samples"
BAD = (
    "天工鼎\n坏\tx\t高\n天工鼎\n柚香合\t\t\t天工鼎|天土鼎\n柚香台\t\t\t天土鼎\n".encode()
    + "甲".encode("gb18030")
    + b"\n"
)


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.tsv"
    path.write_text("天工鼎\tproduct\n李囡囡\tperson\t\t\tprotect\n浙江省\t\t\t人民\n", encoding="utf-8")
    return path


class TestCheck:
    def test_every_problem_is_told_with_its_line(self, cleaner: Command, tmp_path: Path) -> None:
        path = tmp_path / "bad.tsv"
        path.write_bytes(BAD)
        result = cleaner("lexicon", "check", path)
        assert result.exit_code == 1
        for line, said in [(2, "'高' in the column weight"), (3, "stands in line 1"), (4, "is a term itself (line 1)"),
                           (5, "corrected to 柚香合 (line 4) and to 柚香台"), (6, "UTF-8")]:  # fmt: skip
            assert any(row.startswith(f"{path}:{line}: ") and said in row for row in result.stdout.split("\n")), said
        assert "5 problems" in result.stdout

    def test_warnings_leave_the_status_at_0_and_the_terms_are_summed_up(self, cleaner: Command, names: Path) -> None:
        result = cleaner("lexicon", "check", names)
        assert result.exit_code == 0
        assert f"{names}:3: warning: 浙江省 is in the shipped lexicon already (places)" in result.stdout
        assert f"{names}:3: warning: 人民 is a word" in result.stdout
        assert "3 terms (product 1, person 1, user 1); 1 protected, 1 with forms; no problems" in result.stdout

    def test_of_many_warnings_of_a_sort_some_are_shown(self, cleaner: Command, tmp_path: Path) -> None:
        path = tmp_path / "many.tsv"
        path.write_text("\n".join(term.text for term in list(lexicon.load())[:30]), encoding="utf-8")
        assert cleaner("lexicon", "check", path).stdout.count("shipped lexicon") == 20
        assert "10 more" in cleaner("lexicon", "check", path).stdout
        assert cleaner("lexicon", "check", path, "--all").stdout.count("shipped lexicon") == 30

    def test_files_that_do_not_agree(self, cleaner: Command, names: Path, tmp_path: Path) -> None:
        other = tmp_path / "other.tsv"
        other.write_text("天工鼎\n温州市\t\t\t人民\n", encoding="utf-8")
        told = cleaner("lexicon", "check", names, other).stdout
        assert f"{other}:1: warning: 天工鼎 stands in {names} too" in told
        assert f"{other}:2: warning: the form 人民 is corrected to 浙江省 by {names}" in told

    def test_a_missing_file_is_wrong_usage(self, cleaner: Command, tmp_path: Path) -> None:
        result = cleaner("lexicon", "check", tmp_path / "none.tsv")
        assert result.exit_code == 2
        assert "none.tsv" in result.stderr


class TestAdd:
    def test_a_term_is_added_and_used(self, cleaner: Command, tmp_path: Path) -> None:
        path = tmp_path / "own" / "names.tsv"
        args = ("--category", "company", "--weight", "7", "--form", "袖香谷", "--form", "柚香合", "--protect")
        assert cleaner("lexicon", "add", path, "天工鼎谷", *args).exit_code == 0
        assert lexicon.read(path) == [lexicon.Term("天工鼎谷", "company", 7.0, ("袖香谷", "柚香合"), protect=True)]

    def test_what_cannot_be_used_is_refused_and_nothing_written(self, cleaner: Command, names: Path) -> None:
        before = names.read_bytes()
        result = cleaner("lexicon", "add", names, "人民")
        assert result.exit_code == 2
        assert "人民 is to be corrected to 浙江省" in result.stderr
        assert names.read_bytes() == before
        assert [path.name for path in names.parent.iterdir()] == ["names.tsv"]

    def test_doubts_are_told(self, cleaner: Command, names: Path) -> None:
        result = cleaner("lexicon", "add", names, "天工鼎", "--form", "天空")
        assert result.exit_code == 0
        assert "天空 is a word" in result.stderr

    @pytest.mark.parametrize(("term", "told"), [("不忘初心，牢记使命", True), ("柚" * 31, True), ("柚香谷公司", False)])
    def test_sentences_are_doubtful_terms(self, cleaner: Command, tmp_path: Path, term: str, told: bool) -> None:
        (tmp_path / "a.tsv").write_text(f"{term}\t\n", encoding="utf-8")
        result = cleaner("lexicon", "check", tmp_path / "a.tsv")
        assert result.exit_code == 0
        assert ("reads like a sentence" in result.stdout) is told


class TestBuild:
    @pytest.fixture
    def corpus(self, tmp_path: Path) -> Path:
        folder = tmp_path / "corpus"
        folder.mkdir()
        rows = [
            "春天里鲍卫忠来到村口。",
            "人们都认得鲍卫忠，",
            "村里的鲍卫忠说得好！",
            "鲍卫忠种了许多柚子。",
            "山上住着鲍卫忠。",
        ]
        others = [path.read_text(encoding="utf-8") for path in sorted((SAMPLES / "clean").iterdir())]
        (folder / "a.txt").write_text("\n".join([*rows, *rows, *others]), encoding="utf-8")
        (folder / "b.txt").write_bytes("昨天下午，鲍卫忠又上山看柚子去了。\n大家跟着鲍卫忠学种树。\n".encode("gb18030"))
        return folder

    def test_candidates_are_written_as_a_lexicon(self, cleaner: Command, corpus: Path, tmp_path: Path) -> None:
        out = tmp_path / "terms.tsv"
        result = cleaner("lexicon", "build", corpus, "-o", out)
        assert result.exit_code == 0, result.stderr
        assert "in 2 documents" in result.stdout
        assert ("鲍卫忠", "person") in [(term.text, term.category) for term in lexicon.read(out)]
        assert "\t# 12\t" in next(
            row for row in out.read_text(encoding="utf-8").split("\n") if row.startswith("鲍卫忠\t")
        )

    def test_a_file_that_is_there_stays_unless_forced(self, cleaner: Command, corpus: Path, names: Path) -> None:
        before = names.read_bytes()
        result = cleaner("lexicon", "build", corpus, "-o", names)
        assert result.exit_code == 2
        assert "--force" in result.stderr
        assert names.read_bytes() == before
        assert cleaner("lexicon", "build", corpus, "-o", names, "--force", "--most", 1).exit_code == 0
        assert len(lexicon.read(names)) == 1

    def test_what_cannot_be_read_is_told_and_the_rest_done(
        self, cleaner: Command, corpus: Path, tmp_path: Path
    ) -> None:
        (corpus / "c.txt").write_bytes(b"%PDF-1.4")
        result = cleaner("lexicon", "build", corpus, "-o", tmp_path / "terms.tsv")
        assert result.exit_code == 3
        assert "c.txt: a PDF document" in result.stderr
        assert lexicon.read(tmp_path / "terms.tsv")

    def test_ctrl_c_leaves_nothing(
        self, cleaner: Command, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from cleaner.knowledge.lexicon import harvest

        def stopped(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(harvest, "candidates", stopped)
        result = cleaner("lexicon", "build", corpus, "-o", tmp_path / "terms.tsv")
        assert result.exit_code == 130
        assert "not written" in result.stderr
        assert not (tmp_path / "terms.tsv").exists()

    @pytest.mark.parametrize("given", ["none", "empty"])
    def test_nothing_to_read_is_wrong_usage(self, cleaner: Command, tmp_path: Path, given: str) -> None:
        (tmp_path / "empty").mkdir()
        assert cleaner("lexicon", "build", tmp_path / given, "-o", tmp_path / "terms.tsv").exit_code == 2
