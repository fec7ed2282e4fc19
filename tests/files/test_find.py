"""Which files a run takes, and their names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleaner.files.find import UnusablePaths, find, is_out


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def names(*paths: Path) -> list[str]:
    return [found.name for found in find(paths).documents]


def test_a_folder_gives_its_text_files_at_any_depth_by_name(tmp_path: Path) -> None:
    scans = made(tmp_path / "scans", "b.txt", "a/二.md", "a/一.TXT", "a/x.pdf", "y", ".hidden.txt", ".git/z.txt")
    findings = find([scans])
    assert [found.name for found in findings.documents] == ["a/一.TXT", "a/二.md", "b.txt"]
    assert findings.others == {".pdf": 1, "without suffix": 1, "hidden": 2}
    assert [found.size for found in findings.documents] == [9, 8, 5]


def test_of_several_paths_each_folder_keeps_its_name(tmp_path: Path) -> None:
    made(tmp_path, "vol1/a.txt", "vol2/a.txt", "c.txt")
    assert names(tmp_path / "vol1", tmp_path / "vol2", tmp_path / "c.txt") == ["c.txt", "vol1/a.txt", "vol2/a.txt"]


def test_a_folder_given_twice_is_one(tmp_path: Path) -> None:
    made(tmp_path, "vol1/a.txt")
    assert names(tmp_path / "vol1", tmp_path / "vol1" / ".." / "vol1") == ["a.txt"]
    assert names(tmp_path / "vol1", tmp_path / "vol1" / "a.txt") == ["vol1/a.txt"]


def test_the_present_folder_has_a_name_among_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(tmp_path, "vol1/a.txt", "vol2/b.txt")
    monkeypatch.chdir(tmp_path / "vol1")
    assert names(Path(), Path("../vol2")) == ["vol1/a.txt", "vol2/b.txt"]


def test_a_file_named_itself_is_taken_whatever_its_name(tmp_path: Path) -> None:
    made(tmp_path, ".page.ocr", "page.html")
    findings = find([tmp_path / ".page.ocr", tmp_path / "page.html"])
    assert [(found.name, found.clean) for found in findings.documents] == [
        (".page.ocr", ".page.ocr"),
        ("page.html", "page.html.txt"),
    ]


def test_names_that_clash_are_refused(tmp_path: Path) -> None:
    made(
        tmp_path, "1/a.txt", "2/a.txt", "3/scans/a.txt", "4/scans/a.txt", "5/p.html", "5/p.html.txt", "6/x", "7/x/a.txt"
    )
    for pair in (("1/a.txt", "2/a.txt"), ("3/scans", "4/scans"), ("5/p.html", "5/p.html.txt"), ("6/x", "7/x")):
        with pytest.raises(UnusablePaths, match="clean/"):
            find([tmp_path / path for path in pair])


def test_a_path_with_nothing_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusablePaths, match=r"nothing at .*missing\.txt"):
        find([tmp_path / "missing.txt"])


def test_loops_pipes_and_broken_links_are_left_aside(tmp_path: Path) -> None:
    scans = made(tmp_path / "scans", "a.txt")
    (scans / "loop").symlink_to(scans)
    (scans / "broken.txt").symlink_to(tmp_path / "nowhere")
    (scans / "linked.txt").symlink_to(scans / "a.txt")
    os.mkfifo(scans / "pipe.txt")
    findings = find([scans])
    assert [found.name for found in findings.documents] == ["a.txt", "linked.txt"]
    assert findings.others == {"links to folders": 1, "pipes, devices, broken links": 2}


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scans = made(tmp_path / "scans", "a.txt", "closed/b.txt")
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    findings = find([scans])
    assert [found.name for found in findings.documents] == ["a.txt"]
    assert findings.unread == (("closed", "cannot be read: Permission denied"),)


def test_a_name_that_is_not_utf_8_is_kept(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "卷一".encode("gb18030") + b".txt"
    with open(raw, "wb"):
        pass
    assert names(tmp_path) == [os.fsdecode("卷一".encode("gb18030")) + ".txt"]


def test_what_a_run_wrote_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "in" / "out" / "clean").mkdir(parents=True)
    for name in ("in/a.txt", "in/out/ledger.db", "in/out/edits.jsonl", "in/out/report.html", "in/out/clean/a.txt"):
        (tmp_path / name).write_text("<html><head></head>今天</html>", encoding="utf-8")
    found = find([tmp_path / "in"])
    assert [document.name for document in found.documents] == ["a.txt"]
    assert found.others == {"folders that cleaner wrote": 1}
    assert len(find([tmp_path / "in" / "out" / "clean"]).documents) == 1
    assert not is_out(tmp_path / ("x" * 300))  # the system cannot say: no reason to pass over what lies beside it
    with pytest.raises(UnusablePaths, match=r"is what `cleaner run` wrote: its clean texts are in .*/out/clean"):
        find([tmp_path / "in" / "out"])
