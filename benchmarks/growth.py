"""Whether a long-running process grows: memory after many calls of clean(), on texts that differ from call to call.

    python benchmarks/growth.py [--calls 100000] [--settings]

Every tenth of the calls a line with the memory that the process holds (resident set, in MB), after the first thousand calls, which
load the dictionaries. What counts is the difference between the first line and the last: less than 5 MB.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from pathlib import Path

from cleaner import Settings, clean

PIECES = (
    "春泥公益协会在党群服务中心开设课堂,孩子们\n的课余生活丰富起来。", "随着文创公司的人驻,村\n里迎来\"新机遇\"。", "— 12 —\n\n", "形成“策划一制作一销售”\n的产业链。\n",
    "第3版　要闻\n", "浙江日报记者 李红\n", "“AI+农业”让Linkedln上的人也来了。\n", "全 省 各 地 都 在 学 习。\n", "他说:一\n一不是这样的...\n", "２０２５年&amp;\n", "■\n", "圖書館里有書。\n",
)  # fmt: skip
WARM = 1_000


def text(number: int, chance: random.Random) -> str:
    """A text that no other call has had: pieces in any order, with names and numbers of its own."""
    names = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(6))
    return f"{names[:3]}县第{number}号。\n" + "".join(chance.choices(PIECES, k=chance.randrange(3))) + names


def resident() -> float:
    """Megabytes of memory that the process holds now."""
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--settings", action="store_true", help="another setting with every call, too")
    args = parser.parse_args()
    chance = random.Random(1)
    begun, start = time.monotonic(), 0.0
    for number in range(WARM + args.calls + 1):
        if number == WARM:
            start = resident()
            print(f"{0:9,} calls {start:8.1f} MB")
        elif number > WARM and (number - WARM) % max(1, args.calls // 10) == 0:
            now = resident()
            print(
                f"{number - WARM:9,} calls {now:8.1f} MB {now - start:+6.1f} MB, {time.monotonic() - begun:.0f} s",
                flush=True,
            )
        how = Settings(apply_from={"misreads": number / 1e7}) if args.settings else None
        len(clean(text(number, chance), how).edits)


if __name__ == "__main__":
    main()
