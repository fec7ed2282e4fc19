"""Where the data of `dictionaries/` is found, in a checkout and in an installed wheel alike.

The wheel carries `dictionaries/` as the package data `cleaner/dictionaries`; a checkout has the folder beside the package.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import BinaryIO


@cache
def root() -> Path:
    """The folder that holds the dictionaries.

    Raises FileNotFoundError where neither the package nor the checkout has it (a broken installation).
    """
    packaged = resources.files("cleaner") / "dictionaries"
    for folder in (Path(str(packaged)), Path(__file__).resolve().parents[2] / "dictionaries"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        "cleaner's dictionaries are missing; install the package again (pip install --force-reinstall)"
    )


def path(name: str) -> Path:
    """The path of a dictionary, for instance `lexicon/places.tsv`."""
    return root() / name


def open_binary(name: str) -> BinaryIO:
    """A dictionary opened for reading bytes. Raises FileNotFoundError where there is none of that name."""
    return path(name).open("rb")


def rows(name: str) -> list[list[str]]:
    """The tab-separated rows of a text dictionary, comment lines (`#`) and empty lines left out."""
    with open_binary(name) as stream:
        lines = stream.read().decode("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
