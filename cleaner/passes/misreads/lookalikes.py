"""Look-alikes: characters taken for others of the same shape, found by the noisy channel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import expm1

from cleaner.evidence import channel
from cleaner.evidence.garbled import beyond_mending
from cleaner.knowledge import names, script, words
from cleaner.page import Page
from cleaner.rules import Rule
from cleaner.text.draft import Proposal
from cleaner.text.edits import Band
from cleaner.text.width import is_han

RULES = (
    Rule(
        "misreads/look-alike",
        "Puts the character that was printed for one of like shape: 人驻→入驻, 渐江→浙江.",
        "Recognisers take characters for their look-alikes. A change needs the language model, the shapes and the document to agree; rare words and names that are merely unusual stay.",
        (("柚香谷公司的人驻，给村里带来了新的发展机遇。", "柚香谷公司的入驻，给村里带来了新的发展机遇。"),),
        "research: noisy channel with document evidence",
    ),
)

APPLY = 0.67
"""Two to one. Above it none of 550,000 characters of clean news is changed, ten of 790,000 of official prose (全区运动会, 湘南: what set
phrases have a neighbour of), and on the annotated scans none wrongly. The prior of one misread in 2,000 makes the probabilities modest."""
APPLY_TRADITIONAL = 0.97
"""The language model is of mainland prose: in traditional texts it takes Taiwan's spellings of foreign names (拜占廷, 吉爾柏特) for
misreads, one in 10,000 characters at 0.8."""
APPLY_HOT_TRADITIONAL = 0.8
"""In 2.4 million characters of traditional news, laws and encyclopedia one such change is wrong (往績→佳績)."""
SUGGEST = 0.15


def propose(page: Page) -> Iterator[Proposal]:
    """Proposals for characters read as their look-alikes."""
    traditional = page.script is script.Script.HANT
    for candidate in channel.candidates(page, SUGGEST):
        probability, why = channel.weigh(candidate.features)
        if probability < SUGGEST or _is_kept_out(page, candidate):
            continue
        least = _least_in_traditional(page, candidate) if traditional else APPLY
        sure = probability >= least and (not candidate.rare or _is_borne_out(candidate))
        band = Band.APPLIED if sure else Band.SUGGESTED
        evidence = _evidence(page, candidate) | {"weighed": why}
        rest = (candidate.printed, "misreads/look-alike", probability, band, evidence)
        yield Proposal(candidate.at, candidate.at + 1, *rest)


def _least_in_traditional(page: Page, candidate: channel.Candidate) -> float:
    """The probability from which a change of traditional text is applied: less where a pair that is often mistaken gives a word
    that begins with it (人駐). What stands at a word's end (東涌人) may be part of a name.
    """
    known = "hot, word where none was" in candidate.features and candidate.features["hot"] > 0
    begins = known and _word(page, candidate).startswith(script.simplified(candidate.printed))
    return APPLY_HOT_TRADITIONAL if begins else APPLY_TRADITIONAL


def _evidence(page: Page, candidate: channel.Candidate) -> dict[str, object]:
    """What speaks for a change, in a reader's terms."""
    found = candidate.features
    word = _word(page, candidate)
    elsewhere = {name: round(expm1(found[f"elsewhere {name}"])) for name in ("as read", "as printed")}
    evidence: dict[str, object] = {"log10 gain": round(found["gain"], 2), "look-alike": round(found["grade"], 2)}
    if "doubted" in found:
        evidence["doubted"] = round(found["doubted"], 2)
    return evidence | ({"word": word} if word else {}) | {"neighbours elsewhere": elsewhere}


def _word(page: Page, candidate: channel.Candidate) -> str:
    """The longest word of the list that the change makes, as the list has it; an empty string for none."""
    at, reach = candidate.at, words.LONGEST - 1
    before, after = page.simplified[max(0, at - reach) : at], page.simplified[at + 1 : at + 1 + reach]
    return words.load().over(before + script.simplified(candidate.printed) + after, len(before))


def _is_kept_out(page: Page, candidate: channel.Candidate) -> bool:
    """Whether a place is none to correct: in a garbled run, in a row of like items, in a name, or quoted as a misreading."""
    text, at = page.text, candidate.at
    return (
        at in page.once(beyond_mending)
        or _repeats_item(text, candidate)
        or _is_in_parallel(text, at)
        or bool(_SPOKEN_OF.search(text, max(0, at - 14), at))
        or (not _is_borne_out(candidate) and names.stands_at(page.simplified, at))
    )


_SPOKEN_OF = re.compile(
    '(?:误|錯|错|讹|訛)(?:写|印|读|念|认|听|排|寫|讀|認|聽)?(?:作|成|为|爲|為)[“「『"][^”」』"]{0,5}\\Z'
)
"""A misreading that the text speaks of: 常把“入驻”误写成“人驻”."""


def _is_borne_out(candidate: channel.Candidate) -> bool:
    """Whether more than the language model speaks for a change of a rare character or a name, of which it knows nothing: a word
    of three characters or more, or the same elsewhere in the document: 和平鸱 becomes the word 和平鸽; 晋愍帝, an emperor, stays.
    """
    found = candidate.features
    return bool({"makes word of 3", "makes word of 4"} & found.keys()) or found["elsewhere as printed"] > 0


def _is_in_parallel(text: str, at: int) -> bool:
    """Whether the character is one of a pair set in parallel, where it is chosen for the sake of the other: 一域一策, 做特做精."""
    if at == 0 or not is_han(text[at - 1]):
        return False
    return text[at - 1] == text[at + 1 : at + 2] or (at >= 3 and text[at - 1] == text[at - 3])


def _repeats_item(text: str, candidate: channel.Candidate) -> bool:
    """Whether the change would make an item of a row what its neighbour is: 泰国、寮国 does not become 泰国、泰国."""
    low = max(text.rfind("、", 0, candidate.at), candidate.at - 12) + 1
    high = text.find("、", candidate.at, candidate.at + 12)
    word = (
        text[low : candidate.at] + candidate.printed + text[candidate.at + 1 : high if high >= 0 else candidate.at + 3]
    )
    return len(word) >= 2 and (text.endswith(f"{word}、", 0, low) or (high >= 0 and text.startswith(word, high + 1)))
