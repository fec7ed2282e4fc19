"""`cleaner check --format`: what other tools read, valid by their schemas, with columns as they count them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft202012Validator
from typer.testing import Result

Command = Callable[..., Result]
SCHEMAS = Path(__file__).parents[1] / "schemas"

LINES = "𠮷野的山里有⾦子，\n也有银子。也有⾦子\r\n公司的人驻,\x07大家“都”来。\n自已做的饭。开会了，我们去看一看吧我们去看一看吧我们去看一看吧我们去看一看吧。\n"


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pages with edits of all bands, one with a name that must be escaped, given from the folder above them."""
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "第 1 页,a:100%.txt").write_bytes(LINES.encode())
    (folder / "clean.txt").write_text("山里有金子。\n", encoding="utf-8")
    (folder / "broken.txt").write_bytes("山里的⾦子".encode() + b"\xff\xe4" + "⾦子。\n".encode())
    monkeypatch.chdir(tmp_path)
    return folder


def _valid(document: Any, schema: str) -> None:
    Draft202012Validator(json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))).validate(document)


def test_sarif(cleaner: Command, pages: Path) -> None:
    result = cleaner("check", pages, "--format", "sarif", "--encoding", "utf-8")
    assert result.exit_code == 1
    log = json.loads(result.stdout)
    _valid(log, "sarif-2.1.0")
    _valid(log, "sarif-2.1.0-published")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert {r["ruleId"] for r in run["results"]} <= {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {r["level"] for r in run["results"]} == {"warning", "note"}
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]}
    assert uris == {"scans/%E7%AC%AC%201%20%E9%A1%B5%2Ca%3A100%25.txt", "scans/broken.txt"}
    first = next(r for r in run["results"] if "%20" in r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
    region = first["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 1, "startColumn": 7, "endLine": 1, "endColumn": 8}  # 𠮷 is one code point
    (change,) = first["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "金"}}]


def test_sarif_fixes_give_the_clean_text(cleaner: Command, pages: Path) -> None:
    page = next(pages.glob("第*"))
    text = page.read_bytes().decode()
    log = json.loads(cleaner("check", page, "--format", "sarif").stdout)
    starts = [0, *(at + 1 for at, c in enumerate(text) if c == "\n")]
    for result in sorted(log["runs"][0]["results"], key=lambda r: json.dumps(_region(r)), reverse=True):
        if result["level"] == "warning":
            region = _region(result)
            start = starts[region["startLine"] - 1] + region["startColumn"] - 1
            end = starts[region["endLine"] - 1] + region["endColumn"] - 1
            text = (
                text[:start]
                + result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"]
                + text[end:]
            )
    cleaner("run", page, "-o", pages.parent / "out")
    assert text.replace("\r\n", "\n") == (pages.parent / "out" / "clean" / page.name).read_text(encoding="utf-8")


def _region(result: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = result["locations"][0]["physicalLocation"]["region"]
    return found


def test_rdjson_counts_bytes(cleaner: Command, pages: Path) -> None:
    result = cleaner("check", pages, "--format", "rdjson", "--encoding", "utf-8")
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    _valid(document, "rdjson")
    (first, *_) = (d for d in document["diagnostics"] if "第" in d["location"]["path"])
    assert first["location"]["range"] == {"start": {"line": 1, "column": 20}, "end": {"line": 1, "column": 23}}
    assert first["suggestions"][0]["text"] == "金"
    broken = [
        d["location"]["range"]["start"]["column"] for d in document["diagnostics"] if "broken" in d["location"]["path"]
    ]
    assert 10 in broken
    assert 18 in broken  # behind 山里的⾦子 (15 bytes) and two bytes that are no text


def test_github(cleaner: Command, pages: Path) -> None:
    result = cleaner("check", pages, "--format", "github", "--encoding", "utf-8")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[-1].startswith(("::notice file=scans/", "::warning file=scans/"))
    assert (
        "::warning file=scans/第 1 页%2Ca%3A100%25.txt,line=1,endLine=1,col=7,endColumn=7,title=characters/radical::"
        "“⾦” should read “金”."
    ) in lines
    assert all(line.startswith("::") for line in lines)


@pytest.mark.parametrize("format", ["sarif", "rdjson"])
def test_nothing_found_is_valid_too(cleaner: Command, pages: Path, format: str) -> None:
    result = cleaner("check", pages / "clean.txt", "--format", format)
    assert result.exit_code == 0
    _valid(json.loads(result.stdout), "sarif-2.1.0" if format == "sarif" else format)


def test_a_member_of_an_archive_is_named_and_has_no_fix(
    cleaner: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    with ZipFile(tmp_path / "in" / "sub" / "v.zip", "w") as archive:
        archive.writestr("卷 1/a.txt", "山里有⾦子")
    monkeypatch.chdir(tmp_path)
    assert cleaner("check", "in/sub/v.zip").stdout.startswith(f"{tmp_path}/in/sub/v.zip/卷 1/a.txt:1:4: ")
    assert "file=in/sub/v.zip/卷 1/a.txt,line=1" in cleaner("check", "in", "--format", "github").stdout
    (diagnostic,) = json.loads(cleaner("check", "in", "--format", "rdjson").stdout)["diagnostics"]
    assert diagnostic["location"]["path"] == "in/sub/v.zip/卷 1/a.txt"
    assert "suggestions" not in diagnostic
