"""HTML: what is read of it, what is never touched, and what stands in the file once the mended text is in place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import clean
from cleaner.files import formats
from cleaner.files.read import reading_of
from cleaner.files.unreadable import UnreadableDocument

SAMPLES = Path(__file__).parents[3] / "samples"


def _mended(source: str, encoding: str = "utf-8") -> str:
    """The source with what the chain mends in place."""
    reading = reading_of(source.encode(encoding), name="page.html")
    assert reading.printed is not None
    assert reading.printed.format == "HTML"
    cleaned = clean(reading.text)
    return formats.written(reading.printed, reading.decoded, cleaned).decode(encoding)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>今天<b>晴</b>，<i>宜</i>出行。</p><p>明天雨。", "今天晴，宜出行。\n\n明天雨。\n"),
        ("<p>一\n  二 <b> 三</b> see\n<i>\n it</i>", "一二 三 see it\n"),
        ("<p>　　一<br>二<br/>\n<br>三", "　　一\n二\n\n三\n"),
        ("<div>一<p>二</p>三</div>四", "一\n\n二\n\n三\n\n四\n"),
        (f"<ol start='{'9' * 5000}'><li>甲<li>乙</ol>", "1. 甲\n2. 乙\n"),
        ("<h2>题</h2><ul><li>甲<li><p>乙<ul><li>丙</ul></ul><ol start='3'><li>丁<li>戊</ol>",
         "## 题\n\n- 甲\n- 乙\n  - 丙\n\n3. 丁\n4. 戊\n"),
        ("<table><tr><th>名<th>数<tr><td><p>甲</p><td>1</table>", "名\t数\n甲\t1\n"),
        ("<table><tr><td><p>一</p><p>二</p><td>三</table>", "一\n\n二\n\n三\n"),
        ("<table><tr><td><table><tr><td>一<td>二</table><tr><td>三</table>四", "一\t二\n三\n\n四\n"),
        ("<pre>a\n  b, 人驻</pre>见<code>x, y</code>与<math><mi>x</mi><annotation>t</annotation></math>和10<sup>4</sup>",
         "```\na\n  b, 人驻\n```\n\n见`x, y`与`x`和10<sup>4</sup>\n"),
        ("<ruby>漢<rp>(<rt>かん<rp>)</ruby>字<script>人</script><style>b</style><title>题</title><svg>图</svg>。", "漢字。\n"),
        ("<p>甲<noscript><p>乙</noscript>丙", "甲丙\n"),
        ("<p>a &amp; b&#x4eca;&nbsp;&hellip;&bogus;&amp", "a & b今\u00a0…&bogus;&amp\n"),
        ("<p>a < b, a<3 & c</p>", "a < b, a<3 & c\n"),
        ("<!-- 人 --><?php 人 ?><p>今", "今\n"),
        ("</p></div></td><td>一</td></tr>二</table>", "一\n\n二\n"),
        ("没有标记，就是文本。\n第二行", "没有标记，就是文本。\n第二行"),
    ],
)  # fmt: skip
def test_what_is_read(source: str, text: str) -> None:
    assert reading_of(source.encode(), name="page.html").text == text


WHOLE = "<!DOCTYPE html><html><head><title>题</title></head><body><p>今天</p></body></html>"
TABLE = "<html><body><table><tr><td>甲</td></tr></table></body></html>"


@pytest.mark.parametrize(
    ("source", "name", "is_html"),
    [
        (WHOLE, "", True),
        (WHOLE, "a.txt", True),
        ('<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body>今天</body></html>', "a.xml", True),
        (TABLE, "a.html", True),
        (TABLE, "page.md", False),  # how MinerU writes tables
        ("<p>今天", "a.md", False),
        ("<p>今天", "", False),
        ('<?xml version="1.0"?><TEI>今天</TEI>', "notes.txt", False),
        ("若 a<b 则", "a.html", False),
    ],
)
def test_which_documents_are_html(source: str, name: str, is_html: bool) -> None:
    printed = reading_of(source.encode(), name=name).printed
    assert (printed is not None and printed.format == "HTML") is is_html


@pytest.mark.parametrize(
    ("source", "name", "says"),
    [
        ("<TEI><p>今天</p></TEI>", "a.xml", "its root element is <TEI>; ALTO, PAGE-XML, hOCR and XHTML are"),
        ('<?xml version="1.0"?><svg><text>今天</text></svg>', "", "its root element is <svg>"),
        ('<!DOCTYPE html [<!ENTITY a "ha">]><html>&a;</html>', "a.html", "declares entities"),
        ("<p><![CDA[x]]>", "a.html", "HTML that is damaged"),
        ("<div></p>" * 100_000, "a.html", "nested more than 500 deep"),
        ("<p>" + "<a " * 100_000, "a.html", "2,000 tags that are not closed"),
        ("<p>" + "<!-- >" * 100_000, "a.html", "2,000 tags that are not closed"),
    ],
)
def test_what_is_refused(source: str, name: str, says: str) -> None:
    with pytest.raises(UnreadableDocument, match=says):
        reading_of(source.encode(), name=name)


def test_only_text_changes_and_breaks_go_where_lines_are_joined() -> None:
    source = (
        "<html><body onload='f(1,2)'>\r\n<p class=人驻>孩子们的课余生活丰富起来。随着文创公司的<b>人</b>驻,村 <br />\r\n"
        "里迎来&quot;新机遇&quot;:形成产业链。</p><p>— 12 —</p><code>人驻,</code><script>人驻,</script><!-- 人驻, --></body></html>"
    )
    assert _mended(source) == (
        "<html><body onload='f(1,2)'>\r\n<p class=人驻>孩子们的课余生活丰富起来。随着文创公司的<b>入</b>驻，村"
        "里迎来“新机遇”：形成产业链。</p><p></p><code>人驻,</code><script>人驻,</script><!-- 人驻, --></body></html>"
    )


def test_what_was_moved_stays_and_so_do_the_breaks_around_it() -> None:
    source = (
        "<p>全省各地抢抓机遇，加快推进重大项<br><br>图为工人在车间作业。张明 摄<br><br>目建设，经济运行稳中向好。</p>"
    )
    reading = reading_of(source.encode(), name="a.html")
    assert clean(reading.text).text.startswith("全省各地抢抓机遇，加快推进重大项目建设")
    assert _mended(source) == source


def _as_html(text: str, between: str) -> str:
    lines = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n\n", "</p>\0<p>").replace("\n", between)
    return "<!DOCTYPE html><body><p>" + lines.replace("\0", "\n") + "</p></body>"


@pytest.mark.parametrize("between", ["<br>\n", "</p>\n<p>"])
@pytest.mark.parametrize("name", sorted(path.name for path in (SAMPLES / "scans").iterdir()))
def test_samples_come_out_as_from_plain_text_and_cleaned_again_stay(name: str, between: str) -> None:
    text = (SAMPLES / "scans" / name).read_text(encoding="utf-8")
    source = _as_html(text, between)
    cleaned = clean(reading_of(source.encode(), name="a.html").text).text
    assert "".join(cleaned.split()) == "".join(clean(text).text.split())
    mended = _mended(source)
    assert mended != source
    assert _mended(mended) == mended


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig", "big5hkscs"])
def test_the_encoding_stays(encoding: str) -> None:
    source = "<meta charset=x-none><p>台灣的天氣,一直都很好,大家都說今天天氣很好。</p>"
    assert "，" in _mended(source, encoding)


PIECES = st.sampled_from(
    ["今天，", "人驻", " ", "\n", "a", "&amp;", "&#", "<", ">", "<br>", "</p>", "<!--", "-->", "<![CDATA[", "\r\n", "\x00", "&nbsp;"]
    + [f"<{tag}>" for tag in ("p", "li", "ul", "ol", "td", "tr", "table", "h1", "b", "pre", "code", "sup", "rt", "svg", "div")]
    + [f"</{tag}>" for tag in ("li", "ul", "ol", "td", "tr", "table", "h1", "b", "pre", "code", "sup", "ruby", "svg", "div")]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_tags_in_any_order_are_read_and_keep_their_places(source: str) -> None:
    source = "<p>" + source
    try:
        reading = reading_of(source.encode(), "utf-8", "a.html")
    except UnreadableDocument:
        return
    printed = reading.printed
    assert printed is not None
    for char, start, end, is_text in zip(printed.text, printed.starts, printed.ends, printed.is_text, strict=True):
        standing = source[start:end]
        assert not is_text or standing == char or standing.startswith("&") or (char == " " and not standing.strip())
    assert formats.written(printed, reading.decoded, clean("")) == source.encode()
