"""Collections for runs over many machines, and what one machine makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner.batch.folder import OutFolder
from cleaner.batch.run import run
from cleaner.batch.tables.rows import TableSettings
from cleaner.files.find import find
from cleaner.settings import Settings

ONE_PASS = Settings(only=("characters",))


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Documents in several encodings, JSONL and Parquet, one document that fails."""
    folder = tmp_path / "scans"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_text("山里有⾦子，\r\n也有银子。", encoding="utf-8")
    (folder / "b" / "c.md").write_bytes("柚子的香气飘满了山谷，收成比去年好。\n".encode("gb18030"))
    (folder / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    rows = [{"id": n, "text": f"第{n}座山里有{'⾦' if n % 3 == 0 else '金'}子"} for n in range(1, 301)]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    lines[7] = "{broken"
    (folder / "rows.jsonl").write_text("\n".join(lines), encoding="utf-8")
    pq = pytest.importorskip("pyarrow.parquet")
    table = pytest.importorskip("pyarrow").Table.from_pylist(rows)
    pq.write_table(table, folder / "rows.parquet", row_group_size=70)
    return folder


@pytest.fixture
def expected(tmp_path: Path, collection: Path) -> Path:
    """The folder that one machine makes of the collection."""
    out = OutFolder(tmp_path / "local")
    run(find([collection]).documents, out, ONE_PASS, jobs=1, rows=TableSettings())
    return out.top
