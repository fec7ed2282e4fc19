from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.errors import SettingsError
from cleaner.settings import PASS_NAMES, Settings, from_table, load


def test_passes_keep_the_order_of_the_chain() -> None:
    assert Settings().passes == PASS_NAMES
    assert Settings(only=("terms", "characters")).passes == ("characters", "terms")
    assert "wraps" not in Settings(skip=("wraps",)).passes


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('latin_spacin = "none"', "did you mean 'latin_spacing'?"),
        ('latin_spacing = "wide"', "latin_spacing cannot be 'wide'; there are document, none, space, keep"),
        ('only = ["wrap"]', "did you mean 'wraps'?"),
        ('only = "wraps"', "only must be a list of strings"),
        ("keep_furniture = 1", "keep_furniture must be true or false"),
        ("only = [", "not valid TOML"),
        (f"only = {'[' * 5000}", "not valid TOML"),
        (f"region = {'9' * 5000}", "not valid TOML"),
        ('learned = "a\\u0000b"', "learned takes paths, not"),
    ],
)
def test_a_wrong_file_says_what_to_write(tmp_path: Path, toml: str, says: str) -> None:
    path = tmp_path / "cleaner.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load(path)
    assert says in str(error.value)
    assert str(path) in str(error.value)


def test_lexicons_are_found_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "cleaner.toml"
    path.write_text('lexicons = ["names.tsv"]\npage_breaks = "keep"\n', encoding="utf-8")
    assert load(path) == Settings(lexicons=(tmp_path / "names.tsv",), page_breaks="keep")


def test_a_model_is_found_beside_the_file_and_goes_where_the_settings_go(tmp_path: Path) -> None:
    path = tmp_path / "cleaner.toml"
    path.write_text('model = "mine.npz"\n', encoding="utf-8")
    assert load(path) == Settings(model=tmp_path / "mine.npz") == from_table(load(path).as_table())


def test_what_says_nothing_is_refused() -> None:
    with pytest.raises(SettingsError, match="there is no setting named 'profil'; did you mean 'profile'"):
        Settings(profil="book")  # type: ignore[call-arg]
    with pytest.raises(SettingsError, match=r"nothing would run: all that only names \(terms\) is in skip, too"):
        Settings(only=("terms",), skip=("terms", "wraps"))
    assert Settings(only=("terms", "wraps"), skip=("terms",)).passes == ("wraps",)
