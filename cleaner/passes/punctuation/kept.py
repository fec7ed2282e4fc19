"""What stands in a Chinese line and is no Chinese text, so that its marks stay: addresses, code, emoticons, references."""

from __future__ import annotations

import re

from cleaner.text.spans import Spans

_ADDRESS = re.compile(
    r"(?<=\])\([^()\n]{0,300}(?:\([^()\n]{0,100}\)[^()\n]{0,100}){0,3}\)"  # the target of a Markdown link
    r"|!(?=\[)|\[\^[^\]\n]{1,30}\]:?|(?<!<)</?[A-Za-z][\w\-]*(?:\s[^<>\n]{0,300})?/?>"  # a note, a tag
    r"|[A-Za-z][A-Za-z0-9+.\-]{0,15}://[^\s\u3000-\u9fff，。；）()]*(?:\([^\s()\u3000-\u9fff]*\)[^\s\u3000-\u9fff，。；）()]*)*(?<![,.;:!?\"'])"
    r"|[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63})+|`[^`\n]+`"
    r"|&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});",  # an entity
    re.ASCII,
)
_IS_ADDRESS = re.compile(r"@|://|`|\]\(|&|\[\^|<[/A-Za-z]")
_CODE = re.compile(
    r'\{\s*"[^"\n]{1,40}"\s*:[^{}\n]{0,300}\}'  # an object of JavaScript
    r'|\[\s*"[^"\]\n]{0,60}"(?:\s*,\s*"[^"\]\n]{0,60}")+\s*\]'  # a list of strings
    r'|\b[A-Za-z_]\w{0,40}\s*=\s*"[^"\n]{0,100}"'  # name = "value"
    r'|\b[A-Za-z_]\w{0,40}(?:\[\w{1,20}\])?\["[^"\n]{0,60}"\]'  # rows[0]["name"]
    r'|\b[A-Za-z_][\w.]{0,40}\("[^"\n]{0,100}"\)'  # print("text")
    r"|\(\)|\([A-Za-z]{1,20}\)-\[|->\([A-Za-z]{1,20}\)",  # no arguments; a path of a graph
    re.ASCII,
)
_IS_CODE = re.compile(r'[{\[=(]\s*"|\(\)|[->]\(|\)-')
_FACE = re.compile(r"\([\^_\-=~><;.]{2,5}\)|(?<![A-Za-z0-9])[:;]-?[()](?![A-Za-z0-9(])")
_SPOKEN_OF = re.compile(r"(?<=[“‘「『（(])[,.:;?!，。：；？！](?=[”’」』）)])")
"""A mark that the text speaks of, alone between quotation marks or brackets."""
_REFERENCE = re.compile(r"\[(?:[MJDNCSRPZG]|EB|(?:[MJDNCR]|DB)/OL|EB/OL)\]")
"""The kind of a work in a list of references (GB/T 7714-2015, appendix B): its marks are half-width, Chinese or not."""


def spans(text: str) -> Spans:
    """The stretches of a line whose marks stay as they are."""
    if "[" in text and _REFERENCE.search(text):
        return Spans([(0, len(text))])
    found = [m.span() for m in _ADDRESS.finditer(text)] if _IS_ADDRESS.search(text) else []
    if _IS_CODE.search(text):
        found += [m.span() for m in _CODE.finditer(text)]
    found += [m.span() for m in _SPOKEN_OF.finditer(text)]
    # the bracket of :) has no partner; those of a list (1:(2)) have
    lone = text.count("(") + text.count("（") != text.count(")") + text.count("）")
    found += [m.span() for m in _FACE.finditer(text) if lone or m.group()[0] == "("]
    return Spans(found)
