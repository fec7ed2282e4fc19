"""Every rule's own examples, run; and every rule that an edit names is documented."""

from __future__ import annotations

import pytest

from cleaner import Cleaner
from cleaner.chain import PASSES, RULES
from cleaner.rules import Rule

CLEANER = Cleaner()
EXAMPLES = [
    pytest.param(rule, *example, id=f"{rule.name}-{n}")
    for rule in RULES.values()
    for n, example in enumerate(rule.examples)
]


@pytest.mark.parametrize(("rule", "scan", "clean"), EXAMPLES)
def test_example(rule: Rule, scan: str, clean: str) -> None:
    cleaned = CLEANER.clean(scan)
    assert cleaned.text == clean
    fired = {edit.rule for edit in cleaned.edits} | {step.rule for edit in cleaned.edits for step in edit.steps}
    assert rule.name in fired


def test_names_say_their_pass() -> None:
    for step in PASSES:
        for rule in step.rules:
            assert rule.pass_ == step.name


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_documentation_reads_as_sentences(rule: Rule) -> None:
    assert rule.does.endswith(".")
    assert rule.why.endswith((".", "?"))
