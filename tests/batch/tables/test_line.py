"""A line of JSONL: its text found, and put back with every other byte as it was."""

from __future__ import annotations

import json

import pytest

from cleaner.batch.tables.line import BrokenLine, parsed


@pytest.mark.parametrize(
    ("line", "field", "changed"),
    [
        ('{"text":"⾦","n":1.50}\n', "text", '{"text":"金","n":1.50}\n'),
        ('{ "id" : 1,  "text" : "⾦" }\r\n', "text", '{ "id" : 1,  "text" : "金" }\r\n'),
        (r'{"n": 1e5, "text": "\u2fa6"}', "text", r'{"n": 1e5, "text": "\u91d1"}'),
        ('{"a": {"b": {"c": "⾦", "d": []}}}', "a.b.c", '{"a": {"b": {"c": "金", "d": []}}}'),
        ('{"a.b": "⾦", "a": {"b": "x"}}', "a.b", '{"a.b": "金", "a": {"b": "x"}}'),
        ('\ufeff{"text": "⾦"}', "text", '\ufeff{"text": "金"}'),
        ('{"text": "一", "text": "⾦"}', "text", '{"text": "一", "text": "金"}'),
        (f'{{"n": {"9" * 5000}, "text": "⾦"}}', "text", f'{{"n": {"9" * 5000}, "text": "金"}}'),
    ],
)
def test_only_the_text_is_written_anew(line: str, field: str, changed: str) -> None:
    found = parsed(line, field.split("."))
    assert found is not None
    assert found.text == "⾦"
    assert found.with_("⾦", {}) == line
    assert found.with_("金", {}) == changed


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ('{"text": "金"}', '{"text": "金", "edits": [{"a": 1}], "quality": 0.5}'),
        ('{"text":"金","n":1}\n', '{"text":"金","n":1,"edits":[{"a":1}],"quality":0.5}\n'),
        ('{"edits": 7, "text": "金" }', '{"edits": [{"a": 1}], "text": "金", "quality": 0.5 }'),
    ],
)
def test_fields_are_added_in_the_style_of_the_line(line: str, changed: str) -> None:
    found = parsed(line, ["text"])
    assert found is not None
    assert found.with_("金", {"edits": [{"a": 1}], "quality": 0.5}) == changed


def test_lone_surrogates_stay_escaped() -> None:
    found = parsed(r'{"text": "金\udc80"}', ["text"])
    assert found is not None
    assert json.loads(found.with_(found.text + "！", {}).encode("utf-8")) == {"text": "金\udc80！"}


def test_a_text_that_is_null_is_none() -> None:
    assert parsed('{"text": null}', ["text"]) is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "金"', "not JSON: expecting ',' or '}', at character 13"),
        ('{"text": 金}', "not JSON: Expecting value, at character 10"),
        ('{"text": "金"} {}', "not JSON: more text behind the object"),
        ('["text"]', "no JSON object"),
        ('{"txt": "金"}', r"no field text \(there are: txt\); did you mean txt\?"),
        ("{}", r"no field text \(there are: none\)"),
        ('{"text": ["金"]}', "text holds a list, not text"),
        ('{"text": true}', "text holds true or false, not text"),
        ("[" * 100_000, "nested too deeply|not JSON"),
    ],
)
def test_what_is_wrong_is_told(line: str, said: str) -> None:
    with pytest.raises(BrokenLine, match=said):
        parsed(line, ["text"])
