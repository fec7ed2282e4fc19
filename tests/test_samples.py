"""The samples themselves: each scan has its clean text and the text that was typeset, and a clean text is one."""

import difflib
import re
from pathlib import Path

import pytest
from build_samples import LAYOUTS, read_source

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
NAMES = sorted(path.stem for path in (SAMPLES / "scans").glob("*.txt"))
HAN = "\u3007\u3400-\u9fff"
PAIRS = (("“", "”"), ("‘", "’"), ("「", "」"), ("『", "』"), ("（", "）"), ("《", "》"))
FULL_WIDTH = str.maketrans(",:;!?()", "，：；！？（）")


def read(folder: str, name: str) -> str:
    return (SAMPLES / folder / f"{name}.txt").read_bytes().decode("utf-8")


def characters(text: str) -> str:
    return "".join(text.split())


def test_every_scan_has_its_texts_and_every_text_its_scan() -> None:
    assert len(NAMES) >= 5
    for folder in ("clean", "text"):
        assert sorted(path.name for path in (SAMPLES / folder).iterdir()) == [f"{name}.txt" for name in NAMES]
    assert sorted(LAYOUTS) == NAMES


def test_every_sample_is_explained() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in NAMES if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", ["scans", "clean", "text"])
def test_files_are_small_utf8_texts_with_unix_line_ends(folder: str, name: str) -> None:
    text = read(folder, name)
    assert text.endswith("\n") or (folder == "scans" and text.endswith("\f"))  # tesseract ends a page with a form feed
    assert "\r" not in text
    assert "\ufeff" not in text
    assert 500 <= len(characters(text)) <= 1200


@pytest.mark.parametrize("name", NAMES)
def test_typeset_text_can_be_read_back(name: str) -> None:
    source = read_source(read("text", name))
    assert source.blocks[0][0] == "title"
    assert source.head
    assert sum(kind == "paragraph" for kind, _ in source.blocks) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_clean_text_is_as_a_copy_editor_leaves_it(name: str) -> None:
    text = read("clean", name)
    assert re.search(rf"[{HAN}][,:;!?()\"']|[,;!?()\"'][{HAN}]", text) is None, (
        "half-width mark beside a Chinese character"
    )
    assert re.search(r"[\u0000-\u0009\u000b-\u001f\u007f]", text) is None, "control character"
    assert re.search(r"[■▲●◆]", text) is None, "ornament"
    assert re.search(rf"[{HAN}]一一|—(?<!——)(?!—)", text) is None, "broken dash"
    assert "\n\n\n" not in text
    assert text == text.strip() + "\n"
    for line in text.splitlines():
        for opening, closing in PAIRS:
            assert line.count(opening) == line.count(closing), f"unpaired {opening}{closing}: {line[:20]}"


@pytest.mark.parametrize("name", NAMES)
def test_paragraphs_of_the_clean_text_are_whole(name: str) -> None:
    """No line ends in the middle of a sentence, but for titles, headings, bylines, captions, lists and tables, which are short."""
    for line in read("clean", name).splitlines():
        assert len(characters(line)) <= 45 or line[-1] in "。！？…；：”」", line


@pytest.mark.parametrize("name", NAMES)
def test_clean_text_holds_what_the_scan_holds(name: str) -> None:
    """What the scan does not show is not in the clean text: outside misread characters and a caption that moved, they agree."""
    scan, clean = characters(read("scans", name)), characters(read("clean", name))
    matcher = difflib.SequenceMatcher(None, scan.translate(FULL_WIDTH), clean, autojunk=False)
    put_in = [clean[j:k] for tag, _, _, j, k in matcher.get_opcodes() if tag in ("insert", "replace")]
    moved = [text for text in put_in if len(text) > 8]
    assert len(moved) <= 1
    assert sum(len(text) for text in put_in if len(text) <= 8) <= 0.05 * len(clean)


@pytest.mark.parametrize("name", NAMES)
def test_clean_text_is_the_text_that_was_typeset(name: str) -> None:
    """All but what the engine lost or misread beyond recognition: at most five characters a sample, and the ornaments."""
    blocks = read_source(read("text", name)).blocks
    printed = characters("".join(text.split(" ", 1)[1] if kind == "picture" else text for kind, text in blocks))
    clean = re.sub(r"^#+ ", "", read("clean", name), flags=re.MULTILINE)
    matcher = difflib.SequenceMatcher(None, re.sub("[■▲]", "", printed), characters(clean), autojunk=False)
    differing = [max(j - i, m - k) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]
    assert sum(differing) <= 5
