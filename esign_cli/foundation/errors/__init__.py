"""What can go wrong, as facts: the families by exit code here, the errors by wing beside it.

An error carries the facts that its sentence needs as typed fields; the sentence itself stands in
`wording`. Errors are serialisable: they cross the pipe of a child process as `to_facts()` and come
back by `from_facts()`. A child imports the errors of its own wing only.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar, Self, dataclass_transform

from esign_cli.foundation import exit_codes

WINGS = (
    "cards",
    "credentials",
    "environment",
    "network",
    "outputs",
    "renewals",
    "settings",
    "signatures",
    "store",
    "usage",
    "workbooks",
)


@dataclass_transform(kw_only_default=True, eq_default=False)
class EsignError(Exception):
    """Something that can happen; its facts are plain JSON values, its `code` is stable."""

    code: ClassVar[str] = "error"
    exit_status: ClassVar[int] = exit_codes.BUG
    fact_names: ClassVar[tuple[str, ...]] = ()
    by_code: ClassVar[dict[str, type[EsignError]]] = {}

    def __init_subclass__(cls) -> None:
        own = cls.__annotations__
        cls.fact_names += tuple(n for n in own if n not in cls.fact_names)
        if "code" in cls.__dict__:
            EsignError.by_code[cls.code] = cls

    def __init__(self, **facts: Any) -> None:
        if set(facts) != set(self.fact_names):
            raise TypeError(f"{type(self).__name__} takes {self.fact_names}, not {tuple(facts)}")
        super().__init__(self.code)
        self.facts: dict[str, Any] = facts
        self.__dict__.update(facts)

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code

    def to_facts(self) -> dict[str, Any]:
        """Return the error as a JSON object: its code and its facts."""
        return {"code": self.code, **self.facts}

    @staticmethod
    def from_facts(facts: dict[str, Any]) -> EsignError:
        """Return the error that `to_facts` described; raises KeyError on an unknown code."""
        rest = dict(facts)
        code = rest.pop("code")
        if code not in EsignError.by_code:
            load_all()
        return EsignError.by_code[code](**rest)

    @classmethod
    def from_cause(cls, cause: BaseException, **facts: Any) -> Self:
        """Return the error with the vendor's own words kept as the fact `detail`."""
        return cls(detail=f"{type(cause).__name__}: {cause}".rstrip(": "), **facts)


def load_all() -> None:
    """Import the errors of every wing."""
    for wing in WINGS:
        import_module(f"{__name__}.{wing}")


class UsageError(EsignError):
    """The command line, or what a person was asked, makes no sense."""

    exit_status = exit_codes.USAGE


class InputError(EsignError):
    """A file that was given cannot be used."""

    exit_status = exit_codes.BAD_INPUT


class CardError(EsignError):
    """No driver, reader, card or certificate, or a fault of these."""

    exit_status = exit_codes.CARD


class PinRefusal(EsignError):
    """A PIN or passphrase was not taken."""

    exit_status = exit_codes.PIN_REFUSED


class PinLock(EsignError):
    """A PIN is locked, or would be by one more mistake."""

    exit_status = exit_codes.PIN_LOCKED


class SignatureError(EsignError):
    """A signature was not made, or is not valid."""

    exit_status = exit_codes.SIGNATURE_FAILED


class Unfinished(EsignError):
    """A part was done, and the rest was not."""

    exit_status = exit_codes.PARTLY


class Indeterminate(EsignError):
    """Whether a signature is valid cannot be said."""

    exit_status = exit_codes.INDETERMINATE


class EnvironmentFault(EsignError):
    """The computer or the network does not do what it should: disk, database, lock, server."""

    exit_status = exit_codes.ENVIRONMENT


class Refusal(EsignError):
    """A rule or the user said no."""

    exit_status = exit_codes.REFUSED
