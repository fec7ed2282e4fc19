"""Estimates a character language model from text: counts, modified Kneser-Ney smoothing, pruning, the tables of the file.

    built = of_texts(parted(texts))    # a model of one's own, a share of the text held out and measured
    built.write(stream)                # as `cleaner.knowledge.model` reads it

Estimation: modified Kneser-Ney (Chen and Goodman 1999); n-grams that were seen too rarely, or whose probability hardly
changes without them, are left out, and the back-off weights are worked out after that, so that probabilities still add
up to one. The same texts give the same file, byte for byte. It takes some 100 bytes of memory a code point of text.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import model, script

Keys = NDArray[np.uint64]
Counts = NDArray[np.int64]
Tables = dict[str, NDArray[Any]]

CHARACTERS = 6500
"""Symbols at most: with more of them an n-gram of five would be no number of 64 bits."""
LEAST_SYMBOLS = 1_000_000
"""Symbols below which no model is made of texts: it would know too few of the pairs that any text has."""
HELD_OUT_EVERY = 50
"""Of the paragraphs of texts one in so many is not counted but measured."""
LEAST_LEFT = 1e-4  # of the probability after a context, for what the model lacks there, lest rounding makes it negative
FALLBACK = (0.0, 0.5, 1.0, 1.5)
"""The discounts where counts of counts do not give any, as in text full of repetition: those that KenLM falls back on."""


class TooLittleText(ValueError):
    """The texts are too short for a model. The message says how long they are, and how long they must be."""


@dataclass(frozen=True)
class Pruning:
    """What a model leaves out.

    least: n-grams of a weighted count below this at once. cut_offs: by order the least weighted count that keeps an
    n-gram. least_gains: by order the least gain (see `Level`) that keeps it. rare: characters seen no oftener are unknown.
    """

    least: int
    cut_offs: Mapping[int, int]
    least_gains: Mapping[int, float]
    rare: int = 0

    @classmethod
    def for_size(cls, symbols: int) -> Pruning:
        """For so many symbols of text: what keeps the size of the file and the perplexity in balance. As for the shipped
        model (`tools/build_model.py`) where there is as much text, and less is left out of less.
        """
        share = symbols / SHIPPED_SYMBOLS
        bigrams, trigrams = max(1, round(3 * share)), max(2, round(5 * share))
        return cls(min(bigrams, 3), {2: bigrams, 3: trigrams}, {4: max(3.0, 13 * share), 5: max(4.0, 17 * share)}, 1)


SHIPPED_SYMBOLS = 48_300_000  # dictionaries/model/README.md


@dataclass(frozen=True)
class Built:
    """A model as tables. symbols: of the text that was counted. perplexity: a character, on the paragraphs held out, and that
    of the shipped model on the same; characters: how many of them both know.
    """

    tables: Tables
    symbols: int
    perplexity: float
    shipped: float
    characters: int

    @property
    def sizes(self) -> dict[int, int]:
        """N-grams kept by order."""
        return {order: len(self.tables[f"logp{order}"]) for order in range(1, model.ORDER + 1)}

    def write(self, stream: IO[bytes]) -> None:
        """The file that `model.load` reads."""
        write(self.tables, stream)


class Parted(NamedTuple):
    """The paragraphs to count, one a line, and those held out to be measured."""

    counted: str
    held_out: str


def parted(texts: Iterable[str]) -> Parted:
    """Texts parted: one paragraph in `HELD_OUT_EVERY` is held out. A paragraph is a line; texts in traditional characters are
    counted as their simplified ones, as they are when the model is asked about them.
    """
    taken: list[str] = []
    held_out: list[str] = []
    number = 0
    for text in texts:
        folded = script.simplified(text) if script.of(model.code_points(text)) is script.Script.HANT else text
        for line in filter(None, map(str.strip, folded.splitlines())):
            number += 1
            (taken if number % HELD_OUT_EVERY else held_out).append(line)
    return Parted("\n".join(taken), "\n".join(held_out))


def of_texts(texts: Parted, tell: Callable[[str], None] = lambda what: None, least: int = LEAST_SYMBOLS) -> Built:
    """A model of texts, with its perplexity on what was held out.

    `tell` is told what is done next. Raises TooLittleText below `least` symbols.
    """
    counted_text, held_out = texts
    characters = vocabulary(counted_text, rare=1)
    stream = symbols_of(counted_text, characters)
    if len(stream) < least:
        raise TooLittleText(
            f"{len(stream):,} characters (white space left out) are too few for a language model: {least:,} are needed to make one "
            f"at all, and tens of millions for one as good as that which comes with cleaner"
        )
    tables = estimate([stream], [1], characters, Pruning.for_size(len(stream)), tell)
    tell("measuring")
    (perplexity, shipped), measured = perplexities((model.LanguageModel(tables), model.load()), held_out)
    return Built(tables, len(stream), perplexity, shipped, measured)


def perplexities(models: Sequence[model.LanguageModel], text: str) -> tuple[list[float], int]:
    """The perplexity a character of a text by each model, over the characters that all of them know (a boundary is context
    only), and how many those are. 1 where there are none.
    """
    encoded = [one.encode(text).ids for one in models]  # one symbol stands beside the other: all models merge alike
    known = np.logical_and.reduce([(ids != model.BOUNDARY) & (ids != model.UNKNOWN) for ids in encoded])
    logp = [one.score(ids)[0][known] for one, ids in zip(models, encoded, strict=True)]
    count = int(known.sum())
    return [10 ** -float(part.mean(dtype=np.float64)) if count else 1.0 for part in logp], count


# The text


def vocabulary(text: str, rare: int = 0) -> NDArray[np.uint32]:
    """The commonest characters, after the symbols of fixed number: unknown, boundary, digits, Latin letters. Those that are
    seen no oftener than `rare` times are left out."""
    forms = model.normal_forms()
    points = model.code_points(text)
    normal = forms[np.minimum(points, len(forms) - 1)]
    fixed = [0, ord("\n"), ord("0"), ord("a")]
    counts = np.bincount(normal[normal > 0], minlength=len(forms))
    counts[[*fixed, len(forms) - 1]] = 0
    common = np.argsort(-counts, kind="stable")[: CHARACTERS - len(fixed)]
    return np.concatenate((fixed, common[counts[common] > rare])).astype(np.uint32)


def symbols_of(text: str, characters: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """All symbols of a text, a boundary before and after it, as the model makes them at run time."""
    return model.symbols_of(model.code_points(f"\n{text}\n"), model.symbol_table(characters))[0]


# Estimation


def estimate(
    streams: Sequence[NDArray[np.uint16]],
    weights: Sequence[int],
    characters: NDArray[np.uint32],
    pruning: Pruning,
    tell: Callable[[str], None] = lambda what: None,
) -> Tables:
    """The tables of a model of streams of symbols, each of a weight when it is decided what the model keeps."""
    base = len(characters)
    grams: dict[int, Grams] = {}
    for order in range(1, model.ORDER + 1):
        tell(f"counting n-grams of {order}")
        grams[order] = counted(streams, weights, order, base)
    tell("estimating")
    levels = estimated(grams, base, pruning.least)
    return tree(pruned(levels, pruning), base) | {"characters": characters}


@dataclass(frozen=True)
class Grams:
    """The n-grams of one order, sorted by key: how often each was seen, and its count weighted by source."""

    keys: Keys
    counts: Counts
    weighted: Counts


def counted(streams: Sequence[NDArray[np.uint16]], weights: Sequence[int], order: int, base: int) -> Grams:
    """The n-grams of all streams."""
    parts = [np.unique(keys_of(stream, order, base), return_counts=True) for stream in streams]
    keys = np.unique(np.concatenate([part for part, _ in parts])) if len(parts) > 1 else parts[0][0]
    counts = np.zeros(len(keys), np.int64)
    weighted = np.zeros(len(keys), np.int64)
    for (part, part_counts), weight in zip(parts, weights, strict=True):
        places = np.searchsorted(keys, part)
        counts[places] += part_counts
        weighted[places] += part_counts * weight
    return Grams(keys, counts, weighted)


def keys_of(stream: NDArray[np.uint16], order: int, base: int) -> Keys:
    """The n-grams of a stream as numbers to the given base; those with a boundary inside are left out."""
    count = max(0, len(stream) - order + 1)
    keys = np.zeros(count, np.uint64)
    whole = np.ones(count, np.bool_)
    for place in range(order):
        symbols = stream[place : place + count]
        keys = keys * np.uint64(base) + symbols
        if 0 < place < order - 1:
            whole &= symbols != model.BOUNDARY
    return keys[whole]


@dataclass(frozen=True)
class Level:
    """The n-grams of one order that may be kept, sorted by key.

    contexts, suffixes: for each its place, without its last or its first symbol, in the level below. gains: by how many
    orders of magnitude all its occurrences together become more probable than by backing off, weighted by source
    (Seymore and Rosenfeld 1996).
    """

    keys: Keys
    probabilities: NDArray[np.float64]
    contexts: NDArray[np.int64]
    suffixes: NDArray[np.int64]
    weighted: Counts
    gains: NDArray[np.float64]


def estimated(grams: dict[int, Grams], base: int, least: int) -> dict[int, Level]:
    """Interpolated modified Kneser-Ney probabilities of all n-grams but the rarest; every unigram."""
    unigrams = unigram_probabilities(continuation_counts(grams, 1, base), grams[1].keys, base)
    keys, none = np.arange(base, dtype=np.uint64), np.zeros(base, np.int64)
    levels = {1: Level(keys, unigrams, none, none, none, np.zeros(base, dtype=np.float64))}
    for order in range(2, model.ORDER + 1):
        shorter = levels[order - 1]
        seen, left = interpolation(grams[order].keys, continuation_counts(grams, order, base), base)
        likely = grams[order].weighted >= least
        keys, weighted = grams[order].keys[likely], grams[order].weighted[likely]
        suffixes = np.searchsorted(shorter.keys, keys % np.uint64(base ** (order - 1)))
        backed_off = left[likely] * shorter.probabilities[suffixes]
        probabilities = seen[likely] + backed_off
        contexts = np.searchsorted(shorter.keys, keys // np.uint64(base))
        gains = weighted.astype(np.float64) * np.log10(probabilities / backed_off)
        levels[order] = Level(keys, probabilities, contexts, suffixes, weighted, gains)
    return levels


def pruned(levels: dict[int, Level], pruning: Pruning) -> dict[int, Level]:
    """The levels with what the model keeps: the n-grams worth it, and the same without their last or first symbol."""
    keep = {1: np.ones(len(levels[1].keys), np.bool_)}
    keep |= {order: levels[order].weighted >= least for order, least in pruning.cut_offs.items()}
    keep |= {order: levels[order].gains >= least for order, least in pruning.least_gains.items()}
    for order in range(model.ORDER, 2, -1):
        keep[order - 1][levels[order].contexts[keep[order]]] = True
        keep[order - 1][levels[order].suffixes[keep[order]]] = True
    kept = {1: levels[1]}
    for order in range(2, model.ORDER + 1):
        level, chosen = levels[order], keep[order]
        moved = np.cumsum(keep[order - 1]) - 1
        kept[order] = Level(
            level.keys[chosen],
            level.probabilities[chosen],
            moved[level.contexts[chosen]],
            moved[level.suffixes[chosen]],
            level.weighted[chosen],
            level.gains[chosen],
        )
    return kept


def continuation_counts(grams: dict[int, Grams], order: int, base: int) -> Counts:
    """Kneser-Ney's counts: below the highest order, after how many different symbols an n-gram was seen.

    N-grams that begin with a boundary have nothing before them and keep their plain counts.
    """
    if order == model.ORDER:
        return grams[order].counts
    keys, counts = np.unique(grams[order + 1].keys % np.uint64(base**order), return_counts=True)
    adjusted = grams[order].counts.copy()
    adjusted[np.searchsorted(grams[order].keys, keys)] = counts
    return adjusted


def discounts(counts: Counts) -> NDArray[np.float64]:
    """For each count what is taken from it, by the counts of counts 1 to 4 (Chen and Goodman 1999, equation 26)."""
    n1, n2, n3, n4 = (int((counts == times).sum()) for times in (1, 2, 3, 4))
    by_count = np.array(FALLBACK)
    if n1 and n2 and n3:
        y = n1 / (n1 + 2 * n2)
        found = np.array([0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
        if ((found[1:] > 0) & (found[1:] <= (1, 2, 3))).all():
            by_count = found
    return by_count[np.minimum(counts, 3)]


def unigram_probabilities(adjusted: Counts, keys: Keys, base: int) -> NDArray[np.float64]:
    """The probability of each symbol whatever stands before it; those never seen share what the discounts leave."""
    taken = discounts(adjusted)
    probabilities = np.full(base, taken.sum() / adjusted.sum() / base)
    probabilities[keys.astype(np.int64)] += (adjusted - taken) / adjusted.sum()
    return probabilities


def interpolation(keys: Keys, adjusted: Counts, base: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each n-gram its discounted share of its context, and the share that the context leaves to the shorter one."""
    taken = discounts(adjusted)
    first, size = groups(keys // np.uint64(base))
    total = np.add.reduceat(adjusted, first)
    left = np.add.reduceat(taken, first) / total
    return (adjusted - taken) / np.repeat(total, size), np.repeat(left, size)


def groups(contexts: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each run of equal contexts begins, and how long it is."""
    first = np.flatnonzero(np.r_[len(contexts) > 0, contexts[1:] != contexts[:-1]])
    return first, np.diff(np.r_[first, len(contexts)])


def tree(levels: dict[int, Level], base: int) -> Tables:
    """The model's tables: a tree whose nodes are n-grams, level by level, children in the order of their symbols.

    The back-off weights are those that make the probabilities after a context, as pruned, add up to one.
    """
    tables: Tables = {"logp1": coded(np.log10(levels[1].probabilities), model.LOGP_VALUES)}
    for order in range(2, model.ORDER + 1):
        level, shorter = levels[order], levels[order - 1]
        first, sizes = groups(level.keys // np.uint64(base))
        children = np.zeros(len(shorter.keys), np.int64)
        children[level.contexts[first]] = sizes
        left = 1 - np.add.reduceat(level.probabilities, first)
        left_below = 1 - np.add.reduceat(shorter.probabilities[level.suffixes], first)
        backoff = np.log10(np.maximum(left, LEAST_LEFT) / np.maximum(left_below, LEAST_LEFT))
        tables |= {
            f"children{order - 1}": planes(children),
            f"backoff{order - 1}": coded(backoff, model.BACKOFF_VALUES),
            f"symbol{order}": planes(sibling_steps(level.keys % np.uint64(base), first)),
            f"logp{order}": coded(np.log10(level.probabilities), model.LOGP_VALUES),
        }
    return tables


def sibling_steps(symbols: Keys, first: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The step from each child of a node to the next; the first child as it is."""
    steps = np.diff(symbols, prepend=np.uint64(0))
    steps[first] = symbols[first]
    return steps


def coded(logarithms: NDArray[np.float64], values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """For each logarithm the code of the nearest value; values fall from code to code."""
    between = (values[1:] + values[:-1]) / 2
    return np.searchsorted(-between, -logarithms).astype(np.uint8)


def planes(numbers: NDArray[Any]) -> NDArray[np.uint8]:
    """Numbers of 16 bits as a row of low bytes and a row of high bytes."""
    wide = numbers.astype(np.uint16)
    return np.stack((wide & 255, wide >> 8)).astype(np.uint8)


def write(tables: Tables, stream: IO[bytes]) -> None:
    """A file that `numpy.load` reads; no times in it, so that equal tables give equal bytes."""
    with zipfile.ZipFile(stream, "w") as archive:
        for name, table in sorted(tables.items()):
            entry = zipfile.ZipInfo(f"{name}.npy")  # its date is 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as member:
                np.lib.format.write_array(member, table, allow_pickle=False)
