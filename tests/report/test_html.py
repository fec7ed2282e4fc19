"""The report: whole, safe, bounded, and in agreement with the ledger."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cleaner.batch.ledger import Ledger, LedgerError
from cleaner.chain import RULES
from cleaner.report import html

if TYPE_CHECKING:
    from tests.report.conftest import Run

Make = Callable[..., dict[str, Any]]

VOID = {"meta", "input", "br", "rect", "circle", "link", "img"}

PAGE = (
    "镇上的书店\n重新开了门，公司的人驻手续也办好了.\n\n"
    "屋里摆着一张旧书桌，桌上是邻居送来的花\n\n图为书店门口的长椅。\n\n和一本没有写完的日记。\n\n"
    "·12·\n\n渐江来的客人坐在窗边，翻看一本讲茶的书。风从门外吹吹吹吹吹吹吹吹进来。\n"
)


@dataclass
class Node:
    """An element of the report, with its text and what is in it."""

    tag: str
    attributes: dict[str, str | None]
    children: list[Node] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set((self.attributes.get("class") or "").split())

    @property
    def text(self) -> str:
        """All its text, in order."""
        return "".join(self.texts)

    def all(self, tag: str = "", class_: str = "") -> Iterator[Node]:
        """The elements inside it of that tag and class."""
        for child in self.children:
            if (not tag or child.tag == tag) and (not class_ or class_ in child.classes):
                yield child
            yield from child.all(tag, class_)

    def one(self, tag: str = "", class_: str = "", **attributes: str) -> Node:
        """The only element of that kind."""
        found = [n for n in self.all(tag, class_) if all(n.attributes.get(k) == v for k, v in attributes.items())]
        assert len(found) == 1, f"{len(found)} of <{tag} class={class_} {attributes}>"
        return found[0]


class Tree(HTMLParser):
    """Reads HTML into nodes; every element must be closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = Node("", {})
        self._open = [self.root]
        self.feed(text)
        self.close()
        assert len(self._open) == 1, [node.tag for node in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        assert len(attrs) == len(node.attributes), f"an attribute twice in <{tag}>"
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> inside <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for node in self._open:
            node.texts.append(data)


def _written(run: Run) -> str:
    target = run.path.with_name("report.html")
    html.write(run.path, target)
    return target.read_text("utf-8")


def _report(run: Run) -> Node:
    return Tree(_written(run)).root


@pytest.fixture
def page(run: Run, edit: Make) -> Run:
    """A page with an edit of every kind, a document without edits, and one that failed."""
    caption = PAGE.index("图为"), PAGE.index("和一本")
    edits = [
        edit(PAGE, "\n", "", "wraps/line"),
        edit(PAGE, "人", "入", "misreads/look-alike", confidence=0.9946, evidence={"similarity": 0.93, "word": "入驻"}),
        edit(PAGE, ".", "。", "punctuation/width", confidence=1.0),
        {"start": caption[0], "end": caption[1], "after": PAGE[slice(*caption)], "rule": "wraps/caption", "kind": "move",
         "to": PAGE.index("渐江")},
        edit(PAGE, "\n\n·12·\n\n", "\n\n", "artifacts/folio"),
        edit(PAGE, "渐", "浙", "misreads/look-alike", band="suggested", confidence=0.7),
        edit(PAGE, "吹吹吹吹吹吹吹吹", None, "garble/loop", band="flagged"),
    ]  # fmt: skip
    run.done("晨报/一.txt", PAGE, edits)
    run.done("clean.txt", "这里没有什么要改的。\n")
    run.failed("broken.txt", "not text: it begins as a JPEG picture does")
    return run


def test_counts_agree_with_the_ledger(page: Run) -> None:
    report = _report(page)
    with Ledger.open(page.path) as ledger:
        edits, documents = list(ledger.edits()), list(ledger.documents())
    figures = {div.one("dt").text.strip("✓?! "): div.one("dd").text for div in report.one("dl", "figures").all("div")}
    bands = Counter(edit["band"] for edit in edits)
    characters = sum(document.characters for document in documents)
    assert figures == {
        "documents": "3", "characters": str(characters), "failed": "1", **{band: str(n) for band, n in bands.items()}
    }  # fmt: skip
    told = (note.attributes["data-band"] for note in report.all("li", "note") for _ in note.all("li", "entry"))
    assert Counter(told) == bands
    passes = {row.one("th").text: [int(cell.text or 0) for cell in row.all("td", "count")]
              for row in report.one("section", id="passes").one("tbody").all("tr")}  # fmt: skip
    wanted = Counter((edit["pass"], edit["band"]) for edit in edits)
    assert passes == {p: [wanted[p, band] for band in html.BANDS] for p in {edit["pass"] for edit in edits}}
    assert list(passes) == ["artifacts", "wraps", "punctuation", "garble", "misreads"]


def test_bands_are_told_by_word_and_sign(page: Run) -> None:
    for note in _report(page).all("li", "note"):
        band = note.attributes["data-band"]
        assert band in ("applied", "suggested", "flagged")
        assert note.one(class_="badge").text == f"{html.BANDS[band]} {band}"
    assert len(set(html.BANDS.values())) == 3


def test_edits_stand_in_their_line(page: Run) -> None:
    report = _report(page)
    passages = list(report.all("article", "passage"))
    first = passages[0].one("p", "text")
    assert first.attributes["lang"] == "zh-Hans"
    assert [d.text for d in first.all("del", "applied")][:3] == ["⏎", "人", "."]
    assert [i.text for i in first.all("ins", "applied")][:2] == ["入", "。"]
    source = "".join(_reading(passage.one("p", "text"), without="ins") for passage in passages)
    assert "重新开了门，公司的人驻手续也办好了." in source
    clean = "".join(_reading(passage.one("p", "text"), without="del") for passage in passages)
    assert "镇上的书店重新开了门，公司的入驻手续也办好了。" in clean


def _reading(text: Node, without: str) -> str:
    """A passage without one side of its changes, and without what is not text."""
    gone = {id(n) for n in text.all() if n.tag == without or n.classes & {"reference", "sign", "more"}}
    reading = text.text
    for node in text.all():
        if id(node) in gone:
            reading = reading.replace(node.text, "", 1) if node.tag != "a" else reading
    return re.sub(r"\d+", "", reading)


def test_an_edit_tells_rule_confidence_line_and_evidence(page: Run) -> None:
    note = next(n for n in _report(page).all("li", "note") if n.one("summary").one(class_="what").text == "人→入")
    rule = note.one("summary").one(class_="rule")
    assert rule.text == "misreads/look-alike"
    assert rule.attributes["title"] == RULES["misreads/look-alike"].does
    assert note.one(class_="confidence").text == "0.994"
    told = note.one("details").text
    for words in ("line 2", "similarity", "0.93", "入驻", "U+4EBA → U+5165"):
        assert words in told


def test_equal_changes_of_a_passage_share_a_note(run: Run) -> None:
    text = "他说,好,又说,行.\n"
    run.done("a.txt", text, [{"start": m.start(), "end": m.end(), "after": {",": "，", ".": "。"}[m.group()],
                              "rule": "punctuation/full-width", "confidence": 0.9 + m.start() / 100}
                             for m in re.finditer("[,.]", text)])  # fmt: skip
    notes = list(_report(run).all("li", "note"))
    assert [note.one(class_="numbers").text for note in notes] == ["1 2 3", "4"]
    assert [note.one(class_="confidence").text for note in notes] == ["0.92–0.97", "0.99"]
    assert [len(list(note.all("li", "entry"))) for note in notes] == [3, 1]


def test_a_move_says_where_to(page: Run) -> None:
    report = _report(page)
    note = next(n for n in report.all("li", "note") if n.one("summary").one(class_="rule").text == "wraps/caption")
    assert note.one(class_="what").text == "moved to line 12"
    assert note.one("li", "entry").attributes["id"] == _anchor_of(page, "wraps/caption")
    assert "图为书店门口的长椅。" in "".join(n.text for n in report.all("span", "moved") if "sign" not in n.classes)
    arrival = report.one("span", "arrival")
    assert arrival.text.startswith("← from line 6 图为书店")
    assert arrival.one("a").attributes["href"] == "#" + _anchor_of(page, "wraps/caption")


def _anchor_of(run: Run, rule: str) -> str:
    with Ledger.open(run.path) as ledger:
        return next(html.anchor(e["document"], e) for e in ledger.edits() if e["rule"] == rule)


def test_removed_furniture_is_listed(page: Run) -> None:
    removed = _report(page).one("details", "removed")
    assert "1 piece" in removed.one("summary").text
    assert "line 10: ·12·" in removed.one("li").text


def test_a_failure_stands_with_its_reason(page: Run) -> None:
    failures = _report(page).one("section", id="failures")
    assert "broken.txt" in failures.text
    assert "it begins as a JPEG picture does" in failures.text


def test_every_link_finds_its_place(page: Run) -> None:
    report = _report(page)
    ids = [node.attributes["id"] for node in report.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    links = [node.attributes["href"] or "" for node in report.all("a")]
    assert len(links) > 10
    assert {link.removeprefix("#") for link in links} <= set(ids)


def test_series_are_counted_by_word(run: Run) -> None:
    text = "公司的人驻和店家的人驻，还有人口处的人口，都写错了。\n" * 3
    edits = [
        {"start": at.start(), "end": at.start() + 1, "after": "入", "rule": "misreads/look-alike",
         "band": "applied" if at.group() == "人驻" else "suggested"}
        for at in re.finditer("人驻|人口", text)
    ]  # fmt: skip
    run.done("a.txt", text, edits)
    lines = [li.text for li in _report(run).one("ol", "series").all("li")]
    assert [" ".join(line.split()[:4]) for line in lines] == ["人口→入口 ×6 ? suggested", "人驻→入驻 ×6 ✓ applied"]


HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% raw %}\u202e颠倒\u202c\x07\x00铃<!--\u200b&amp;\udc85'\"></p></details>\ufeff\x9f\n"
HOSTILE_NAME = 'a"><script>alert(2)</script>\u202e\udcff.txt'


@pytest.fixture
def hostile(run: Run, edit: Make) -> Run:
    """A scan, a file name and evidence that would break out of the page, or turn its text around."""
    edits = [
        edit(HOSTILE, "<script>alert(1)</script>", None, "garble/line", band="flagged"),
        edit(HOSTILE, "\x07\x00", "", "characters/control"),
        edit(HOSTILE, "\udc85", "</script><img src=x onerror=alert(3)>", 'misreads/"><b>', band="suggested",
             evidence={"<b>": "</dl><script>", "list": ["\u2028", "\ud800"]}),
    ]  # fmt: skip
    run.done(HOSTILE_NAME, HOSTILE, edits, message="<script>alert(4)</script>\u202e")
    run.failed("f.txt", "<script>alert(5)</script>")
    return run


def test_text_of_documents_is_never_markup(hostile: Run) -> None:
    report = _report(hostile)
    assert len(list(report.all("script"))) == 1
    assert not list(report.all("img"))
    assert not [name for node in report.all() for name in node.attributes if name.startswith("on")]
    assert "{{ 7*7 }}{% raw %}" in report.text
    assert "<script>alert(1)</script>" in report.text


def test_what_cannot_be_seen_is_shown_as_its_code(hostile: Run) -> None:
    raw = _written(hostile)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]", raw)
    codes = {node.text for node in Tree(raw).root.all("span", "code")}
    assert {"U+202E", "U+202C", "U+0007", "U+0000", "U+200B", "U+DC85", "U+FEFF", "U+009F", "U+DCFF"} <= codes


