"""A pass that removes the stars with which a paper marks its own articles."""

import re

from cleaner.plugins import Pass, Proposal, Rule

MARK = Rule(
    "stars/mark",
    "Removes the stars that stand before a headline.",
    "The paper marks its own articles so; the stars are no part of the headline.",
    (("★柚香谷里收成好", "柚香谷里收成好"),),
)


def propose(page, options):
    """A removal for each run of the sign at the beginning of a line."""
    for found in re.finditer(f"^{re.escape(options['sign'])}+", page.text, re.MULTILINE):
        yield Proposal(*found.span(), "", MARK.name, options["confidence"])


PASS = Pass("stars", propose, (MARK,), after="artifacts", options={"sign": "★", "confidence": 0.95})
