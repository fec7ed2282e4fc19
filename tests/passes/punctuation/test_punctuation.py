"""What holds for punctuation whatever the text is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner, Settings

# No straight double quotes: a quotation over several paragraphs is the one thing that reaches over a line.
MARKS = st.text(alphabet="，。、；：？！“”‘’（）《》【】—…·,.:;?!()[]'<>-~～•∶a1中文国 \n", max_size=60)
PLAIN = Cleaner(Settings(only=("characters", "punctuation")))
STYLES = st.builds(
    Settings,
    only=st.just(("characters", "spaces", "punctuation")),
    region=st.sampled_from(["cn", "tw"]),
    quotes=st.sampled_from(["region", "curved", "corner", "keep"]),
    ellipsis=st.sampled_from(["region", "baseline", "centred", "keep"]),
    ranges=st.sampled_from(["document", "hyphen", "dash", "wave", "keep"]),
    letters=st.sampled_from(["half", "keep"]),
)


@given(MARKS, MARKS)
@settings(max_examples=200)
def test_a_paragraph_comes_out_the_same_however_the_text_is_cut(first: str, second: str) -> None:
    one, other = f"好。{first}。", f"好。{second}。"  # both have a full stop: the habit of the document is the same
    assert PLAIN.clean(f"{one}\n{other}").text == f"{PLAIN.clean(one).text}\n{PLAIN.clean(other).text}"


@given(MARKS, STYLES)
@settings(max_examples=200)
def test_every_house_style_is_a_fixed_point_and_can_be_undone(text: str, style: Settings) -> None:
    cleaner = Cleaner(style)
    cleaned = cleaner.clean(text)
    assert cleaned.revert() == text
    assert cleaner.clean(cleaned.text).text == cleaned.text
