"""Packages that add to cleaner, installed for a test: their modules on the path, beside the metadata that pip writes."""

from __future__ import annotations

import shutil
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cleaner import chain, installed, plugins

EXAMPLE = Path(__file__).parent / "cleaner-stars"

Install = Callable[..., Path]


def _forget() -> None:
    installed._declared.cache_clear()
    plugins._pass.cache_clear()
    chain.known_rules.cache_clear()
    for module in [name for name in sys.modules if name.startswith("cleaner_")]:
        del sys.modules[module]


def metadata(site: Path, name: str, version: str, entry_points: dict[str, dict[str, str]]) -> None:
    """Writes what pip writes beside a package's modules."""
    info = site / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    lines = [
        f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()) for group, points in entry_points.items()
    ]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder from which packages are imported."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    _forget()
    yield folder
    _forget()


@pytest.fixture
def stars(site: Path) -> Path:
    """The example package, installed as its pyproject.toml says."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shutil.copytree(EXAMPLE / "cleaner_stars", site / "cleaner_stars")
    metadata(site, project["name"], project["version"], project["entry-points"])
    return site


@pytest.fixture
def install(site: Path) -> Install:
    """Installs a package of one module that declares a pass."""

    def installed(code: str, name: str = "odd", package: str = "cleaner-odd") -> Path:
        module = package.replace("-", "_")
        (site / f"{module}.py").write_text(code, encoding="utf-8")
        metadata(site, package, "0.3", {"cleaner.passes": {name: f"{module}:PASS"}})
        return site

    return installed
