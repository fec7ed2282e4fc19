"""How alike the glyphs of characters are: pictures of them, compared by the directions of their strokes, part by part."""

from __future__ import annotations

import itertools
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Array = NDArray[np.float32]

# The parts of a glyph that are compared each with a shift of its own, so that a shared component counts although it stands a little
# elsewhere or its neighbour differs (灯/汀, 扣/担). Rows and columns of the 18 by 18 orientation map.
HALVES = {
    "left": (slice(0, 18), slice(0, 9)),
    "right": (slice(0, 18), slice(8, 18)),
    "top": (slice(0, 9), slice(0, 18)),
    "bottom": (slice(7, 18), slice(0, 18)),
}
SHIFTS = tuple(itertools.product((-1, 0, 1), repeat=2))
CANVAS = 36
GLYPH = 32


@dataclass(frozen=True)
class Face:
    """One face of a font file: `index` counts the faces of a collection from 0."""

    path: str
    index: int

    def font(self) -> ImageFont.FreeTypeFont:
        """The face, at the size that is measured."""
        return ImageFont.truetype(self.path, GLYPH, index=self.index)


def glyph_similarity(read: list[str], printed: list[str], faces: tuple[Face, ...]) -> Array:
    """How alike the glyphs are, at most 1: a row for each of `read`, a column for each of `printed`; the mean over the faces that hold both.

    In one face it is half the mean of the four halves' similarity, a quarter the best half's, a quarter the whole picture's. Halves are
    compared by stroke orientation, the whole by ink. Against the plain correlation of the ink, this placed 48 % of the engines' training
    pairs within the first 24, not 44 %. Shapes are alike both ways: where both characters are in both lists, the mean of the two is taken.
    """
    total = np.zeros((len(read), len(printed)), np.float32)
    weight = np.zeros_like(total)
    for face in faces:
        started = time.monotonic()
        held = np.outer(coverage(read, face), coverage(printed, face)).astype(np.float32)
        total += held * face_similarity(render(read, face), render(printed, face))
        weight += held
        print(f"{Path(face.path).name} {face.index}: {time.monotonic() - started:.0f} s", file=sys.stderr)
    total /= np.maximum(weight, 1)
    column = {char: number for number, char in enumerate(printed)}
    shared = np.ix_(
        [number for number, char in enumerate(read) if char in column],
        [column[char] for char in read if char in column],
    )
    total[shared] = (total[shared] + total[shared].T) / 2
    return total


def face_similarity(read: Array, printed: Array, block: int = 2048) -> Array:
    """Similarity of each glyph picture in `read` to each in `printed`; `block` rows at a time, to bound the memory."""
    printed_maps = orientation_maps(printed)[:, :, ::2, ::2]
    printed_halves = {name: normalised(printed_maps[:, :, rows, columns]) for name, (rows, columns) in HALVES.items()}
    printed_ink = normalised(blurred(printed, 1.1))
    out = np.empty((len(read), len(printed)), np.float32)
    for start in range(0, len(read), block):
        part = read[start : start + block]
        maps, ink = orientation_maps(part), blurred(part, 1.1)
        halves = {name: np.full((len(part), len(printed)), -1, np.float32) for name in HALVES}
        whole = np.full((len(part), len(printed)), -1, np.float32)
        for down, right in SHIFTS:
            shifted = np.roll(maps, (down, right), (2, 3))[:, :, ::2, ::2]
            for name, (rows, columns) in HALVES.items():
                product = normalised(shifted[:, :, rows, columns]) @ printed_halves[name].T
                np.maximum(halves[name], product, out=halves[name])
            np.maximum(whole, normalised(np.roll(ink, (down, right), (1, 2))) @ printed_ink.T, out=whole)
        best = np.maximum.reduce(list(halves.values()))
        mean = np.add.reduce(list(halves.values())) / len(halves)
        out[start : start + block] = 0.5 * mean + 0.25 * best + 0.25 * whole
    return out


def render(chars: list[str], face: Face) -> Array:
    """The glyphs as pictures, ink 0 to 255, slightly blurred as print is."""
    font = face.font()
    pictures = np.zeros((len(chars), CANVAS, CANVAS), np.float32)
    for number, char in enumerate(chars):
        picture = Image.new("L", (CANVAS, CANVAS), 0)
        ImageDraw.Draw(picture).text((CANVAS / 2, CANVAS / 2), char, fill=255, font=font, anchor="mm")
        pictures[number] = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7)), np.float32)
    return pictures


def coverage(chars: list[str], face: Face) -> NDArray[np.bool_]:
    """Whether the face has a glyph of its own for each character (else it draws the box of U+FFFF)."""
    font = face.font()
    missing = bytes(font.getmask("\uffff"))
    return np.array([bytes(font.getmask(char)) != missing for char in chars])


def orientation_maps(pictures: Array) -> Array:
    """Four maps for each picture: how much edge runs in each of four directions, blurred (as in histograms of oriented gradients)."""
    down, right = np.zeros_like(pictures), np.zeros_like(pictures)
    down[:, 1:-1] = pictures[:, 2:] - pictures[:, :-2]
    right[:, :, 1:-1] = pictures[:, :, 2:] - pictures[:, :, :-2]
    strength, angle = np.hypot(down, right), np.arctan2(down, right)
    maps = [np.maximum(0, np.cos(2 * (angle - direction * np.pi / 4))) * strength for direction in range(4)]
    return np.stack([blurred(map_, 1.5) for map_ in maps], axis=1)


def blurred(pictures: Array, radius: float) -> Array:
    """Gaussian blur along the last two axes; `radius` in pixels."""
    reach = int(3 * radius)
    kernel = np.exp(-(np.arange(-reach, reach + 1, dtype=np.float32) ** 2) / (2 * radius**2))
    kernel /= kernel.sum()
    for axis in (1, 2):
        length = pictures.shape[axis]
        padded = np.pad(pictures, [(reach, reach) if axis == number else (0, 0) for number in range(3)])
        pictures = np.zeros_like(pictures)
        for start, weight in enumerate(kernel):
            pictures += weight * np.take(padded, range(start, start + length), axis)
    return pictures


def normalised(pictures: Array) -> Array:
    """Each picture as a vector of mean 0 and length 1, so that products are correlations."""
    vectors = pictures.reshape(len(pictures), -1)
    vectors = vectors - vectors.mean(1, keepdims=True)
    result: Array = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return result


# ------------------------------------------------------------------------------------------------------- sets of characters
