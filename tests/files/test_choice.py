"""What is taken and left out by patterns; git is asked what they mean (to git `?` is a byte, here a character)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cleaner.files.choice import Choice
from cleaner.files.find import find

TREE = ("a.txt", "b.txt", "a/a.txt", "a/b/a.txt", "a/b/c/d.txt", "drafts/x.txt", "b/drafts/y.txt", "b/drafts.txt", "#x.txt",
        "!x.txt", "sp ace.txt", "trail .txt", "b/[x].txt", "emoji📄.txt", "a\nb.txt", "卷一/页码.txt")  # fmt: skip

PATTERNS = (
    ["*.txt"], ["a.txt"], ["/a.txt"], ["drafts/"], ["drafts"], ["b/drafts"], ["a/**"], ["**/a.txt"], ["a/**/d.txt"], ["a/*"],
    ["*", "!a.txt"], ["*.txt", "!b.txt", "/b.txt"], ["a/", "!a/b/a.txt"], ["# comment", "", "   "], ["\\#x.txt"], ["\\!x.txt"],
    ["sp ace.txt"], ["a.txt   "], ["[ab].txt"], ["[!a].txt"], ["?.txt"], ["\\[x\\].txt"], ["emoji*"], ["a?b.txt"], ["卷*/"],
    ["/*", "!/a/"], ["d*.txt"], ["**/drafts/**"], ["a/b"], ["a.txt/"], ["**"], ["A.TXT"],
)  # fmt: skip


def made(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    return folder


def names(folder: Path, **choice: list[str]) -> set[str]:
    return {found.name for found in find([folder], Choice(**choice)).documents}


@pytest.mark.skipif(not shutil.which("git"), reason="git is asked what its patterns mean")
@pytest.mark.parametrize("patterns", PATTERNS, ids=repr)
def test_patterns_mean_what_they_mean_to_git(tmp_path: Path, patterns: list[str]) -> None:
    folder = made(tmp_path, *TREE)
    subprocess.run(["git", "init", "-q", folder], check=True)
    (folder / ".gitignore").write_text("\n".join(patterns), encoding="utf-8")
    command = ["git", "-C", str(folder), "ls-files", "-z", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, check=True).stdout.decode().split("\0")
    kept = {name for name in listed if name.endswith(".txt")}
    (folder / ".cleanerignore").write_text("\n".join(patterns), encoding="utf-8")
    assert names(folder) == kept
    (folder / ".cleanerignore").unlink()
    assert names(folder, exclude=patterns) == kept


def test_the_ignore_file_that_is_nearer_has_the_first_word(tmp_path: Path) -> None:
    folder = made(tmp_path, "a.txt", "b/a.txt", "b/c.txt", "b/d/a.txt")
    (folder / ".cleanerignore").write_text("a.txt\n")
    (folder / "b" / ".cleanerignore").write_text("!/a.txt\n/c.txt\n")
    findings = find([folder])
    assert {found.name for found in findings.documents} == {"b/a.txt"}
    assert findings.others["left out by patterns"] == 3


@pytest.mark.parametrize(
    ("include", "taken"),
    [
        (["*.ocr"], {"a.ocr", "v/b.ocr"}),
        (["v/"], {"v/a.txt", "v/c.md"}),
        (["v/**", "!*.md"], {"v/a.txt"}),
        (["page*"], {"page1"}),
        (["*.txt", "*.ocr"], {"a.ocr", "v/b.ocr", "v/a.txt", "x.txt"}),
    ],
)
def test_what_is_included_is_taken_and_nothing_else(tmp_path: Path, include: list[str], taken: set[str]) -> None:
    folder = made(tmp_path, "x.txt", "a.ocr", "page1", "v/a.txt", "v/b.ocr", "v/c.md", "v/d.pdf", "v/e")
    assert names(folder, include=include) == taken


def test_patterns_reach_into_archives(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("a.txt", "drafts/b.txt", "c.ocr"):
            archive.writestr(name, "x")
    assert names(tmp_path, exclude=["drafts/"]) == {"a.zip/a.txt"}
    assert names(tmp_path, include=["*.ocr"]) == {"a.zip/c.ocr"}
    assert names(tmp_path, exclude=["*.zip"]) == set()


def test_a_file_given_itself_is_taken_whatever_the_patterns(tmp_path: Path) -> None:
    made(tmp_path, "a.txt")
    assert names(tmp_path / "a.txt", exclude=["*"]) == {"a.txt"}
