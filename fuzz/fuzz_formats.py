"""Documents of OCR engines, damaged in every way: read or refused with a message, and written again with the mended text in place."""

from __future__ import annotations

from collections.abc import Iterator

from begin import bytes_of, fuzz
from cleaner import Cleaned, Cleaner, Settings
from cleaner.files.decode import decode
from cleaner.files.formats import extracted, written
from cleaner.files.formats.in_place import put_in_place
from cleaner.files.formats.printed import Printed
from cleaner.files.read import reading_of
from cleaner.files.unreadable import UnreadableDocument
from laws import FRAGMENTS, HOME, ODD

CLEANER = Cleaner()
QUICK = Cleaner(Settings(only=("characters", "artifacts", "wraps", "spaces", "punctuation")))
SHORT = 300
"""Code points of a text that is cleaned by all passes: those that look at every character take ten times as long."""

PARTS = (
    *FRAGMENTS, *ODD,
    '<?xml version="1.0" encoding="UTF-8"?>', "<!DOCTYPE html>", "<!DOCTYPE a [", "]>", '<!ENTITY x "y">', "<!--", "-->", "<![CDATA[", "]]>",
    "<", ">", "/>", "</", "&", ";", "&#x10FFFF;", "&#0;", "&#xD800;", "&lt;", "&nbsp;", "&NotEqualTilde;",
    "<alto>", "</alto>", "<Page>", "</Page>", "<TopMargin>", "</TopMargin>", "<TextBlock ID='b'>", "</TextBlock>", "<TextLine>",
    "</TextLine>", '<String CONTENT="人驻" WC="0.9" CC="01"/>', "<SP/>", '<HYP CONTENT="-"/>', '<Glyph CONTENT="人" GC="0.5"/>',
    '<ElementRef REF="b"/>', ' HPOS="1" VPOS="2" WIDTH="3" HEIGHT="4"', "<PcGts>", "<TextRegion id='r' type='header'>", "</TextRegion>",
    "<Word>", "</Word>", "<TextEquiv index='0' conf='0.5'>", "</TextEquiv>", "<Unicode>", "</Unicode>", "<Coords points='1,2 3,4'/>",
    "<OrderedGroup>", "</OrderedGroup>", "<RegionRefIndexed regionRef='r' index='1'/>", "<Glyph>", "</Glyph>",
    "<div class='ocr_page'>", "<p class=ocr_par>", "<span class='ocr_line' title='bbox 1 2 3 4'>",
    "<span class=ocrx_word title='bbox 1 2 3 4; x_wconf 90; x_confs 1 2'>", "<span class='ocrx_cinfo' title='x_conf 9'>", "</span>", "</p>",
    "</div>", "<br>", "<title>", "</title>", "<script>", "</script>", "<meta name='ocr-system' content='x'>",
    "<html>", "<head>", "<body>", "<h1>", "</h1>", "<p>", "<ul>", "</ul>", "<ol start='9'>", "<ol start='" + "9" * 5000 + "'>", "<li>", "<table>",
    "</table>", "<tr>", "<td>", "<th>", "<pre>", "</pre>", "<code>", "</code>", "<sup>", "</sup>", "<ruby>", "<rt>", "</ruby>", "<hr>", "<style>",
    '{"type": "text", "text": "人驻", "page_idx": 0}', '{"rec_texts": ["人驻"], "rec_scores": [0.9], "rec_polys": [[[0,0],[1,0],[1,1],[0,1]]]}',
    '[[[0,0],[1,0],[1,1],[0,1]],["人驻",0.9]]', '"box":', '"text":', '"txt":', '"score":', '"res":', '"data":', '"parsing_res_list":',
    '"block_content":', '"block_bbox":', '"block_label":"table"', '"table_body":"<table><tr><td>人驻</td></tr></table>"', '"code_body":',
    '"bbox":[1,2,3,4]', '"text_level":1', '"image_caption":["图为"]', "[", "]", "{", "}", ",", ":", '"', "\\", "\\u4eba", "\\ud800", "\\udc00",
    "null", "true", "1e999", "-0", "NaN", "Infinity", "1" * 40, "0.5",
    "5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t90\t人驻\n", "4\t1\t1\t1\t1\t0\t0\t0\t9\t9\t-1\t\n",
)  # fmt: skip


