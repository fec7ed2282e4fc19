"""How likely the text is that a codec makes of some bytes: read in the wrong one, it is full of what hardly anyone writes."""

from __future__ import annotations

from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.files.reversible import at_once
from cleaner.knowledge.frequencies import Language, codes_of, log_probabilities

RIVALS = {  # what is written in them
    "utf-8": tuple(Language),
    "gb18030": (Language.HANS, Language.HANT, Language.JAPANESE),  # both have kana
    "big5hkscs": (Language.HANT, Language.HANS, Language.JAPANESE),
    "utf-16-le": tuple(Language),
    "utf-16-be": tuple(Language),
    "euc_jp": (Language.JAPANESE,),
    "cp932": (Language.JAPANESE,),
    "cp949": (Language.KOREAN,),
}
"""The encodings that are compared, those that Chinese is written in first."""

FOREIGN = log(1e-4)
"""Documents in Japanese or Korean are rare among what this program is given, and rarer still in an encoding of Chinese."""

PLAUSIBLE = -10.5
"""Least mean log probability of a character beyond ASCII. Of Chinese texts of ten characters, 99 % are above −9.1 in the
right encoding, and 99 % below −12.3 in a wrong one."""


class Score(NamedTuple):
    """Log probabilities of a text: of the whole, and of a character beyond ASCII on the mean."""

    whole: float
    mean: float
    language: Language

    @property
    def plausible(self) -> bool:
        """Whether it may be a text at all."""
        return self.mean >= PLAUSIBLE


def score(sample: bytes, codec: str) -> Score | None:
    """How likely the text is that a codec makes of a sample; None where it cannot be the codec."""
    try:
        codes = codes_of(at_once(sample, codec))
    except UnicodeError:
        return None
    found = max((_in_language(codes, language, codec) for language in RIVALS[codec]), key=lambda s: s.whole)
    return None if codec.startswith("utf-16") and not found.plausible else found  # UTF-16 can read anything, even noise


def _in_language(codes: NDArray[np.uint32], language: Language, codec: str) -> Score:
    chances = log_probabilities(language)[codes]
    beyond = codes > 0x7F
    mean = float(chances[beyond].mean(dtype=np.float64)) if beyond.any() else 0.0
    return Score(float(chances.sum(dtype=np.float64)) + _prior(language, codec), mean, language)


def _prior(language: Language, codec: str) -> float:
    if language not in (Language.JAPANESE, Language.KOREAN):
        return 0.0
    return 2 * FOREIGN if codec in ("gb18030", "big5hkscs") else FOREIGN


class LineScores(NamedTuple):
    """The same for each line of a text, line ends counted with the lines that they end."""

    whole: NDArray[np.float64]
    mean: NDArray[np.float64]


def line_scores(raw: bytes, codec: str) -> LineScores:
    """For each line (parted by LF) of the text that a codec makes, how likely it is in the language that suits it best."""
    text = raw.decode(codec, "surrogateescape")
    codes = codes_of(text + "\n")
    starts = np.flatnonzero(np.concatenate(([True], codes[:-1] == 0x0A)))
    beyond = codes > 0x7F
    numbers = np.maximum(1, np.add.reduceat(beyond, starts, dtype=np.int64))
    best = LineScores(np.full(len(starts), -np.inf), np.zeros(len(starts)))
    for language in RIVALS[codec]:
        chances = log_probabilities(language)[codes]
        whole = np.add.reduceat(chances, starts, dtype=np.float64) + _prior(language, codec)
        mean = np.add.reduceat(np.where(beyond, chances, 0), starts, dtype=np.float64) / numbers
        better = whole > best.whole
        best = LineScores(np.where(better, whole, best.whole), np.where(better, mean, best.mean))
    return best
