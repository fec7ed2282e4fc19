"""A lexicon and a profile that come with the package."""

from pathlib import Path

LEXICON = Path(__file__).parent / "ships.tsv"
PROFILE = Path(__file__).parent / "gazette.toml"
