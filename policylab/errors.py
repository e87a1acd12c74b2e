"""Every error policylab raises on purpose: each names the argument or file, the value, what is allowed and the next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class PolicylabError(Exception):
    """Base of all errors of this package; catch it to catch them all."""


class ArgumentError(PolicylabError, ValueError):
    """An argument has a value that is not allowed."""


class FrameError(PolicylabError, ValueError):
    """A frame handed in lacks columns, or its labels do not fit its rows."""


class TooFewPlansError(PolicylabError, ValueError):
    """The question cannot be answered with so few plans; the message says how many would do."""


class TooFewCodingsError(PolicylabError, ValueError):
    """Too few texts were coded by hand to correct with; the message names the class and says how many more would do."""


class EmptyVocabularyError(PolicylabError, ValueError):
    """No term is left to count; the message says which setting to loosen."""


class LexiconError(PolicylabError, ValueError):
    """A lexicon, stop-word list or codebook file is not in the form described; the message names the line."""


class TableError(PolicylabError, ValueError):
    """A metadata, places or corrections table is not in the form described; the message names the row."""


class FontError(PolicylabError, RuntimeError):
    """No typeface with the characters needed was found, or a figure has a glyph missing."""


class MissingExtraError(PolicylabError, ImportError):
    """An optional package is needed; the message says how to install it."""


class ReadError(PolicylabError):
    """A file could not be read as a plan.

    Parameters
    ----------
    source : str
        The file, relative to the folder read.
    found : str
        What was found in it.
    hint : str
        What to do next.
    """

    code = "unreadable"

    def __init__(self, source: str, found: str, hint: str):
        super().__init__(f"{source!r}: {found}. {hint}")
        self.source, self.found, self.hint = source, found, hint

    def __reduce__(self):
        return type(self), (self.source, self.found, self.hint)


class MissingFileError(ReadError):
    """There is no such file or folder, it is not a regular file, or it may not be read."""

    code = "missing-file"


class EmptyFileError(ReadError):
    """The file holds no text."""

    code = "empty-file"


class EncodingError(ReadError):
    """The bytes are no text in an encoding that can be told for certain."""

    code = "encoding"


class FormatError(ReadError):
    """The file is of a kind that is not read (such as .doc or a picture)."""

    code = "format"


class DamagedFileError(ReadError):
    """The file is cut off or broken."""

    code = "damaged"


class UnsafeFileError(ReadError):
    """The file goes past a limit on size, ratio, nodes, time or place, or asks for what is never done."""

    code = "unsafe"


@contextmanager
def cannot_say() -> Iterator[None]:
    """Print, in place of failing, why the plans (or codings) at hand cannot answer a question; other errors go on.

    Examples
    --------
    >>> with cannot_say():
    ...     raise TooFewPlansError("one plan only")
    此处不能下结论 Cannot be said here: one plan only
    """
    try:
        yield
    except (TooFewPlansError, TooFewCodingsError, EmptyVocabularyError) as error:
        print(f"此处不能下结论 Cannot be said here: {error}")
