"""The character language model: how probable is each character after the four before it?

A 5-gram model with modified Kneser-Ney smoothing (Chen and Goodman 1999), as `cleaner.knowledge.estimate` makes it; the
figures of the shipped one stand in `dictionaries/model/README.md`. Text is brought to a normal form first, for the counts and for every
question alike: white space goes, a run of digits counts as one `0`, a run of Latin letters as one `a`, a mark of
punctuation has one width, a line break is the boundary between two paragraphs.

    model = load()                     # or load(path), of one's own
    encoded = model.encode("公司的入驻")
    logp, order = model.score(encoded.ids)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from cleaner.errors import SettingsError
from cleaner.knowledge.ngram_index import MOST_NGRAMS, NgramIndex
from cleaner.knowledge.resources import open_binary

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

UNKNOWN = 0  # every character outside the vocabulary
BOUNDARY = 1  # the start of the text, and line breaks
ORDER = 5

_RUNS_END = 4  # the symbols 1 to 3 (boundary, digits, Latin letters) stand for runs: no two of a kind in a row
_CODE_POINTS = 0x30000  # the planes that hold Chinese characters; what lies above is unknown
_DROPPED = -1
_BREAK = 0x0A

# What the 8-bit codes stand for. Probabilities: steps of 0.012 near 1, so that what is nearly certain keeps its share,
# growing to 0.08 at 10 ** -6. The perplexity is within 0.1 % of that with exact numbers.
LOGP_VALUES = -(0.012 * np.arange(256) + 0.00025 * np.arange(256) ** 2).astype(np.float32)
BACKOFF_NONE = 30  # the code of a back-off weight of 1; the highest weight is 10 ** (30 * 0.03)
BACKOFF_STEP = 0.03
BACKOFF_VALUES = ((BACKOFF_NONE - np.arange(256)) * BACKOFF_STEP).astype(np.float32)

_SYMBOL_BITS = np.uint64(13)
_CHUNK = 1 << 15  # symbols scored at once, so that what is in between stays in the second-level cache


@dataclass(frozen=True)
class Encoded:
    """A text in the symbols of the model.

    ids: the symbols. where: for each symbol, the offset in the text (code points) of the first character it stands for.
    symbol_at: for each code point of the text, the index of its symbol; -1 where it was dropped (white space).
    model: the one whose symbols they are.
    """

    ids: NDArray[np.uint16]
    where: NDArray[np.int32]
    symbol_at: NDArray[np.int32]
    model: LanguageModel

    @cached_property
    def begun(self) -> NDArray[np.int64]:
        """For each offset of the text, its end included, how many symbols begin before it."""
        return np.concatenate([[0], np.maximum.accumulate(self.symbol_at) + 1]).astype(np.int64)


class LanguageModel:
    """Scores of characters in context. Probabilities are logarithms to base 10 throughout."""

    def __init__(self, tables: Mapping[str, NDArray[Any]]) -> None:
        """Unpacks the tables that `cleaner.knowledge.estimate` makes. Raises KeyError where one is missing."""
        self.characters: NDArray[np.uint32] = tables["characters"]
        self._symbols = symbol_table(self.characters)
        self._indices: list[NgramIndex] = []
        self._logp = np.concatenate([tables[f"logp{order}"] for order in range(1, ORDER + 1)])
        backoff = []
        first_parent, first_node = 0, len(self.characters)
        for order in range(2, ORDER + 1):
            children = joined(tables[f"children{order - 1}"])
            weights = np.full(len(children), BACKOFF_NONE, np.uint8)
            weights[children > 0] = tables[f"backoff{order - 1}"]
            backoff.append(weights)
            keys = np.repeat(np.arange(first_parent, first_parent + len(children), dtype=np.uint64), children)
            keys <<= _SYMBOL_BITS
            keys |= sibling_sums(joined(tables[f"symbol{order}"]), children)
            self._indices.append(NgramIndex.of(keys, first_node))
            first_parent, first_node = first_node, first_node + len(keys)
        self._backoff = np.concatenate(backoff)

    def encode(self, text: str, fold: NDArray[np.int32] | None = None) -> Encoded:
        """The text in the model's symbols. Any string will do, lone surrogates included.

        fold: for each code point, the code point to take instead (for instance the simplified form of a traditional
        character); code points beyond its end stay as they are.
        """
        points = code_points(text)
        if fold is not None:
            points = np.where(points < len(fold), fold[np.minimum(points, len(fold) - 1)], points).astype(np.uint32)
        symbols, where, symbol_at = symbols_of(points, self._symbols)
        return Encoded(symbols, where, symbol_at, self)

    def score(self, ids: NDArray[Any]) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """For each symbol log10 of its probability after up to four before it, and the order of the n-gram found.

        Orders go from 1 to 5. The first symbol is taken to follow a boundary.
        """
        padded = np.concatenate((np.full(ORDER - 1, BOUNDARY, np.uint64), ids.astype(np.uint64)))
        logp = np.empty(len(ids), np.float32)
        order = np.empty(len(ids), np.uint8)
        for start in range(0, len(ids), _CHUNK):
            stop = min(start + _CHUNK, len(ids))
            chunk = padded[start : stop + ORDER - 1]
            found = self._scan(chunk, None)
            logp[start:stop], order[start:stop] = (part[ORDER - 1 :] for part in found)
        return logp, order

    def score_lines(
        self, ids: NDArray[np.uint16], known: dict[bytes, tuple[NDArray[np.float32], NDArray[np.uint8]]]
    ) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """As `score`, for the symbols and a boundary after them. Scores do not reach over a boundary, so those of lines in
        `known` are taken from there, and those of the others put there.
        """
        ended = np.append(ids, np.uint16(BOUNDARY))
        edges = [0, *(np.flatnonzero(ended == BOUNDARY) + 1).tolist()]
        lines = [ended[start:end] for start, end in pairwise(edges)]
        keys = [line.tobytes() for line in lines]
        fresh = {key: line for key, line in zip(keys, lines, strict=True) if key not in known}
        if fresh:
            logp, order = self.score(np.concatenate(list(fresh.values())))
            at = 0
            for key, line in fresh.items():
                known[key] = logp[at : at + len(line)], order[at : at + len(line)]
                at += len(line)
        columns = zip(*(known[key] for key in keys), strict=True)
        logp, order = (np.concatenate(column) for column in columns)
        return logp, order

    def score_windows(self, windows: NDArray[Any]) -> NDArray[np.float32]:
        """For rows of k symbols, log10 of the probability of each symbol, from the fifth on, after the four before it.

        windows: shape (m, k). Returns shape (m, k-4). Raises ValueError where k is less than 5.
        """
        count, width = windows.shape
        if width < ORDER:
            raise ValueError(
                f"a window of {width} symbols is too narrow: at least {ORDER}, four of context and one to score"
            )
        scores = np.empty((count, width - ORDER + 1), np.float32)
        rows = max(1, _CHUNK // width)
        for start in range(0, count, rows):
            part = windows[start : start + rows]
            logp, _ = self._scan(part.astype(np.uint64).ravel(), width)
            scores[start : start + rows] = logp.reshape(part.shape)[:, ORDER - 1 :]
        return scores

    def counts_known(self, pairs: NDArray[Any]) -> NDArray[np.bool_]:
        """For rows of two symbols (shape (m, 2)): does the model hold the bigram?"""
        pairs = pairs.astype(np.uint64)
        return self._indices[0].nodes(pairs[:, 0] << _SYMBOL_BITS | pairs[:, 1]) >= 0

    def alone(self, ids: NDArray[Any]) -> NDArray[np.float32]:
        """For each symbol log10 of its probability whatever stands before it: how common it is."""
        logp: NDArray[np.float32] = LOGP_VALUES[self._logp[ids]]
        return logp

    def id_of(self, char: str) -> int:
        """The symbol of one character; UNKNOWN (0) where the vocabulary lacks it or it is dropped."""
        return max(int(self._symbols[min(ord(char), _CODE_POINTS - 1)]), UNKNOWN)

    def _scan(self, ids: NDArray[np.uint64], width: int | None) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Scores of all symbols; contexts do not reach across rows of the given width."""
        count = len(ids)
        order = np.ones(count, np.uint8)
        penalty = np.zeros(count, np.float32)
        deepest = ids.astype(np.int64)
        nodes = deepest  # of the n-gram that ends at each symbol, for the order before; -1 where the model lacks it
        for n, index in enumerate(self._indices, start=2):
            contexts = np.empty(count, np.int64)
            contexts[0] = -1
            contexts[1:] = nodes[:-1]
            if n == 2 and width is not None:
                contexts[::width] = -1
            asked = np.flatnonzero((contexts >= 0) & (nodes >= 0))
            found = index.nodes(contexts[asked].astype(np.uint64) << _SYMBOL_BITS | ids[asked])
            nodes = np.full(count, -1, np.int64)
            nodes[asked] = found
            backed_off = np.flatnonzero((contexts >= 0) & (nodes < 0))
            penalty[backed_off] += BACKOFF_VALUES[self._backoff[contexts[backed_off]]]
            hits = np.flatnonzero(nodes >= 0)
            deepest[hits] = nodes[hits]
            penalty[hits] = 0
            order[hits] = n
        return LOGP_VALUES[self._logp[deepest]] + penalty, order


