from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cleaner import Cleaner, Settings, SettingsError, clean, profiles
from cleaner.cli.main import app
from cleaner.effective import Effective
from cleaner.settings import from_table, load

NAMES = ("book", "corpus", "magazine", "newspaper", "traditional-book", "web")


def settings_of(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["settings", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_profile_says_what_it_is_for_and_works(name: str) -> None:
    assert profiles.about(name).endswith(".")
    assert Cleaner(Settings(profile=name)).clean("公司,好。").revert() == "公司,好。"
    comments = [line for line in profiles.path(name).read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    assert len(comments) >= 3


CLEANERS = {name: Cleaner(Settings(profile=name)) for name in NAMES}
PARTS = st.sampled_from(
    ["会议强调，要坚持以人民", "为中心的发展思想，在发展中", "图为工人在车间作业。张明 摄", "公司的人驻", "第3版 要闻", "— 5 —", "＊＊＊", "②", "他说:",
     "\n", "\n\n", "\f", "\n\f", " ", "。", ",", '"', "...", "一一", "里里外外", "臺灣的學校裡", "3～5人", "3-5人", "iPhone手机", "２０"]
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(st.lists(PARTS, max_size=24).map("".join))
def test_the_laws_hold_under_each(name: str, text: str) -> None:
    cleaned = CLEANERS[name].clean(text)
    assert cleaned.revert() == text
    if not any(flag.rule == "chain/unsettled" for flag in cleaned.flags):
        assert CLEANERS[name].clean(cleaned.text).text == cleaned.text


def test_all_are_listed() -> None:
    assert tuple(line.split()[0] for line in settings_of("--profiles").splitlines()) == NAMES


def test_what_is_said_outweighs_the_profile() -> None:
    assert Settings(profile="book").page_breaks == "keep"
    assert Settings(profile="book", page_breaks="drop").page_breaks == "drop"
    assert Settings(profile="book").with_(page_breaks="drop").skip == Settings(profile="book").skip
    assert Settings(page_breaks="drop").with_(profile="book").page_breaks == "keep"


def test_a_file_outweighs_the_profile_and_options_both(tmp_path: Path) -> None:
    path = tmp_path / "cleaner.toml"
    path.write_text('profile = "newspaper"\nranges = "wave"\nconvert = "t2s"\n', encoding="utf-8")
    assert load(path).latin_spacing == "none"
    found = Effective.of(path, {"profile": "book", "convert": "s2t"})
    assert (found.settings.page_breaks, found.settings.ranges, found.settings.convert) == ("keep", "wave", "s2t")
    assert found.settings.latin_spacing == "document"
    assert found.origins["ranges"] == str(path)
    assert found.origins["page_breaks"] == "profile book"
    assert found.origins["convert"] == "option"
    assert "quotes" not in found.origins


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('# Mine.\nlexicons = ["names.tsv"]\n', encoding="utf-8")
    assert Settings(profile=str(path)).lexicons == (tmp_path / "names.tsv",)
    (tmp_path / "cleaner.toml").write_text('profile = "mine.toml"\n', encoding="utf-8")
    assert load(tmp_path / "cleaner.toml").lexicons == (tmp_path / "names.tsv",)
    path.write_text('profile = "book"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot begin with another"):
        Settings(profile=str(path))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--profile", "newspapr"], "there is no profile named 'newspapr'; did you mean 'newspaper'?"),
        (["--profile", "gone.toml"], "there is no profile at gone.toml"),
        (["--skip", "wrap/move"], "did you mean 'wraps'?"),
    ],
)
def test_wrong_names_say_what_to_write(arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(app, ["settings", *arguments])
    assert done.exit_code == 2
    assert says in done.output


@pytest.mark.parametrize("name", ["", *NAMES])
def test_what_settings_prints_can_be_used_again(name: str, tmp_path: Path) -> None:
    options = ["--profile", name] if name else []
    printed = settings_of(*options, "--convert", "t2s")
    table = tomllib.loads(printed)
    assert from_table(table).as_table() == Settings(profile=name, convert="t2s").as_table()
    assert 'convert = "t2s"' in printed
    assert "# option" in printed


def test_settings_come_through_json_whole() -> None:
    how = Settings(profile="traditional-book", lexicons=(Path("/a.tsv"),))
    assert from_table(how.as_table()) == how.with_(profile="")
    assert {how: 1}[Settings(profile="traditional-book", lexicons=(Path("/a.tsv"),))] == 1


SCAN = "公司的人驻,村里“新机遇”。\n"


def test_a_single_rule_can_be_skipped() -> None:
    assert clean(SCAN).text == "公司的入驻，村里“新机遇”。\n"
    assert clean(SCAN, Settings(skip=("misreads/look-alike",))).text == "公司的人驻，村里“新机遇”。\n"
    with pytest.raises(SettingsError, match="did you mean 'misreads/look-alike'"):
        Cleaner(Settings(skip=("misreads/look-alikes",)))


def test_what_is_less_sure_than_asked_is_suggested() -> None:
    cleaned = clean(SCAN, Settings(apply_from={"misreads": 1.0}))
    assert cleaned.text == "公司的人驻，村里“新机遇”。\n"
    assert [(edit.before, edit.after) for edit in cleaned.suggestions] == [("人", "入")]
    by_rule = Settings(apply_from={"misreads": 1.0, "misreads/look-alike": 0.5})
    assert clean(SCAN, by_rule).text == clean(SCAN).text


def test_books_keep_their_pages_and_scenes() -> None:
    text = "他推开门，外面下着大雪。\n\n＊＊＊\n\n第二天早上，雪停了，他走到\f村口去看。\n"
    assert "＊＊＊" in clean(text, Settings(profile="book")).text
    assert "\f" in clean(text, Settings(profile="book")).text
    assert "\f" not in clean(text).text


def test_a_run_keeps_its_profile_for_apply(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("雪停了。\f\n他走到村口。\n", encoding="utf-8")
    (tmp_path / "mine.toml").write_text('page_breaks = "keep"\nonly = ["artifacts"]\n', encoding="utf-8")
    out = tmp_path / "out"
    options = ["--profile", str(tmp_path / "mine.toml")]
    assert CliRunner().invoke(app, ["run", str(tmp_path / "a.txt"), "-o", str(out), *options]).exit_code == 0
    assert "\f" in (out / "clean" / "a.txt").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").unlink()
    (out / "clean" / "a.txt").unlink()
    done = CliRunner().invoke(app, ["apply", str(out)])
    assert done.exit_code == 0, done.output
    assert "\f" in (out / "clean" / "a.txt").read_text(encoding="utf-8")
