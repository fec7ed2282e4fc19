"""Texts, documents and bytes made to be slow: time by size, which must grow no faster than the size.

    python benchmarks/worst_cases.py [--size 200000] [--only NAME] [--kind text|document|bytes]

Each case is read and cleaned at an eighth, a quarter, a half and the whole of --size (code points of texts, bytes of others). A
line says seconds of processor time at the largest size, how much longer each doubling took (about 2 is linear, 4 quadratic), and a
verdict on the last two. What takes less than a twentieth of a second tells nothing: give a larger --size.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise

from cleaner import Cleaner
from cleaner.files.decode import decode, encode
from cleaner.files.formats.in_place import put_in_place
from cleaner.files.read import reading_of
from cleaner.files.unreadable import UnreadableDocument
from cleaner.text.edits import Band, Edit

PATTERNS = {
    "one line without end": "浙江省委，高质量发展。",
    "one Latin word": "a",
    "one number": "1",
    "one Chinese character": "人",
    "straight quotes": '"',
    "straight quotes in Chinese": '他说"好',
    "single quotes": "'",
    "opening brackets": "（",
    "opening half-width brackets": "(",
    "opening square brackets": "[",
    "opening braces": "{",
    "opening lenticular brackets": "【",
    "opening quotes": "“",
    "opening single quotes": "‘",
    "opening titles": "《",
    "opening corner brackets": "「",
    "opening guillemets": "<<",
    "spaces": " ",
    "ideographic spaces": "\u3000",
    "spaces between characters": "人 ",
    "invisible characters": "\u200b",
    "combining characters": "\u0301",
    "surrogates": "\udc80",
    "noncharacters": "\ufffe",
    "one character a line": "字\n",
    "blank lines": "\n",
    "carriage returns": "\r",
    "form feeds": "\f",
    "tabs": "\t",
    "short lines alike": "第" + "浙" * 38 + "\n",
    "running heads": "浙江日报2025年9月18日星期四第5版要闻\n",
    "captions": "图为" + "人" * 110 + "摄\n",
    "names in a row": "张 伟 李 娜 " * 20 + "\n",
    "bold": "**",
    "underlines": "_",
    "fences": "```\n",
    "backquotes": "`",
    "dollars": "$",
    "dollars around": "$x$",
    "formulas without end": "$10^{",
    "powers": "10^{4}",
    "less than": "<",
    "ampersands": "&",
    "references": "&amp;",
    "references without end": "&#12",
    "tags": "<b>",
    "tags without end": "<b ",
    "comments without end": "<!--",
    "table cells": "|a",
    "points": ".",
    "points between characters": "人.人.",
    "dots between characters": "人·人·",
    "dashes": "-",
    "dashes read as one": "-一",
    "hyphens at line ends": "ab-\n",
    "empty headings": "# \n",
    "list items": "1. 人民\n",
    "broken paragraphs": "人民群众的获得感和幸福感不断增强，\n",
    "captions in sentences": "人民群众的获得感和\n\n图为工人在车间。张明 摄\n\n",
    "katakana": "エ业",
    "mojibake": "浣犲ソ",
    "Latin mojibake": "ÄãºÃ",
    "lost bytes": "锟斤拷",
    "links": "[a](",
    "addresses": "http://a.cn/",
    "addresses without end": "a.a/a@a:",
    "objects": '{"a":',
    "decimal points": "1,2.",
    "everything": '，,。."“(（ \n一一··<<&#*12%—-…们們人驻',
}
"""Texts, each the pattern again and again."""


def text_of(pattern: str, size: int) -> str:
    """The pattern again and again, `size` code points in all."""
    return (pattern * (size // len(pattern) + 1))[:size]


Parts = tuple[str, Callable[[int], str], str]
"""Head of a document, what is repeated (by its number), and its foot."""

_ALTO, _ALTO_END = "<alto><Layout><Page>", "</Page></Layout></alto>"
_LINE, _LINE_END = "<TextBlock><TextLine>", "</TextLine></TextBlock>"
_PAGE, _PAGE_END = "<PcGts><Page>", "</Page></PcGts>"
_HOCR = "<html><div class='ocr_page'>"
_HTML = "<!DOCTYPE html><html><body>"
_TSV = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
_UNICODE = "<TextEquiv><Unicode>人驻</Unicode></TextEquiv>"


def _boxed(left: int, top: int, wide: int, high: int) -> str:
    return f'{{"txt":"公司的人驻,","score":0.9,"box":[{left},{top},{left + wide},{top + high}]}},'


DOCUMENTS: dict[str, Parts] = {
    "hOCR: words of one line": (f"{_HOCR}<p class=ocr_line>", lambda n: "<b class=ocrx_word>人驻,</b> ", ""),
    "hOCR: lines": (_HOCR, lambda n: f"<p class=ocr_line title='bbox 0 {9 * n} 99 {9 * n + 9}'>公司的人驻,</p>", ""),
    "hOCR: elements in elements": (_HOCR, lambda n: "<b>", ""),
    "hOCR: attributes": (f"{_HOCR}<p ", lambda n: f"a{n}=1 ", ">人</p>"),
    "hOCR: less than": (_HOCR, lambda n: "<", ""),
    "hOCR: tags without end": (_HOCR, lambda n: "<p a", ""),
    "hOCR: ends of nothing": (_HOCR, lambda n: "</p>", ""),
    "hOCR: ends without end": (_HOCR, lambda n: "</p ", ""),
    "hOCR: comments without end": (_HOCR, lambda n: "<!--", ""),
    "hOCR: comments": (_HOCR, lambda n: "<!-- -->", ""),
    "hOCR: declarations without end": (_HOCR, lambda n: "<!a ", ""),
    "hOCR: sections without end": (_HOCR, lambda n: "<![a ", ""),
    "hOCR: instructions without end": (_HOCR, lambda n: "<?a ", ""),
    "hOCR: scripts without end": (_HOCR, lambda n: "<script>", ""),
    "hOCR: ampersands": (f"{_HOCR}<p class=ocr_line>", lambda n: "&", ""),
    "hOCR: references": (f"{_HOCR}<p class=ocr_line>", lambda n: "&#20154;", ""),
    "hOCR: references without end": (f"{_HOCR}<p class=ocr_line>", lambda n: "&amp", ""),
    "hOCR: half a class": ("<html><p ", lambda n: "class=", ""),
    "hOCR: words in words": (_HOCR, lambda n: "<b class=ocrx_word>人</b>" * 9 + "<br>", ""),
    "HTML: paragraphs": (_HTML, lambda n: "<p>公司的人驻,</p>", ""),
    "HTML: one long paragraph": (f"{_HTML}<p>", lambda n: "人<b>驻</b>,", ""),
    "HTML: elements in elements": (_HTML, lambda n: "<div>", ""),
    "HTML: attributes": (f"{_HTML}<p ", lambda n: f"a{n}=1 ", ">人</p>"),
    "HTML: less than": (_HTML, lambda n: "< ", ""),
    "HTML: tags without end": (_HTML, lambda n: "<p a", ""),
    "HTML: comments without end": (_HTML, lambda n: "<!--", ""),
    "HTML: ampersands": (f"{_HTML}<p>", lambda n: "&", ""),
    "HTML: lists in lists": (_HTML, lambda n: "<ul><li>人" * 9 + "</ul>" * 9, ""),
    "HTML: items": (f"{_HTML}<ol>", lambda n: "<li>人驻,", ""),
    "HTML: cells": (f"{_HTML}<table><tr>", lambda n: "<td>人驻,", ""),
    "HTML: rows": (f"{_HTML}<table>", lambda n: "<tr><td>人驻,<td>好", ""),
    "HTML: ruby": (f"{_HTML}<ruby>", lambda n: "人<rt>ren", ""),
    "HTML: code": (f"{_HTML}<pre>", lambda n: "a<br>", ""),
    "HTML: line ends": (f"{_HTML}<p>", lambda n: "人驻,<br>", ""),
    "HTML: beginnings": ("", lambda n: "<html", ""),
    "ALTO: words of one line": (_ALTO + _LINE, lambda n: '<String CONTENT="人驻,"/><SP/>', _LINE_END + _ALTO_END),
    "ALTO: characters of one word": (f'{_ALTO}{_LINE}<String CONTENT="人">', lambda n: '<Glyph CONTENT="人" GC="0.5"/>',
                                     f"</String>{_LINE_END}{_ALTO_END}"),
    "ALTO: attributes": (f"{_ALTO}{_LINE}<String ", lambda n: f'a{n}="1" ', f'CONTENT="人"/>{_LINE_END}{_ALTO_END}'),
    "ALTO: one long value": (f'{_ALTO}{_LINE}<String CONTENT="', lambda n: "人驻,", f'"/>{_LINE_END}{_ALTO_END}'),
    "ALTO: references": (f'{_ALTO}{_LINE}<String CONTENT="', lambda n: "&#20154;", f'"/>{_LINE_END}{_ALTO_END}'),
    "ALTO: elements in elements": (_ALTO, lambda n: "<ComposedBlock>", ""),
    "ALTO: margins": (_ALTO, lambda n: f"<BottomMargin>{_LINE}{_LINE_END}</BottomMargin>", _ALTO_END),
    "ALTO: reading order": ("<alto>", lambda n: f'<ElementRef REF="b{n}"/>', f"{_ALTO[6:]}{_ALTO_END}"),
    "ALTO: pages": ("<alto><Layout>", lambda n: f'<Page>{_LINE}<String CONTENT="人驻"/>{_LINE_END}</Page>', "</Layout></alto>"),
    "ALTO: comments before": ("", lambda n: "<!-- -->", f"{_ALTO}{_ALTO_END}"),
    "ALTO: instructions before": ("", lambda n: "<?a b?>", f"{_ALTO}{_ALTO_END}"),
    "PAGE: words of one line": (f"{_PAGE}<TextRegion><TextLine>", lambda n: f"<Word>{_UNICODE}</Word>",
                                f"</TextLine></TextRegion>{_PAGE_END}"),
    "PAGE: texts of one line": (f"{_PAGE}<TextRegion><TextLine>", lambda n: _UNICODE, f"</TextLine></TextRegion>{_PAGE_END}"),
    "PAGE: regions": (_PAGE, lambda n: f"<TextRegion id='r{n}'>{_UNICODE}</TextRegion>", _PAGE_END),
    "PAGE: points": (f"{_PAGE}<TextRegion><Coords points='", lambda n: f"{n},{n} ", f"'/></TextRegion>{_PAGE_END}"),
    "PAGE: sections": (f"{_PAGE}<TextRegion><TextEquiv><Unicode>", lambda n: "<![CDATA[人]]>",
                       f"</Unicode></TextEquiv></TextRegion>{_PAGE_END}"),
    "PAGE: comments": (f"{_PAGE}<TextRegion><TextEquiv><Unicode>", lambda n: "人<!---->",
                       f"</Unicode></TextEquiv></TextRegion>{_PAGE_END}"),
    "PAGE: order": (f"{_PAGE}<ReadingOrder><OrderedGroup>", lambda n: f"<RegionRefIndexed regionRef='r{n}' index='{n}'/>",
                    f"</OrderedGroup></ReadingOrder>{_PAGE_END}"),
    "TSV: words of one line": (_TSV, lambda n: f"5\t1\t1\t1\t1\t{n}\t{9 * n}\t0\t9\t9\t90\t人驻,\n", ""),
    "TSV: lines": (_TSV, lambda n: f"5\t1\t1\t1\t{n}\t1\t0\t{9 * n}\t99\t9\t90\t公司的人驻,\n", ""),
    "TSV: blocks": (_TSV, lambda n: f"5\t1\t{n}\t1\t1\t1\t0\t{9 * n}\t99\t9\t90\t公司的人驻,\n", ""),
    "TSV: pages": (_TSV, lambda n: f"5\t{n}\t1\t1\t1\t1\t0\t0\t99\t9\t90\t公司的人驻,\n", ""),
    "JSON: lists in lists": ("", lambda n: "[", ""),
    "JSON: objects in objects": ("", lambda n: '{"rec_texts":', ""),
    "JSON: one long text": ('[{"box":[0,0,9,9],"txt":"', lambda n: "人驻,", '"}]'),
    "JSON: escapes": ('[{"box":[0,0,9,9],"txt":"', lambda n: "\\u4eba", '"}]'),
    "JSON: one long number": ('[{"box":[0,0,9,9],"txt":"人","score":', lambda n: "9", "}]"),
    "JSON: boxes one below the other": ("[", lambda n: _boxed(0, 20 * n, 90, 9), _boxed(0, 0, 1, 1)[:-1] + "]"),
    "JSON: boxes in one place": ("[", lambda n: _boxed(0, 0, 90, 9), _boxed(0, 0, 1, 1)[:-1] + "]"),
    "JSON: boxes in one row": ("[", lambda n: _boxed(100 * n, 0, 90, 9), _boxed(0, 0, 1, 1)[:-1] + "]"),
    "JSON: boxes as stairs": ("[", lambda n: _boxed(100 * n, 20 * n, 90, 9), _boxed(0, 0, 1, 1)[:-1] + "]"),
    "JSON: boxes in two columns": ("[", lambda n: _boxed(200 * (n % 2), 10 * n, 90, 9), _boxed(0, 0, 1, 1)[:-1] + "]"),
    "JSON: columns under headings": ("[", lambda n: _boxed(100 * (n % 7 % 2), 10 * n, 90 + 100 * (n % 7 == 6), 9),
                                     _boxed(0, 0, 1, 1)[:-1] + "]"),
    "JSON: boxes within one another": ("[", lambda n: _boxed(n, n, 10**8 - 2 * n, 10**8 - 2 * n), _boxed(0, 0, 1, 1)[:-1] + "]"),
    "MinerU: blocks": ("[", lambda n: f'{{"type":"text","text":"公司的人驻,","page_idx":{n // 9}}},',
                       '{"type":"text","page_idx":0}]'),
    "MinerU: cells of a table": ('[{"type":"table","page_idx":0,"table_body":"', lambda n: "<td>人</td>", '"}]'),
    "MinerU: tags without end": ('[{"type":"table","page_idx":0,"table_body":"', lambda n: "<td ", '"}]'),
    "MinerU: lines of one text": ('[{"type":"text","page_idx":0,"text":"', lambda n: "人驻,\\n", '"}]'),
    "MinerU: texts of one block": ('[{"type":"list","page_idx":0,"list_items":[', lambda n: '"人驻,",', '""]}]'),
}  # fmt: skip
"""Documents of OCR engines."""

BYTES: dict[str, bytes] = {
    "stray bytes": b"\x80",
    "bytes of no encoding": b"\xff",
    "zeros": b"\0",
    "GB18030": "公司的人驻，".encode("gb18030"),
    "Big5": "公司的人駐，".encode("big5hkscs"),
    "Big5, two codes in one": b"\x88\x62\x88\x66",
    "Big5, codes read otherwise": b"\xa1\x45\xa2\xcc",
    "UTF-16": "公司的人驻，".encode("utf-16-le"),
    "UTF-16, surrogates": b"\x00\xd8",
    "UTF-8, cut": "人".encode()[:2],
    "GB18030 and UTF-8, line by line": "公司的人驻，\n".encode("gb18030") + "公司的人驻，\n".encode(),
    "GB18030 and UTF-8 on one line": "公司的人驻，".encode("gb18030") + "公司的人驻，".encode(),
    "four encodings, line by line": b"".join(
        f"公司的人入{n}，\n".encode(n) for n in ("gb18030", "utf-8", "big5", "shift_jis")
    ),
    "lines of one stray byte": b"\xe4\n",
    "Japanese": "これは日本語の文章です。\n".encode("shift_jis"),
    "Korean": "한국어 문장입니다。\n".encode("cp949"),
    "escape sequences": b"\x1b$B0!\x1b(B",
    "GB18030 in four bytes": b"\x81\x30\x81\x30",
    "HZ": b"~{VPND~}",
    "UTF-7": b"+Tilg-",
}
"""Bytes that are to be decoded, each again and again."""


def document_of(parts: Parts, size: int) -> bytes:
    """A document of about `size` bytes."""
    head, repeated, foot = parts
    number = max(1, (size - len(head) - len(foot)) // len(repeated(99).encode()))
    return "".join([head, *map(repeated, range(number)), foot]).encode()


def read_and_write(raw: bytes) -> None:
    """Reads a document and writes it with an edit in every tenth code point; one that is refused is read only."""
    try:
        reading = reading_of(raw)
    except UnreadableDocument:
        return
    if reading.printed is not None:
        text = reading.text
        edits = [_edit(text, at) for at in range(0, len(text), 10)]
        put_in_place(reading.printed, edits, reading.decoded.encoding)


def _edit(text: str, at: int) -> Edit:
    return Edit(start=at, end=at + 1, before=text[at], after="入", rule="x/y", band=Band.APPLIED, confidence=1.0)


def _cases(kind: str | None) -> Iterator[tuple[str, Callable[[int], Callable[[], object]]]]:
    """Name, and what makes of a size what is to be timed."""
    cleaner = Cleaner()
    cleaner.clean("".join(PATTERNS.values()))
    if kind in (None, "text"):
        for name, pattern in PATTERNS.items():
            yield name, lambda size, pattern=pattern: partial(_cleaned, cleaner, text_of(pattern, size))  # type: ignore[misc]
    if kind in (None, "document"):
        for name, parts in DOCUMENTS.items():
            yield name, lambda size, parts=parts: partial(read_and_write, document_of(parts, size))  # type: ignore[misc]
    if kind in (None, "bytes"):
        for name, raw in BYTES.items():
            yield f"bytes: {name}", lambda size, raw=raw: partial(_restored, raw * (size // len(raw)))  # type: ignore[misc]


def _cleaned(cleaner: Cleaner, text: str) -> object:
    return cleaner.clean(text).edits


def _restored(raw: bytes) -> bytes:
    return encode(decode(raw))


WORSE = 2.4
"""Times longer for twice the size: what is above is worse than linear, noise and n log n granted."""
TELLING = 0.05
"""Seconds of the least time that tells anything."""


def verdict(seconds: list[float]) -> str:
    """What the last two doublings say, together."""
    if seconds[-1] < TELLING:
        return "too fast to tell"
    return "linear" if (seconds[-1] / max(seconds[-3], 1e-3)) ** 0.5 <= WORSE else "WORSE THAN LINEAR"


def timed(case: Callable[[int], Callable[[], object]], sizes: list[int]) -> list[float]:
    """Seconds of processor time at each size."""
    seconds = []
    for size in sizes:
        work = case(size)
        gc.collect()
        gc.disable()  # its turns come at odd moments
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
        gc.enable()
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=200_000)
    parser.add_argument("--only", metavar="NAME", help="cases whose name begins so")
    parser.add_argument("--kind", choices=("text", "document", "bytes"))
    args = parser.parse_args()
    sizes = [args.size // 8, args.size // 4, args.size // 2, args.size]
    print(f"{'case':36} {args.size:>11,}  growth for each doubling")
    for name, case in _cases(args.kind):
        if args.only and not name.startswith(args.only):
            continue
        seconds = timed(case, sizes)
        growth = " ".join(f"{after / max(before, 1e-3):5.1f}" for before, after in pairwise(seconds))
        print(f"{name:36} {seconds[-1]:9.2f} s  {growth}   {verdict(seconds)}", flush=True)


if __name__ == "__main__":
    main()
