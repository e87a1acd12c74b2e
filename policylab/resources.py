"""Where data/ and notebooks/ lie: beside the package in a checkout, inside it after an installation."""

from __future__ import annotations

from pathlib import Path

from policylab.errors import MissingFileError

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    for candidate in (_PACKAGE.parent / name, _PACKAGE / f"_{name}"):
        if candidate.is_dir() and (candidate.parent == _PACKAGE or (candidate.parent / "pyproject.toml").is_file()):
            return candidate
    raise MissingFileError(name, "the folder that comes with policylab is missing", "Install policylab again, or clone it anew.")


def data_folder() -> Path:
    """Give the folder with the plans that come with policylab."""
    return _folder("data")


def notebooks_folder() -> Path:
    """Give the folder with the notebooks that come with policylab."""
    return _folder("notebooks")
