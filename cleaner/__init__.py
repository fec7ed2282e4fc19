"""cleaner: turns the OCR output of Chinese print back into the text that stood on the page, and shows every change.

>>> from cleaner import clean
>>> clean("柚香谷公司的人驻").text
'柚香谷公司的入驻'
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cleaner.chain import Cleaner
    from cleaner.errors import SettingsError
    from cleaner.knowledge.lexicon import Lexicon, LexiconError
    from cleaner.settings import Settings
    from cleaner.text.cleaned import Cleaned
    from cleaner.text.edits import Band, Edit

    __version__: str

__all__ = ["Band", "Cleaned", "Cleaner", "Edit", "Lexicon", "LexiconError", "Settings", "SettingsError", "clean"]

_HOME = {
    "Cleaner": "cleaner.chain",
    "Settings": "cleaner.settings",
    "SettingsError": "cleaner.errors",
    "Lexicon": "cleaner.knowledge.lexicon",
    "LexiconError": "cleaner.knowledge.lexicon",
    "Cleaned": "cleaner.text.cleaned",
    "Band": "cleaner.text.edits",
    "Edit": "cleaner.text.edits",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when first used: `import cleaner` itself costs next to nothing."""
    if name == "__version__":
        return _version()
    if name not in _HOME:
        raise AttributeError(f"module 'cleaner' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def clean(text: str, settings: Settings | None = None) -> Cleaned:
    """The text cleaned, with every edit. For many texts make one `Cleaner` and keep it."""
    from cleaner.chain import Cleaner

    return Cleaner(settings).clean(text)


@cache
def _version() -> str:
    """The version as it was installed; `0+unknown` where cleaner lies on the path without having been installed."""
    from importlib.metadata import PackageNotFoundError, version  # costs half of what `import cleaner` may

    try:
        return version("cleaner")
    except PackageNotFoundError:
        return "0+unknown"
