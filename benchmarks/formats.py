"""What the formats of OCR engines tell beyond the text: the same pages cleaned from text alone, and from format.

    python benchmarks/formats.py render PAGES OUT --ocrlab ../shared/ocrlab     in the environment of the OCR lab
    python benchmarks/formats.py score OUT --ocrlab ../shared/ocrlab

`render` typesets the texts of PAGES (pages/dev of the lab) anew, ages them as they were aged, and has tesseract write text and
hOCR, and PP-OCRv4 and v6 write JSON and, put in columns by the lab, text. `score` counts, as the lab's score.py does, character
errors that are mended, breaks inside paragraphs that are gone and breaks between blocks that are kept, for both.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ENGINES = {"tesseract": "tesseract.hocr", "rapidocr": "rapidocr.json", "rapidocr6": "rapidocr6.json"}
KINDS = {"title": "title", "heading": "h", "para": "p"}
MOST_ERRORS = 0.25
"""Share of characters from which the reading order of a text is broken, as in the lab's score.py."""


def render(pages: Path, out: Path) -> None:
    """Typesets, ages and recognises each page, unless that is done already."""
    lab = {name: importlib.import_module(name) for name in ("degrade", "recognise", "render")}
    for page in sorted(folder for folder in pages.iterdir() if (folder / "meta.json").exists()):
        folder = out / page.name
        if (folder / "rapidocr6.txt").exists():
            continue
        meta = json.loads((page / "meta.json").read_text(encoding="utf-8"))
        texts = (page / "truth.txt").read_text(encoding="utf-8").splitlines()
        kinds = [KINDS.get(kind[0]) for kind in meta["truth_structure"]]
        blocks = [(kind, text) for kind, text in zip(kinds, texts, strict=True) if kind]
        draws = random.Random(f"formats-{pages.name}-{int(page.name)}")
        image, about = lab["render"].render(meta["layout"], blocks, draws)
        scan, settings = lab["degrade"].degrade(image, meta["degradation"]["level"], draws)
        folder.mkdir(parents=True, exist_ok=True)
        truth = "".join(block[1] + "\n" for block in about["truth"])
        (folder / "truth.txt").write_text(truth, encoding="utf-8")
        recognise(lab["recognise"], scan, settings["dpi"], folder)
        print(page.name, flush=True)


def recognise(engines: Any, scan: Any, dpi: int, folder: Path) -> None:
    """What the engines make of a scan, as text and in their formats."""
    cv2 = importlib.import_module("cv2")
    cv2.imwrite(str(folder / "page.png"), scan)
    base = [str(folder / "page.png"), str(folder / "tesseract"), "-l", "chi_sim", "--psm", "3", "--dpi", str(dpi)]
    subprocess.run(["tesseract", *base, "txt", "hocr"], check=True, capture_output=True)
    colour = cv2.cvtColor(scan, cv2.COLOR_GRAY2BGR)
    found, _ = engines.engine("rapidocr")(colour)
    entries = [[[[float(x), float(y)] for x, y in box], text, float(score)] for box, text, score in found or []]
    put(folder, "rapidocr", entries, [(entry[0], entry[1]) for entry in entries], engines)
    result = engines.engine("rapidocr6")(colour)
    lines = result.to_json() if result.txts else []
    put(folder, "rapidocr6", lines, [(line["box"], line["txt"]) for line in lines], engines)


def put(folder: Path, name: str, entries: Any, boxes: list[tuple[Any, str]], engines: Any) -> None:
    """Writes the result of an engine of boxes as JSON, and as text in columns."""
    (folder / f"{name}.json").write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    edges = [
        (min(x for x, _ in box), min(y for _, y in box), max(x for x, _ in box), max(y for _, y in box), text)
        for box, text in boxes
    ]
    text = "".join(box[4] + "\n" for box in engines.by_columns(edges))
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def score(out: Path, lab: Any) -> None:
    """Prints a row for each engine, from text and from format."""
    from cleaner import Cleaner
    from cleaner.files.read import reading_of

    cleaner = Cleaner()
    rows: dict[tuple[str, str], Counter[str]] = {}
    for page in sorted(folder for folder in out.iterdir() if (folder / "truth.txt").exists()):
        truth = (page / "truth.txt").read_text(encoding="utf-8")
        goal = lab.flat(truth)
        for engine, format_ in ENGINES.items():
            if not (page / format_).exists():
                continue
            raw = (page / f"{engine}.txt").read_text(encoding="utf-8").replace("\f", "")
            before = lab.errors(lab.flat(raw), goal)
            if sum(before) > MOST_ERRORS * len(goal):
                continue
            reading = reading_of((page / format_).read_bytes())
            for how, text in (
                ("text", cleaner.clean(raw).text),
                ("format", cleaner.clean(reading.text, recognised=reading.recognised).text),
            ):
                single, block = lab.errors(lab.flat(text), goal)
                row = rows.setdefault((engine, how), Counter())
                row.update(lab.structure(truth, text, raw))
                row.update(pages=1, characters=len(goal), before=before[0], single=single, block=block)
    print(f"{'':18}pages   errors    mended   out of place   wraps left      breaks lost")
    for (engine, how), row in sorted(rows.items()):
        wraps, breaks = row["wraps"] - row["wraps_joined"], row["breaks"] - row["breaks_kept"]
        print(
            f"{engine:10} {how:7}{row['pages']:5}{row['single'] / row['characters']:9.2%}"
            f"{1 - row['single'] / max(1, row['before']):9.1%}{row['block'] / row['characters']:12.2%}"
            f"{wraps:9} of {row['wraps']:<6}{breaks:6} of {row['breaks']}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("render", "score"))
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--ocrlab", type=Path, default=Path("../shared/ocrlab"))
    args = parser.parse_args()
    sys.path.insert(0, str(args.ocrlab))
    if args.what == "render":
        render(*args.folders)
        return
    spec = importlib.util.spec_from_file_location(
        "lab_score", args.ocrlab / "score.py"
    )  # which imports another `score`
    assert spec is not None
    assert spec.loader is not None
    lab = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lab)
    score(*args.folders, lab)


if __name__ == "__main__":
    main()
