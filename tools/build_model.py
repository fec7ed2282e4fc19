"""Counts the character language model from the corpora and writes `dictionaries/model/characters.npz`.

    python tools/build_model.py --corpus ../shared/corpus

The same corpora give the same file, byte for byte. What the model is and how it is asked: `cleaner/knowledge/model.py`.
Estimation: modified Kneser-Ney (Chen and Goodman 1999); n-grams that were seen too rarely, or whose
probability hardly changes without them, are left out, and the back-off weights are worked out after that, so that
probabilities still add up to one. Takes some three minutes and 4 GB of memory.
"""

from __future__ import annotations

import argparse
import lzma
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import model

Keys = NDArray[np.uint64]
Counts = NDArray[np.int64]

# Of each source one paragraph in so many: law and technology are half of the material, and the model is for newspapers.
NEAR = {"news-train": 1, "official": 1, "wide-train": 1}
WIDE = {"commentary": 1, "essay": 1, "wiki": 1, "literature": 1, "health": 1, "textbook": 1} | {
    "law": 4,
    "tech": 4,
    "history": 3,
}
NEAR_WEIGHT = 2  # an n-gram of the near sources counts twice when it is decided what the model keeps
HELD_OUT = ("essay", "commentary", "wiki", "law", "tech")
HELD_OUT_EVERY = 200

CHARACTERS = 6500
LEAST_WEIGHT = 3  # n-grams below this weighted count are left out at once
CUT_OFFS = {2: 3, 3: 5}  # the least weighted count that keeps an n-gram of these orders
# The least gain (see `Level`) that keeps a longer one: the file is some 7 % smaller than one of the same perplexity
# made with cut-offs by count. Bigrams and trigrams are kept by count all the same: that one is known is evidence in itself.
LEAST_GAINS = {4: 13.0, 5: 17.0}
LEAST_LEFT = 1e-4  # of the probability after a context, for what the model lacks there, lest rounding makes it negative


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the corpora (*.xz)")
    parser.add_argument("--output", type=Path, default=Path("dictionaries/model/characters.npz"))
    arguments = parser.parse_args()
    start = time.monotonic()

    near, wide = (training_text(arguments.corpus, sources) for sources in (NEAR, WIDE))
    characters = vocabulary(near + wide)
    streams = [symbols_of(text, characters) for text in (near, wide)]
    print(f"{sum(map(len, streams)):,} symbols, {len(characters)} of them different, {time.monotonic() - start:.0f} s")
    grams = {order: counted(streams, order, len(characters)) for order in range(1, model.ORDER + 1)}
    print(f"counted, {time.monotonic() - start:.0f} s")
    tables = tree(pruned(estimated(grams, len(characters))), len(characters)) | {"characters": characters}
    write(tables, arguments.output)
    sizes = {order: len(tables[f"logp{order}"]) for order in range(1, model.ORDER + 1)}
    print(f"n-grams by order: {sizes}, {arguments.output.stat().st_size:,} bytes, {time.monotonic() - start:.0f} s")
    measure(arguments.output, arguments.corpus)


# The text


def paragraphs(corpus: Path, source: str) -> Iterator[str]:
    """The paragraphs of one corpus, in its order."""
    tabbed = corpus / f"{source}.tsv.xz"
    with lzma.open(tabbed if tabbed.exists() else corpus / f"{source}.txt.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")[-1]


def training_text(corpus: Path, sources: dict[str, int]) -> str:
    """The paragraphs to count, one a line: of each source one in so many, without those held out."""
    return "\n".join(
        paragraph
        for source, one_in in sources.items()
        for number, paragraph in enumerate(paragraphs(corpus, source))
        if number % one_in == 0 and not (source in HELD_OUT and is_held_out(number))
    )


def is_held_out(number: int) -> bool:
    return number % HELD_OUT_EVERY == HELD_OUT_EVERY - 1


def vocabulary(text: str) -> NDArray[np.uint32]:
    """The commonest characters, after the symbols of fixed number: unknown, boundary, digits, Latin letters."""
    forms = model.normal_forms()
    points = model.code_points(text)
    normal = forms[np.minimum(points, len(forms) - 1)]
    fixed = [0, ord("\n"), ord("0"), ord("a")]
    counts = np.bincount(normal[normal > 0], minlength=len(forms))
    counts[[*fixed, len(forms) - 1]] = 0
    common = np.argsort(-counts, kind="stable")[: CHARACTERS - len(fixed)]
    return np.concatenate((fixed, common[counts[common] > 0])).astype(np.uint32)


