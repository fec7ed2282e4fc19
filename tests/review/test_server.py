"""The review's server: who is let in, what it keeps, what it shows."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cleaner.batch.folder import OutFolder
from cleaner.decisions.decision import about
from cleaner.ledger.ledger import Ledger, LedgerError
from cleaner.review.server import MOST_BYTES, Review, application, image_of

HOST = "http://127.0.0.1:8377"
ORIGIN = {"Origin": HOST}
HOST_HEADER = b"host", b"127.0.0.1:8377"


def client_of(out: OutFolder, images: Path | None = None) -> TestClient:
    return TestClient(application(Review(out, "secret", 8377, "林", images)), base_url=HOST)


@pytest.fixture
def client(out: OutFolder) -> TestClient:
    return client_of(out)


def some(out: OutFolder, **more: Any) -> dict[str, Any]:
    """A decision as the page sends it."""
    with Ledger.open(out.ledger) as ledger:
        edit = next(ledger.edits("a.txt"))
        made = json.loads(about(edit, ledger.text("a.txt"), "reject", who="somebody else", at="1999-01-01").as_line())
    return {**made, **more}


def test_the_page_is_for_those_who_have_its_address(client: TestClient) -> None:
    assert client.get("/secret/").status_code == 200
    for path in ("/", "/other/", "/decisions", "/other/decisions", "/secret"):
        assert client.get(path, follow_redirects=False).status_code in (404, 307)


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8377", "127.0.0.1", "127.0.0.1:80", ""])
def test_a_name_that_only_leads_here_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/secret/", headers={"Host": host}).status_code == 403
    assert client.post("/secret/decisions", json=[], headers={"Host": host, **ORIGIN}).status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:9999", "null", None])
def test_other_pages_decide_nothing(client: TestClient, out: OutFolder, origin: str | None) -> None:
    headers = {} if origin is None else {"Origin": origin}
    assert client.post("/secret/decisions", json=[some(out)], headers=headers).status_code == 403
    assert client.post("/secret/apply", headers=headers).status_code == 403
    with Ledger.open(out.ledger) as ledger:
        assert ledger.decisions() == []


def test_the_policy_lets_no_foreign_or_inline_script_run(client: TestClient) -> None:
    answer = client.get("/secret/")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert scripts == ['<script type="application/json" id="data">', '<script src="/secret/page.js">']
    assert "<style" not in answer.text
    assert client.get("/secret/page.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/secret/page.css").headers["x-content-type-options"] == "nosniff"


def test_a_decision_is_kept_at_once_with_who_and_when(client: TestClient, out: OutFolder) -> None:
    answer = client.post("/secret/decisions", json=[some(out), some(out, verdict="replace", text="·")], headers=ORIGIN)
    assert answer.json() == {"kept": 2}
    with Ledger.open(out.ledger) as ledger:
        lines = [json.loads(line) for line in ledger.decisions()]
    assert [(d["verdict"], d["who"]) for d in lines] == [("reject", "林"), ("replace", "林")]
    assert all(d["at"] > "2020" for d in lines)
    seen = client.get("/secret/decisions?after=1").json()
    assert (seen["number"], [d["verdict"] for d in seen["decisions"]]) == (2, ["replace"])
    assert json.loads(_data(client)["decisions"][0])["verdict"] == "replace"


def _data(client: TestClient) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', client.get("/secret/").text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.mark.parametrize("body", [b"{", b"{}", b'[{"verdict": "maybe"}]', b"[1]", b"\xff"])
def test_what_is_no_decision_is_refused_whole(client: TestClient, out: OutFolder, body: bytes) -> None:
    answer = client.post("/secret/decisions", content=body, headers=ORIGIN)
    assert answer.status_code == 422
    with Ledger.open(out.ledger) as ledger:
        assert ledger.decisions() == []


def test_absurd_requests_are_answered(client: TestClient) -> None:
    long = "9" * 5000
    assert client.get(f"/secret/decisions?after={long}").json()["number"] == 0
    assert client.get(f"/secret/image/{long}").status_code == 404
    assert client.post("/secret/decisions", content=b"[" * 5000, headers=ORIGIN).status_code == 422
    assert client.post("/secret/decisions", content=b"[" + b" " * MOST_BYTES, headers=ORIGIN).status_code == 413


def test_a_query_that_is_no_text_is_refused(out: OutFolder) -> None:
    answers: list[Any] = []

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "path": "/secret", "query_string": b"\xed", "headers": [HOST_HEADER]}
        await client_of(out).app(scope, receive, send)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        answers.append(message.get("status"))

    asyncio.run(ask())
    assert answers[0] == 403


def test_decisions_are_applied(client: TestClient, out: OutFolder) -> None:
    client.post("/secret/decisions", json=[some(out)], headers=ORIGIN)
    answer = client.post("/secret/apply", headers=ORIGIN)
    assert answer.json()["told"] == ["1 written again, 2 without new decisions"]
    assert "公司的人驻" in (out.clean / "a.txt").read_text(encoding="utf-8")
    assert [row[9] for row in _data(client)["edits"]].count(3) == 1


def test_a_ledger_in_use_is_told(client: TestClient, out: OutFolder) -> None:
    with Ledger.begin(out.ledger):
        answer = client.get("/secret/decisions")
    assert answer.status_code == 503
    assert "another run is writing" in answer.json()["error"]


def test_a_folder_without_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError):
        client_of(OutFolder(tmp_path))


def test_a_scan_that_holds_markup_stays_text(scans: Path, cleaned: Callable[[], Any], tmp_path: Path) -> None:
    text = "公司的人驻,</script><script>alert(1)</script>手续<!--办好了.\n"
    (scans / "d.txt").write_text(text, encoding="utf-8")
    cleaned()
    page = client_of(OutFolder(tmp_path / "out")).get("/secret/").text
    assert page.count("<script") == 2
    assert page.count("</script>") == 2
    assert "alert(1)\\u003c/script>" in page


def test_images_of_scans(out: OutFolder, tmp_path: Path) -> None:
    images = tmp_path / "images"
    images.mkdir()
    (images / "a.png").write_bytes(b"\x89PNG page a")
    client = client_of(out, images)
    (with_image,) = (d for d in _data(client)["documents"] if "image" in d)
    assert with_image["name"] == "a.txt"
    answer = client.get(f"/secret/image/{with_image['image']}")
    assert (answer.content, answer.headers["content-type"]) == (b"\x89PNG page a", "image/png")
    assert client.get("/secret/image/2").status_code == 404
    (images / "a.png").unlink()
    assert client.get(f"/secret/image/{with_image['image']}").status_code == 404


def test_names_do_not_lead_out_of_the_folder_of_images(tmp_path: Path) -> None:
    root = tmp_path / "images"
    (root / "b").mkdir(parents=True)
    (tmp_path / "secret.png").write_bytes(b"")
    (root / "b" / "page.jpg").write_bytes(b"")
    (root / "link.png").symlink_to(tmp_path / "secret.png")
    assert image_of("b/page.txt", root) == root / "b" / "page.jpg"
    for name in (
        "../secret.txt",
        "b/../../secret.txt",
        str(tmp_path / "secret.txt"),
        "link.txt",
        "secret.txt",
        "a\0.txt",
        ".",
        "x" * 250 + ".txt",
    ):
        assert image_of(name, root) is None
