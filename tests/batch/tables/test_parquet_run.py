"""Parquet in, Parquet out: one column cleaned, rows, row groups and schema as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaner.arrow import edits_type
from cleaner.batch.folder import OutFolder
from cleaner.batch.summary import Summary
from cleaner.batch.tables import parquet
from cleaner.batch.tables.rows import Piece, TableSettings

pa = pytest.importorskip("pyarrow")
Runner = Callable[..., Summary]

pq = pytest.importorskip("pyarrow.parquet")


def table(type_: Any) -> Any:
    """Thirty rows, some of them null, and a schema with metadata."""
    texts = [None if n % 10 == 9 else f"第{n}座山里有{'⾦' if n % 3 == 0 else '金'}子" for n in range(1, 31)]
    schema = pa.schema(
        [
            pa.field("id", pa.int32(), nullable=False, metadata={"of": "field"}),
            ("text", type_),
            ("tags", pa.list_(pa.string())),
        ],
        metadata={"made by": "a test"},
    )
    plain = pa.array(texts, pa.string())
    column = plain.dictionary_encode() if pa.types.is_dictionary(type_) else plain.cast(type_)
    return pa.Table.from_arrays(
        [pa.array(range(30), pa.int32()), column, pa.array([["a"], None, []] * 10)], schema=schema
    )


@pytest.mark.parametrize(
    "type_",
    [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())],
    ids=["string", "large", "dictionary"],
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_one_column_is_cleaned_and_the_rest_is_as_it_was(
    tmp_path: Path, out: OutFolder, cleaned: Runner, monkeypatch: pytest.MonkeyPatch, type_: Any, jobs: int
) -> None:
    monkeypatch.setattr(parquet, "SIZE", 100)  # many pieces
    pq.write_table(table(type_), tmp_path / "rows.parquet", row_group_size=12, compression="zstd")
    source = pq.read_table(tmp_path / "rows.parquet")
    summary = cleaned(tmp_path / "rows.parquet", jobs=jobs)
    assert (summary.cleaned, summary.failures) == (1, [])
    with pq.ParquetFile(out.clean / "rows.parquet") as file:
        clean = file.read()
        assert file.num_row_groups == 3
        assert file.metadata.row_group(0).column(0).compression == "ZSTD"
    assert clean.schema.equals(source.schema, check_metadata=True)
    assert clean.drop_columns("text").equals(source.drop_columns("text"))
    assert clean.column("text").to_pylist() == [
        text and text.replace("⾦", "金") for text in source.column("text").to_pylist()
    ]
    edits = [json.loads(line) for line in out.edits.read_text(encoding="utf-8").splitlines()]
    assert [e["row"] for e in edits] == [3, 6, 12, 15, 18, 21, 24, 27, 30]


def test_the_pieces_behind_any_row_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "SIZE", 100)
    pq.write_table(table(pa.string()), tmp_path / "rows.parquet", row_group_size=12)
    whole = table(pa.string()).column("text").to_pylist()
    for group, row in ((0, 0), (0, 5), (1, 0), (2, 5)):
        after = {"group": group, "row": row, "rows": 12 * group + row}
        start = Piece(0, "rows.parquet", "parquet", TableSettings(), b"", 0, after)
        with (tmp_path / "rows.parquet").open("rb") as stream:
            found = list(parquet.pieces(stream, start, most=1000))
        texts = [text for p in found for text in pa.ipc.open_stream(p.content).read_all().column(0).to_pylist()]
        assert texts == whole[12 * group + row :]
        assert [piece.last for piece in found] == [False] * (len(found) - 1) + [True]
        assert found[0].first_row == 12 * group + row + 1


def test_columns_are_added_when_asked_for(tmp_path: Path, out: OutFolder, cleaned: Runner) -> None:
    pq.write_table(table(pa.string()), tmp_path / "rows.parquet", row_group_size=12)
    cleaned(tmp_path / "rows.parquet", edits=True, quality=True)
    clean = pq.read_table(out.clean / "rows.parquet")
    assert clean.schema.names == ["id", "text", "tags", "edits", "quality"]
    assert clean.schema.field("edits").type == edits_type()
    assert [None if e is None else len(e) for e in clean.column("edits").to_pylist()][:9] == [
        0,
        0,
        1,
        0,
        0,
        1,
        0,
        0,
        None,
    ]
    assert clean.column("quality").null_count == 3


def test_a_table_without_rows_comes_out_as_it_is(tmp_path: Path, out: OutFolder, cleaned: Runner) -> None:
    pq.write_table(table(pa.string()).slice(0, 0), tmp_path / "rows.parquet")
    assert cleaned(tmp_path / "rows.parquet").failures == []
    assert pq.read_table(out.clean / "rows.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("column", "said"), [("body", "no column named 'body'.*--field"), ("id", "holds int32, not text.*--field")]
)
def test_a_wrong_column_is_told(tmp_path: Path, cleaned: Runner, column: str, said: str) -> None:
    pq.write_table(table(pa.string()), tmp_path / "rows.parquet")
    ((_, message),) = cleaned(tmp_path / "rows.parquet", column=column).failures
    assert re.search(said, message)


def test_what_is_no_parquet_fails(tmp_path: Path, cleaned: Runner) -> None:
    (tmp_path / "rows.parquet").write_bytes(b"PAR1 no")
    ((_, message),) = cleaned(tmp_path / "rows.parquet").failures
    assert message.startswith("damaged, or not what its name says")
