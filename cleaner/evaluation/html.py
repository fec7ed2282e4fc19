"""An evaluation as one HTML file that needs no network and no script, in the style of the report of a run."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Template
from markupsafe import Markup

from cleaner import __version__
from cleaner.evaluation.collection import Evaluated, Evaluation, by_frequency
from cleaner.evaluation.equivalence import EQUIVALENCES
from cleaner.evaluation.score import CLASSES, percent
from cleaner.report.templating import environment

MOST_CONFUSIONS = 500
"""Confusions in the table."""

MOST_SHOWN = 5_000
"""Differences shown in their context, those of the worst documents first."""

_STYLE = Path(__file__).parents[1] / "report" / "templates" / "report.css"
_OWN_STYLE = Path(__file__).parent / "evaluation.css"


def page(evaluation: Evaluation) -> Iterator[str]:
    """The page, in pieces. The same evaluation gives the same bytes."""
    style = _style()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return _template().generate(
        evaluation=evaluation,
        score=evaluation.score,
        confusions=by_frequency(evaluation.confusions)[:MOST_CONFUSIONS],
        shown=_shown(evaluation),
        style=Markup(style),
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        version=__version__,
        EQUIVALENCES=EQUIVALENCES,
        CLASSES=CLASSES,
    )


def _shown(evaluation: Evaluation) -> Mapping[str, Evaluated]:
    """The documents whose differences are shown, in their order."""
    left = MOST_SHOWN
    chosen = set()
    for document in sorted(evaluation.documents, key=lambda d: (-d.score.errors, d.name)):
        if 0 < len(document.differences) <= left:
            chosen.add(document.name)
            left -= len(document.differences)
    return {d.name: d for d in evaluation.documents if d.name in chosen}


def _style() -> str:
    return _STYLE.read_text("utf-8") + _OWN_STYLE.read_text("utf-8")


@cache
def _template() -> Template:
    made = environment(Path(__file__).parent)
    made.filters["percent"] = percent
    return made.get_template("evaluation.html.jinja")
