"""The knowledge that every worker needs, loaded: imported by the process from which workers are forked.

What is loaded before a fork is shared after it, so that each further worker takes some tens of megabytes only. The text
below is cleaned because knowledge is loaded when it is first asked for, and because this asks for all of it.
"""

from __future__ import annotations

import gc
import signal

from cleaner.batch import work
from cleaner.settings import Settings

TEXT = (
    "柚香谷公司的人驻,让村里的\n老人们迎来\"新机遇\"。他们策划一制作一销售的产业链 逐步形成。\n\n"
    "— 12 —\n\n這裏的風景很美，遊客們從各地趕來。\n\n浣犲ソ,ÄãºÃ。２０２４年，柚子的產量増加了３％左右...\n"
)  # fmt: skip


def load() -> None:
    """Loads what cleaning the text above takes, and keeps the garbage collector from writing to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the business of the process that cleans with workers
    work.cleaner_of(Settings()).clean(TEXT)
    gc.collect()
    gc.freeze()


load()
