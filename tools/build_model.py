"""Counts the character language model from the corpora and writes `dictionaries/model/characters.npz`.

    python tools/build_model.py --corpus ../shared/corpus

The same corpora give the same file, byte for byte. How it is estimated: `cleaner/knowledge/estimate.py`; what the model is
and how it is asked: `cleaner/knowledge/model.py`. Takes some three minutes and 4 GB of memory.
"""

from __future__ import annotations

import argparse
import lzma
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cleaner.knowledge import estimate, model

# Of each source one paragraph in so many: law and technology are half of the material, and the model is for newspapers.
NEAR = {"news-train": 1, "official": 1, "wide-train": 1}
WIDE = {"commentary": 1, "essay": 1, "wiki": 1, "literature": 1, "health": 1, "textbook": 1} | {
    "law": 4,
    "tech": 4,
    "history": 3,
}
WEIGHTS = (2, 1)  # an n-gram of the near sources counts twice when it is decided what the model keeps
HELD_OUT = ("essay", "commentary", "wiki", "law", "tech")
HELD_OUT_EVERY = 200

# Gains instead of cut-offs for the longer n-grams: the file is some 7 % smaller than one of the same perplexity made with
# cut-offs by count. Bigrams and trigrams are kept by count all the same: that one is known is evidence in itself.
PRUNING = estimate.Pruning(least=3, cut_offs={2: 3, 3: 5}, least_gains={4: 13.0, 5: 17.0})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of the corpora (*.xz)")
    parser.add_argument("--output", type=Path, default=Path("dictionaries/model/characters.npz"))
    arguments = parser.parse_args()
    start = time.monotonic()

    near, wide = (training_text(arguments.corpus, sources) for sources in (NEAR, WIDE))
    characters = estimate.vocabulary(near + wide)
    streams = [estimate.symbols_of(text, characters) for text in (near, wide)]
    print(f"{sum(map(len, streams)):,} symbols, {len(characters)} of them different, {time.monotonic() - start:.0f} s")
    tables = estimate.estimate(
        streams, WEIGHTS, characters, PRUNING, lambda what: print(f"{what}, {time.monotonic() - start:.0f} s")
    )
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    with arguments.output.open("wb") as stream:
        estimate.write(tables, stream)
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
