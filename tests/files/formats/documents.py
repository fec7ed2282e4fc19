"""Small documents in each format, made of pages of blocks of lines of words."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape

Lines = Sequence[Sequence[str]]
Pages = Sequence[Sequence[Lines]]
"""Pages of blocks of lines of words."""


def alto(pages: Pages) -> str:
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Layout>']
    for page in pages:
        parts.append("<Page><PrintSpace>")
        for block in page:
            lines = ("<SP/>".join(f'<String CONTENT="{escape(word)}"/>' for word in line) for line in block)
            parts.append("<TextBlock>" + "\n".join(f"<TextLine>{line}</TextLine>" for line in lines) + "</TextBlock>")
        parts.append("</PrintSpace></Page>")
    return "".join([*parts, "</Layout></alto>\n"])


def page_xml(pages: Pages) -> str:
    parts = ['<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Page>']
    for page in pages[:1]:
        for block in page:
            parts.append("<TextRegion>")
            for line in block:
                words = "".join(f"<Word>{_equivalent(word)}</Word>" for word in line)
                parts.append(f"<TextLine>{words}{_equivalent(' '.join(line))}</TextLine>")
            parts.append(_equivalent("\n".join(" ".join(line) for line in block)) + "</TextRegion>")
    return "".join([*parts, "</Page></PcGts>"])


def _equivalent(text: str) -> str:
    return f"<TextEquiv><Unicode>{escape(text, quote=False)}</Unicode></TextEquiv>"


def hocr(pages: Pages) -> str:
    parts = ["<!DOCTYPE html>\n<html><head><title>x</title><meta charset='utf-8'></head><body>"]
    for page in pages:
        parts.append("<div class='ocr_page'>")
        for block in page:
            lines = (" ".join(f"<span class='ocrx_word'>{escape(word)}</span>" for word in line) for line in block)
            parts.append(
                "<p class=ocr_par>" + "".join(f'<span class="ocr_line">{line}</span>' for line in lines) + "</p>"
            )
        parts.append("</div>")
    return "".join([*parts, "</body></html>\n"])


def html(pages: Pages) -> str:
    parts = ["<!DOCTYPE html>\n<html><head><title>x</title><meta charset='utf-8'></head>\n<body>"]
    for page in pages:
        for block in page:
            lines = ("\n<i> ".join(f"<b>{escape(word)}</b>" for word in line) for line in block)
            parts.append("<p>" + " <br>\n".join(lines) + "</p>\n")
    return "".join([*parts, "</body></html>\n"])


def tsv(pages: Pages) -> str:
    rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    for p, page in enumerate(pages, 1):
        for b, block in enumerate(page, 1):
            for n, line in enumerate(block, 1):
                rows += [f"5\t{p}\t{b}\t1\t{n}\t{w}\t\t\t\t\t90.5\t{word}" for w, word in enumerate(line, 1)]
    return "\n".join(rows) + "\n"


def paddle(pages: Pages) -> str:
    entries = [{"rec_texts": [" ".join(line) for block in page for line in block], "rec_scores": []} for page in pages]
    return json.dumps(entries, ensure_ascii=False)


def paddle_ascii(pages: Pages) -> str:
    return json.dumps(json.loads(paddle(pages)), indent=1)


def mineru(pages: Pages) -> str:
    items = [
        {"type": "text", "text": "\n".join(" ".join(line) for line in block), "page_idx": number}
        for number, page in enumerate(pages)
        for block in page
    ]
    return json.dumps(items, ensure_ascii=False)


FORMATS: tuple[Callable[[Pages], str], ...] = (alto, page_xml, hocr, html, tsv, paddle, paddle_ascii, mineru)
