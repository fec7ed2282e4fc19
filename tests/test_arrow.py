"""`Cleaner.clean_batch`: texts in Arrow record batches."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from cleaner import Cleaner, Settings
from cleaner.arrow import ColumnError, edits_type
from cleaner.extras import MissingExtra
from cleaner.text.edits import Band, Edit, invert

pa = pytest.importorskip("pyarrow")

ONE_PASS = Cleaner(Settings(only=("characters",)))
TEXTS = ["山里有⾦子", None, "也有银子", "", "山里有⾦子"]


def batch(type_: Any = None, **columns: Any) -> Any:
    """A batch with a column before the texts and one behind them."""
    return pa.record_batch(
        {"name": list("abcde"), "text": pa.array(TEXTS, type_ or pa.string()), "n": range(5)} | columns
    )


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
def test_texts_are_cleaned_and_the_rest_is_untouched(type_: Any) -> None:
    given = batch(type_)
    out = ONE_PASS.clean_batch(given)
    assert out.schema.names == ["name", "text", "n", "edits", "quality"]
    assert out.schema.field("text") == given.schema.field("text")
    assert out.column("text").to_pylist() == ["山里有金子", None, "也有银子", "", "山里有金子"]
    assert out.column("name").equals(given.column("name"))
    assert out.column("n").equals(given.column("n"))
    assert [None if e is None else len(e) for e in out.column("edits").to_pylist()] == [1, None, 0, 0, 1]
    assert out.column("quality").null_count == 1
    assert all(0 <= q <= 1 for q in out.column("quality").drop_null().to_pylist())


def test_a_dictionary_stays_one_and_equal_texts_become_one_entry() -> None:
    texts = pa.array(["山里有⾦子", None, "山里有金子", "山里有⾦子"]).dictionary_encode()
    out = ONE_PASS.clean_batch(pa.record_batch({"text": texts}))
    assert out.column("text").type == texts.type
    assert out.column("text").to_pylist() == ["山里有金子", None, "山里有金子", "山里有金子"]
    assert out.column("text").dictionary.to_pylist() == ["山里有金子"]
    assert [None if e is None else len(e) for e in out.column("edits").to_pylist()] == [1, None, 0, 1]


def test_the_edits_rebuild_the_text() -> None:
    source = "孩子们\n的课余生活丰富起来，产业链\n形成“策划一制作一销售”的模式。\n\n— 12 —\n\n公司的人驻带来机遇。"
    out = Cleaner().clean_batch(pa.record_batch({"text": [source]}))
    assert out.column("edits").type == edits_type()
    (row,) = out.to_pylist()
    applied = [
        Edit(start=e["start"], end=e["end"], before=e["before"], after=e["after"], rule=e["rule"],
             band=Band(e["band"]), confidence=e["confidence"], kind=e["kind"] or "change", to=e["to"])
        for e in row["edits"] if e["band"] == "applied"
    ]  # fmt: skip
    assert applied
    assert row["text"] == Cleaner().clean(source).text
    assert invert(row["text"], applied) == source
    assert any(json.loads(e["evidence"]) for e in row["edits"] if e["evidence"])


def test_a_table_comes_back_as_a_table() -> None:
    table = pa.Table.from_batches([batch(), batch()])
    out = ONE_PASS.clean_batch(table)
    assert out.num_rows == 10
    assert out.column("text").null_count == 2
    assert ONE_PASS.clean_batch(table.slice(0, 0)).schema == out.schema


def test_columns_are_named_or_left_out() -> None:
    given = pa.record_batch({"body": ["⾦"], "edits": ["mine"]})
    assert ONE_PASS.clean_batch(given, "body", edits=None, quality=None).to_pydict() == {
        "body": ["金"],
        "edits": ["mine"],
    }
    assert ONE_PASS.clean_batch(given, "body", edits="changes", quality=None).schema.names == [
        "body",
        "edits",
        "changes",
    ]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"body": ["a"]}, "no column named 'text'; the columns are: body"),
        ({"text": [1]}, "holds int64, not text"),
        ({"text": ["a"], "edits": [1]}, "already a column named 'edits'"),
    ],
)
def test_what_cannot_be_cleaned_is_told(columns: dict[str, list[object]], said: str) -> None:
    with pytest.raises(ColumnError, match=said):
        ONE_PASS.clean_batch(pa.record_batch(columns))


def test_a_column_without_any_text_is_let_through() -> None:
    assert ONE_PASS.clean_batch(pa.record_batch({"text": pa.nulls(2)})).column("text").null_count == 2


def test_bytes_that_are_not_utf_8_break_nothing() -> None:
    texts = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\4\0\0\0"), pa.py_buffer(b"a\xffbc")])
    assert ONE_PASS.clean_batch(pa.record_batch({"text": texts})).column("text").to_pylist() == ["a\ufffdbc"]


def test_without_pyarrow_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"pip install 'cleaner\[arrow\]'"):
        ONE_PASS.clean_batch(object())
