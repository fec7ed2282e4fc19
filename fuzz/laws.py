"""The laws that every cleaned text keeps, whatever the text: checked by the property tests and by the fuzzer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from cleaner import Cleaned, Cleaner
from cleaner.chain import UNSETTLED
from cleaner.text.edits import Band, apply

HOME = Path(__file__).parent.parent

FRAGMENTS = (
    "浙江省委", "公司的人驻", "高质量发展", "，", ",", ".", "。", "：", ":", '"', "'", "(", ")", "“", "”", "《", "<<", ">>", "--", "——",
    "一一", "一", "...", "……", "·", "\n", "\n\n", "\r\n", "\f", " ", "　　", "\t", "# ", "- ", "12", "— 3 —", "第3版", "■", "②",
    "AI", "Deep-", "Seek", "3,800", "8:30", "們", "⾦", "１２", "\u200b", "&amp;", "<b>", "</b>", "|a|b|", "图为", "摄",
    "本报记者", "a.com", "https://x.cn/?a=1,2", "\udc80", "\ufffd", "エ", "人民", "新华社北京9月3日电", "*", "**", "```",
    "１：２", "!", "？！", "浣犲ソ锛屼笘鐣�", "锟斤拷", "ä½\xa0å¥½", "é", "\x93", "ÄãºÃ£¬", "ï»¿",
)  # fmt: skip
"""What makes rules fire: random code points alone hardly ever meet one."""


ODD = "\0\t\n\v\f\r\x1b\x85\xa0\xad\u0301\u034f\u200b\u200d\u200f\u2028\u202e\u3000\ud800\udbff\udc00\udc80\udcff\udfff\ue000\ufdd0\ufe0f\ufeff\ufffd\uffff\U0001d11e\U0001f468\U00020000\U000e0041\U000e0100\U0010ffff"  # fmt: skip
"""Characters that programs trip over: controls, combining and invisible ones, surrogates, noncharacters, all planes."""


def held(cleaner: Cleaner, text: str) -> Cleaned:
    """The text cleaned. Raises AssertionError where a law is broken: the source comes back, edits and offsets speak of it,
    cleaned again it stays as it is."""
    cleaned = cleaner.clean(text)
    assert cleaned.revert() == text, "the source does not come back"
    assert apply(text, cleaned.edits) == cleaned.text, "the edits do not make the clean text"
    _edits_speak_of_the_source(cleaned)
    _offsets_map_both_ways(cleaned)
    assert 0 <= cleaned.quality <= 1
    if not any(flag.rule == UNSETTLED.name for flag in cleaned.flags):
        again = cleaner.clean(cleaned.text).text
        assert again == cleaned.text, f"no fixed point: {cleaned.text!r} becomes {again!r}"
    return cleaned


def _edits_speak_of_the_source(cleaned: Cleaned) -> None:
    everything = [*cleaned.edits, *cleaned.suggestions, *cleaned.flags]
    for edit in everything:
        assert 0 <= edit.start <= edit.end <= len(cleaned.source), edit
        assert edit.line == cleaned.source.count("\n", 0, edit.start) + 1, edit
        assert 0 <= edit.confidence <= 1, edit
        assert edit.rule == UNSETTLED.name or edit.before == cleaned.source[edit.start : edit.end], edit
    assert all(edit.band is Band.APPLIED and edit.after is not None for edit in cleaned.edits)
    assert all(edit.after is None for edit in cleaned.flags)
    assert len({edit.id for edit in everything}) == len(everything), "two edits have one id"


def _offsets_map_both_ways(cleaned: Cleaned) -> None:
    changed = {at for e in cleaned.edits if e.kind == "change" for at in range(e.start, e.end)}
    for offset, char in enumerate(cleaned.source):
        there = cleaned.to_clean(offset)
        assert 0 <= there <= len(cleaned.text)
        if offset not in changed:
            assert cleaned.text[there] == char, f"offset {offset} maps to another character"
            assert cleaned.to_source(there) == offset, f"offset {offset} does not map back"
    if not any(edit.kind == "move" for edit in cleaned.edits):
        there = [cleaned.to_clean(offset) for offset in range(len(cleaned.source) + 1)]
        assert there == sorted(there), "offsets change their order without a move"
    assert all(0 <= cleaned.to_source(offset) <= len(cleaned.source) for offset in range(len(cleaned.text) + 1))


def samples() -> Iterator[str]:
    """Texts to begin with: the scans in `samples`, and those of the case files."""
    for file in sorted((HOME / "samples" / "scans").glob("*.txt")):
        yield file.read_text(encoding="utf-8")
    for file in sorted((HOME / "tests" / "cases").glob("*.json")):
        yield from (case["scan"] for case in json.loads(file.read_text(encoding="utf-8")) if isinstance(case, dict))
