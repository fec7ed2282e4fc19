"""The common start of all targets: instruments cleaner, writes the seeds, and hands over to libFuzzer (by atheris).

A target is a file `fuzz_NAME.py` that imports this first of all and ends in a call of `fuzz`. Inputs are bytes; targets that want
text take it from `text_of`, and are given inputs that were mutated as text: whole characters, and fragments that make rules fire.
"""

from __future__ import annotations

import importlib
import pkgutil
import random
import sys
from collections.abc import Callable, Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import atheris

LEFT_OUT = ("cleaner.__main__", "cleaner.cli", "cleaner.engines")
"""Modules that no target reaches."""


with atheris.instrument_imports(include=["cleaner"]):  # so that the fuzzer sees which branches an input takes
    import cleaner

    for module in pkgutil.walk_packages(cleaner.__path__, "cleaner."):
        if not module.name.startswith(LEFT_OUT):
            importlib.import_module(module.name)


def fuzz(
    check: Callable[[bytes], object], seeds: Iterable[bytes], fragments: Sequence[str] = (), longest: int = 2048
) -> None:
    """Calls `check`, which raises where something is wrong, with mutations of the seeds until something is, or time is up.

    The first argument of the command is the folder of the corpus, all others are libFuzzer's. With `fragments`, inputs are
    mutated as text of which the fragments are part. Does not return.
    """
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    given = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    if given and not Path(given[0]).is_file():  # a file is an input to try again
        plant(Path(given[0]), (seed for seed in seeds if len(seed) <= longest))
        options = [f"-max_len={longest}", *options]
    mutator = {"custom_mutator": _mutator(fragments)} if fragments else {}
    atheris.Setup([sys.argv[0], *given, *options], check, **mutator)
    atheris.Fuzz()


def plant(folder: Path, seeds: Iterable[bytes]) -> None:
    """Writes seeds into a corpus, each under a name that its bytes give it."""
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (folder / blake2b(seed, digest_size=10).hexdigest()).write_bytes(seed)


def text_of(data: bytes) -> str:
    """An input as text: UTF-8 in which lone surrogates may stand, and bytes that are none as U+DC80 to U+DCFF."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """The input that `text_of` makes this text of, or one like it."""
    return text.encode("utf-8", "surrogatepass")


def _mutator(fragments: Sequence[str]) -> Callable[[bytes, int, int], bytes]:
    """Mutates inputs as text, one in eight as bytes."""

    def mutated(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 1 / 8:
            return bytes(atheris.Mutate(data, longest))
        text = text_of(data)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 5))):
            text = _changed(text, chance, fragments)
        return bytes_of(text)[:longest]

    return mutated


def _changed(text: str, chance: random.Random, fragments: Sequence[str]) -> str:
    """The text with one thing changed: a stretch removed, doubled, moved, or something put in its place."""
    start = chance.randint(0, len(text))
    end = min(len(text), start + chance.choice((0, 0, 0, 1, 1, 2, 3, 8, 40)))
    stretch = text[start:end]
    new = chance.choice(
        (
            chance.choice(fragments),
            chance.choice(fragments),
            chance.choice(fragments),
            "",
            stretch * chance.choice((2, 2, 3, 20)),
            stretch[::-1],
            chr(chance.choice((chance.randrange(0x250), chance.randrange(0x2000, 0xA000), chance.randrange(0x110000)))),
        )
    )
    if chance.random() < 1 / 8:  # moved
        rest = text[:start] + text[end:]
        place = chance.randint(0, len(rest))
        return rest[:place] + stretch + rest[place:]
    return text[:start] + new + text[end:]
