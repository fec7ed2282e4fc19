"""Typeset the texts in samples/text/, age the pages and have an OCR engine read them into samples/scans/.

    python tools/build_samples.py --ocrlab ../shared/ocrlab [--only NAME] [--out FOLDER] [--images FOLDER]

Runs in the OCR lab's own environment (its requirements.txt and Debian packages): the lab draws the glyphs, ages the
page and calls the engines; here is only how these pages are laid out. All draws are seeded by the sample's name: the
same fonts and engines give the same files. The clean texts in samples/clean/ are written by hand from the scans, so a
rebuilt scan that differs has to be read again.

A text in samples/text/ is one block a line; its first characters say of which kind:

    % head TEXT         running head, on every page
    % folio N           number of the first page, at its foot
    # TEXT              title
    & TEXT              line under the title
    @ TEXT              byline
    ## TEXT             heading
    . TEXT<TAB>PAGE     line of a table of contents
    | CELL<TAB>CELL     row of a table
    * TEXT              line that is never broken
    - TEXT              paragraph without indent
    ^N TEXT             picture and its caption, after line N of the paragraph before it; ^0: behind that paragraph
    anything else       paragraph
"""

import argparse
import importlib
import random
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
CARRIED = "\ue000"  # stands for an ideographic space while lines are broken
DPI = 300  # of the typeset page; ageing brings it down
NOTO_SANS_BOLD = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"
SIMPLIFIED = 2  # index of the simplified face in the Noto collections
ABOVE_COLUMNS = ("title", "deck", "byline")
KINDS = {
    "# ": "title",
    "& ": "deck",
    "@ ": "byline",
    ". ": "contents",
    "| ": "row",
    "* ": "line",
    "- ": "flush",
    "##": "heading",
}
SIZES = {  # in ems of the body
    "title": 1.9,
    "deck": 1.15,
    "byline": 0.9,
    "heading": 1.15,
    "caption": 0.85,
    "furniture": 0.85,
}


@dataclass(frozen=True)
class Layout:
    """How one sample is set and read.

    `font` is a name of the lab's or of FACES; `chars` the width of a column and `leading` the height of a line, in ems;
    `size` is in points; `level` how far the page is aged (0 clean to 4 bad); `language` and `segmentation` are
    tesseract's. With `pdf_extractor` the boxes are put together as `as_pdf_extractor` says.
    """

    font: str
    engine: str
    columns: int = 1
    chars: int = 34
    size: float = 10.5
    leading: float = 1.6
    pages: int = 1
    level: int = 1
    language: str = "chi_sim"
    segmentation: int = 3
    pdf_extractor: bool = False
    centred: bool = True
    seed: int = 1


LAYOUTS = {
    "newspaper-columns": Layout("TW-Sung", "rapidocr", columns=3, chars=17, size=9, centred=False, seed=9),
    "magazine-spread": Layout("NotoSansCJK", "tesseract", columns=2, chars=20, pages=2, level=2, seed=2),
    "half-width": Layout("NotoSerifCJK-Medium", "rapidocr", columns=2, chars=21, pdf_extractor=True),
    "traditional-page": Layout("UMing-TW", "tesseract", columns=2, chars=20, language="chi_tra", seed=9),
    "report-list": Layout("NotoSansCJK", "tesseract", chars=36, level=2),
}
FACES = {  # beside those of the lab: (file, index in it, class)
    "UMing-TW": ("/usr/share/fonts/truetype/arphic/uming.ttc", 2, "song"),
}


@dataclass(frozen=True)
class Lab:
    """The modules of the OCR lab, and the imaging library it draws with."""

    render: ModuleType
    degrade: ModuleType
    recognise: ModuleType
    image: ModuleType
    draw: ModuleType
    numpy: ModuleType

    @classmethod
    def at(cls, folder: Path) -> "Lab":
        """The lab in `folder`; ImportError where its environment is not installed."""
        sys.path.insert(0, str(folder.resolve()))
        names = ("render", "degrade", "recognise", "PIL.Image", "PIL.ImageDraw", "numpy")
        return cls(*(importlib.import_module(name) for name in names))


