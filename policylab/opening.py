"""Files opened for reading: regular ones only, within limits on their size."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path

from policylab.errors import DamagedFileError, MissingFileError, UnsafeFileError

MAX_BYTES = 256 * 2**20
_SHORTER = "A plan is far shorter: split it into its documents."


def open_regular(path: Path, *, source: str) -> BufferedReader:
    """Open a file for reading if it is a regular one within the size limit; pipes and devices are never waited for."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            what = "is a folder" if stat.S_ISDIR(mode) else "is not a regular file (a pipe, socket or device)"
            hint = "Read folders with read_plans." if stat.S_ISDIR(mode) else "Copy its content into a file."
            raise MissingFileError(source, what, hint)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        file = os.fdopen(os.open(path, flags), "rb")
    except PermissionError:
        raise MissingFileError(source, "may not be read (no permission)", "Give yourself the right to read it.") from None
    except FileNotFoundError:
        raise MissingFileError(source, "does not exist", "Check the path; a link may point to what is gone.") from None
    except (OSError, ValueError) as error:
        raise MissingFileError(source, f"cannot be opened ({reason(error)})", "Check the path.") from None
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
        file.close()
        raise UnsafeFileError(source, f"has {status.st_size:,} bytes; the limit is {MAX_BYTES:,}", "Split it, or take out its pictures.")
    return file


def read_limited(file: BufferedReader, *, source: str, limit: int, hint: str = _SHORTER) -> bytes:
    """Read an open file to its end unless it goes past a limit."""
    size = os.fstat(file.fileno()).st_size
    if size > limit:
        raise UnsafeFileError(source, f"has {size:,} bytes of text; the limit is {limit:,}", hint)
    try:
        return file.read(min(limit, size + 1))  # a buffer of the limit would be made at once
    except OSError as error:
        raise DamagedFileError(source, f"cannot be read to its end ({reason(error)})", "Copy it anew.") from None


def reason(error: Exception) -> str:
    """Say why the system could not do something."""
    return (getattr(error, "strerror", None) or str(error)).lower()
