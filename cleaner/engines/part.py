"""A part cleaned, on whichever machine: files in, files out, and last a mark that says that it is done.

Under the target stand `clean/` (clean files), `edits/` (records of edits.jsonl, a file for each part), `done/` (a mark for
each part) and, while they are written, `unfinished/`. A part that is cleaned twice, because a machine was lost or was
thought to be, gives the same files twice.
"""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO, cast

from cleaner import __version__
from cleaner.batch.tables import formats, jsonl, parquet
from cleaner.batch.tables.rows import Piece, TableSettings, Tally
from cleaner.batch.work import Task, outcome
from cleaner.engines.parts import Member, Part, Place, clean_name
from cleaner.files.read import largest
from cleaner.files.write import write


@dataclass(frozen=True, slots=True)
class Job:
    """TableSettings the parts of a run are cleaned, and where to. `lexicons` are the contents of those that the settings name,
    `learned` that of the file of what was learned, `model` that of the language model."""

    how: TableSettings
    target: Place
    encoding: str | None = None
    lexicons: tuple[bytes, ...] = ()
    learned: bytes | None = None
    model: bytes | None = None
    version: str = __version__

    def here(self) -> Job:
        """The job on this machine. Raises RuntimeError where another version of cleaner is installed on it."""
        if self.version != __version__:
            raise RuntimeError(
                f"this machine has cleaner {__version__}, and the run was started by {self.version}; "
                "install the same version on all machines"
            )
        paths = tuple(map(_file_here, self.lexicons))
        learned, model = (None if file is None else _file_here(file) for file in (self.learned, self.model))
        settings = replace(self.how.settings, lexicons=paths, learned=learned, model=model)
        return replace(self, how=replace(self.how, settings=settings))


def _file_here(content: bytes) -> Path:
    """A file with the content of a lexicon, a model, or of what was learned, the same for all processes of this machine."""
    path = Path(tempfile.gettempdir()) / f"cleaner-lexicon-{sha256(content).hexdigest()[:24]}.tsv"
    if not path.is_file() or path.read_bytes() != content:  # the folder is shared: somebody else may have put it there
        write(path, content)
    return path


@dataclass(slots=True)
class Done:
    """What became of a part: how many documents are clean, what was counted, and what failed.

    One that is not `finished` has no mark, and is tried again by the next run.
    """

    part: str
    documents: int
    tally: Tally
    failures: list[tuple[str, str]]
    finished: bool = True

    def as_json(self) -> bytes:
        """The mark of a part that is done."""
        values = {"part": self.part, "documents": self.documents, "tally": self.tally.as_json(),
                  "failures": self.failures, "finished": self.finished}  # fmt: skip
        return json.dumps(values).encode("ascii")

    @classmethod
    def from_json(cls, raw: bytes) -> Done:
        """The mark read."""
        values = json.loads(raw)
        failures = [(name, why) for name, why in values["failures"]]
        return cls(values["part"], values["documents"], Tally.from_json(values["tally"]), failures, values["finished"])


def mark_of(part: str, target: Place) -> Place:
    """Where the mark of a part stands."""
    return target.below("done", f"{part}.json")


def clean_part(part: Part, job: Job) -> Done:
    """Cleans a part, or finds that it is done. Raises OSError where files cannot be read or written, RuntimeError."""
    job = job.here()
    mark = mark_of(part.id, job.target)
    if mark.filesystem.get_file_info(mark.path).is_file:
        with mark.filesystem.open_input_stream(mark.path) as stream:
            return Done.from_json(stream.read())
    with writing(job.target, "edits", f"{part.id}.jsonl") as edits:
        done = _table(part, job, edits) if part.clean else _documents(part, job, edits)
    with writing(job.target, "done", f"{part.id}.json") as out:
        out.write(done.as_json())
    return done


def _documents(part: Part, job: Job, edits: BinaryIO) -> Done:
    done = Done(part.id, 0, Tally(), [])
    for member in part.members:
        try:
            with member.place.filesystem.open_input_stream(member.place.path) as stream:
                raw = stream.read()
        except FileNotFoundError:
            done.failures.append((member.name, "it is gone"))
            continue
        task = Task(member.name, Path(member.place.path), clean_name(member), job.how.settings, job.encoding,
                    most=largest(), decisions=job.how.decisions, raw=raw)  # fmt: skip
        result = outcome(task)
        if result.clean is None or result.document is None:
            done.failures.append((member.name, result.document.message if result.document else ""))
            continue
        with writing(job.target, "clean", task.clean) as out:
            out.write(result.clean)
        edits.writelines(row.record.encode("utf-8") + b"\n" for row in result.edits)
        counts = Counter((row.pass_, row.band, row.confidence) for row in result.edits)
        done.tally.add(Tally(texts=1, characters=result.document.characters, edits=counts))
        done.documents += 1
    return done


