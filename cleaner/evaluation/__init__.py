"""Evaluation: how far a text is from what stood on the page, measured against a reference that a person vouches for."""

from __future__ import annotations

from cleaner.evaluation.collection import Evaluated, Evaluation, evaluate_files, evaluate_folders
from cleaner.evaluation.equivalence import EQUIVALENCES
from cleaner.evaluation.measure import Measured, evaluate
from cleaner.evaluation.score import Score

__all__ = [
    "EQUIVALENCES",
    "Evaluated",
    "Evaluation",
    "Measured",
    "Score",
    "evaluate",
    "evaluate_files",
    "evaluate_folders",
]
