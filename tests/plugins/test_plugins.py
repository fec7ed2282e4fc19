from __future__ import annotations

import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Settings, SettingsError, clean
from cleaner.chain import PASSES, RULES, known_rules
from cleaner.errors import PluginError
from cleaner.settings import from_table

EXAMPLE = Path(__file__).parent / "cleaner-stars"
Install = Callable[..., Path]
SCAN = "★★柚香谷里收成好\n\n今年的柚子熟得早,收成也好。\n"

ODD = """
from cleaner.plugins import Band, Pass, Proposal, Rule
RULES = (Rule("odd/one", "Does something.", "For a test."),)
def propose(page, options):
    return [{proposal}]
PASS = Pass({how})
"""


def odd(proposal: str = "", how: str = '"odd", propose, RULES') -> str:
    return ODD.format(proposal=proposal, how=how)


@pytest.mark.usefixtures("stars")
class TestInstalled:
    def test_it_runs_where_it_wants_to(self) -> None:
        cleaner = Cleaner()
        assert [step.name for step in cleaner.steps][:3] == ["characters", "artifacts", "stars"]
        cleaned = cleaner.clean(SCAN)
        assert cleaned.text.startswith("柚香谷里收成好\n")
        star = next(edit for edit in cleaned.edits if edit.rule == "stars/mark")
        assert (star.before, star.pass_, star.confidence) == ("★★", "stars", 0.95)
        assert cleaned.revert() == SCAN

    def test_it_can_be_skipped_and_set(self) -> None:
        assert clean(SCAN, Settings(skip=("stars",))).text.startswith("★★柚")
        assert clean(SCAN, Settings(skip=("stars/mark",))).text.startswith("★★柚")
        assert clean(SCAN, Settings(of_passes={"stars": {"sign": "●"}})).text.startswith("★★柚")
        assert clean(SCAN, Settings(apply_from={"stars": 0.99})).suggestions[0].rule == "stars/mark"
        assert clean(SCAN, Settings(only=("stars",))).text == SCAN.removeprefix("★★")

    def test_its_settings_stand_in_a_table_of_its_name(self) -> None:
        how = from_table({"stars": {"sign": "●"}})
        assert how == Settings(of_passes={"stars": {"sign": "●"}})
        assert pickle.loads(pickle.dumps(how)) == how == from_table(how.as_table())
        assert clean("●柚香谷里收成好\n", how).text == "柚香谷里收成好\n"

    @pytest.mark.parametrize(
        ("table", "says"),
        [
            ({"stars": {"sing": "●"}}, "no option named 'sing'; did you mean 'sign'?"),
            ({"stars": {"sign": 3}}, "sign must be like '★', not 3"),
            ({"star": {"sign": "●"}}, "did you mean 'stars'?"),
            ({"skip": ["starss"]}, "did you mean 'stars'?"),
        ],
    )
    def test_wrong_settings_say_what_to_write(self, table: dict[str, object], says: str) -> None:
        with pytest.raises(SettingsError, match=says.replace("?", r"\?")):
            Cleaner(from_table(table))

    def test_its_rules_are_explained(self) -> None:
        assert known_rules()["stars/mark"].does.startswith("Removes the star")
        assert "stars/mark" not in RULES

    def test_lexicons_and_profiles_come_with_packages(self) -> None:
        assert clean("他登上运航一号。", Settings(lexicons=(Path("ships"),))).text == "他登上远航一号。"
        assert Settings(profile="gazette").keep_furniture

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.sampled_from(["★", "\n", "柚香谷", ",", "12\n", " ", "公司的人驻", "— 3 —\n"]), max_size=20))
    def test_the_laws_hold(self, parts: list[str]) -> None:
        text = "".join(parts)
        cleaner = Cleaner()
        cleaned = cleaner.clean(text)
        assert cleaned.revert() == text
        if not any(flag.rule == "chain/unsettled" for flag in cleaned.flags):
            assert cleaner.clean(cleaned.text).text == cleaned.text