def symbols_of(text: str, characters: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """All symbols of a text, a boundary before and after it, as the model makes them at run time."""
    return model.symbols_of(model.code_points(f"\n{text}\n"), model.symbol_table(characters))[0]


# Counting


@dataclass(frozen=True)
class Grams:
    """The n-grams of one order, sorted by key: how often each was seen, and its count weighted by source."""

    keys: Keys
    counts: Counts
    weighted: Counts


def counted(streams: list[NDArray[np.uint16]], order: int, base: int) -> Grams:
    """The n-grams of the near and of the wide text."""
    (near, near_counts), (wide, wide_counts) = (
        np.unique(keys_of(stream, order, base), return_counts=True) for stream in streams
    )
    keys = np.union1d(near, wide)
    counts = np.zeros(len(keys), np.int64)
    weighted = np.zeros(len(keys), np.int64)
    for part, part_counts, weight in ((near, near_counts, NEAR_WEIGHT), (wide, wide_counts, 1)):
        places = np.searchsorted(keys, part)
        counts[places] += part_counts
        weighted[places] += part_counts * weight
    return Grams(keys, counts, weighted)


def keys_of(stream: NDArray[np.uint16], order: int, base: int) -> Keys:
    """The n-grams of a stream as numbers to the given base; those with a boundary inside are left out."""
    count = len(stream) - order + 1
    keys = np.zeros(count, np.uint64)
    whole = np.ones(count, np.bool_)
    for place in range(order):
        symbols = stream[place : place + count]
        keys = keys * np.uint64(base) + symbols
        if 0 < place < order - 1:
            whole &= symbols != model.BOUNDARY
    return keys[whole]


# Estimation


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


def estimated(grams: dict[int, Grams], base: int) -> dict[int, Level]:
    """Interpolated modified Kneser-Ney probabilities of all n-grams but the rarest; every unigram."""
    unigrams = unigram_probabilities(continuation_counts(grams, 1, base), grams[1].keys, base)
    keys, none = np.arange(base, dtype=np.uint64), np.zeros(base, np.int64)
    levels = {1: Level(keys, unigrams, none, none, none, np.zeros(base, dtype=np.float64))}
    for order in range(2, model.ORDER + 1):
        shorter = levels[order - 1]
        seen, left = interpolation(grams[order].keys, continuation_counts(grams, order, base), base)
        likely = grams[order].weighted >= LEAST_WEIGHT
        keys, weighted = grams[order].keys[likely], grams[order].weighted[likely]
        suffixes = np.searchsorted(shorter.keys, keys % np.uint64(base ** (order - 1)))
        backed_off = left[likely] * shorter.probabilities[suffixes]
        probabilities = seen[likely] + backed_off
        contexts = np.searchsorted(shorter.keys, keys // np.uint64(base))
        gains = weighted.astype(np.float64) * np.log10(probabilities / backed_off)
        levels[order] = Level(keys, probabilities, contexts, suffixes, weighted, gains)
    return levels


def pruned(levels: dict[int, Level]) -> dict[int, Level]:
    """The levels with what the model keeps: the n-grams worth it, and the same without their last or first symbol."""
    keep = {1: np.ones(len(levels[1].keys), np.bool_)}
    keep |= {order: levels[order].weighted >= least for order, least in CUT_OFFS.items()}
    keep |= {order: levels[order].gains >= least for order, least in LEAST_GAINS.items()}
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
    y = n1 / (n1 + 2 * n2)
    by_count = np.array([0, 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3])
    return by_count[np.minimum(counts, 3)]


def unigram_probabilities(adjusted: Counts, keys: Keys, base: int) -> NDArray[np.float64]:
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
    first = np.flatnonzero(np.r_[True, contexts[1:] != contexts[:-1]])
    return first, np.diff(np.r_[first, len(contexts)])


def tree(levels: dict[int, Level], base: int) -> dict[str, NDArray[Any]]:
    """The model's tables: a tree whose nodes are n-grams, level by level, children in the order of their symbols.

    The back-off weights are those that make the probabilities after a context, as pruned, add up to one.
    """
    tables: dict[str, NDArray[Any]] = {"logp1": coded(np.log10(levels[1].probabilities), model.LOGP_VALUES)}
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


# Writing and measuring


def write(tables: dict[str, NDArray[Any]], output: Path) -> None:
    """A file that `numpy.load` reads; no times in it, so that equal tables give equal bytes."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(output, "w") as archive:
        for name, table in sorted(tables.items()):
            entry = zipfile.ZipInfo(f"{name}.npy")  # its date is 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w") as member:
                np.lib.format.write_array(member, table, allow_pickle=False)


def measure(path: Path, corpus: Path) -> None:
    """Prints the perplexity a character on text that was not counted; boundaries are context, but not measured."""
    with path.open("rb") as stream:
        built = model.read(stream)
    texts = {"news-dev": "\n".join(paragraphs(corpus, "news-dev"))}
    for source in HELD_OUT:
        texts[source] = "\n".join(part for number, part in enumerate(paragraphs(corpus, source)) if is_held_out(number))
    for source, text in texts.items():
        ids = built.encode(text).ids
        start = time.perf_counter()
        logp, order = built.score(ids)
        speed = len(ids) / (time.perf_counter() - start)
        characters = ids != model.BOUNDARY
        perplexity = 10 ** -float(logp[characters].mean(dtype=np.float64))
        orders = " ".join(f"{100 * float((order[characters] == n).mean()):.0f}" for n in range(1, model.ORDER + 1))
        print(
            f"{source:11} perplexity {perplexity:6.1f}  {len(ids):9,} symbols, {speed:11,.0f} a second, orders {orders}"
        )


if __name__ == "__main__":
    main()
