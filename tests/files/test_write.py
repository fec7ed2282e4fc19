"""Clean files: their form, and that they are whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleaner.files.write import as_utf8, clean_file, clear_unfinished, like_source, replacing, write


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("", b""),
        ("山", "山\n".encode()),
        ("山\n\n\n", "山\n".encode()),
        ("山\r\n谷\r里", "山\n谷\n里\n".encode()),
        ("山\udcff", "山\ufffd\n".encode()),
        ("\n", b"\n"),
    ],
)
def test_a_clean_file_is_utf_8_with_unix_line_ends_and_one_at_its_end(text: str, content: bytes) -> None:
    assert clean_file(text) == content
    assert clean_file(content.decode()) == content


@pytest.mark.parametrize(
    ("text", "source", "result"),
    [
        ("山", "人\n", "山\n"),
        ("山\n", "人", "山"),
        ("山\n", "人\r\n", "山\r\n"),
        ("山\r\n", "人\r\n", "山\r\n"),
        ("", "", ""),
    ],
)
def test_the_filter_ends_as_its_source_does(text: str, source: str, result: str) -> None:
    assert like_source(text, source) == result


def test_surrogates_become_the_replacement_character() -> None:
    assert as_utf8("a\udc80\ud800b") == "a\ufffd\ufffdb".encode()


def test_folders_are_made_and_a_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b.txt"
    write(target, b"one")
    write(target, b"two")
    assert target.read_bytes() == b"two"
    assert os.listdir(target.parent) == ["b.txt"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "b.txt"
    target.write_bytes(b"old")

    def half_written() -> None:
        with replacing(target) as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half_written()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["b.txt"]


def test_others_may_read_what_is_written(tmp_path: Path) -> None:
    mask = os.umask(0o022)
    try:
        write(tmp_path / "a", b"")
    finally:
        os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o644


def test_what_a_killed_process_left_is_cleared(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b.txt", b"whole")
    (tmp_path / "a" / ".cleaner-0123.part").touch()
    clear_unfinished(tmp_path)
    assert os.listdir(tmp_path / "a") == ["b.txt"]
