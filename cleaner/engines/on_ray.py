"""The engine Ray: parts cleaned by Ray Data, on this machine or on the cluster at an address.

Ray spreads the parts over its machines and does again what was under way on one that is lost. What is done is known by the
marks of the parts, so a run that was stopped goes on where it stopped.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cleaner import __version__
from cleaner.batch.due import signature
from cleaner.batch.folder import UnusableFolder
from cleaner.batch.tables.rows import TableSettings, Tally
from cleaner.engines.part import Done, Job, clean_part, writing
from cleaner.engines.parts import Part, Place, members, parts, place_of
from cleaner.extras import needed
from cleaner.files.decode import codec_of

ATTEMPTS = 3
"""TableSettings often a part is tried whose files cannot be read or written. (One whose machine is lost Ray tries again three times.)"""

FOLDERS = ("clean", "done", "edits", "unfinished")


@dataclass
class ClusterSummary:
    """What a run did. `unchanged` counts parts that were done before, `done` those done now."""

    done: int = 0
    unchanged: int = 0
    documents: int = 0
    tally: Tally = field(default_factory=Tally)
    failures: list[tuple[str, str]] = field(default_factory=list)

    @property
    def edits(self) -> Counter[tuple[str, str]]:
        """The edits by pass and band."""
        counts: Counter[tuple[str, str]] = Counter()
        for (pass_, band, _), number in self.tally.edits.items():
            counts[pass_, band] += number
        return counts

    def add(self, done: Done) -> None:
        """Adds a part."""
        self.documents += done.documents
        self.tally.add(done.tally)
        self.failures += done.failures


def run(
    given: Sequence[str],
    out: str,
    how: TableSettings,
    *,
    address: str | None = None,
    encoding: str | None = None,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda done, every: None,
) -> ClusterSummary:
    """Cleans the files under the paths or addresses `given` into `out`; `progress` is told of parts done, of how many.

    Raises before any work UnusablePaths, UnusableFolder, UnknownEncoding, MissingExtra; OSError; and what Ray raises where
    no cluster answers at `address`.
    """
    needed("ray.data", "ray", "--engine ray")
    if encoding is not None:
        codec_of(encoding)
    target = place_of(out)
    _refuse_inputs(target, given)
    _refuse_strangers(target)
    settings = how.settings
    lexicons = tuple(path.read_bytes() for path in settings.lexicons)
    depends = f"{signature(settings, encoding)} {how.column} {how.edits} {how.quality} {__version__}"
    every = list(parts(members(given), depends))
    learned, model = (None if path is None else path.read_bytes() for path in (settings.learned, settings.model))
    job = Job(how, target, encoding, lexicons, learned, model)
    if force:
        _forget(every, target)
    known = _marks(target)
    summary = ClusterSummary(unchanged=sum(part.id in known for part in every))
    for part in every:
        if part.id in known:
            summary.add(_read(target, part.id))
    waiting = {part.id: part for part in every if part.id not in known}
    if waiting:
        for done in _cleaned(list(waiting.values()), job, address):
            if waiting.pop(done.part, None):
                summary.done += done.finished
                summary.add(done)
                progress(summary.done + summary.unchanged, len(every))
    lost = "its process was lost several times, probably for want of memory; what it cleaned is not kept"
    summary.failures += [(m.name, lost) for part in waiting.values() for m in part.members]
    _write_summary(target, summary)
    return summary


def _cleaned(waiting: Sequence[Part], job: Job, address: str | None) -> Iterator[Done]:
    """The parts, cleaned by Ray, as they are done. Parts that are lost for good are missing."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    ours = not ray.is_initialized()
    if ours:
        dashboard = None if address else False
        ray.init(
            address=address or "local", include_dashboard=dashboard, log_to_driver=False, logging_level=logging.ERROR
        )
    try:
        context = ray.data.DataContext.get_current()
        context.max_errored_blocks = -1  # one that is lost for good must not stop the others
        context.enable_progress_bars = False
        rows = [{"part": pickle.dumps(part)} for part in waiting]
        parts = ray.data.from_items(rows, override_num_blocks=len(rows))
        clean: Any = partial(_clean, job=job)
        for row in parts.map(clean, num_cpus=1).iter_rows():
            yield Done.from_json(row["done"])
    finally:
        if ours:
            ray.shutdown()


def _clean(row: Mapping[str, bytes], job: Job) -> dict[str, bytes]:
    """What a Ray task does: a part cleaned. Where files cannot be read or written it tries again, then tells."""
    part: Part = pickle.loads(row["part"])  # noqa: S301  # which the driver of this run has pickled
    for attempt in range(ATTEMPTS):
        try:
            return {"done": clean_part(part, job).as_json()}
        except (OSError, RuntimeError) as error:
            why = str(error)
            time.sleep(attempt)
    failed = Done(part.id, 0, Tally(), [(member.name, why) for member in part.members], finished=False)
    return {"done": failed.as_json()}


def _refuse_inputs(target: Place, given: Sequence[str]) -> None:
    """Raises UnusableFolder where the target lies in an input, or an input in it."""
    out = f"{target.path.rstrip('/')}/"
    for uri in given:
        place = place_of(uri)
        source = f"{place.path.rstrip('/')}/"
        if place.filesystem == target.filesystem and (out.startswith(source) or source.startswith(out)):
            raise UnusableFolder(f"{target.path} and the input {uri} lie in each other; give another folder with -o")


def _refuse_strangers(target: Place) -> None:
    """Raises UnusableFolder where the target has content that no run over a cluster wrote."""
    fs = needed("pyarrow.fs", "ray", "--engine ray")
    info = target.filesystem.get_file_info(target.path)
    if info.type == fs.FileType.File:
        raise UnusableFolder(f"{target.path} is a file; give a folder with -o")
    if info.type != fs.FileType.Directory:
        return
    found = {entry.base_name for entry in target.filesystem.get_file_info(fs.FileSelector(target.path))}
    if "ledger.db" in found:
        raise UnusableFolder(f"{target.path} was written by a run on one machine; give another folder with -o")
    if found and "done" not in found and not found <= {*FOLDERS, "summary.json"}:
        raise UnusableFolder(
            f"{target.path} is not empty, and no run of cleaner wrote it; give an empty or a new folder with -o"
        )


def _marks(target: Place) -> set[str]:
    """The ids of the parts that are done."""
    fs = needed("pyarrow.fs", "ray", "--engine ray")
    selector = fs.FileSelector(target.below("done").path, allow_not_found=True)
    return {info.base_name.removesuffix(".json") for info in target.filesystem.get_file_info(selector)}


def _read(target: Place, part: str) -> Done:
    place = target.below("done", f"{part}.json")
    with place.filesystem.open_input_stream(place.path) as stream:
        return Done.from_json(stream.read())


def _forget(every: Sequence[Part], target: Place) -> None:
    known = _marks(target)
    for part in every:
        if part.id in known:
            target.filesystem.delete_file(target.below("done", f"{part.id}.json").path)


def _write_summary(target: Place, summary: ClusterSummary) -> None:
    """Writes summary.json: what the run did, for those who come later."""
    edits = [{"pass": pass_, "band": band, "number": number} for (pass_, band), number in sorted(summary.edits.items())]
    values = {
        "version": __version__, "documents": summary.documents, "rows": summary.tally.rows,
        "characters": summary.tally.characters, "edits": edits, "failures": summary.failures,
    }  # fmt: skip
    with writing(target, "summary.json") as stream:
        stream.write(json.dumps(values, ensure_ascii=False, indent=1).encode("utf-8", "surrogateescape"))
