"""How common characters are in print, by language: by this a text read in the wrong encoding is told from the right one."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from math import log

import numpy as np
from numpy.typing import NDArray

from cleaner.knowledge import resources


class Language(StrEnum):
    """The languages told apart: Chinese in either script; Japanese and Korean, whose encodings look like Chinese ones."""

    HANS = "hans"
    HANT = "hant"
    JAPANESE = "japanese"
    KOREAN = "korean"


# Probabilities of characters that no table counts. Only their order of size matters.
ASCII = log(2e-3)
WHITE = log(1e-2)
UNCOMMON = log(1e-7)  # an ideograph or letter that stands less than once in a million
STRANGE = log(1e-9)  # controls, private use, the letters of another script
UNDECODABLE = log(1e-11)

# Shares of Japanese and Korean print, by the kinds of its characters: rough counts, shared out evenly within each kind.
HIRAGANA, KATAKANA, KANJI, KANJI_OF_LEVEL_2, HANGUL = 0.45, 0.12, 0.35, 1e-3, 0.8
JAPANESE_MARKS = {"、": 0.03, "。": 0.03, "「": 5e-3, "」": 5e-3, "・": 5e-3, "　": 5e-3, "（": 2e-3, "）": 2e-3}
COMMON_HANGUL = (  # a hundred syllables make up half of Korean print, particles and endings above all
    "이다의는에가을를고하은기지사리로한도자인대서어나일시아정그해수보게있전장상원주부으면스여동성제과구국만무"
    "것라조들었했습니요적연화유위신비물공생관방개세산내차마안할업러모분간들금계실회단선통경진소우오결합양배영용"
)
FULL_WIDTH = 1e-4  # each letter and digit: Japanese and Korean files have many

BEYOND = 0x30000
"""Code points from here on count as one: nobody writes them."""


@cache
def log_probabilities(language: Language) -> NDArray[np.float32]:
    """The natural logarithm of each code point's share of a language's print, up to BEYOND."""
    if language in (Language.HANS, Language.HANT):
        return _table(_chinese(language))
    return _table(_japanese() if language is Language.JAPANESE else _korean())


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text, those from BEYOND on as BEYOND."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.minimum(codes, np.uint32(BEYOND))


def _table(shares: dict[str, float]) -> NDArray[np.float32]:
    table = _letters_and_others().copy()
    for char, share in shares.items():
        table[ord(char)] = max(log(share), UNCOMMON)
    table[0x21:0x7F] = ASCII
    table[[ord(char) for char in " \n\r\t\f"]] = WHITE
    return table


@cache
def _letters_and_others() -> NDArray[np.float32]:
    """What a code point counts where a language has no figure for it; Hangul is no letter to those that do not write it."""
    letters = np.fromiter((chr(code).isalpha() for code in range(BEYOND + 1)), dtype=bool, count=BEYOND + 1)
    letters[0xAC00:0xD7A4] = False
    table = np.where(letters, UNCOMMON, STRANGE).astype(np.float32)
    table[0xD800:0xE000] = UNDECODABLE
    return table


@cache
def _chinese(language: Language) -> dict[str, float]:
    column = 1 if language is Language.HANS else 2
    rows = resources.rows("rules/common-characters.tsv")
    return {row[0]: float(row[column]) / 1e6 for row in rows if float(row[column])}


def _japanese() -> dict[str, float]:
    """Kana and the ideographs of JIS X 0208, half of their share by how common they are in Chinese."""
    levels = [_rows("euc_jp", 0xB0, 0xD0), _rows("euc_jp", 0xD0, 0xF5)]
    chinese = _chinese(Language.HANT)
    shares = dict.fromkeys(map(chr, range(0x3041, 0x3094)), HIRAGANA / 83)
    shares |= dict.fromkeys(map(chr, (*range(0x30A1, 0x30F7), 0x30FC)), KATAKANA / 87)
    shares |= {char: KANJI / 2 * (1 / len(levels[0]) + chinese.get(char, 0)) for char in levels[0]}
    shares |= dict.fromkeys(levels[1], KANJI_OF_LEVEL_2 / len(levels[1]))
    return shares | dict.fromkeys(_full_width(), FULL_WIDTH) | JAPANESE_MARKS


def _korean() -> dict[str, float]:
    """The syllables of KS X 1001; others are hardly written."""
    syllables = _rows("euc_kr", 0xB0, 0xC9)
    shares = dict.fromkeys(syllables, HANGUL / 2 / len(syllables))
    shares |= {char: shares[char] + HANGUL / 2 / len(COMMON_HANGUL) for char in COMMON_HANGUL}
    return dict.fromkeys(_full_width(), FULL_WIDTH) | shares


def _rows(codec: str, first: int, end: int) -> str:
    """The characters that a codec of 94 by 94 places keeps in some of its rows."""
    return "".join(
        bytes((row, place)).decode(codec, "ignore") for row in range(first, end) for place in range(0xA1, 0xFF)
    )


def _full_width() -> map[str]:
    return map(chr, range(0xFF01, 0xFF5F))
