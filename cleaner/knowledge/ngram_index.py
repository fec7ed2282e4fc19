"""The n-grams of a language model as a hash table: from a context and a symbol to the n-gram of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_NODE_BITS = np.uint64(24)
_NODE_LIMIT = np.uint64((1 << 24) - 1)  # the highest number marks an empty slot
MOST_NGRAMS = int(_NODE_LIMIT)
"""N-grams, of all orders together, that a model can number."""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2 ** 64 over the golden ratio: Fibonacci hashing (Knuth, TAOCP 3, 6.4)
_HALF = np.uint64(32)
_SLOTS_PER_KEY = 1.6


@dataclass(frozen=True)
class NgramIndex:
    """A hash table from (node of the context, symbol) to the node of the n-gram, for one order.

    A slot holds 40 bits of hash, made by a multiplication that can be undone, so that equal hashes mean equal keys, and
    24 bits of node. The slots are in the order of their hashes, with gaps (linear probing with ordered keys, Amble and
    Knuth 1974), so a search ends at the first slot that is not less. An empty slot is the highest number.
    """

    slots: NDArray[np.uint64]
    homes: np.uint64

    @classmethod
    def of(cls, keys: NDArray[np.uint64], first_node: int) -> NgramIndex:
        """The index of keys, whose nodes are numbered from first_node on. The keys are overwritten."""
        entries = _hashed(keys)
        entries |= np.arange(first_node, first_node + len(keys), dtype=np.uint64)
        entries.sort()
        homes = np.uint64(len(keys) * _SLOTS_PER_KEY + 1)
        places = _home(entries, homes)
        rank = np.arange(len(keys), dtype=np.int32)
        places -= rank
        np.maximum.accumulate(places, out=places)
        places += rank
        slots = np.full(max(int(homes), int(places.max(initial=0)) + 1) + 1, np.iinfo(np.uint64).max, np.uint64)
        slots[places] = entries
        return cls(slots, homes)

    def nodes(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """For each key its node, -1 where there is none. The keys are overwritten."""
        hashed = _hashed(keys)
        places = _home(hashed, self.homes)
        slots = self.slots[places]
        later = np.flatnonzero(slots < hashed)
        while len(later):
            places[later] += 1
            slots[later] = self.slots[places[later]]
            later = later[slots[later] < hashed[later]]
        slots -= hashed
        return np.where(slots < _NODE_LIMIT, slots.view(np.int64), -1)


def _hashed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The hashes of keys, in their place: 40 bits, above 24 zeros."""
    keys <<= _NODE_BITS
    keys *= _SPREAD
    return keys


def _home(hashed: NDArray[np.uint64], homes: np.uint64) -> NDArray[np.int64]:
    """The slot where the search for a hash begins: its upper 32 bits as a fraction of all slots."""
    places = hashed >> _HALF
    places *= homes
    places >>= _HALF
    return places.view(np.int64)
