"""Everything that can go wrong, as facts.

An error names what happened and carries the facts a sentence needs; the sentence itself, the exit
code and the next step stand in `sentences.py`. Errors are serialisable: they cross the pipe of a
child process as `to_facts()` and come back by `from_facts()`.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self


def _kebab(name: str) -> str:
    return "".join("-" + c.lower() if c.isupper() else c for c in name).lstrip("-")


class EsignError(Exception):
    """Something that can happen; `facts` are plain JSON values, `code` is stable."""

    code: ClassVar[str] = "error"
    kinds: ClassVar[dict[str, type[EsignError]]] = {}

    def __init_subclass__(cls) -> None:
        cls.code = _kebab(cls.__name__)
        EsignError.kinds[cls.code] = cls

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code

    def to_facts(self) -> dict[str, Any]:
        """The error as a JSON object: its code and its facts."""
        return {"code": self.code, **self.facts}

    @staticmethod
    def from_facts(facts: dict[str, Any]) -> EsignError:
        """The error that `to_facts` described; raises KeyError on an unknown code."""
        rest = dict(facts)
        return EsignError.kinds[rest.pop("code")](**rest)

    @classmethod
    def because(cls, cause: BaseException, **facts: Any) -> Self:
        """The error with the vendor's own words kept as the fact `detail`."""
        return cls(detail=f"{type(cause).__name__}: {cause}".rstrip(": "), **facts)


# --- usage ---------------------------------------------------------------------------------------


class UnknownProvince(EsignError):
    """given: str; suggestions: list[str]."""


class BadDate(EsignError):
    """given: str."""


class Usage(EsignError):
    """detail: str, a sentence already in the user's language."""


# --- files and environment -----------------------------------------------------------------------


class FileMissing(EsignError):
    """path: str."""


class FileUnreadable(EsignError):
    """path: str; detail: str."""


class OutputExists(EsignError):
    """path: str."""


class OutputFolderMissing(EsignError):
    """path: str."""


class OutputUnwritable(EsignError):
    """path: str; detail: str."""


class DiskFull(EsignError):
    """path: str."""


class BinaryToTerminal(EsignError):
    """format: str."""


class NoTerminal(EsignError):
    """wanted: str, what would have been asked; option: str, what answers it without a terminal."""


class Declined(EsignError):
    """The user said no; nothing was done."""


# --- config --------------------------------------------------------------------------------------


class ConfigUnreadable(EsignError):
    """path: str; detail: str."""


class UnknownSetting(EsignError):
    """path: str; key: str; suggestions: list[str]."""


class BadSetting(EsignError):
    """path: str; key: str; value: str; wanted: str."""


# --- database ------------------------------------------------------------------------------------


class DatabaseNewer(EsignError):
    """path: str; migrations: list[str], the ones this version does not know."""


class DatabaseUnreadable(EsignError):
    """path: str; detail: str."""


class DatabaseBusy(EsignError):
    """path: str; seconds: float."""


# --- child processes -----------------------------------------------------------------------------


class ChildDied(EsignError):
    """program: str; signal: str | None; exit_code: int | None; stderr: str, its last lines."""


class ChildTimedOut(EsignError):
    """program: str; seconds: float."""


# --- certificates and signatures -----------------------------------------------------------------


class CertificateUnreadable(EsignError):
    """detail: str."""