def load(path: Path | None = None) -> LanguageModel:
    """The model of a file, by default that which comes with the package; read once, and again where the file changed.

    Raises SettingsError for a file that is no model, OSError where it cannot be read.
    """
    if path is None:
        return _shipped()
    status = path.stat()
    return _of_file(path.absolute(), status.st_mtime_ns, status.st_size)


@cache
def _shipped() -> LanguageModel:
    with open_binary("model/characters.npz") as stream:
        return read(stream)


@lru_cache(maxsize=2)  # a model takes some 100 MB
def _of_file(path: Path, changed: int, size: int) -> LanguageModel:
    with path.open("rb") as stream:
        try:
            return read(stream)
        except Exception as error:  # whatever numpy and zipfile raise for bytes that are something else
            if isinstance(error, OSError) and error.errno:
                raise
            raise SettingsError(f"{path}: not a language model; `cleaner model build` makes them") from error


def read(stream: IO[bytes]) -> LanguageModel:
    """A model as `cleaner.knowledge.estimate` writes it. Raises ValueError where the tables do not fit one another, and what
    `numpy.load` raises."""
    with np.load(stream) as archive:
        tables = dict(archive)
    if fault := _fault(tables):
        raise ValueError(fault)
    return LanguageModel(tables)


def _fault(tables: Mapping[str, NDArray[Any]]) -> str:
    """How the tables of a file do not fit one another; nothing where they do."""
    nodes = len(tables["characters"])
    if tables["characters"].dtype != np.uint32 or not BOUNDARY < nodes <= 1 << int(_SYMBOL_BITS):
        return "characters"
    if tables["logp1"].shape != (nodes,):
        return "unigrams"
    every = nodes
    for order in range(2, ORDER + 1):
        children, symbols = (joined(tables[name]) for name in (f"children{order - 1}", f"symbol{order}"))
        logp, backoff = tables[f"logp{order}"], tables[f"backoff{order - 1}"]
        if logp.dtype != np.uint8 or backoff.dtype != np.uint8:
            return "codes"
        if len(children) != nodes or not children.sum(dtype=np.int64) == len(symbols) == len(logp):
            return f"n-grams of {order}"
        if len(backoff) != np.count_nonzero(children):
            return f"back-off weights of {order - 1}"
        nodes = len(symbols)
        every += nodes
    return "" if every <= MOST_NGRAMS else "too many n-grams"


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, lone surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.dtype("<u4"))


