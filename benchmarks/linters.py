"""How far cleaner agrees with public linters of Chinese typography, by the test suites that come with their sources.

    python benchmarks/linters.py autocorrect_py-2.14.0.tar.gz zhlint-0.3.2.tar.gz [--show 20] [--all]

Takes the source archives of autocorrect-py and zhlint as the package index has them, or folders of them unpacked, and reads pairs of input and expected text out of them: the Rust
tests of autocorrect (`"input" => "expected"`) and the tests of the Python zhlint (a text, and the operations that correct it).
Nothing of them is kept. Each pair is cleaned by the passes characters, spaces and punctuation, with a space between Chinese and
Latin, as those linters set it.

A pair is `same` where the whole text is, and `same marks` where it is apart from spaces: they format, we restore print, so that
their spaces, their habit of 「」 for “” and their spelling of names (iOS) are no aim of ours. Failures are listed by that second count;
`--all` lists those in spaces too. Most of their texts are phrases without a mark, which we take for headings and do not space;
`--sentences` puts 。 behind them.
"""

from __future__ import annotations

import argparse
import ast
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cleaner import Cleaner, Settings

_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/"""  # comments
    r"""|r(?P<hash>\#+)"(?P<raw>.*?)"(?P=hash)|"(?P<string>(?:[^"\\]|\\.)*)\""""
    r"""|'(?:\\[^']+|[^'\\\n])'"""  # characters
    r"""|\bfn\s+(?P<test>(?:test|it)_\w+)|(?P<arrow>=>)|(?P<other>\S)""",
    re.S,
)
_ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|\n\s*|.)", re.S)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
_CORRECTED = {"insert", "delete", "replace"}


class Pair(NamedTuple):
    """A text of a test suite, what it should become, and the test it comes from."""

    test: str
    before: str
    after: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sources", type=Path, nargs="+")
    parser.add_argument("--show", type=int, default=10**6, help="failures of each test at most")
    parser.add_argument("--all", action="store_true", help="lists differences in spaces as well")
    parser.add_argument(
        "--sentences", action="store_true", help="ends phrases with 。, so that they count as running text"
    )
    args = parser.parse_args()
    cleaner = Cleaner(Settings(only=("characters", "spaces", "punctuation"), latin_spacing="space"))
    for source in args.sources:
        tests: dict[str, list[tuple[Pair, str]]] = defaultdict(list)
        for pair in pairs(source):
            pair = as_sentence(pair) if args.sentences else pair
            tests[pair.test].append((pair, cleaner.clean(pair.before).text))
        print(f"{source.name}: {sum(map(len, tests.values()))} pairs")
        _rate("all", [row for rows in tests.values() for row in rows])
        for name, rows in tests.items():
            _rate(name, rows)
            wrong = [row for row in rows if not (row[1] == row[0].after if args.all else _same_marks(*row))]
            for pair, found in wrong[: args.show]:
                print(f"    {pair.before!r}\n      they {pair.after!r}\n      we   {found!r}")


def _rate(name: str, rows: list[tuple[Pair, str]]) -> None:
    same = sum(found == pair.after for pair, found in rows)
    marks = sum(_same_marks(pair, found) for pair, found in rows)
    print(f"  {name:45} same {same:4} of {len(rows):4} ({same / max(1, len(rows)):4.0%})   same marks {marks:4} ({marks / max(1, len(rows)):4.0%})")  # fmt: skip


def _same_marks(pair: Pair, found: str) -> bool:
    return re.sub(r"\s", "", pair.after) == re.sub(r"\s", "", found)


def as_sentence(pair: Pair) -> Pair:
    """The pair with 。 behind it where it ends in a character of a word."""
    if pair.before[-1:].isalnum() and pair.after[-1:].isalnum():
        return pair._replace(before=pair.before + "。", after=pair.after + "。")
    return pair


def pairs(source: Path) -> Iterator[Pair]:
    """The pairs of a source, an archive or a folder, in the order of its files."""
    for name, text in sorted(_files(source)):
        if name.endswith(".rs"):
            yield from rust_pairs(Path(name).stem, text)
        elif name.endswith(".py") and "DiffOperation" in text:
            yield from python_pairs(text)


def _files(source: Path) -> Iterator[tuple[str, str]]:
    if source.is_dir():
        for path in source.rglob("*"):
            if path.suffix in (".rs", ".py"):
                yield str(path), path.read_text(encoding="utf-8")
        return
    with tarfile.open(source) as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.name.endswith((".rs", ".py")) else None
            if stream:
                yield member.name, stream.read().decode("utf-8")


def rust_pairs(module: str, text: str) -> Iterator[Pair]:
    """Pairs of strings with an arrow between them, by the name of the test function they stand in."""
    test = ""
    read: list[str | None] = []  # strings, and None for an arrow, since the last token of another kind
    for token in _TOKEN.finditer(text):
        test = token["test"] or test
        string = token["raw"] if token["string"] is None else _unescaped(token["string"])
        if string is None and not token["arrow"]:
            if token["test"] or token["other"]:
                read = []
            continue
        read.append(string)
        match read[-3:]:
            case [str(before), None, str(after)] if test:
                yield Pair(f"{module} {test}", before, after)


def _unescaped(string: str) -> str:
    def character(escape: re.Match[str]) -> str:
        if escape[2]:
            return chr(int(escape[2], 16))
        return "" if escape[1].isspace() else _ESCAPED.get(escape[1], escape[1])

    return _ESCAPE.sub(character, string)


def python_pairs(text: str) -> Iterator[Pair]:
    """Pairs of a text and what it becomes by the operations that a test of zhlint expects."""
    for function in ast.walk(ast.parse(text)):
        if not isinstance(function, ast.FunctionDef):
            continue
        before = code = None
        for statement in function.body:
            match statement:
                case ast.Assign(value=ast.Call(args=[ast.Constant(value=str(code)), ast.Constant(value=str(before))])):
                    pass
                case ast.Assert(test=ast.Compare(left=ast.List(elts=operations))) if before and code:
                    after = _operated(before, operations)
                    if after is not None:
                        yield Pair(f"zhlint {code}", before, after)


def _operated(before: str, operations: list[ast.expr]) -> str | None:
    """The text after insertions, deletions and replacements, whose columns count from 1; None where one is of another kind."""
    pieces = [*before, ""]
    for operation in operations:
        match operation:
            case ast.Call(
                func=ast.Attribute(attr=kind), args=[_, ast.Constant(value=int(column)), *more], keywords=named
            ):
                values = [node.value for node in (*more, *(k.value for k in named)) if isinstance(node, ast.Constant)]
                value = str(values[0]) if values else ""
                if kind not in _CORRECTED or column > len(pieces):
                    return None
                pieces[column - 1] = value + pieces[column - 1] if kind == "insert" else value
            case _:
                return None
    return "".join(pieces)


if __name__ == "__main__":
    main()
