"""A pass that removes the stars with which a paper marks its own articles."""

import re
from pathlib import Path

from cleaner.plugins import Pass, Proposal, Rule

LEXICON = Path(__file__).parent / "ships.tsv"
PROFILE = Path(__file__).parent / "gazette.toml"
RULES = (
    Rule(
        "stars/mark",
        "Removes the star that stands before a headline.",
        "The paper marks its own articles so; the star is no part of the headline.",
        (("★柚香谷里收成好", "柚香谷里收成好"),),
    ),
)


def propose(page, options):
    """A removal for each run of the sign at the beginning of a line."""
    for found in re.finditer(f"^{re.escape(options['sign'])}+", page.text, re.MULTILINE):
        yield Proposal(*found.span(), "", "stars/mark", options["confidence"])


PASS = Pass("stars", propose, RULES, after="artifacts", options={"sign": "★", "confidence": 0.95})
