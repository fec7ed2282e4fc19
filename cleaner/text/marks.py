"""Where a text has marks of punctuation that are not as Chinese print sets them: found at once, over the whole text.

Most marks of most texts are in order: full width, dashes of two strokes, ellipses of two groups. One look-up for every
code point and some comparisons of neighbours say where one may not be, so that only those lines are looked at closely. A
place that is missed here is never mended; one too many costs a look.
"""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cleaner.text.distinct import distinct

_ALONE, _AMONG, _DASH, _EM_DASH, _POINTS, _ELLIPSIS = (1 << n for n in range(6))
_PAUSE, _ALNUM, _OPENS, _CLOSES, _BLANK, _LEFT = (1 << n for n in range(6, 12))
_CLASSES = {
    _ALONE: '()"<[]｡､｢｣•・‧∙⋅･―─⸺⋯∶＂„«≪＜',  # one alone deserves a look
    _AMONG: ",:;?!.'",  # unless letters or digits of ASCII are on both sides: 1,000 8:30 don't
    _DASH: "-－–—―─⸺━−",
    _EM_DASH: "—",
    _POINTS: "….⋯·。‥",
    _ELLIPSIS: "…",
    _PAUSE: "，、；：。〈〉",
    _ALNUM: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    _OPENS: "(（",
    _CLOSES: ")）",
    _BLANK: " ",
    _LEFT: "‘",
}


@cache
def _table() -> NDArray[np.uint16]:
    """The classes of every code point, a bit each."""
    table = np.zeros(sys.maxunicode + 1, dtype=np.uint16)
    for bit, chars in _CLASSES.items():
        table[[ord(char) for char in chars]] |= bit
    return table


@cache
def _shapes() -> NDArray[np.uint8]:
    """For each code point, the number of a bracket: opening ones are even, the closing one of each is the next; else 0."""
    table = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    table[[ord(bracket) for bracket in "（）【】〔〕[]"]] = range(2, 10)
    return table


def out_of_order(codes: NDArray[np.uint32], breaks: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offsets, ascending, that hold every mark which a rule might change; `breaks` are the offsets at which lines end."""
    bits = np.concatenate([[np.uint16(0)], _table()[codes], np.zeros(2, np.uint16)])
    before, here, after, beyond = bits[:-3], bits[1:-2], bits[2:-1], bits[3:]
    both = here & after
    found = (here & _ALONE) | ((here & _AMONG) & ~(_AMONG * ((before & after & _ALNUM) // _ALNUM)))
    found |= both & (_PAUSE | _LEFT)
    # runs of dashes and points but for —— and ……: three of a kind, or two that differ
    found |= (both & _DASH) & ~(_DASH * ((both & _EM_DASH) // _EM_DASH)) | (both & beyond & (_EM_DASH | _POINTS))
    found |= (both & _POINTS) & ~(_POINTS * ((both & _ELLIPSIS) // _ELLIPSIS))
    found |= (here & _ELLIPSIS) & ~((before | after) & _ELLIPSIS)
    found |= (here & beyond & _DASH) * ((after & _BLANK) // _BLANK)
    places = (np.flatnonzero(found), _unbalanced(bits[1:-2], breaks), _turned(codes, breaks), _mismatched(codes))
    return distinct(np.concatenate(places))


def _unbalanced(bits: NDArray[np.uint16], breaks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The last place of each line in which not as many round brackets open as close."""
    depth = np.zeros(len(bits) + 1, dtype=np.int32)
    closes, opens = (bits & _CLOSES) // _CLOSES, (bits & _OPENS) // _OPENS
    np.cumsum(closes.astype(np.int8) - opens.astype(np.int8), dtype=np.int32, out=depth[1:])
    ends = np.append(breaks, len(bits))
    starts = np.concatenate([[0], breaks])
    found: NDArray[np.int64] = ends[depth[ends] != depth[starts]]
    return found


def _turned(codes: NDArray[np.uint32], breaks: NDArray[np.int64]) -> NDArray[np.int64]:
    """The curved double quotation marks that do not open and close in turn through their line."""
    places = np.flatnonzero((codes == ord("“")) | (codes == ord("”")))
    opens = codes[places] == ord("“")
    line = np.searchsorted(breaks, places)
    first = np.diff(line, prepend=-1) != 0
    last = np.diff(line, append=-1) != 0
    again = np.zeros(len(places), dtype=bool)
    again[1:] = (opens[1:] == opens[:-1]) & ~first[1:]
    found: NDArray[np.int64] = places[again | (first & ~opens) | (last & opens)]
    return found


def _mismatched(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The brackets that close one of another shape."""
    shapes = _shapes()[codes]
    places = np.flatnonzero(shapes)
    here, after = shapes[places[:-1]], shapes[places[1:]]
    found: NDArray[np.int64] = places[1:][(here % 2 == 0) & (after % 2 == 1) & (after != here + 1)]
    return found
