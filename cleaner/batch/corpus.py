"""A corpus read for what its texts have in common: one text after the other, failures noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from cleaner.files.find import Found
from cleaner.files.read import UnreadableDocument, largest, read, text_of


@dataclass
class Corpus:
    """The texts of documents, read as they are asked for. What was read so far is counted, what failed is noted."""

    documents: Sequence[Found]
    encoding: str | None = None
    progress: Callable[[Found], None] = lambda found: None
    characters: int = 0
    read: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)

    def texts(self) -> Iterator[str]:
        """Each text in turn; what cannot be read is passed over."""
        most = largest()
        for document in self.documents:
            try:
                text = text_of(read(document.path, most).raw, self.encoding).text
            except UnreadableDocument as error:
                self.failures.append((document.name, str(error)))
            else:
                self.read += 1
                self.characters += len(text)
                yield text
            self.progress(document)