def test_nothing_is_fetched_from_anywhere(hostile: Run) -> None:
    raw = _written(hostile)
    assert not re.search(r"(https?|ftp|data|file|wss?):", raw.replace("&lt;", "<").lower())
    assert not re.search(r"@import|\burl\((?!#)|\bfetch\(|XMLHttpRequest|\bimport\(", raw)
    report = Tree(raw).root
    for node in report.all():
        assert node.tag not in ("link", "iframe", "object", "embed", "base", "audio", "video", "source")
        assert "src" not in node.attributes
        assert "style" not in node.attributes  # the policy would not let it through
        assert (node.attributes.get("href") or "#").startswith("#")


def test_the_policy_lets_only_its_own_script_and_style_through(page: Run) -> None:
    from base64 import b64encode
    from hashlib import sha256

    report = _report(page)
    policy = report.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"] or ""
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        digest = b64encode(sha256(report.one(tag).text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_same_ledger_gives_the_same_bytes(page: Run) -> None:
    assert _written(page) == _written(page)
    assert sorted(path.name for path in page.path.parent.iterdir()) == ["ledger.db", "report.html"]


def test_without_script_everything_is_there(page: Run) -> None:
    report = _report(page)
    assert report.one("form").attributes.keys() >= {"hidden"}
    assert report.one("html").attributes["lang"] == "en"
    assert [n for n in report.all() if "hidden" in n.attributes] == [report.one("form")]


def test_large_runs_are_bounded_and_say_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST_EDITS", 100)
    monkeypatch.setattr(html, "MOST_EDITS_OF_DOCUMENT", 60)
    text = "他说,好\n" * 200
    commas: list[dict[str, Any]] = [
        {"start": m.start(), "end": m.end(), "after": "，", "rule": "punctuation/width"} for m in re.finditer(",", text)
    ]
    commas[150]["band"] = "suggested"
    commas[180]["confidence"] = 0.91
    run.done("large.txt", text, commas)
    run.done("small.txt", text, commas[:30])
    report = _report(run)
    large, small = (report.one("details", id=html.anchor(name)) for name in ("large.txt", "small.txt"))
    assert [len(list(document.all("li", "entry"))) for document in (large, small)] == [60, 30]
    assert "Shown are 60 of 200 edits" in large.text
    assert "edits.jsonl has all of them" in large.text
    assert "Shown are" not in small.text
    lines = [entry.text for entry in large.all("li", "entry")]
    assert any("line 151," in line for line in lines)
    assert any("line 181," in line for line in lines)


@pytest.mark.parametrize(
    ("numbers", "most"),
    [([], 2_000), ([5, 7], 2_000), ([2_500], 2_000), ([30_000, 30_000], 2_000), ([1_000] * 40, 500),
     ([10] * 100 + [5_000] * 20, 950)],
)  # fmt: skip
def test_room_is_shared_among_documents(numbers: list[int], most: int) -> None:
    assert html._most_of_each(numbers) == most
    assert sum(min(number, most) for number in numbers) <= html.MOST_EDITS


def test_only_the_worst_documents_are_listed_in_large_runs(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MOST_DOCUMENTS", 2)
    for name, stops in (("a.txt", 1), ("b.txt", 3), ("c.txt", 2)):
        text = "很好." * stops + "。" * 20
        run.done(name, text, [{"start": m.start(), "end": m.end(), "after": "。", "rule": "punctuation/width"}
                              for m in re.finditer(r"\.", text)])  # fmt: skip
    report = _report(run)
    listed = report.one("section", id="list")
    assert [a.text for a in listed.all("a")] == ["b.txt", "c.txt"]
    assert "And 1 document" in listed.text
    assert [d.one("h2").text for d in report.all("details", "document")] == ["b.txt", "c.txt"]


def test_a_source_that_was_not_kept(run: Run, edit: Make) -> None:
    run.done("a.txt", PAGE, [edit(PAGE, "人", "入", "misreads/look-alike")], keep_source=False)
    report = _report(run)
    assert report.one("p", "text").text == "人入1"
    assert "holds no copy of this source" in report.text


def test_nothing_to_report(run: Run) -> None:
    run.done("a.txt", "都对。\n")
    report = _report(run)
    assert "Nothing was changed" in report.text
    assert not list(report.all("details", "document"))


def test_a_ledger_that_is_missing(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    with pytest.raises(LedgerError):
        html.write(tmp_path / "ledger.db", target)
    assert not target.exists()


@pytest.mark.parametrize(
    ("confidence", "told"), [(1.0, "1"), (0.9996, "0.999"), (0.994, "0.994"), (0.5, "0.5"), (0.0, "0")]
)
def test_only_certainty_is_called_1(confidence: float, told: str) -> None:
    assert html.certainty(confidence) == told
