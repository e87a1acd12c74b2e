"""Chinese type with no set-up: the open Noto faces as files, else a face of the system, else a clear error."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from matplotlib import font_manager

from policylab.errors import ArgumentError, FontError

# Never SimHei: the copy that comes with mplfonts is not free.
_FILES = {"sans": "NotoSansCJKsc-Regular.otf", "serif": "NotoSerifCJKsc-Regular.otf"}
_SYSTEM = {
    "sans": (
        "Noto Sans CJK SC",
        "Noto Sans SC",
        "Source Han Sans SC",
        "Source Han Sans CN",
        "PingFang SC",
        "Hiragino Sans GB",
        "Microsoft YaHei",
        "DengXian",
        "WenQuanYi Micro Hei",
        "WenQuanYi Zen Hei",
        "Droid Sans Fallback",
    ),
    "serif": (
        "Noto Serif CJK SC",
        "Noto Serif SC",
        "Source Han Serif SC",
        "Source Han Serif CN",
        "Songti SC",
        "STSong",
        "SimSun",
        "AR PL UMing CN",
        "AR PL SungtiL GB",
    ),
}
# Both generic lists end in a face with the symbols that the Chinese ones lack.
_LATIN = {"sans": "DejaVu Sans", "serif": "DejaVu Serif"}


def font_families(face: str = "sans") -> list[str]:
    """Give the names of the faces to draw with, Chinese first, and make them known to matplotlib.

    Parameters
    ----------
    face : {"sans", "serif"}
        Sans (黑体-like) or serif (宋体-like).

    Returns
    -------
    list of str
        Family names; each later one is asked for the characters that the earlier ones lack.

    Raises
    ------
    ArgumentError
        If `face` is neither.
    FontError
        If no typeface with Chinese characters is at hand.

    Examples
    --------
    >>> font_families("serif")[-1]
    'DejaVu Serif'
    """
    if face not in _FILES:
        raise ArgumentError(f"face={face!r} is no face; give 'sans' (黑体-like) or 'serif' (宋体-like).")
    return [_packaged(face) or _of_system(face), _LATIN[face]]


def _packaged(face: str) -> str:
    """Name of the face among the files of the installed package mplfonts, or "" where it is not installed."""
    spec = find_spec("mplfonts")  # finds it without importing it: its import pulls in code that writes into matplotlib's folders
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "fonts" / _FILES[face]
        if path.is_file():
            return _registered(path)
    return ""


def _registered(path: Path) -> str:
    manager = font_manager.fontManager
    known = [entry.name for entry in manager.ttflist if entry.fname == str(path)]
    if not known:
        manager.addfont(path)
        known = [entry.name for entry in manager.ttflist if entry.fname == str(path)]
    return known[-1]


def _of_system(face: str) -> str:
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    other = "serif" if face == "sans" else "sans"
    for name in (*_SYSTEM[face], *_SYSTEM[other]):
        if name in installed:
            return name
    raise FontError(
        f"no typeface with Chinese characters was found for face={face!r}: neither the file {_FILES[face]} of the package mplfonts nor one "
        "of the system. Install the package that carries it: python -m pip install mplfonts"
    )
