"""What a recogniser told of a text beside the text itself, for each of its code points."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Recognised(NamedTuple):
    """Columns with one entry for each code point: `confidences`, how sure the recogniser was of it (a probability; NaN where it
    did not say, and for white space); `margins`, whether it stands in the head or foot of a page, apart from its text.
    """

    confidences: NDArray[np.float32]
    margins: NDArray[np.bool_]

    def doubts(self) -> NDArray[np.float64]:
        """How much the recogniser doubted each code point, against all others of the text: the natural logarithm of one over the share
        of those that it was no surer of, less 1, which is the mean. 0 where it did not say.
        """
        import numpy as np

        said = ~np.isnan(self.confidences)
        known = self.confidences[said]
        doubts = np.zeros(len(self.confidences))
        doubts[said] = -np.log(np.searchsorted(np.sort(known), known, "right") / len(known)) - 1
        return doubts

    def within(self, start: int, end: int) -> Recognised:
        """The same for the part of the text from `start` to `end`."""
        return Recognised(self.confidences[start:end], self.margins[start:end])

    def at(self, origins: NDArray[np.int64]) -> Recognised:
        """The same for another text: `origins` says where each of its code points stands in this one, -1: nowhere."""
        import numpy as np

        kept = origins >= 0
        confidences = np.full(len(origins), np.nan, np.float32)
        confidences[kept] = self.confidences[origins[kept]]
        margins = np.zeros(len(origins), np.bool_)
        margins[kept] = self.margins[origins[kept]]
        return Recognised(confidences, margins)
