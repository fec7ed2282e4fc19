"""A term is put into a file, or changed there, and nothing else is."""

from __future__ import annotations

import pytest

from cleaner.knowledge.lexicon.add import Changes, Refused, with_term

SORTED = "# ours\n\n丙地\tplace\n# about 甲\n甲地\tplace\t3\t\tprotect\t# seen twice\n"


@pytest.mark.parametrize(
    ("before", "text", "changes", "after"),
    [
        ("", "柚香谷", Changes(), "# term\tcategory\tweight\tforms\tprotect\n柚香谷\n"),
        ("", "柚香谷", Changes("company", 7.0, ("袖香谷", "柚香合"), True),
         "# term\tcategory\tweight\tforms\tprotect\n柚香谷\tcompany\t7\t袖香谷|柚香合\tprotect\n"),
        (SORTED, "一地", Changes(), SORTED.replace("丙地", "一地\n丙地")),
        (SORTED, "乙地", Changes(), SORTED.replace("# about", "乙地\n# about")),
        (SORTED, "龙地", Changes(), SORTED + "龙地\n"),
        (SORTED, "甲地", Changes(forms=("申地",)), SORTED.replace("3\t\tprotect\t#", "3\t申地\tprotect\t#")),
        (SORTED, "甲地", Changes(protect=False), SORTED.replace("\t3\t\tprotect\t#", "\t3\t#")),
        (SORTED, "甲地", Changes(), SORTED),
        ("乙\n甲\n丙", "丁地", Changes(), "乙\n甲\n丙\n丁地\n"),
        ("甲地\r\n乙地\r\n", "丁地", Changes(), "甲地\r\n乙地\r\n丁地\r\n"),
        ("\ufeff甲地\n", "甲地", Changes("place"), "\ufeff甲地\tplace\n"),
        ("term\tcategory\n甲地\n", "龙地", Changes(), "term\tcategory\n甲地\n龙地\n"),
        ("# only a comment", "龙地", Changes(), "# only a comment\n龙地\n"),
    ],
)  # fmt: skip
def test_only_the_line_of_the_term_changes(before: str, text: str, changes: Changes, after: str) -> None:
    assert with_term(before.encode(), text, changes).decode() == after


@pytest.mark.parametrize(
    ("before", "text", "changes", "said"),
    [
        ("甲地\t\t\t申地\n", "申地", Changes(), "is a term itself"),
        ("甲地\t\t\t申地\n", "由地", Changes(forms=("申地",)), "keep one"),
        ("甲地\n", "由地", Changes(forms=("甲地",)), "is a term itself"),
        ("甲地\n", "由地", Changes(forms=("由地",)), "is the term itself"),
        ("甲地\t\t高\n", "由地", Changes(), "line 1 of the file cannot be used"),
        ("", "#由地", Changes(), "cannot be written"),
        ("", "由\n地", Changes(), "cannot be written"),
        ("", "由\t地", Changes(), "cannot be written"),
        ("", "", Changes(), "cannot be written"),
        ("", "由地", Changes(category="#"), "leave it out"),
        ("", "由地", Changes(forms=("申|地",)), "one character"),
        ("", "由地", Changes(forms=("申地|田地",)), "leave it out"),
    ],
)
def test_what_check_would_refuse_is_refused(before: str, text: str, changes: Changes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        with_term(before.encode(), text, changes)