@dataclass(frozen=True)
class Source:
    """A text of samples/text/: its blocks as (kind, text), and what is printed around them."""

    blocks: list[tuple[str, str]]
    head: str
    folio: int  # 0: the pages are not numbered


@dataclass
class Item:
    """One line of a column, a picture, or a gap; `units` is its height in lines."""

    kind: str
    block: int
    tokens: list[str] = field(default_factory=list)
    units: float = 1
    first: bool = False
    last: bool = True
    keep: bool = False


Column = list[tuple[float, Item]]  # each item with its distance from the top of the column, in lines


@dataclass(frozen=True)
class Region:
    """The lines of one block in one column: a box in pixels of the typeset page."""

    kind: str
    block: int
    box: tuple[float, float, float, float]


def main() -> None:
    """Build the samples named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ocrlab", type=Path, default=Path("../shared/ocrlab"))
    parser.add_argument("--only", choices=sorted(LAYOUTS), action="append")
    parser.add_argument("--out", type=Path, default=SAMPLES / "scans")
    parser.add_argument("--images", type=Path, help="keep the pages as the engine saw them")
    args = parser.parse_args()
    lab = Lab.at(args.ocrlab)
    lab.render.FONTS.update(FACES)
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.only or LAYOUTS:
        source = read_source((SAMPLES / "text" / f"{name}.txt").read_text(encoding="utf-8"))
        scan = scanned(lab, name, source, LAYOUTS[name], args.images)
        (args.out / f"{name}.txt").write_text(scan, encoding="utf-8", newline="")
        print(f"{name}: {len(scan)} characters")


def scanned(lab: Lab, name: str, source: Source, layout: Layout, images: Path | None) -> str:
    """What the engine reads on the pages of one sample, page after page."""
    rng = random.Random(f"sample-{name}-{layout.seed}")
    texts = []
    for number, (page, regions) in enumerate(typeset(Sheet.of(lab, source, layout), rng)):
        scan, ageing = lab.degrade.degrade(page, layout.level, rng)
        if images:
            images.mkdir(parents=True, exist_ok=True)
            lab.image.fromarray(scan).save(images / f"{name}-{number + 1}.png")
        texts.append(read_page(lab, scan, regions, layout, ageing["dpi"]))
    if layout.engine == "tesseract":  # ends each page of a many-page file with a form feed
        return "".join(text + "\f" for text in texts) if len(texts) > 1 else texts[0]
    return "".join(texts)


def read_page(lab: Lab, scan: Any, regions: list[Region], layout: Layout, dpi: int) -> str:
    """What one engine reads on one page."""
    if layout.engine == "tesseract":
        return str(lab.recognise.tesseract(scan, layout.language, layout.segmentation, dpi))
    if layout.pdf_extractor:
        return as_pdf_extractor(lab.recognise.boxes(layout.engine, scan), regions, dpi / DPI)
    return str(lab.recognise.rapid(layout.engine, scan)[1])


# What a PDF extractor makes of the lines that the engine read: it has the blocks from a layout model, joins the lines of
# each with a space, and makes marks half-width.

HALF_WIDTH = str.maketrans(
    "，：；！？（）“”‘’", ",:;!?()\"\"''"
)  # the full stop, the comma of lists and book title marks stay wide
Box = tuple[float, float, float, float, str]  # x0, y0, x1, y1 in pixels of the scan, and what was read in it
MARKUP = {"title": "# ", "heading": "## "}


def as_pdf_extractor(boxes: list[Box], regions: list[Region], scale: float) -> str:
    """The boxes (x0, y0, x1, y1, text; pixels of the scan) as blocks with a blank line between, marks half-width, one space at each former line end."""
    blocks = []
    for region in regions:
        x0, y0, x1, y1 = (edge * scale for edge in region.box)
        inside = [b for b in boxes if x0 <= (b[0] + b[2]) / 2 <= x1 and y0 <= (b[1] + b[3]) / 2 <= y1]
        lines = [b[4] for row in rows(inside) for b in sorted(row)]
        if lines:
            blocks.append(MARKUP.get(region.kind, "") + " ".join(lines).translate(HALF_WIDTH))
    return "\n\n".join(blocks) + "\n"


def rows(boxes: list[Box]) -> list[list[Box]]:
    """The boxes of one block by printed line: a box whose middle is above the foot of the line before belongs to it."""
    found: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b[1] + b[3]):
        if found and (box[1] + box[3]) / 2 < found[-1][0][3] - (box[3] - box[1]) / 4:
            found[-1].append(box)
        else:
            found.append([box])
    return found


# The text


def read_source(text: str) -> Source:
    """The blocks of a text in the notation at the head of this file."""
    furniture, blocks = {}, []
    for line in text.splitlines():
        if line.startswith("% "):
            key, furniture_text = line[2:].split(" ", 1)
            furniture[key] = furniture_text
        elif line.startswith("^"):
            blocks.append(("picture", line[1:]))
        elif line[:2] in KINDS:
            blocks.append((KINDS[line[:2]], line.split(" ", 1)[1]))
        elif line:
            blocks.append(("paragraph", line))
    return Source(blocks, furniture.get("head", ""), int(furniture.get("folio", 0)))


# The page


@dataclass(frozen=True)
class Sheet:
    """What all pages of a sample share: the text, the layout, the faces (drawn by the lab) and the measures, in pixels at `DPI`."""

    lab: Lab
    source: Source
    layout: Layout
    body: Any
    small: Any
    display: dict[str, Any]

    @classmethod
    def of(cls, lab: Lab, source: Source, layout: Layout) -> "Sheet":
        """The sheet of a text, its faces loaded."""
        path, index, _ = lab.render.FONTS[layout.font]
        em = round(layout.size * DPI / 72)
        bold = (NOTO_SANS_BOLD, index if layout.font in FACES else SIMPLIFIED)
        caption = (path, index) if layout.font in FACES else lab.render.FONTS["LXGWWenKai"][:2]
        files = {"title": bold, "heading": bold, "deck": (path, index), "byline": (path, index), "caption": caption}
        display = {kind: lab.render.Type(*file, round(em * SIZES[kind])) for kind, file in files.items()}
        small = lab.render.Type(path, index, round(em * SIZES["furniture"]))
        return cls(lab, source, layout, lab.render.Type(path, index, em), small, display)

    @property
    def em(self) -> int:
        """Of the body."""
        return round(self.layout.size * DPI / 72)

    @property
    def leading(self) -> int:
        """From one line of the body to the next."""
        return round(self.em * self.layout.leading)

    @property
    def column(self) -> int:
        """Width of one column."""
        return self.layout.chars * self.em

    @property
    def gutter(self) -> int:
        """Between two columns."""
        return 2 * self.em

    @property
    def margin(self) -> int:
        """On every side of the page."""
        return 3 * self.em

    @property
    def width(self) -> int:
        """Of all columns and the gutters between them."""
        return self.layout.columns * (self.column + self.gutter) - self.gutter

    def face(self, kind: str) -> Any:
        """The typeface of a kind of block."""
        return self.display.get(kind, self.body)

    def broken(
        self, text: str, kind: str, width: float, indent: int, rng: random.Random
    ) -> list[tuple[list[str], bool]]:
        """The text in lines: [(tokens, last)]. The lab sets any white space as a quarter em: an ideographic space is carried past it."""
        lines = self.lab.render.break_lines(text.replace("　", CARRIED), self.face(kind), width, indent, rng)
        return [(["　" if token == CARRIED else token for token in tokens], last) for tokens, last in lines]


def typeset(sheet: Sheet, rng: random.Random) -> list[tuple[Any, list[Region]]]:
    """The pages as grey images, each with its regions in reading order."""
    layout = sheet.layout
    columns, height = balance(flow(sheet, rng), layout.columns * layout.pages)
    by_page = [columns[n * layout.columns : (n + 1) * layout.columns] for n in range(layout.pages)]
    return [paint(sheet, page, height, number, rng) for number, page in enumerate(by_page)]


def flow(sheet: Sheet, rng: random.Random) -> list[Item]:
    """The running text in lines, pictures in their places."""
    items: list[Item] = []
    for block, (kind, text) in enumerate(sheet.source.blocks):
        if kind in ABOVE_COLUMNS:
            continue
        if kind == "picture":
            after, caption = text.split(" ", 1)
            start = next(i for i, item in enumerate(items) if item.block == block - 1)
            at = start + int(after) if int(after) else len(items)
            items[at:at] = picture(sheet, caption, block, rng)
        elif kind in ("contents", "row", "line"):
            items.append(Item(kind, block, [text]))
        else:
            indent = 2 * sheet.em if kind == "paragraph" else 0
            lines = sheet.broken(text, kind, sheet.column, indent, rng)
            heading = kind == "heading"
            units = 1.5 if heading else 1
            items += [Item(kind, block, t, units, k == 0, last, heading) for k, (t, last) in enumerate(lines)]
    return items


def picture(sheet: Sheet, caption: str, block: int, rng: random.Random) -> list[Item]:
    lines = sheet.broken(caption, "caption", sheet.column, 0, rng)
    captions = [Item("caption", block, tokens, keep=not last) for tokens, last in lines]
    return [Item("figure", block, units=6, keep=True), *captions, Item("gap", block, units=0.5)]


def balance(items: list[Item], count: int) -> tuple[list[Column], float]:
    """The items in `count` columns of the smallest height that holds them; and that height, in lines."""
    height = sum(item.units for item in items) / count
    while len(columns := fill(items, height)) > count:
        height += 0.5
    return columns, height


def fill(items: list[Item], height: float) -> list[Column]:
    columns: list[Column] = [[]]
    used = 0.0
    for i, item in enumerate(items):
        need = item.units + (sum(x.units for x in items[i + 1 : i + 3]) if item.keep else 0)
        if used + need > height + 1e-6 and columns[-1]:
            columns.append([])
            used = 0.0
        columns[-1].append((used, item))
        used += item.units
    return columns


def paint(
    sheet: Sheet, columns: list[Column], height: float, number: int, rng: random.Random
) -> tuple[Any, list[Region]]:
    """One page: running head, title (on the first), columns, folio."""
    blocks = [(n, kind, text) for n, (kind, text) in enumerate(sheet.source.blocks) if kind in ABOVE_COLUMNS]
    above = [
        (block, kind, tokens)
        for block, kind, text in (blocks if number == 0 else [])
        for tokens, _ in sheet.broken(text, kind, sheet.width * 0.95, 0, rng)
    ]
    top = sheet.margin + 2 * sheet.leading
    body_top = top + sum(pitch(sheet, kind) for _, kind, _ in above) + (sheet.leading // 2 if above else 0)
    page_height = round(body_top + (height + 2.5) * sheet.leading + sheet.margin)
    page = sheet.lab.image.new("L", (2 * sheet.margin + sheet.width, page_height), 255)
    pen = sheet.lab.draw.Draw(page)
    regions = [draw_head(sheet, pen, page.width), *draw_above(sheet, pen, above, top, page.width)]
    for n, column in enumerate(columns):
        draw_column(sheet, page, pen, column, sheet.margin + n * (sheet.column + sheet.gutter), body_top, regions, rng)
    regions.append(draw_folio(sheet, pen, number, page.width, page.height))
    return page, regions


def pitch(sheet: Sheet, kind: str) -> int:
    """From one line of a title to the next."""
    return round(1.6 * int(sheet.face(kind).px))


def draw_head(sheet: Sheet, pen: Any, page_width: int) -> Region:
    margin, em = sheet.margin, sheet.em
    sheet.lab.render.draw_line(pen, sheet.small, spaced(sheet.source.head), margin, margin + em // 2, 0, False)
    pen.line([margin, margin + em, margin + sheet.width, margin + em], fill=0, width=3)
    return Region("head", -1, (0, 0, page_width, margin + sheet.leading))


def draw_above(
    sheet: Sheet, pen: Any, lines: list[tuple[int, str, list[str]]], top: int, page_width: int
) -> list[Region]:
    """Title, the line under it, byline."""
    regions, y = [], top
    for block, kind, tokens in lines:
        face = sheet.face(kind)
        x = sheet.margin + (sheet.width - breadth(face, tokens)) / 2 * sheet.layout.centred
        sheet.lab.render.draw_line(pen, face, tokens, x, y + face.px, 0, False)
        regions.append(Region(kind, block, (0, y, page_width, y + face.px * 1.5)))
        y += pitch(sheet, kind)
    return regions


def draw_column(
    sheet: Sheet, page: Any, pen: Any, column: Column, x: int, top: int, regions: list[Region], rng: random.Random
) -> None:
    """One column; its regions are added to `regions`."""
    for offset, item in column:
        y = top + round(offset * sheet.leading)
        height = item.units * sheet.leading
        if item.kind == "figure":
            grain = sheet.lab.numpy.random.default_rng(rng.randrange(1 << 30))
            page.paste(sheet.lab.render.figure(sheet.column, round(height - sheet.em / 2), rng, grain), (x, y))
        elif item.kind != "gap":
            draw_item(sheet, pen, item, x, y + height / 2 + sheet.face(item.kind).px * 0.38)
            extend(regions, item, (x - sheet.gutter / 2, y, x + sheet.column + sheet.gutter / 2, y + height))


def draw_item(sheet: Sheet, pen: Any, item: Item, x: float, y: float) -> None:
    """One line of a column: a table row in even columns, a contents line with its leaders, or running text; `y` is the base line."""
    face, em, width, line = sheet.face(item.kind), sheet.em, sheet.column, sheet.lab.render.draw_line
    if item.kind == "row":
        cells = item.tokens[0].split("\t")
        for i, cell in enumerate(cells):
            line(pen, face, spaced(cell), x + i * width / len(cells), y, 0, False)
    elif item.kind == "contents":
        text, folio = item.tokens[0].split("\t")
        start, end = x + breadth(face, list(text)) + em / 2, x + width - 2 * em
        line(pen, face, list(text), x, y, 0, False)
        line(pen, face, ["…"] * int((end - start) / em), start, y, 0, False)
        line(pen, face, [folio], end + em, y, 0, False)
    elif item.kind == "line":
        line(pen, face, spaced(item.tokens[0]), x + 2 * em, y, 0, False)
    else:
        indent = 2 * em if item.first and item.kind == "paragraph" else 0
        justified = item.kind in ("paragraph", "flush") and not item.last
        line(pen, face, item.tokens, x + indent, y, width - indent, justified)


def draw_folio(sheet: Sheet, pen: Any, number: int, page_width: int, page_height: int) -> Region:
    """The number of the page, on its outer side."""
    folio = [str(sheet.source.folio + number)] if sheet.source.folio else []
    x = sheet.margin + (sheet.width - breadth(sheet.small, folio) if number % 2 else 0)
    sheet.lab.render.draw_line(pen, sheet.small, folio, x, page_height - sheet.margin, 0, False)
    return Region("folio", -2, (0, page_height - sheet.margin - 1.5 * sheet.em, page_width, page_height))


def spaced(text: str) -> list[str]:
    """Tokens to draw: an ideographic space is as wide as a character."""
    return re.findall(r"[!-~]+|.", text)


def breadth(face: Any, tokens: list[str]) -> float:
    return float(sum(face.px / 4 if token == " " else face.width(token) for token in tokens))


def extend(regions: list[Region], item: Item, box: tuple[float, float, float, float]) -> None:
    """Add a line to the region of its block, or open one where the block comes to another column."""
    latest = regions[-1]
    if latest.block == item.block and latest.box[0] == box[0]:
        regions[-1] = Region(item.kind, item.block, (*latest.box[:3], box[3]))
    else:
        regions.append(Region(item.kind, item.block, box))


if __name__ == "__main__":
    main()