def symbols_of(
    points: NDArray[np.uint32], table: NDArray[np.int16]
) -> tuple[NDArray[np.uint16], NDArray[np.int32], NDArray[np.int32]]:
    """The symbols of code points by a symbol table, where each begins, and each code point's symbol as in `Encoded`."""
    symbols = table[np.minimum(points, _CODE_POINTS - 1)]
    kept = np.flatnonzero(symbols >= 0)
    symbols = symbols[kept]
    starts = np.ones(len(symbols), np.bool_)
    starts[1:] = (symbols[1:] != symbols[:-1]) | (symbols[1:] >= _RUNS_END) | (symbols[1:] == UNKNOWN)
    symbol_at = np.full(len(points), -1, np.int32)
    symbol_at[kept] = np.cumsum(starts, dtype=np.int32) - 1
    return symbols[starts].astype(np.uint16), kept[starts].astype(np.int32), symbol_at


@cache
def normal_forms() -> NDArray[np.int32]:
    """For each code point below 0x30000 the one that the model counts it as; -1 where it is dropped."""
    forms = np.arange(_CODE_POINTS, dtype=np.int32)
    forms[0xFF01:0xFF5F] -= 0xFEE0  # full-width forms of ASCII
    for form, points in _FOLDED.items():
        forms[[ord(point) for point in points]] = ord(form)
    forms[[ord(point) for point in _SPACES]] = _DROPPED
    forms[[ord(point) for point in _BREAKS]] = _BREAK
    for first, last in (("0", "9"), ("０", "９")):
        forms[ord(first) : ord(last) + 1] = ord("0")
    for first, last in (("A", "Z"), ("a", "z"), ("Ａ", "Ｚ"), ("ａ", "ｚ"), ("À", "Ö"), ("Ø", "ö"), ("ø", "ɏ")):
        forms[ord(first) : ord(last) + 1] = ord("a")
    return forms


