"""Rules: what each of them does, why, from which source; what `cleaner explain` prints, and what the tests run."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's own documentation. `examples` are pairs of text: as scanned, and as the chain leaves it."""

    name: str  # pass/rule
    does: str
    why: str
    examples: tuple[tuple[str, str], ...] = ()
    source: str = ""

    @property
    def pass_(self) -> str:
        """The pass that the rule belongs to."""
        return self.name.partition("/")[0]


def depends_on_word(rule: str) -> bool:
    """Whether a change by the rule is right in one word and wrong in another: a look-alike is, a radical for its ideograph is not."""
    return not rule.startswith(("characters/", "script/"))
