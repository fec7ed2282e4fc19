"""Text for small language models of one's own: clauses of our samples in ever new orders."""

from __future__ import annotations

import random
import re
from pathlib import Path

TEXTS = sorted((Path(__file__).parents[1] / "samples" / "clean").glob("*.txt"))


def corpus(characters: int) -> str:
    """Paragraphs of about so many code points together; always the same ones."""
    texts = [path.read_text(encoding="utf-8") for path in TEXTS if "traditional" not in path.name]
    clauses = re.findall(r"[^。，\n]{2,}[。，]", "\n".join(texts))
    chance = random.Random(1)
    rows = (chance.choices(clauses, k=8) for _ in range(characters * len(clauses) // sum(map(len, clauses)) // 8))
    return "\n".join("".join(row) for row in rows)
