"""Parts of a collection, each cleaned by itself: together they are what one machine makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner.batch.tables.rows import TableSettings, Tally
from cleaner.engines import part as cleaning
from cleaner.engines import parts
from cleaner.engines.part import Done, Job, clean_part
from cleaner.engines.parts import Part, members, place_of
from cleaner.files.find import UnusablePaths
from cleaner.knowledge import model, resources
from cleaner.settings import Settings

pq = pytest.importorskip("pyarrow.parquet")

HOW = TableSettings(Settings(only=("characters",)))


def cut(collection: Path) -> list[Part]:
    """The parts of a collection."""
    return list(parts.parts(members([str(collection)]), "settings"))


def files(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def records(raw: bytes) -> list[tuple[object, ...]]:
    """Edits, without what tells their document from others."""
    edits = [json.loads(line) for line in raw.decode("utf-8").splitlines()]
    return sorted((e["document"].partition("-00")[0].split(".")[0], e["before"], e["after"], e["id"]) for e in edits)


def test_parts_give_the_same_files_as_one_machine(tmp_path: Path, collection: Path, expected: Path) -> None:
    out = tmp_path / "out"
    job = Job(HOW, place_of(str(out)))
    done = [clean_part(part, job) for part in cut(collection)]
    assert files(out / "clean") == files(expected / "clean")
    every = b"".join(path.read_bytes() for path in (out / "edits").iterdir())
    assert records(every) == records((expected / "edits.jsonl").read_bytes())
    assert sum(d.documents for d in done) == 4
    failures = dict(f for d in done for f in d.failures)
    assert failures.keys() == {"image.txt", "rows.jsonl"}
    assert failures["rows.jsonl"].startswith("1 of 300 rows kept as they are: row 8: not JSON")
    assert list((out / "unfinished").iterdir()) == []


def test_large_tables_come_out_in_parts(
    tmp_path: Path, collection: Path, expected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART", 3_000)
    out = tmp_path / "out"
    (collection / "image.txt").unlink()
    done = [clean_part(part, Job(HOW, place_of(str(out)))) for part in cut(collection)]
    lines = sorted((out / "clean").glob("rows-*-of-*.jsonl"))
    assert len(lines) > 3
    assert b"".join(path.read_bytes() for path in lines) == (expected / "clean" / "rows.jsonl").read_bytes()
    tables = sorted((out / "clean").glob("rows-*-of-*.parquet"))
    assert len(tables) > 1
    whole = pq.read_table(expected / "clean" / "rows.parquet")
    assert [row for path in tables for row in pq.read_table(path).to_pylist()] == whole.to_pylist()
    assert sum(d.tally.rows for d in done) == 600
    first = json.loads(next((out / "edits").glob("*.jsonl")).read_text(encoding="utf-8").splitlines()[0])
    assert set(first) >= {"document", "id", "start", "before", "after"}


def test_a_part_that_is_done_is_not_cleaned_again(
    tmp_path: Path, collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job(HOW, place_of((tmp_path / "out").as_uri()))
    done = [clean_part(part, job) for part in cut(collection)]
    monkeypatch.setattr(cleaning, "_documents", None)
    monkeypatch.setattr(cleaning, "_table", None)
    assert [clean_part(part, job) for part in cut(collection)] == done


def test_ids_follow_content_and_settings(collection: Path) -> None:
    before = {part.id for part in cut(collection)}
    assert before == {part.id for part in cut(collection)}
    assert not before & {part.id for part in parts.parts(members([str(collection)]), "others")}
    (collection / "a.txt").write_text("银", encoding="utf-8")
    assert len(before - {part.id for part in cut(collection)}) == 1


def test_lexicons_travel_with_the_job(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("袖香谷的收成比去年好。", encoding="utf-8")
    job = Job(TableSettings(), place_of(str(tmp_path / "out")), lexicons=("柚香谷\tcompany\t9\t袖香谷\n".encode(),))
    for part in cut(tmp_path):
        clean_part(part, job)
    assert (tmp_path / "out" / "clean" / "a.txt").read_text(encoding="utf-8") == "柚香谷的收成比去年好。\n"


def test_what_was_learned_travels_with_the_job(tmp_path: Path) -> None:
    text = "傍晚，一行人离开嗽石湾，沿着新修的公路下山。"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    job = Job(TableSettings(), place_of(str(tmp_path / "out")), learned="term\t漱石湾\n".encode())
    for part in cut(tmp_path):
        clean_part(part, job)
    assert (tmp_path / "out" / "clean" / "a.txt").read_text(encoding="utf-8") == text.replace("嗽", "漱") + "\n"


def test_a_model_travels_with_the_job(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("柚子熟了。", encoding="utf-8")
    job = Job(
        TableSettings(), place_of(str(tmp_path / "out")), model=resources.path("model/characters.npz").read_bytes()
    )
    assert (here := job.here().how.settings.model) is not None
    assert model.load(here) is not model.load()
    (part,) = cut(tmp_path)
    assert clean_part(part, job).failures == []


def test_another_version_is_refused(tmp_path: Path, collection: Path) -> None:
    job = Job(HOW, place_of(str(tmp_path / "out")), version="0.0.0")
    with pytest.raises(RuntimeError, match="install the same version on all machines"):
        clean_part(cut(collection)[0], job)


def test_a_mark_can_be_read_back() -> None:
    done = Done("id", 2, Tally(rows=3), [("名\udc80", "why")])
    assert Done.from_json(done.as_json()) == done


@pytest.mark.parametrize(
    ("given", "said"),
    [(["{}/nothing"], "there is nothing at"), (["{}/scans/a.txt", "{}/a.txt"], "would both be written")],
)
def test_unusable_paths_are_told(tmp_path: Path, collection: Path, given: list[str], said: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    with pytest.raises(UnusablePaths, match=said):
        members([path.format(tmp_path) for path in given])
