"""The engine Ray, on a cluster of two machines that are processes here."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cleaner.batch.folder import OutFolder, UnusableFolder
from cleaner.batch.run import run as run_here
from cleaner.batch.tables.rows import TableSettings
from cleaner.engines import on_ray
from cleaner.files.find import find
from cleaner.settings import Settings

ray = pytest.importorskip("ray")
pytest.importorskip("ray.data")

HOW = TableSettings(Settings(skip=("terms",)))
SHARDS = 6


@pytest.fixture
def cluster() -> Iterator[Any]:
    """A cluster: a head that does no work, and two machines of one processor each."""
    from ray.cluster_utils import Cluster

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made: Any = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
        machines = [made.add_node(num_cpus=1) for _ in range(2)]
        ray.init(address=made.address, log_to_driver=False)
        yield made, machines
        ray.shutdown()
        made.shutdown()


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """A corpus in so many files that each machine has several, with a document beside them."""
    text = "春泥公益协会开设课堂,孩子们\n的课余生活丰富起来。公司的人驻\n带来机遇,形成“策划一制作一销售”的产业链。"
    folder = tmp_path / "corpus"
    folder.mkdir()
    for shard in range(SHARDS):
        rows = [{"id": n, "text": f"{text}第{shard}{n}页"} for n in range(60)]
        (folder / f"{shard}.jsonl").write_text(
            "\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8"
        )
    (folder / "page.txt").write_text(text, encoding="utf-8")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.filterwarnings("ignore")
def test_a_machine_lost_in_mid_run_changes_nothing(
    tmp_path: Path, cluster: Any, shards: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, machines = cluster
    lost: list[Any] = []

    def progress(done: int, every: int) -> None:
        assert every == SHARDS + 1
        if not lost:
            lost.append(machines.pop())
            made.remove_node(lost[0], allow_graceful=False)

    out = tmp_path / "out"
    summary = on_ray.run([str(shards)], str(out), HOW, progress=progress)
    assert lost
    assert (summary.done, summary.failures) == (SHARDS + 1, [])
    assert summary.tally.rows == 60 * SHARDS
    here = OutFolder(tmp_path / "here")
    run_here(find([shards]).documents, here, HOW.settings, jobs=1, rows=HOW)
    assert files(out / "clean") == files(here.clean)
    assert summary.edits.total() == here.edits.read_bytes().count(b"\n")
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["documents"] == SHARDS + 1

    (shards / "0.jsonl").write_text('{"text": "⾦"}', encoding="utf-8")
    again = on_ray.run([str(shards)], str(out), HOW)
    assert (again.done, again.unchanged) == (1, SHARDS)
    assert (out / "clean" / "0.jsonl").read_text(encoding="utf-8") == '{"text": "金"}'


@pytest.mark.parametrize("out", ["corpus/out", "."])
def test_output_among_the_input_is_refused(tmp_path: Path, shards: Path, out: str) -> None:
    with pytest.raises(UnusableFolder, match="lie in each other"):
        on_ray.run([str(shards)], str(tmp_path / out), HOW)


def test_a_folder_of_others_is_refused(tmp_path: Path, shards: Path) -> None:
    others = tmp_path / "others"
    others.mkdir()
    (others / "mine.txt").write_bytes(b"")
    with pytest.raises(UnusableFolder, match="no run of cleaner wrote it"):
        on_ray.run([str(shards / "0.jsonl")], str(others), HOW)
    out = OutFolder(tmp_path / "here")
    run_here(find([shards / "page.txt"]).documents, out, HOW.settings, jobs=1)
    with pytest.raises(UnusableFolder, match="by a run on one machine"):
        on_ray.run([str(shards)], str(out.top), HOW)
