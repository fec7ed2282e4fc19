"""A corpus read for what its texts have in common: one text after the other, failures noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from cleaner.batch.summary import Step
from cleaner.files.found import Documents
from cleaner.files.read import largest, read, reading_of
from cleaner.files.unreadable import UnreadableDocument


@dataclass
class Corpus:
    """The texts of documents, read as they are asked for. What was read so far is counted, what failed is noted."""

    documents: Documents
    encoding: str | None = None
    progress: Callable[[Step], None] = lambda step: None
    characters: int = 0
    read: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)

    def texts(self) -> Iterator[str]:
        """Each text in turn; what cannot be read is passed over."""
        most = largest()
        for document in self.documents:
            state: Literal["done", "failed"] = "done"
            length = 0
            try:
                raw = read(document.path, most, document.member).raw
                text = reading_of(raw, self.encoding, document.name).text
            except UnreadableDocument as error:
                self.failures.append((document.name, str(error)))
                state = "failed"
            else:
                length = len(text)
                self.read += 1
                self.characters += length
                yield text
            self.progress(Step(document.name, document.size, state, characters=length))
