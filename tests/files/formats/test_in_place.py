"""Documents written again in their own format: every byte as it was but for the edits, and the edits all there."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import clean
from cleaner.files import formats
from cleaner.files.decode import decode
from cleaner.files.formats.in_place import put_in_place
from cleaner.files.formats.printed import Printed
from cleaner.files.read import reading_of
from cleaner.text.cleaned import Cleaned
from cleaner.text.edits import Band, Edit, apply
from tests.files.formats.documents import FORMATS, Pages

FIXTURES = Path(__file__).parent / "fixtures"
ALL = sorted(path for path in FIXTURES.iterdir() if path.suffix != ".md")

WORDS = st.text("今天晴。，“”Aab1 &<>\"';—𠀀\\/]", min_size=1, max_size=4).filter(lambda word: word.strip() == word)
PAGES = st.lists(
    st.lists(st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=1, max_size=3), min_size=1, max_size=2),
    min_size=1,
    max_size=2,
)
NEW = st.text("入驻。，&<>\"' \n]𠀀x", max_size=4)


def _printed(source: str) -> Printed:
    printed = formats.extracted(decode(source.encode("utf-8"), "utf-8"))
    assert printed is not None
    return printed


def _edit(text: str, start: int, end: int, after: str) -> Edit:
    return Edit(
        start=start, end=end, before=text[start:end], after=after, rule="x/y", band=Band.APPLIED, confidence=1.0
    )


def _seen(text: str) -> str:
    return "".join(text.split())


@st.composite
def _edits(draw: st.DrawFn, text: str) -> list[Edit]:
    """Changes of a text, one after the other, over line ends too."""
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    return [_edit(text, start, end, draw(NEW)) for start, end in spans]


@pytest.mark.parametrize("write", FORMATS)
@settings(deadline=None)
@given(pages=PAGES, data=st.data())
def test_a_document_with_edits_in_place_reads_as_the_edits_say(
    write: Callable[[Pages], str], pages: Pages, data: st.DataObject
) -> None:
    printed = _printed(write(pages))
    assert put_in_place(printed, ()) == printed.source
    edits = data.draw(_edits(printed.text))
    again = _printed(put_in_place(printed, edits))
    assert _seen(again.text) == _seen(apply(printed.text, edits))
    assert len(again.line_ids) <= len(printed.line_ids)


@pytest.mark.parametrize("write", FORMATS)
@settings(deadline=None)
@given(pages=PAGES, data=st.data())
def test_what_is_edited_in_a_line_stays_in_that_line(
    write: Callable[[Pages], str], pages: Pages, data: st.DataObject
) -> None:
    printed = _printed(write(pages))
    lines = [match.span() for match in re.finditer(r"[^\n\f]+", printed.text)]
    start, end = data.draw(st.sampled_from(lines))
    low, high = sorted((data.draw(st.integers(start, end)), data.draw(st.integers(start, end))))
    edits = [_edit(printed.text, low, high, data.draw(NEW).replace("\n", ""))]
    wanted = [_seen(line) for line in re.split("[\n\f]", apply(printed.text, edits)) if line.strip()]
    again = _printed(put_in_place(printed, edits))
    assert [_seen(line) for line in re.split("[\n\f]", again.text) if line.strip()] == wanted


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_a_fixture_comes_back_byte_for_byte_or_with_the_mended_text(path: Path) -> None:
    raw = path.read_bytes()
    reading = reading_of(raw)
    printed = reading.printed
    assert printed is not None
    assert formats.written(printed, reading.decoded, Cleaned(printed.text, printed.text)) == raw
    cleaned = clean(printed.text)
    again = reading_of(formats.written(printed, reading.decoded, cleaned)).printed
    assert again is not None
    assert _seen(again.text) == _seen(cleaned.text)
    assert "入驻" in again.text
    assert "12" not in again.text.splitlines()[-1]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig", "big5hkscs"])
def test_the_encoding_of_the_document_is_kept_whatever_it_declares(encoding: str) -> None:
    source = (FIXTURES / "page.xml").read_text(encoding="utf-8")
    raw = source.encode(encoding, "xmlcharrefreplace")
    reading = reading_of(raw, "big5hkscs" if encoding == "big5hkscs" else None)
    assert reading.printed is not None
    text = reading.printed.text
    at = text.index("人驻")
    edits = (_edit(text, at, at + 2, "入驻"),)
    cleaned = Cleaned(text, apply(text, edits), edits)
    out = formats.written(reading.printed, reading.decoded, cleaned)
    assert out == source.replace("人驻", "入驻").replace(">人<", ">入<").encode(encoding, "xmlcharrefreplace")


def test_only_content_and_spaces_change_and_all_levels_change_alike() -> None:
    source = (FIXTURES / "page.xml").read_text(encoding="utf-8")
    printed = _printed(source)
    out = put_in_place(printed, clean(printed.text).edits)
    assert out.count("人驻") == 0
    assert out.count("入驻") == source.count("人驻") == 3  # the word, the line, the region
    assert out.count("what another engine read") == 1
    bare = re.compile("<pc:Unicode>[^<]*</pc:Unicode>")
    assert bare.sub("", out) == bare.sub("", source)


def test_a_space_that_is_removed_takes_its_markup_with_it() -> None:
    source = (
        '<alto><Layout><Page><PrintSpace><TextBlock><TextLine><String CONTENT="今天" HPOS="0" VPOS="0" WIDTH="20" '
        'HEIGHT="10"/><SP WIDTH="9"/><String CONTENT="晴朗" HPOS="40" VPOS="0" WIDTH="20" HEIGHT="10"/></TextLine>'
        "</TextBlock></PrintSpace></Page></Layout></alto>"
    )
    printed = _printed(source)
    assert printed.text == "今天 晴朗\n"
    assert put_in_place(printed, [_edit(printed.text, 2, 3, "")]) == source.replace('<SP WIDTH="9"/>', "")


def test_a_word_that_a_join_put_together_stays_divided_in_its_lines() -> None:
    source = (
        "<alto><TextBlock><TextLine><String CONTENT='Deep'/><HYP CONTENT='-'/></TextLine>"
        "<TextLine><String CONTENT='Sek'/></TextLine></TextBlock><Page/></alto>"
    )
    printed = _printed(source)
    assert printed.text == "Deep-\nSek\n"
    edits = [_edit(printed.text, 4, 6, ""), _edit(printed.text, 8, 9, "ek")]
    assert put_in_place(printed, edits) == source.replace("Sek", "Seek")


def test_text_between_character_data_brackets_is_not_escaped() -> None:
    source = "<PcGts><Page><TextRegion><TextLine><TextEquiv><Unicode><![CDATA[甲&乙]]></Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"
    printed = _printed(source)
    assert put_in_place(printed, [_edit(printed.text, 0, 1, "<")]) == source.replace("甲", "<")
