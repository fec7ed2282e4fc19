from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleaner.cli.main import app


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    clean, truth = tmp_path / "clean", tmp_path / "truth"
    for folder in (clean / "a", truth / "a"):
        folder.mkdir(parents=True)
    (clean / "a" / "1.txt").write_text("公司的人驻。\n", encoding="utf-8")
    (truth / "a" / "1.txt").write_text("公司的入驻。\n", encoding="utf-8")
    (clean / "2.hocr.txt").write_text("<b>一致的文字", encoding="utf-8")
    (truth / "2.txt").write_text("<b>一致的文字", encoding="utf-8")
    (clean / "only-here.txt").write_text("", encoding="utf-8")
    (truth / "only-there.md").write_text("缺", encoding="utf-8")
    return clean, truth


def test_folders_as_json(folders: tuple[Path, Path]) -> None:
    done = CliRunner().invoke(app, ["evaluate", *map(str, folders), "--format", "json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert [d["document"] for d in found["documents"]] == ["2.txt", "a/1.txt"]
    assert found["all"]["errors"] == 1
    assert found["all"]["characters"] == 14
    assert found["confusions"] == [{"stands": "人", "should": "入", "times": 1}]
    assert found["without_reference"] == ["only-here.txt"]
    assert found["without_clean"] == ["only-there.md"]


def test_folders_as_tables(folders: tuple[Path, Path]) -> None:
    done = CliRunner().invoke(app, ["evaluate", *map(str, folders)])
    assert done.exit_code == 0
    for said in ("7.14 %", "a/1.txt", "人", "入", "only-here.txt", "only-there.md"):
        assert said in done.stdout


def test_folders_as_a_page(folders: tuple[Path, Path], tmp_path: Path) -> None:
    page = tmp_path / "evaluation.html"
    done = CliRunner().invoke(app, ["evaluate", *map(str, folders), "--format", "html", "-o", str(page)])
    assert done.exit_code == 0, done.output
    html = page.read_text(encoding="utf-8")
    assert '<del class="applied">人</del><ins class="applied">入</ins>' in html
    assert "http" not in html.replace("http-equiv", "")
    assert "<b>一致" not in html


def test_what_a_run_wrote_is_measured_by_its_clean_texts(tmp_path: Path) -> None:
    samples = Path(__file__).parents[2] / "samples"
    assert CliRunner().invoke(app, ["run", str(samples / "scans"), "-o", str(tmp_path), "-q"]).exit_code == 0
    before, after = (
        json.loads(CliRunner().invoke(app, ["evaluate", str(which), str(samples / "clean"), "--format", "json"]).stdout)
        for which in (samples / "scans", tmp_path)
    )
    assert after["all"]["error_rate"] < before["all"]["error_rate"] / 2
    assert after["all"]["lines_broken"] < before["all"]["lines_broken"] / 10


def test_a_format_of_an_engine_is_measured_by_its_text(tmp_path: Path) -> None:
    page = Path(__file__).parents[1] / "files" / "formats" / "fixtures" / "page.hocr"
    (tmp_path / "page.txt").write_text("此处没有这样的文字", encoding="utf-8")
    done = CliRunner().invoke(app, ["evaluate", str(page), str(tmp_path / "page.txt"), "--format", "json"])
    assert done.exit_code == 0, done.output
    assert not any("<" in pair["stands"] for pair in json.loads(done.stdout)["confusions"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["clean", "nowhere"], "there is nothing at"),
        (["clean", "truth/2.txt"], "two files or two folders"),
        (["clean", "truth", "--same", "colour"], "there is no equivalence named 'colour'"),
        (["clean/a", "truth"], "no document has a reference of the same path"),
    ],
)
def test_wrong_usage(folders: tuple[Path, Path], arguments: list[str], says: str) -> None:
    top = folders[0].parent
    done = CliRunner().invoke(app, ["evaluate", *(str(top / a) if n < 2 else a for n, a in enumerate(arguments))])
    assert done.exit_code == 2
    assert says in done.output


def test_a_file_that_is_no_text_is_told(folders: tuple[Path, Path]) -> None:
    (folders[0] / "a" / "1.txt").write_bytes(b"%PDF-1.7")
    done = CliRunner().invoke(app, ["evaluate", *map(str, folders)])
    assert done.exit_code == 3
    assert "a/1.txt: a PDF document" in done.output


def test_where_nothing_can_be_measured_there_are_no_figures(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": "今天"}\n', encoding="utf-8")
    page = folders[1] / "a" / "1.txt"
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path / "rows.jsonl"), str(page)])
    assert done.exit_code == 3
    assert done.stdout == ""
    assert "rows.jsonl: a table (JSONL, Parquet), whose rows are not measured" in done.stderr
    other = tmp_path / "other"
    other.mkdir()
    (other / "p1.txt").write_text("今天", encoding="utf-8")
    done = CliRunner().invoke(app, ["evaluate", str(other), str(folders[1])])
    assert done.exit_code == 2
    assert "other has p1.txt; " in done.stderr
