"""The manual does what it says: its examples in Python and its commands run, and print what stands there.

`python tests/test_docs.py` writes into the pages what commands print now; read the difference before committing it. Outputs with `...`
in them are left to be mended by hand, and told.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from cleaner import Cleaner, clean
from cleaner.chain import RULES
from cleaner.settings import Settings

TOP = Path(__file__).resolve().parents[1]
DOCS = TOP / "docs"
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
ENVIRONMENT = {"PATH": PATH, "NO_COLOR": "1", "COLUMNS": "100", "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
ENVIRONMENT |= {"BROWSER": "true"}  # the program of that name: no browser is opened
SECONDS = 60
"""The longest that a command of the manual may take."""


class Block(NamedTuple):
    """A fenced block of a page: its language, the file that it shows (title="…"), and what it says."""

    language: str
    title: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order; those inside of tabs and lists are set in."""
    fenced = re.compile(r'^( *)```(\w+)(?: title="([^"]+)")?[^\n]*\n(.*?)^\1```$', re.MULTILINE | re.DOTALL)
    for _, language, title, text in fenced.findall(page.read_text(encoding="utf-8")):
        yield Block(language, title, textwrap.dedent(text))


def commands(transcript: str) -> Iterator[tuple[str, str]]:
    """The commands of a transcript, each with what it prints there."""
    for part in re.split(r"^\$ ", transcript, flags=re.MULTILINE)[1:]:
        command, *output = re.split(r"(?<!\\)\n", part, maxsplit=1)
        yield command, "".join(output)


PAGES = [page.name for page in sorted(DOCS.glob("*.md")) if any(block.language == "console" for block in blocks(page))]


@pytest.mark.skipif(not shutil.which("cleaner", path=PATH), reason="the command cleaner is not installed")
@pytest.mark.skipif(not shutil.which("bash"), reason="the manual's commands are for bash")
@pytest.mark.parametrize("name", PAGES)
def test_commands_print_what_the_manual_shows(name: str, tmp_path: Path) -> None:
    for command, shown, printed in performed(DOCS / name, tmp_path):
        assert alike(shown, printed), f"$ {command}\n{printed}"


def performed(page: Path, folder: Path) -> Iterator[tuple[str, str, str]]:
    """A page's commands, run one after the other in a folder with the samples: what each should print, and what it prints.

    Blocks with the name of a file for a title are written there first.
    """
    shutil.copytree(TOP / "samples", folder / "samples")
    for block in blocks(page):
        if block.title:
            (folder / block.title).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for command, shown in commands(block.text):
                yield command, shown, output_of(command, shown, folder)


def output_of(command: str, shown: str, folder: Path) -> str:
    """What a command prints; one that the manual ends with ^C is interrupted there."""
    first, interrupted, _ = shown.partition("^C")
    with subprocess.Popen(
        ["bash", "-c", command],
        cwd=folder, env=os.environ | ENVIRONMENT, text=True, encoding="utf-8", stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            printed = interrupt(process, len(first.splitlines())) if interrupted else ""
            rest, _ = process.communicate(timeout=SECONDS)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert process.returncode == 0, f"$ {command}\n{printed}{rest}"
    return printed + rest


def interrupt(process: subprocess.Popen[str], lines: int) -> str:
    """What a program prints first; then it gets Ctrl-C, a server once it has answered."""
    assert process.stdout
    printed = "".join(process.stdout.readline() for _ in range(lines))
    if serves := re.search(r"http://\S+", printed):
        wait_for(serves[0])
    os.killpg(process.pid, signal.SIGINT)
    return f"{printed}^C\n"


def wait_for(address: str) -> None:
    """Returns once a server answers. Raises AssertionError where it does not within the time that a command may take."""
    for _ in range(10 * SECONDS):
        with suppress(URLError):
            urlopen(address, timeout=SECONDS).close()
            return
        time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")


def alike(shown: str, printed: str) -> bool:
    """Whether a command printed what the manual shows: `...` stands for anything; nothing shown, nothing compared."""
    if not shown.strip():
        return True
    want, got = (
        "\n".join(map(str.rstrip, text.strip("\n").split("\n"))).strip("\n") + "\n" for text in (shown, printed)
    )
    return doctest.OutputChecker().check_output(want, got, doctest.ELLIPSIS | doctest.DONT_ACCEPT_BLANKLINE)


def tidy(text: str) -> str:
    """A text without white space at the ends of lines, and without blank lines at its own."""
    return "\n".join(map(str.rstrip, text.split("\n"))).strip("\n") + "\n"


@pytest.mark.parametrize("name", ["python.md"])
def test_examples_do_what_the_manual_says(name: str) -> None:
    failed, tried = doctest.testfile(str(DOCS / name), module_relative=False, encoding="utf-8")
    assert tried > 0
    assert failed == 0


def test_the_first_example_of_the_readme() -> None:
    assert clean("柚香谷公司的人驻").text == "柚香谷公司的入驻"
    assert clean("公司的人驻").text == "公司的入驻"


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"])
def test_files_that_are_named_are_there(name: str) -> None:
    top = DOCS.parent
    text = (top / name).read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|docs|tools|benchmarks|cleaner|dictionaries|\.ci|\.github)/[\w./-]*)`", text)
    named += [target.partition("#")[0] for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text)]
    assert named
    assert [path for path in named if not (top / path).exists()] == []


def test_the_case_that_contributors_are_shown() -> None:
    shown = (DOCS.parent / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("```json\n")[2].partition("```")[0]
    case = json.loads(shown)
    assert clean(case["scan"]).text == case["clean"] != case["scan"]


def test_settings_must_be_settings() -> None:
    with pytest.raises(TypeError, match="Settings"):
        Cleaner("book")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name in Settings.names() if name != "of_passes"])
def test_every_setting_is_in_the_manual(name: str) -> None:
    assert f"| `{name}` |" in (DOCS / "settings.md").read_text(encoding="utf-8")


def test_the_reference_has_every_command_option_and_rule() -> None:
    import manual

    commands, rules = manual.commands(), manual.rules()
    for name in ("run", "check", "lexicon build", "evaluate"):
        assert f"## `cleaner {name}`" in commands
    for option in ("-o, --out OUT", "--format text|jsonl|sarif|rdjson|github", "--same WHAT,..."):
        assert f"| `{option}` |" in commands.replace("\\|", "|")
    assert [name for name in RULES if f"### {name} " not in rules] == []


def record(page: Path, folder: Path) -> None:
    """Writes into a page what its commands print now."""
    text = page.read_text(encoding="utf-8")
    for command, shown, printed in performed(page, folder):
        if alike(shown, printed):
            continue
        if "..." in shown:
            print(f"{page.name}, by hand:\n$ {command}\n{printed}")
        text = text.replace(f"$ {command}\n{shown}", f"$ {command}\n{shown if '...' in shown else tidy(printed)}")
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for changed in PAGES:
        with TemporaryDirectory() as there:
            record(DOCS / changed, Path(there))
