"""docs/engines.md: every block of it, run on a small corpus, where its engine is installed."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner, Settings

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

DOC = Path(__file__).parents[2] / "docs" / "engines.md"
BLOCKS = dict(re.findall(r"^## (.+?)\n.*?^```python\n(.*?)^```", DOC.read_text(encoding="utf-8"), re.M | re.S))
NEEDS = {
    "Spark": "pyspark", "Ray Data": "ray.data", "Dask": "dask.dataframe", "Polars": "polars", "DuckDB": "duckdb",
    "Hugging Face datasets": "datasets", "pandas": "pandas",
}  # fmt: skip

ROWS: list[dict[str, Any]] = [
    {"id": n, "text": f"第{n}座山里有{'⾦' if n % 3 == 0 else '金'}子" if n != 5 else None} for n in range(1, 21)
]


def test_every_engine_is_shown() -> None:
    assert BLOCKS.keys() == NEEDS.keys()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("engine", NEEDS)
def test_an_engine_cleans_the_corpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, engine: str
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    pytest.importorskip(NEEDS[engine])
    monkeypatch.chdir(tmp_path)
    pq.write_table(pa.Table.from_pylist(ROWS), "corpus.parquet")
    names: dict[str, Any] = {"cleaner": Cleaner(Settings(only=("characters",)))}
    if engine == "Spark":
        names["spark"] = spark(monkeypatch)
    if engine == "Ray Data":
        request.addfinalizer(on_this_machine())
    exec(compile(BLOCKS[engine], f"{DOC.name}, {engine}", "exec"), names)
    rows = sorted(pq.read_table("clean.parquet").to_pylist(), key=lambda row: row["id"])
    assert [row["text"] for row in rows] == [r["text"] and r["text"].replace("⾦", "金") for r in ROWS]
    assert [len(row["edits"]) if row["edits"] is not None else None for row in rows][:6] == [0, 0, 1, 0, None, 1]
    assert rows[4]["quality"] is None


def spark(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A Spark of this machine alone."""
    if not shutil.which("java"):
        pytest.skip("Spark needs Java")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setitem(os.environ, "SPARK_LOCAL_IP", "127.0.0.1")
    from pyspark.sql import SparkSession

    return SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()


def on_this_machine() -> Callable[[], object]:
    """A Ray of this machine alone, which the block finds; gives what ends it."""
    import ray

    ray.init("local", num_cpus=1, include_dashboard=False, log_to_driver=False)
    return ray.shutdown