def check(data: bytes) -> None:
    """Reads, cleans and writes a document, and reads it again."""
    try:
        reading = reading_of(data)
    except UnreadableDocument as error:
        assert str(error)
        return
    printed = reading.printed
    if printed is None:
        return
    _columns_agree(printed)
    assert put_in_place(printed, (), reading.decoded.encoding) == printed.source
    assert written(printed, reading.decoded, Cleaned(printed.text, printed.text)) == data, "what is not edited changes"
    cleaner = CLEANER if len(printed.text) <= SHORT else QUICK
    cleaned = cleaner.clean(printed.text, recognised=printed.recognised)
    assert cleaned.revert() == printed.text
    for edit in (*cleaned.edits, *cleaned.suggestions, *cleaned.flags):
        printed.place(edit.start, edit.end)
    again = extracted(decode(written(printed, reading.decoded, cleaned), reading.decoded.encoding))
    assert again is not None, "what was written is of no format"
    assert again.format == printed.format


def _columns_agree(printed: Printed) -> None:
    """Each code point has a place in the source, or is white space, or a mark, that the layout alone has."""
    count = len(printed.text)
    columns = (
        printed.pages,
        printed.lines,
        printed.words,
        printed.confidences,
        printed.starts,
        printed.ends,
        printed.is_text,
    )
    assert {len(column) for column in (*columns, printed.margins)} == {count}
    assert ((printed.starts < 0) == (printed.ends < 0)).all()
    assert (printed.starts <= printed.ends).all()
    assert (printed.ends <= len(printed.source)).all()
    assert (printed.lines < len(printed.line_ids)).all()
    assert (printed.words < len(printed.boxes)).all()


def seeds() -> Iterator[bytes]:
    """Documents of every format, as small as they come."""
    for file in sorted((HOME / "tests" / "files" / "formats" / "fixtures").iterdir()):
        yield file.read_bytes()
    yield from map(bytes_of, PARTS)
    line = '<TextLine><String CONTENT="公司的人驻," WC="0.5"/><SP/><String CONTENT="好"/></TextLine>'
    yield bytes_of(f"<alto><Layout><Page><TextBlock>{line}</TextBlock></Page></Layout></alto>")
    text = "<TextEquiv><Unicode>公司的人驻,</Unicode></TextEquiv>"
    yield bytes_of(
        f"<PcGts><Page><TextRegion><TextLine><Word>{text}</Word>{text}</TextLine></TextRegion></Page></PcGts>"
    )
    yield bytes_of(
        "<div class='ocr_page'><span class=ocr_line><span class=ocrx_word>公司的人驻,</span> <b>好</b></span></div>"
    )
    items = "<ul><li>公司的人驻,<li>好</ul><table><tr><td>一<td>二</table><pre>a</pre>10<sup>4</sup>"
    yield bytes_of(
        f"<!DOCTYPE html><html><head><title>x</title></head><body><h1>好</h1><p>公司的人驻,<br>好</p>{items}</body></html>"
    )
    yield bytes_of('[{"box": [[0,0],[9,0],[9,1],[0,1]], "txt": "公司的人驻,", "score": 0.9}]')
    yield bytes_of('[[[[0,0],[9,0],[9,1],[0,1]], "公司的\\u4eba驻,", 0.9]]')
    yield bytes_of(
        '{"res": {"rec_texts": ["公司的人驻,", "好"], "rec_scores": [0.9], "rec_boxes": [[0,0,9,1],[0,1,9,2]]}}'
    )
    yield bytes_of(
        '{"parsing_res_list": [{"block_content": "公司的人驻,", "block_bbox": [0,0,9,1], "block_label": "text"}]}'
    )
    yield bytes_of('[{"type": "text", "text": "公司的人驻,\\n好", "text_level": 1, "page_idx": 0, "bbox": [0,0,9,9]}]')


if __name__ == "__main__":
    fuzz(check, seeds(), PARTS, longest=4000)
