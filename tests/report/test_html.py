"""The report: whole, safe, bounded, and in agreement with the ledger."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cleaner.chain import RULES
from cleaner.decisions.decision import about
from cleaner.ledger.ledger import Ledger, LedgerError
from cleaner.report import data as report_data
from cleaner.report import html
from cleaner.report.data import EDIT

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


def _data(run: Run) -> dict[str, Any]:
    """The data of the page, its edits as mappings with their rules and bands by name."""
    data: dict[str, Any] = json.loads(_report(run).one("script", id="data").text)
    data["edits"] = [dict(zip(EDIT, row, strict=True)) for row in data["edits"]]
    for edit in data["edits"]:
        edit["rule"], edit["band"] = data["rules"][edit["rule"]][0], data["bands"][edit["band"]]
    return data


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
    assert Counter(edit["band"] for edit in _data(page)["edits"]) == bands
    passes = {row.one("th").text: [int(cell.text or 0) for cell in row.all("td", "count")]
              for row in report.one("section", id="passes").one("tbody").all("tr")}  # fmt: skip
    wanted = Counter((edit["pass"], edit["band"]) for edit in edits)
    assert passes == {p: [wanted[p, band] for band in html.BANDS] for p in {edit["pass"] for edit in edits}}
    assert list(passes) == ["artifacts", "wraps", "punctuation", "garble", "misreads"]
    bars = [int(bar.one("span", "number").text) for bar in report.one("ol", "histogram").all("li")]
    assert bars == [0, 0, 0, 1, 0, 0, 0, 5, 1]


def test_edits_stand_in_their_line(page: Run) -> None:
    data = _data(page)
    (document,) = data["documents"]
    source = "".join(_reading(passage[3], 2) for passage in document["passages"] if len(passage) > 3)
    assert "重新开了门，公司的人驻手续也办好了." in source
    clean = "".join(_reading(passage[3], 3) for passage in document["passages"] if len(passage) > 3)
    assert "镇上的书店重新开了门，公司的入驻手续也办好了。" in clean
    told = [place for passage in document["passages"] if len(passage) > 3 for place in passage[4]]
    assert sorted(told) == list(range(len(data["edits"])))


def test_what_did_not_change_is_folded_between(run: Run, edit: Make) -> None:
    text = (
        "头一段没有什么要改的。\n\n" * 9
        + "公司的人驻手续。\n\n"
        + "中间的段落也都对。\n" * 9
        + "他说,好。\n"
        + "末一段。\n" * 9
    )
    run.done("a.txt", text, [edit(text, "人", "入", "misreads/look-alike"), edit(text, ",", "，", "punctuation/width")])
    (document,) = _data(run)["documents"]
    shown = [row[2] if len(row) == 3 else _reading(row[3], 2) for row in document["passages"]]
    assert "".join("".join(shown).split()) == "".join(text.split())
    folds = [row for row in document["passages"] if len(row) == 3]
    assert [line for line, _, _ in folds] == [1, 22, 33]
    assert all(text.split("\n")[line - 1 : line - 1 + number] == folded.split("\n") for line, number, folded in folds)


def _reading(tokens: list[Any], side: int) -> str:
    """A passage before (2) or after (3) its changes."""
    return "".join(t if isinstance(t, str) else t[1] if t[0] == 0 else t[side] if t[0] == 1 else "" for t in tokens)


def test_an_edit_tells_rule_confidence_line_and_evidence(page: Run) -> None:
    data = _data(page)
    edit = next(e for e in data["edits"] if (e["before"], e["after"]) == ("人", "入"))
    assert (edit["rule"], edit["line"], edit["confidence"]) == ("misreads/look-alike", 2, 0.9946)
    assert edit["more"] == {"evidence": [["similarity", "0.93"], ["word", "入驻"]]}
    assert (edit["left"], edit["right"]) == ("新开了门，公司的", "驻手续也办好了.")
    rule = next(rule for rule in data["rules"] if rule[0] == edit["rule"])
    assert rule[1] == RULES["misreads/look-alike"].does


def test_a_move_says_where_to(page: Run) -> None:
    data = _data(page)
    place, edit = next((n, e) for n, e in enumerate(data["edits"]) if e["rule"] == "wraps/caption")
    assert edit["more"] == {"kind": "move", "to": PAGE.index("渐江"), "destination": 12}
    tokens = [token for passage in data["documents"][0]["passages"] if len(passage) > 3 for token in passage[3]]
    assert [3, place] in tokens
    assert any(t[0] == 0 and "图为书店" in t[1] and t[2] == "moved" for t in tokens if not isinstance(t, str))


def test_a_failure_stands_with_its_reason(page: Run) -> None:
    failures = _report(page).one("section", id="failures")
    assert "broken.txt" in failures.text
    assert "it begins as a JPEG picture does" in failures.text


def test_every_link_finds_its_place(page: Run) -> None:
    report = _report(page)
    ids = [node.attributes["id"] for node in report.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    links = {(node.attributes["href"] or "").removeprefix("#") for node in report.all("a")}
    assert links == {document["anchor"] for document in _data(page)["documents"]}


def test_series_are_told_by_word(run: Run) -> None:
    text = "公司的人驻和店家的人驻，还有人口处的人口，都写错了。\n" * 3
    edits = [
        {"start": at.start(), "end": at.start() + 1, "after": "入", "rule": "misreads/look-alike",
         "band": "applied" if at.group() == "人驻" else "suggested"}
        for at in re.finditer("人驻|人口", text)
    ]  # fmt: skip
    run.done("a.txt", text, edits)
    data = _data(run)
    told = [(one["before"], one["after"], one["beside"], one["bands"]) for one in data["series"]]
    assert sorted(told) == [("人口", "入口", ["", "口"], [0, 6, 0]), ("人驻", "入驻", ["", "驻"], [6, 0, 0])]
    assert Counter(data["series"][edit["series"]]["before"] for edit in data["edits"]) == {"人驻": 6, "人口": 6}


def test_decisions_and_what_they_left_out_are_there(page: Run) -> None:
    with Ledger.deciding(page.path) as ledger:
        edit = next(e for e in ledger.edits() if e["before"] == "人")
        gone = {**edit, "id": "gone", "start": PAGE.index("茶"), "before": "茶", "after": "荼"}
        lines = [about(one, PAGE, "reject").as_line() for one in (edit, gone)]
        ledger.add_decisions(lines)
    data = _data(page)
    assert sorted(data["decisions"]) == sorted(lines)
    assert [e["before"] for e in data["edits"] if e["band"] == "rejected"] == ["茶"]


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
    assert len(list(report.all("script"))) == 2
    assert not list(report.all("img"))
    assert not [name for node in report.all() for name in node.attributes if name.startswith("on")]
    data = report.one("script", id="data").text
    assert "<" not in data
    assert "\\u003cscript>alert(1)\\u003c/script>" in data
    assert "{{ 7*7 }}{% raw %}" in data
    assert _data(hostile)["edits"][0]["before"] == "<script>alert(1)</script>"


def test_what_cannot_be_seen_is_shown_as_its_code(hostile: Run) -> None:
    raw = re.sub('<script type="application/json".*?</script>', "", _written(hostile), flags=re.DOTALL)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]", raw)
    codes = {node.text for node in Tree(raw).root.all("span", "code")}
    assert {"U+202E", "U+DCFF"} <= codes


def test_nothing_is_fetched_from_anywhere(hostile: Run) -> None:
    raw = _written(hostile)
    assert not re.search(r"(https?|ftp|data|file|wss?):", raw.replace("&lt;", "<").lower())
    assert not re.search(r"@import|\burl\((?!#)|XMLHttpRequest|\bimport\(", raw)
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
    scripts = [node.text for node in report.all("script") if "type" not in node.attributes]
    for tag, text in (("style", report.one("style").text), ("script", *scripts)):
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_the_same_ledger_gives_the_same_bytes(page: Run) -> None:
    assert _written(page) == _written(page)
    assert sorted(path.name for path in page.path.parent.iterdir()) == ["ledger.db", "report.html"]


def test_without_script_the_summary_is_there(page: Run) -> None:
    report = _report(page)
    assert "let this page run its script" in report.one("noscript").text
    assert {n.attributes.get("id") for n in report.all() if "hidden" in n.attributes} == {
        "filter",
        "series",
        "standing",
    }
    assert report.one("html").attributes["lang"] == "en"


def test_large_runs_are_bounded_and_say_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_data, "MOST_EDITS", 90)
    text = "他说,好\n" * 200
    commas: list[dict[str, Any]] = [
        {"start": m.start(), "end": m.end(), "after": "，", "rule": "punctuation/width"} for m in re.finditer(",", text)
    ]
    commas[150]["band"] = "suggested"
    commas[180]["confidence"] = 0.91
    run.done("large.txt", text, commas)
    run.done("small.txt", text, commas[:30])
    data = _data(run)
    assert Counter(data["documents"][edit["document"]]["name"] for edit in data["edits"]) == {
        "large.txt": 60,
        "small.txt": 30,
    }
    assert {document["name"]: document["leftOut"] for document in data["documents"]} == {
        "large.txt": 140,
        "small.txt": 0,
    }
    assert {151, 181} <= {edit["line"] for edit in data["edits"]}


@pytest.mark.parametrize(
    ("numbers", "most"),
    [([], 50_000), ([5, 7], 50_000), ([70_000], 50_000), ([30_000, 30_000], 25_000), ([1_000] * 100, 500),
     ([10] * 100 + [5_000] * 20, 2_450)],
)  # fmt: skip
def test_room_is_shared_among_documents(numbers: list[int], most: int) -> None:
    assert report_data.most_of_each(numbers) == most
    assert sum(min(number, most) for number in numbers) <= report_data.MOST_EDITS


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
    assert [document["name"] for document in _data(run)["documents"]] == ["b.txt", "c.txt"]


def test_a_source_that_was_not_kept(run: Run, edit: Make) -> None:
    run.done("a.txt", PAGE, [edit(PAGE, "人", "入", "misreads/look-alike")], keep_source=False)
    (document,) = _data(run)["documents"]
    assert document["hasSource"] is False
    assert [passage[3] for passage in document["passages"]] == [[[1, 0, "人", "入"], [2, 0]]]


def test_nothing_to_report(run: Run) -> None:
    run.done("a.txt", "都对。\n")
    report = _report(run)
    assert "Nothing was changed" in report.text
    assert _data(run)["documents"] == []


def test_a_ledger_that_is_missing(tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    with pytest.raises(LedgerError):
        html.write(tmp_path / "ledger.db", target)
    assert not target.exists()