def _table(part: Part, job: Job, edits: BinaryIO) -> Done:
    """A table, or a stretch of one, piece by piece."""
    (member,) = part.members
    tally = Tally()
    try:
        with _opened(member) as source, writing(job.target, "clean", part.clean) as out:
            if part.format == "jsonl":
                _lines(part, job, source, out, edits, tally)
            else:
                _row_groups(part, job, source, out, edits, tally)
    except _Hopeless as error:
        return Done(part.id, 0, Tally(), [(part.clean, str(error))])
    except formats.unreadable() as error:
        return Done(part.id, 0, Tally(), [(part.clean, formats.in_words(error))])
    problems = formats.problems(tally)
    return Done(part.id, 1, tally, [(part.clean, problems)] if problems else [])


def _lines(part: Part, job: Job, source: Any, out: BinaryIO, edits: BinaryIO, tally: Tally) -> None:
    start, end = (
        _line_start(source, at) for at in (part.start, part.members[0].size if part.end is None else part.end)
    )
    stretch = cast(io.BufferedReader, io.BufferedReader(_Stretch(source, start, end)))
    first = Piece(0, part.clean, "jsonl", job.how, b"", 0, jsonl.BEGIN)
    _each(jsonl.pieces(stretch, first, largest()), out, edits, tally)


def _row_groups(part: Part, job: Job, source: Any, out: BinaryIO, edits: BinaryIO, tally: Tally) -> None:
    first = Piece(0, part.clean, "parquet", job.how, b"", 0, {**parquet.BEGIN, "group": part.start})
    with tempfile.TemporaryFile() as texts:
        _each(parquet.pieces(source, first, largest(), part.end), cast(BinaryIO, texts), edits, tally)
        texts.seek(0)
        parquet.assemble(source, cast(BinaryIO, texts), out, job.how, part.start, part.end)


def _each(pieces: Iterator[Piece], out: BinaryIO, edits: BinaryIO, tally: Tally) -> None:
    for piece in pieces:
        done = formats.cleaned(piece)
        if why := formats.hopeless(done):
            raise _Hopeless(why)
        out.write(done.content)
        if done.edits:
            edits.write(gzip.decompress(done.edits))
        tally.add(done.tally)


class _Hopeless(Exception):
    """A table without texts. The message says why."""


@contextmanager
def _opened(member: Member) -> Iterator[Any]:
    with member.place.filesystem.open_input_file(member.place.path) as stream:
        yield stream


@contextmanager
def writing(target: Place, *names: str) -> Iterator[BinaryIO]:
    """A stream whose bytes become a file below the target once all are written. Raises OSError."""
    fs = target.filesystem
    unfinished, final = target.below("unfinished", token_hex(8)), target.below(*names)
    for place in (unfinished, final):
        fs.create_dir(place.path.rpartition("/")[0], recursive=True)
    try:
        with fs.open_output_stream(unfinished.path, compression=None) as stream:
            yield stream
        fs.move(unfinished.path, final.path)
    except BaseException:
        if fs.get_file_info(unfinished.path).is_file:
            fs.delete_file(unfinished.path)
        raise


def _line_start(source: Any, at: int) -> int:
    """Where the first line begins that does not begin before `at`."""
    if at <= 0:
        return 0
    source.seek(at - 1)
    at -= 1
    while read := source.read(1 << 16):
        if (end := read.find(b"\n")) >= 0:
            return at + int(end) + 1
        at += len(read)
    return at


class _Stretch(io.RawIOBase):
    """The bytes of a file from `start` to `end`, as a stream."""

    def __init__(self, source: Any, start: int, end: int) -> None:
        source.seek(start)
        self._source = source
        self._left = end - start

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = self._source.read(min(len(buffer), self._left))
        buffer[: len(read)] = read
        self._left -= len(read)
        return len(read)
