"""Punctuation: full width by context, quotation marks in pairs, dashes, ellipses, interpuncts (GB/T 15834-2011, CLREQ).

A half-width mark beside Chinese is one that the recogniser narrowed; inside numbers, times, addresses, Latin words and
code it was printed so. Quotation marks are paired over a whole block, and a block whose marks do not add up keeps the one
that has no partner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaner.knowledge.script import Script
from cleaner.page import Page
from cleaner.passes.punctuation import brackets, dashes, quotes, width
from cleaner.text import marks
from cleaner.text.blocks import Row
from cleaner.text.draft import Proposal
from cleaner.text.spans import Spans
from cleaner.text.width import HAN

RULES = (*width.RULES, *brackets.RULES, *quotes.RULES, *dashes.RULES)

_ADDRESS = re.compile(
    r"(?<=\])\([^()\n]{0,300}(?:\([^()\n]{0,100}\)[^()\n]{0,100}){0,3}\)"  # the target of a Markdown link
    r"|!(?=\[)|\[\^[^\]\n]{1,30}\]:?|</?[A-Za-z][^<>\n]{0,300}>"  # a note, a tag
    r"|[A-Za-z][A-Za-z0-9+.\-]{0,15}://[^\s\u3000-\u9fff，。；）()]*(?:\([^\s()\u3000-\u9fff]*\)[^\s\u3000-\u9fff，。；）()]*)*(?<![,.;:!?\"'])"
    r"|[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+|`[^`\n]+`"
    r"|&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});",  # an entity
    re.ASCII,
)
_KEEPS = re.compile(r"@|://|`|\]\(|&|\[\^|<[/A-Za-z]")


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for the marks of every line that has Chinese in it."""
    corner = page.script is Script.HANT or page.settings.region != "cn"
    in_order = page.memory("punctuation", corner)
    for line in page.rows_at(marks.out_of_order(page.codes, page.breaks)):
        if line.text in in_order:
            continue
        found = of_line(line, corner, page.settings.region)
        if found:
            yield from found
        else:
            in_order[line.text] = True


def of_line(line: Row, corner: bool, region: str) -> list[Proposal]:
    """The proposals for a line; `corner`: quotation marks are corner brackets."""
    if not HAN.search(line.text):
        return []
    found = [
        *width.of_line(line),
        *brackets.of_line(line),
        *quotes.of_line(line, corner),
        *dashes.of_line(line, corner, region),
    ]
    if found and _KEEPS.search(line.text):
        kept = Spans(m.span() for m in _ADDRESS.finditer(line.text))
        lost = {p.group for p in found if p.group and p.start - line.start in kept}
        found = [p for p in found if p.group not in lost and p.start - line.start not in kept]
    return found
