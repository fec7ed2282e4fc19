"""What is read of documents in each format: the text, and of each code point page, line, box and confidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from cleaner.files import formats
from cleaner.files.decode import decode
from cleaner.files.formats.printed import Printed
from cleaner.files.read import reading_of
from cleaner.files.unreadable import UnreadableDocument

FIXTURES = Path(__file__).parent / "fixtures"

TEXT = """\
山坳里的读书会

　　入冬以来,青石坳村的读书会
越办越热闹。随着文创公司
的人驻,村口的老粮仓
变成了书屋。
　　管书的李阿婆说,孩子们
爱看Python入门和童话
，来了就不肯走。

—12—
"""
BY_LINE = ["rapidocr-1.json", "rapidocr-3.json", "paddleocr-2.json", "paddleocr-3.json", "paddleocr-json.json"]
BY_WORD = ["page.hocr", "alto-2.xml", "alto-4.xml", "page.xml", "page.tsv"]


def _read(name: str) -> Printed:
    printed = reading_of((FIXTURES / name).read_bytes()).printed
    assert printed is not None
    return printed


@pytest.mark.parametrize("name", BY_LINE + BY_WORD)
def test_one_page_is_one_text_in_whatever_format(name: str) -> None:
    assert _read(name).text == TEXT


def test_a_content_list_is_read_like_the_markdown_beside_it() -> None:
    assert _read("content_list.json").text == (
        "# 山坳里的读书会\n\n入冬以来,青石坳村的读书会越办越热闹。随着文创公司的人驻,村口的老粮仓变成了书屋。\n\n"
        "表1 书屋藏书\n类别\t册数\n童话 & 绘本\t320\n\n\f管书的李阿婆说,孩子们爱看Python入门和童话，来了就不肯走。\n\n"
        "图为孩子们在书屋里看书。\n\n```\nfor x in range(3):\n    print(x,x)\n```\n\n—12—\n"
    )


def test_markdown_is_plain_text() -> None:
    assert reading_of((FIXTURES / "mineru.md").read_bytes()).printed is None


@pytest.mark.parametrize("name", BY_WORD)
def test_a_place_has_page_line_and_the_box_of_its_words(name: str) -> None:
    printed = _read(name)
    at = printed.text.index("人驻")
    line_ids = {"page.hocr": "line_1_4", "page.tsv": "1_2_1_3"}
    place = {"page": 1, "line_id": line_ids.get(name, "line_3"), "box": [130, 256, 190, 286]}
    assert printed.place(at, at + 1) == printed.place(at, at + 2) == place
    assert printed.place(at, at + 4)["box"] == [130, 256, 280, 286]  # with the comma, and the word behind it
    assert printed.place(printed.text.index("\n\n") + 1, printed.text.index("\n\n") + 2) == {"page": 1}


def test_a_place_of_the_second_page() -> None:
    printed = _read("content_list.json")
    assert printed.place(printed.text.index("李阿婆"), printed.text.index("李阿婆"))["page"] == 2


@pytest.mark.parametrize("name", BY_WORD)
def test_words_have_their_confidences_and_white_space_has_none(name: str) -> None:
    printed = _read(name)
    at = printed.text.index("人驻")
    assert len(printed.confidences) == len(printed.text)
    if name == "alto-2.xml":
        assert printed.confidences[at] == 1.0  # every character is sure: CC="00"
    elif name == "alto-4.xml":
        assert printed.confidences[at : at + 2].tolist() == pytest.approx([0.91, 0.90])
    else:
        assert printed.confidences[at] == pytest.approx(0.91, abs=0.006)
    assert np.isnan(printed.confidences[printed.text.index("\n")])


@pytest.mark.parametrize("name", BY_LINE)
def test_lines_have_their_score(name: str) -> None:
    printed = _read(name)
    assert printed.confidences[printed.text.index("人驻")] == pytest.approx(0.88)


@pytest.mark.parametrize("name", BY_LINE + BY_WORD)
def test_each_code_point_says_where_it_stands(name: str) -> None:
    printed = _read(name)
    for at, (char, start, end) in enumerate(zip(printed.text, printed.starts, printed.ends, strict=True)):
        if printed.is_text[at]:
            written = printed.source[start:end]
            assert written == char or written == f"\\u{ord(char):04x}"


HOCR = "<html><body><div class='ocr_page'><p class='ocr_par'>{}</p></div></body></html>"
REGION = "<PcGts><Page><TextRegion id='a'>{}</TextRegion></Page></PcGts>"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (HOCR.format("<span class='ocr_line'>今&#26085;&nbsp;&lt;<em>晴</em></span>"), "今日 <晴\n"),
        (HOCR.format("没有行的字<br><span class='ocrx_word'>另一个</span>"), "没有行的字另一个\n"),
        (
            HOCR.format(
                "<span class=ocr_line><span class=ocrx_word>\n <span class=ocrx_cinfo title='x_conf 99'>今</span>\n"
                " <span class=ocrx_cinfo>天</span>\n</span></span>"
            ),
            "今天\n",
        ),
        (REGION.format("<TextEquiv><Unicode>没有行\n的区</Unicode></TextEquiv>"), "没有行\n的区\n"),
        (
            REGION.format(
                "<TextLine><TextEquiv index='2'><Unicode>乙</Unicode></TextEquiv>"
                "<TextEquiv index='1'><Unicode>甲<!-- 注 --><![CDATA[<丙>]]>&amp;</Unicode></TextEquiv></TextLine>"
            ),
            "甲<丙>&\n",
        ),
        (
            REGION.format("<TextLine><Word><Glyph><TextEquiv><Unicode>字</Unicode></TextEquiv></Glyph></Word></TextLine>"),
            "字\n",
        ),
        ("<a:alto xmlns:a='x'><a:Layout><a:Page><a:TextBlock/></a:Page></a:Layout></a:alto>", ""),
        (
            "<alto><TextBlock><TextLine><String CONTENT='Deep'/><HYP CONTENT='-'/></TextLine></TextBlock><Page/></alto>",
            "Deep-\n",
        ),
        ('[[[[0,0],[9,0],[9,9],[0,9]],"\\ud840\\udc00\\n\\u4eca",0.9]]', "𠀀 今\n"),
        ('{"res": {"parsing_res_list": [{"block_label": "text", "block_content": "甲\\n乙", "block_bbox": [0,0,9,9]}]}}', "甲\n乙\n"),
        (
            '{"parsing_res_list": [{"block_label": "table", "block_content": "<table><tr><td>甲</td><td>&lt;1</td></tr></table>"}]}',
            "甲\t<1\n",
        ),
    ],
)  # fmt: skip
def test_what_formats_allow(source: str, text: str) -> None:
    printed = formats.extracted(decode(source.encode("utf-8")))
    assert printed is not None
    assert printed.text == text


def test_reading_order_is_followed_and_loses_nothing_where_ids_clash() -> None:
    source = (FIXTURES / "page.xml").read_text(encoding="utf-8")
    clashing = source.replace('id="region_1"', 'id="region_0"').replace('id="word_2"', 'id="word_1"')
    printed = reading_of(clashing.encode("utf-8")).printed
    assert printed is not None
    assert sorted(printed.text.split()) == sorted(TEXT.split())


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "text": "今天"}', "[注]本文转载。", "<svg><text>alto</text></svg>", "<p>今天</p>", "level\tpage",
        "<html><body class='x'>今天</body></html>", '[{"type": "text", "text": "没有页"}]', "", "<", "{",
    ],
)  # fmt: skip
def test_what_is_of_no_such_format_is_plain_text(text: str) -> None:
    assert reading_of(text.encode("utf-8")).text == text


ENTITY = '<!DOCTYPE {0} [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><{0}>&b;</{0}>'


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (ENTITY.format("alto"), "ALTO that declares entities"),
        (ENTITY.format("PcGts"), "PAGE-XML that declares entities"),
        (ENTITY.format("html class='ocr_page'"), "hOCR that declares entities"),
        ('<?xml version="1.0"?>' + ENTITY.format("lolz"), "XML that declares entities"),
        ('<!DOCTYPE alto [<!ENTITY x SYSTEM "file:///etc/passwd">]><alto>&x;</alto>', "declares entities"),
        ('<!DOCTYPE alto [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><alto/>', "declares entities"),
        ("<alto>" + "<a>" * 1_000_000 + "</a>" * 1_000_000 + "</alto>", "nested more than"),
        ("<div class='ocr_page'>" + "<b>" * 1_000_000, "nested more than"),
        ('[{"txt":' + "[" * 1_000_000 + "]" * 1_000_000 + "}]", "nested too deeply"),
        ("<alto><Layout>", "ALTO that is not well-formed"),
        ("<div class='ocr_page'><![CDA[x]]></div>", "hOCR that is damaged"),
        ('[{"txt": "今天", "box": [[0,0],', "not valid"),
    ],
)
def test_what_does_harm_or_is_damaged_is_refused(source: str, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        reading_of(source.encode("utf-8"))


def test_a_document_type_that_declares_nothing_is_none_of_that() -> None:
    source = '<!DOCTYPE alto SYSTEM "http://127.0.0.1:9/alto.dtd"><alto><Page/></alto>'
    assert reading_of(source.encode("utf-8")).text == ""


@pytest.mark.parametrize("declared", ["GBK", "UTF-16", "ISO-8859-1", "no-such"])
def test_the_encoding_that_is_declared_need_not_be_right(declared: str) -> None:
    source = (FIXTURES / "alto-2.xml").read_text(encoding="utf-8").replace("UTF-8", declared)
    assert reading_of(source.encode("utf-8")).text == TEXT


def _in_margin(printed: Printed) -> str:
    return "".join(char for char, margin in zip(printed.text, printed.margins, strict=True) if margin)


@pytest.mark.parametrize("name", [*BY_LINE, *BY_WORD, "content_list.json"])
def test_the_folio_stands_in_the_margin(name: str) -> None:
    assert _in_margin(_read(name)) == "—12—"


def test_a_region_that_is_called_a_header_stands_in_the_margin() -> None:
    line = "<TextLine><TextEquiv><Unicode>{}</Unicode></TextEquiv></TextLine>"
    source = (
        f"<PcGts><Page><TextRegion type='header'>{line.format('要闻')}</TextRegion>"
        f"<TextRegion type='paragraph'>{line.format('今天')}</TextRegion></Page></PcGts>"
    )
    printed = formats.extracted(decode(source.encode()))
    assert printed is not None
    assert _in_margin(printed) == "要闻"


def test_the_example_of_the_manual_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manual = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")
    example = manual.split("```python\n")[1].split("```")[0]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.xml").write_bytes((FIXTURES / "page.xml").read_bytes())
    exec(example, {})
    assert "入驻" in (tmp_path / "mended.xml").read_text(encoding="utf-8")


def _hocr(line: str) -> str:
    printed = formats.extracted(decode(f"<html><div class='ocr_page'><p class=ocr_line>{line}".encode()))
    assert printed is not None
    return printed.text


def test_what_does_not_end_is_no_text_of_an_hocr_document() -> None:
    assert _hocr("今天<b>晴</b></p><p title='") == "今天晴\n"
    assert _hocr("今天</p><!-- 晴</p>") == "今天\n"
    assert _hocr("今天") == "今天\n"
    assert _hocr("今天 < 明天") == "今天 < 明天\n"


def test_the_confidences_of_glyphs_are_those_of_the_characters() -> None:
    glyphs = "".join(f'<Glyph CONTENT="{char}" GC="{sure}"/>' for char, sure in (("今", 0.5), ("天", 0.25)))
    line = f'<TextLine><String CONTENT="今天">{glyphs}</String><String CONTENT="晴" WC="1"/></TextLine>'
    printed = formats.extracted(
        decode(f"<alto><Layout><Page><TextBlock>{line}</TextBlock></Page></Layout></alto>".encode())
    )
    assert printed is not None
    assert printed.confidences.tolist()[:3] == [0.5, 0.25, 1.0]
