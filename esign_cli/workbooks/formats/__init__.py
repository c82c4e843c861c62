"""The formats of workbooks: what a file is by its bytes, and its sheets as chunks of cells."""


class Damaged(Exception):
    """The file is not what it should be; the text says what is wrong."""


class Locked(Exception):
    """The file is encrypted with a password of its own."""


class Unsupported(Exception):
    """The file may be good, and the library that reads it cannot."""