def test_the_command_runs_it_and_apply_and_resume_keep_to_it(stars: Path, tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "a.txt").write_text(SCAN.replace("★", "●"), encoding="utf-8")
    (tmp_path / "my.toml").write_text('[stars]\nsign = "●"\n', encoding="utf-8")

    def cleaner(*arguments: str) -> str:
        command = [sys.executable, "-m", "cleaner", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(stars)}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    cleaner("run", "scans", "-o", "out", "--settings", "my.toml")
    clean_file = tmp_path / "out" / "clean" / "a.txt"
    assert clean_file.read_text(encoding="utf-8").startswith("柚香谷")
    edits = [json.loads(line) for line in (tmp_path / "out" / "edits.jsonl").read_text(encoding="utf-8").splitlines()]
    assert "stars/mark" in {edit["rule"] for edit in edits}
    assert "unchanged" in cleaner("run", "scans", "-o", "out", "--settings", "my.toml")
    cleaner("apply", "out")
    assert clean_file.read_text(encoding="utf-8").startswith("柚香谷")
    assert "stars/mark" in cleaner("explain", "stars")
    assert '[stars]  # a pass of cleaner-stars 1.2\nsign = "●"  # my.toml' in cleaner(
        "settings", "--settings", "my.toml"
    )
    assert "gazette" in cleaner("settings", "--profiles")


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("PASS = 3", "no cleaner.plugins.Pass but int"),
        (odd(how='"even", propose, ()'), "calls itself 'even'"),
        (odd(how='"odd", propose, (Rule("wraps/join", "", ""),)'), "must begin with odd/"),
        (odd(how='"odd", propose, RULES, after="wrap"'), "did you mean 'wraps'"),
        (odd(how='"odd", propose, RULES, after="wraps", before="terms"'), "both after and before"),
    ],
)
def test_a_broken_package_is_named_at_once(install: Install, code: str, says: str) -> None:
    install(code)
    with pytest.raises(PluginError, match=r"cleaner-odd 0\.3") as error:
        Cleaner()
    assert says in str(error.value)
    assert clean("公司,好。", Settings(skip=("odd",))).text == "公司，好。"


@pytest.mark.parametrize(
    ("proposal", "says"),
    [
        ('Proposal(0, 99, "", "odd/one", 0.9)', "offsets 0 to 99"),
        ('Proposal(0, 1, "x", "odd/two", 0.9)', "does not document"),
        ('Proposal(0, 1, None, "odd/one", 0.9)', "None as new text"),
        ('Proposal(0, 1, "x", "odd/one", 7)', "confidence 7"),
        ('"x"', "is no Proposal"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_is_no_edit_is_refused(install: Install, proposal: str, says: str) -> None:
    install(odd(proposal))
    with pytest.raises(PluginError, match=r"'odd' of cleaner-odd 0\.3") as error:
        clean("一二三")
    assert says in str(error.value)


def test_a_pass_that_never_settles_is_flagged_and_can_be_reverted(install: Install) -> None:
    install(odd('Proposal(0, 1, "甲" if page.text[0] != "甲" else "乙", "odd/one", 0.9)'))
    cleaned = clean("一二三")
    assert [flag.rule for flag in cleaned.flags] == ["chain/unsettled"]
    assert cleaned.revert() == "一二三"


def test_a_name_taken_twice_is_told(install: Install) -> None:
    install(odd())
    install(odd(), package="cleaner-other")
    with pytest.raises(PluginError, match=r"cleaner-o\w+ 0.3 and cleaner-o\w+ 0.3 both have"):
        Cleaner()


def test_the_manual_shows_the_example_as_it_is() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "writing-a-pass.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:python|toml)\n(.*?)```", manual, re.DOTALL)
    assert (EXAMPLE / "cleaner_stars" / "__init__.py").read_text(encoding="utf-8") == blocks[0]
    project = (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")
    assert blocks[1] in project
    assert blocks[-1] in project


def test_nothing_is_added_where_nothing_is_installed() -> None:
    assert Cleaner().steps == PASSES
