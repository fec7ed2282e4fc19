"""Which name is suggested for one that does not exist, and when none is."""

from __future__ import annotations

import pytest

from cleaner.errors import nearest
from cleaner.settings import PASS_NAMES, Settings

RULES = ("artifacts/folio", "misreads/look-alike", "wraps/join", "vol1/page-12.txt")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("misread", "misreads"), ("characterise", "characters"), ("Termz", "terms"), ("punct", "punctuation"), ("qoutes", "quotes"),
        ("profil", "profile"), ("lookalike", "misreads/look-alike"), ("misread/look-alikes", "misreads/look-alike"),
        ("page-12.txt", "vol1/page-12.txt"), ("pgae-12", "vol1/page-12.txt"), ("foo", None), ("x", None), ("threads", None), ("", None), ("html", None),
    ],
)  # fmt: skip
def test_only_what_is_near_is_suggested(name: str, meant: str | None) -> None:
    assert nearest(name, (*PASS_NAMES, *Settings.names(), *RULES)) == meant
