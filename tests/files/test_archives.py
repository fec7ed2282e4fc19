"""Archives read in place: which members are documents, and what of an archive from anywhere is not trusted."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import zstandard

from cleaner.files import archives
from cleaner.files.find import find
from cleaner.files.read import read
from cleaner.files.unreadable import UnreadableDocument

TEXTS = {"一.txt": "山里有⾦子。\n", "b/二.md": "也有银子。\n"}


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, members: dict[str, bytes], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def zstandard_tar(path: Path, members: dict[str, bytes]) -> Path:
    zstandard = pytest.importorskip("zstandard")
    plain = tarred(path.with_suffix(""), members)
    path.write_bytes(zstandard.compress(plain.read_bytes()))
    plain.unlink()
    return path


MAKE: dict[str, Callable[[Path, dict[str, bytes]], Path]] = {
    "a.zip": zipped,
    "a.tar": tarred,
    "a.tar.gz": lambda path, members: tarred(path, members, "w:gz"),
    "a.tgz": lambda path, members: tarred(path, members, "w:gz"),
    "a.tar.bz2": lambda path, members: tarred(path, members, "w:bz2"),
    "a.tar.xz": lambda path, members: tarred(path, members, "w:xz"),
    "a.tar.zst": zstandard_tar,
}


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("itself", [True, False])
def test_members_are_documents_below_the_name_of_the_archive(tmp_path: Path, name: str, itself: bool) -> None:
    members = {member: text.encode() for member, text in TEXTS.items()}
    path = MAKE[name](tmp_path / name, {**members, "x.pdf": b"%PDF", "b/.hidden.txt": b"x"})
    findings = find([path if itself else tmp_path])
    assert {found.name for found in findings.documents} == {f"{name}/{member}" for member in TEXTS}
    assert findings.others == {".pdf": 1, "hidden": 1}
    for found in [*findings.documents, *reversed(list(findings.documents))]:  # forwards, and backwards
        text = TEXTS[found.name.removeprefix(f"{name}/")]
        assert read(found.path, member=found.member).raw == text.encode()
        assert found.size == len(text.encode())


@pytest.mark.parametrize("make", [zipped, tarred])
@pytest.mark.parametrize("name", ["../x.txt", "/etc/x.txt", "a/../../x.txt", "..", "C:/x.txt"])
def test_no_member_gets_out(tmp_path: Path, make: Callable[[Path, dict[str, bytes]], Path], name: str) -> None:
    path = make(tmp_path / ("a.zip" if make is zipped else "a.tar"), {name: b"x", "./good//a.txt": b"y"})
    findings = find([path])
    assert [found.name for found in findings.documents] == [f"{path.name}/good/a.txt"]
    ((where, message),) = findings.unread
    assert where == path.name
    assert "lead out of the archive" in message
    assert name in message


def test_backslashes_of_windows_part_folders(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("x"), "")
        archive.filelist[0].filename = archive.filelist[0].orig_filename = "b\\..\\..\\x.txt"
    findings = find([path])
    assert not len(findings.documents)
    assert "lead out" in findings.unread[0][1]


def test_links_and_devices_are_not_followed(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar", {"a.txt": b"x"})
    with tarfile.open(path, "a") as archive:
        for name, type_ in (
            ("link.txt", tarfile.SYMTYPE),
            ("hard.txt", tarfile.LNKTYPE),
            ("pipe.txt", tarfile.FIFOTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = type_, "/etc/passwd"
            archive.addfile(info)
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zip_:
        zip_.writestr(link, "/etc/passwd")
    findings = find([tmp_path])
    assert [found.name for found in findings.documents] == ["a.tar/a.txt"]
    assert all("links, pipes and devices" in message for _, message in findings.unread)
    assert len(findings.unread) == 2


def test_names_in_gbk_are_decoded(tmp_path: Path) -> None:
    raw = "卷一/第一页.txt".encode("gb18030")
    path = zipped(tmp_path / "a.zip", {"x" * len(raw): b"x"})
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    tar = tarred(tmp_path / "a.tar", {"x" * len(raw): b"x"})
    with tarfile.open(tar, "w", format=tarfile.GNU_FORMAT, encoding="gb18030") as archive:
        archive.addfile(tarfile.TarInfo("卷一/第一页.txt"))
    assert [found.name for found in find([tmp_path]).documents] == ["a.tar/卷一/第一页.txt", "a.zip/卷一/第一页.txt"]


def test_what_unpacks_beyond_measure_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "ALWAYS_UNPACKED", 1_000_000)
    zeros = b"\n" * 20_000_000
    (found,) = find([zipped(tmp_path / "a.zip", {"bomb.txt": zeros})]).documents
    with pytest.raises(UnreadableDocument, match="times its packed size"):
        read(found.path, member=found.member)
    findings = find([tarred(tmp_path / "a.tar.gz", {"bomb.txt": zeros, "b.txt": b"x"}, "w:gz")])
    assert "more than 100 times its size" in findings.unread[0][1]


def test_a_member_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    for name in ("a.zip", "a.tar"):
        (found,) = find([MAKE[name](tmp_path / name, {"a.txt": b"x" * 100})]).documents
        with pytest.raises(UnreadableDocument, match="too large"):
            read(found.path, 99, found.member)


def test_damaged_archives_are_told_and_the_others_are_read(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "whole.zip", {"a.txt": b"x"})
    (tmp_path / "no.zip").write_bytes(b"no archive at all, but long enough to be one" * 20)
    (tmp_path / "cut.tar.gz").write_bytes(
        tarred(tmp_path / "w.tar.gz", {"a.txt": b"x" * 9_000}, "w:gz").read_bytes()[:60]
    )
    (tmp_path / "w.tar.gz").unlink()
    locked = zipped(tmp_path / "locked.zip", {"a.txt": b"x"})
    raw = bytearray(locked.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(raw)
    findings = find([tmp_path])
    assert [found.path for found in findings.documents] == [whole]
    told = dict(findings.unread)
    assert "damaged" in told["no.zip"]
    assert "damaged" in told["cut.tar.gz"]
    assert "password" in told["locked.zip"]


def test_of_members_with_one_name_the_last_counts(tmp_path: Path) -> None:
    path = tarred(tmp_path / "a.tar", {"a.txt": b"old"})
    with tarfile.open(path, "a") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"new"))
    (found,) = find([path]).documents
    assert read(found.path, member=found.member).raw == b"new"


def test_an_archive_that_changed_since_is_told(tmp_path: Path) -> None:
    for name in ("a.zip", "a.tar"):
        *_, found = find([MAKE[name](tmp_path / name, {"a.txt": b"x", "b.txt": b"y"})]).documents
        MAKE[name](tmp_path / name, {"a.txt": b"x"})
        with pytest.raises(UnreadableDocument, match="has changed"):
            read(found.path, member=found.member)


@pytest.mark.parametrize("suffix", ["tar.gz", "tar.bz2", "tar.xz", "tar.zst"])
def test_damage_in_the_middle_is_told_whatever_packed_it(tmp_path: Path, suffix: str) -> None:
    whole = tarred(tmp_path / "whole.tar", {"a.txt": bytes(range(256)) * 99}).read_bytes()
    pack: dict[str, Callable[[bytes], bytes]] = {
        "tar.gz": gzip.compress,
        "tar.bz2": bz2.compress,
        "tar.xz": lzma.compress,
        "tar.zst": zstandard.compress,
    }
    for number in range(30, 300, 9):
        raw = bytearray(pack[suffix](whole))
        raw[number] ^= 0xFF
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / f"a.{suffix}").write_bytes(raw)
        findings = find([folder])
        assert all("damaged" in why or "unpacks" in why for _, why in findings.unread)
        for found in findings.documents:
            with suppress(UnreadableDocument):
                read(found.path, member=found.member)


def test_a_member_without_a_name_is_not_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a": b"x", "b.txt": b"y"})
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"PK\x01\x02") + 46] = 0  # zipfile ends a name at the first zero
    path.write_bytes(raw)
    assert [found.name for found in find([path]).documents] == ["a.zip/b.txt"]
