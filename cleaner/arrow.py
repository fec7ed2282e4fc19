"""Texts in Arrow record batches, cleaned: what Spark, Ray, Dask, Polars, DuckDB and datasets call (`Cleaner.clean_batch`).

A batch comes back with its text column cleaned and two columns more: `edits`, a list of structs (`edits_type`), which
engines can unnest and query as it is, and `quality`, a number from 0 to 1. A list of structs and not JSON: DuckDB's
`unnest`, Polars' `explode` and Spark's `explode` read it without parsing, and its schema is known before any row is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from cleaner.extras import needed
from cleaner.files.write import as_utf8
from cleaner.text.cleaned import Cleaned
from cleaner.text.records import as_line, in_order, record

Batch = TypeVar("Batch")
"""A pyarrow.RecordBatch or a pyarrow.Table; what is given comes back."""

Clean = Callable[[str], Cleaned]

AT_ONCE = 1_000_000
"""Code points whose edits are held as Python objects at a time; what is done stands in Arrow, in a tenth of the memory."""


class ColumnError(ValueError):
    """A column that is missing, holds no text, or is there already. The message says which, and what to do."""


def arrow() -> Any:
    """The module pyarrow. Raises MissingExtra."""
    return needed("pyarrow", "arrow", "cleaning Arrow batches and Parquet files")


def edits_type() -> Any:
    """The Arrow type of the column `edits`: a list of structs with the keys of edits.jsonl but `document`.

    All bands are in it, by start, then end; `start` and `end` count code points of the row's text. `evidence` is JSON.
    """
    pa = arrow()
    text, whole, number = pa.string(), pa.int64(), pa.float64()
    step = pa.struct({"pass": text, "rule": text, "before": text, "after": text, "confidence": number})
    names = {"id": text, "start": whole, "end": whole, "line": whole, "before": text, "after": text, "pass": text,
             "rule": text, "band": text, "confidence": number, "evidence": text, "steps": pa.list_(step), "group": text,
             "kind": text, "to": whole}  # fmt: skip
    return pa.list_(pa.struct(names))


def clean_batch(batch: Batch, clean: Clean, column: str, edits: str | None, quality: str | None) -> Batch:
    """The batch with `column` cleaned, and columns of these names for edits and quality (None: without).

    Null texts stay null. The column keeps its type and place, the others are untouched. Raises ColumnError and MissingExtra.
    """
    pa = arrow()
    if isinstance(batch, pa.Table):
        empty = pa.RecordBatch.from_pylist([], schema=batch.schema)
        schema = clean_batch(empty, clean, column, edits, quality).schema
        parts = [clean_batch(part, clean, column, edits, quality) for part in batch.to_batches()]
        return pa.Table.from_batches(parts, schema)  # type: ignore[no-any-return]
    if not isinstance(batch, pa.RecordBatch):
        raise TypeError(f"clean_batch() takes a pyarrow.RecordBatch or a pyarrow.Table, not {type(batch).__name__}")
    place = place_of(batch.schema, column, [name for name in (edits, quality) if name])
    texts, edited, qualities = _cleaned(batch.column(place), clean, edits is not None, quality is not None)
    out = batch.set_column(place, batch.schema.field(place), texts)
    if edits is not None:
        out = out.append_column(edits, edited)
    if quality is not None:
        out = out.append_column(quality, qualities)
    return out  # type: ignore[no-any-return]


def place_of(schema: Any, column: str, added: Iterable[str]) -> int:
    """Where the column stands in the schema. Raises ColumnError where it cannot be cleaned."""
    if schema.names.count(column) != 1:
        there = ", ".join(dict.fromkeys(schema.names)) or "none"
        several = "are several columns" if column in schema.names else "is no column"
        raise ColumnError(f"there {several} named {column!r}; the columns are: {there}")
    for name in added:
        if name in schema.names:
            raise ColumnError(f"there is already a column named {name!r}; give another name for the new one, or None")
    if not _is_text(schema.field(column).type):
        raise ColumnError(f"the column {column!r} holds {schema.field(column).type}, not text")
    return int(schema.get_field_index(column))


def _is_text(type_: Any) -> bool:
    """Whether it is a type of text, as such or by dictionary; a column without any value has the type null."""
    types = arrow().types
    if types.is_dictionary(type_):
        return _is_text(type_.value_type)
    return any(is_it(type_) for is_it in (types.is_string, types.is_large_string, types.is_string_view, types.is_null))


def _cleaned(texts: Any, clean: Clean, *wanted: bool) -> tuple[Any, Any, Any]:
    """The texts cleaned, their edits and their quality, if `wanted`, as arrays; each entry of a dictionary is cleaned once."""
    pa = arrow()
    if not pa.types.is_dictionary(texts.type):
        return _cleaned_values(texts, clean, *wanted)
    values, *others = _cleaned_values(texts.dictionary, clean, *wanted)
    plain = values.cast(pa.large_string()).take(texts.indices)
    encoded = plain.dictionary_encode().cast(texts.type)  # two entries may have become one
    return encoded, *(column.take(texts.indices) for column in others)


def _cleaned_values(texts: Any, clean: Clean, with_edits: bool, with_quality: bool) -> tuple[Any, Any, Any]:
    pa = arrow()
    clean_texts: list[str | None] = []
    qualities: list[float | None] = []
    edits = [pa.array([], edits_type())]
    rows: list[list[dict[str, Any]] | None] = []
    size = 0
    for text in values_of(texts):
        cleaned = None if text is None else clean(text)
        clean_texts.append(None if cleaned is None else valid(cleaned.text))
        qualities.append(cleaned.quality if cleaned and with_quality else None)
        rows.append(list(structs(cleaned)) if cleaned and with_edits else None)
        size += 0 if text is None else len(text)
        if size > AT_ONCE:
            edits.append(pa.array(rows, edits_type()))
            rows, size = [], 0
    edits.append(pa.array(rows, edits_type()))
    return pa.array(clean_texts, texts.type), pa.concat_arrays(edits), pa.array(qualities, pa.float64())


def values_of(texts: Any) -> Iterator[str | None]:
    """The texts of an array. Bytes that are not UTF-8, which Arrow does not check for, become U+DC80 to U+DCFF."""
    for text in texts:
        try:
            yield text.as_py()
        except UnicodeDecodeError:
            yield bytes(text.as_buffer()).decode("utf-8", "surrogateescape")


def valid(text: str) -> str:
    """The text as Arrow can hold it: lone surrogates as U+FFFD."""
    return text if text.isascii() else as_utf8(text).decode("utf-8")


def structs(cleaned: Cleaned) -> Iterator[dict[str, Any]]:
    """All edits of a text as the entries of the column `edits`."""
    return (struct(record(edit, "")) for edit in in_order(cleaned))


def struct(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A record of edits.jsonl as an entry of the column `edits`."""
    found = _valid_sides(entry)
    if "evidence" in found:
        found["evidence"] = as_line(found["evidence"])
    if "steps" in found:
        found["steps"] = [_valid_sides(step) for step in found["steps"]]
    return found


def _valid_sides(change: Mapping[str, Any]) -> dict[str, Any]:
    after = change["after"]
    return {**change, "before": valid(change["before"]), "after": None if after is None else valid(after)}