_FOLDED = {
    '"': "“”„‟「」＂〝〞〟﹁﹂",
    "'": "‘’‚‛『』＇′﹃﹄",
    "-": "—―‐‑‒–−－─━﹣﹘",
    "…": "⋯",
    "·": "•・‧∙⋅・",
    ",": "﹐",
    "、": "﹑､",
    "。": "｡",
    ".": "﹒．",
    ";": "﹔",
    ":": "﹕∶",
    "?": "﹖",
    "!": "﹗",
    "(": "﹙",
    ")": "﹚",
    "%": "﹪",
    "~": "〜∼",
}
# Line ends as `str.splitlines` knows them; other white space, and the characters of no width.
_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_SPACES = (
    "\t\x1f \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
    "\xad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
)


def symbol_table(characters: NDArray[np.uint32]) -> NDArray[np.int16]:
    """For each code point its symbol, -1 where it is dropped."""
    of_form = np.full(_CODE_POINTS + 1, UNKNOWN, np.int16)  # the last entry answers for the form -1
    of_form[characters[BOUNDARY:]] = np.arange(BOUNDARY, len(characters))
    of_form[_DROPPED] = _DROPPED
    return of_form[normal_forms()]


def joined(planes: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """Numbers of 16 bits from their low and high bytes, which are stored apart because that compresses better."""
    return np.ascontiguousarray(planes.T).view("<u2").ravel()


def sibling_sums(steps: NDArray[np.uint16], children: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """The symbols of a level, which are stored as the steps from one child of a node to the next.

    All sums are modulo 2 ** 16; the symbols are less than that.
    """
    sums = np.cumsum(steps, dtype=np.uint16)
    sizes = children[children > 0]
    if len(sizes) == 0:
        return sums
    last_of_family = np.cumsum(sizes, dtype=np.int32)[:-1] - 1
    sums[sizes[0] :] -= np.repeat(sums[last_of_family], sizes[1:])
    return sums
