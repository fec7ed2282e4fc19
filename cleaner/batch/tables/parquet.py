"""Parquet: a table by row groups, the text in one of its columns. The other columns and the schema stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BufferedReader
from typing import Any, BinaryIO

from cleaner.arrow import arrow, edits_type, place_of, struct, valid, values_of
from cleaner.batch.tables.jsonl import SIZE
from cleaner.batch.tables.rows import Piece, PieceCleaned, RowsCleaned, TableSettings
from cleaner.extras import needed

BEGIN: Mapping[str, int] = {"group": 0, "row": 0, "rows": 0}
"""The row group, the row in it, and the rows before it, of the first piece."""


def pieces(stream: BufferedReader, piece: Piece, most: int, end: int | None = None) -> Iterator[Piece]:
    """The pieces of a file, in order, from where `piece` says (`after`); the other values of `piece` stand in each.

    `end` is the row group that is no longer taken. Their content is the text column, as an Arrow stream. One piece is given
    at least. Raises ColumnError, MissingExtra and pyarrow's errors. Texts of any length are taken, whatever `most` is.
    """
    with _parquet().ParquetFile(stream) as file:
        place_of(file.schema_arrow, piece.how.column, added(piece.how))
        begun = piece.after
        end = file.num_row_groups if end is None else end
        for group in range(begun["group"], end):
            passed = begun["row"] if group == begun["group"] else 0
            of_group = file.metadata.row_group(group).num_rows
            for batch in _batches(file, group, piece.how.column, passed):
                passed += batch.num_rows
                at_end = passed == of_group
                rows = piece.after["rows"]
                after = {"group": group + at_end, "row": 0 if at_end else passed, "rows": rows + batch.num_rows}
                last = at_end and group + 1 == end
                piece = replace(piece, content=written(batch), first_row=rows + 1, after=after, last=last)
                yield piece
        if not piece.last:
            empty = arrow().RecordBatch.from_pylist([], schema=_text_alone(file.schema_arrow, piece.how.column))
            yield replace(piece, content=written(empty), first_row=piece.after["rows"] + 1, last=True)


def added(how: TableSettings) -> list[str]:
    """The names of the columns that the clean file has besides those of the source."""
    return [name for name, wanted in (("edits", how.edits), ("quality", how.quality)) if wanted]


def _batches(file: Any, group: int, column: str, passed: int) -> Iterator[Any]:
    """The texts of a row group in batches of some SIZE bytes, without the first `passed` rows. The same in every run."""
    known = file.metadata.row_group(group)
    place = next(n for n in range(known.num_columns) if known.column(n).path_in_schema == column)
    of_row = known.column(place).total_uncompressed_size // max(known.num_rows, 1)
    for batch in file.iter_batches(max(1, SIZE // max(of_row, 1)), row_groups=[group], columns=[column]):
        if passed >= batch.num_rows:
            passed -= batch.num_rows
        else:
            yield _plain(batch.slice(passed))
            passed = 0


def _plain(batch: Any) -> Any:
    """A batch of texts, those of a dictionary written out."""
    pa, texts = arrow(), batch.column(0)
    return (
        pa.record_batch([texts.dictionary_decode()], batch.schema.names)
        if pa.types.is_dictionary(texts.type)
        else batch
    )


def _text_alone(schema: Any, column: str) -> Any:
    return arrow().schema([schema.field(column)])


def written(batch: Any) -> bytes:
    """A batch as an Arrow stream; such streams can stand behind each other in a file."""
    pa = arrow()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return bytes(sink.getvalue())


def cleaned(piece: Piece) -> PieceCleaned:
    """A piece, its texts cleaned: an Arrow stream of the columns that are new. Nulls stay null."""
    rows = RowsCleaned(piece.document, piece.how)
    texts = arrow().ipc.open_stream(piece.content).read_next_batch().column(0)
    columns: dict[str, list[Any]] = {"text": [], "edits": [], "quality": []}
    for row, text in enumerate(values_of(texts), piece.first_row):
        done = None if text is None else rows.clean(text, row)
        columns["text"].append(valid(done[0].text) if done else text)
        columns["edits"].append([*map(struct, done[1])] if done and piece.how.edits else None)
        columns["quality"].append(done[0].quality if done and piece.how.quality else None)
    return rows.done(piece, _columns(columns, texts.type, piece.how), len(texts))


def kept(piece: Piece, why: str) -> PieceCleaned:
    """A piece with its texts as they are."""
    rows = RowsCleaned(piece.document, piece.how)
    rows.pass_over(piece.first_row, f"{why} (this row, and those up to {piece.after['rows']})")
    texts = arrow().ipc.open_stream(piece.content).read_next_batch().column(0)
    nothing = [None] * len(texts)
    columns = {"text": texts, "edits": nothing, "quality": nothing}
    return rows.done(piece, _columns(columns, texts.type, piece.how), len(texts))


def _columns(columns: Mapping[str, Any], type_: Any, how: TableSettings) -> bytes:
    """The columns that are new, as an Arrow stream."""
    pa = arrow()
    types = {"text": type_, "edits": edits_type(), "quality": pa.float64()}
    wanted = ["text", *added(how)]
    return written(pa.record_batch([pa.array(columns[name], types[name]) for name in wanted], wanted))


def assemble(
    source: BinaryIO, texts: BinaryIO, target: BinaryIO, how: TableSettings, start: int = 0, end: int | None = None
) -> None:
    """Writes the clean file: the columns of `source`, row group by row group, with those of the pieces in `texts`.

    Only the row groups from `start` to `end` are taken.

    It has the compression of the text column throughout. Raises pyarrow's errors and OSError.
    """
    pa, parquet = arrow(), _parquet()
    with parquet.ParquetFile(source) as file:
        schema = file.schema_arrow
        place = schema.get_field_index(how.column)
        fields = {"edits": pa.field("edits", edits_type()), "quality": pa.field("quality", pa.float64())}
        whole = schema
        for name in added(how):
            whole = whole.append(fields[name])
        with parquet.ParquetWriter(target, whole, compression=_compression(file, how.column)) as writer:
            for group in range(start, file.num_row_groups if end is None else end):
                number = file.metadata.row_group(group).num_rows
                if not number:
                    continue
                others = file.read_row_group(group, [name for name in schema.names if name != how.column])
                new = pa.Table.from_batches(list(_rows(texts, number)))
                columns = [others.column(name) if name != how.column else None for name in schema.names]
                columns[place] = _like(new.column("text"), schema.field(place).type)
                columns += [new.column(name) for name in added(how)]
                writer.write_table(pa.Table.from_arrays(columns, schema=whole), row_group_size=number)


def _rows(texts: BinaryIO, number: int) -> Iterator[Any]:
    """The next so many rows of the pieces, which end where row groups do."""
    while number > 0:
        batches = arrow().ipc.open_stream(texts).read_all().to_batches()
        number -= sum(batch.num_rows for batch in batches)
        yield from batches


def _like(texts: Any, type_: Any) -> Any:
    return texts.dictionary_encode().cast(type_) if arrow().types.is_dictionary(type_) else texts


def _compression(file: Any, column: str) -> str:
    """The compression of the text column."""
    if not file.num_row_groups:
        return "snappy"
    known = file.metadata.row_group(0)
    codec: str = next(
        known.column(n).compression for n in range(known.num_columns) if known.column(n).path_in_schema == column
    )
    return {"UNCOMPRESSED": "none"}.get(codec, codec.lower())


def _parquet() -> Any:
    arrow()
    return needed("pyarrow.parquet", "arrow", "cleaning Parquet files")
