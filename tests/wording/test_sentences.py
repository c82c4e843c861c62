"""Facts of an error as they read in a sentence: words for codes, dates as people write them."""

from __future__ import annotations

import pytest

from esign_cli.foundation import i18n
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.credentials import SecretMalformed
from esign_cli.foundation.errors.environment import ChildTimedOut, FileUnreadable
from esign_cli.foundation.errors.network import AnswerTooLarge
from esign_cli.foundation.errors.outputs import MailServerUnreachable
from esign_cli.foundation.errors.renewals import BadFormValue, FormUnreadable
from esign_cli.foundation.errors.settings import ConfigUnreadable, UnknownSetting
from esign_cli.foundation.errors.signatures import CertificateNotQualified, CertificateNotYetValid
from esign_cli.foundation.errors.store import DatabaseNewer
from esign_cli.foundation.errors.usage import UnknownProvince
from esign_cli.wording.sentences import next_step, sentence, told


def test_what_was_perhaps_meant_comes_before_the_next_step() -> None:
    near = UnknownProvince(given="batmann", suggestions=["Batman", "Bartın"])
    assert next_step(near).startswith("Perhaps: Batman, Bartın. A name")


def test_nothing_is_suggested_where_nothing_is_near() -> None:
    assert next_step(UnknownProvince(given="xyz", suggestions=[])).startswith("A name")
    assert "–" not in next_step(UnknownSetting(path="c.toml", key="xyz", suggestions=[]))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            CertificateNotYetValid(holder="A B", not_before="2026-12-05T02:50:47+03:00"),
            "start: 05.12.2026 02:50",
        ),
        (
            CertificateNotQualified(holder="A B", because=["seal", "no-qc-statement"]),
            "(it is a seal, it lacks the European QC statement)",
        ),
        (SecretMalformed(name="security-word", because="empty"), "the güvenlik sözcüğü"),
        (FormUnreadable(path="f", detail="Invalid value (at line 3, column 8)"), "line 3"),
        (
            ConfigUnreadable(path="f", detail="Invalid value (at end of document)"),
            "it ends too early",
        ),
        (FileUnreadable(path="f", detail="Is a directory"), "Is a directory"),
    ],
)
def test_a_fact_reads_as_people_write_it(error: EsignError, said: str) -> None:
    assert said in sentence(error)


@pytest.mark.parametrize(
    ("language", "seconds", "said"),
    [("en", 2.0, "in 2 sec"), ("en", 1.5, "in 1.5 sec"), ("tr", 2.0, " 2 san"), ("tr", 1.5, "1,5")],
)
def test_seconds_read_as_the_language_writes_them(language: str, seconds: float, said: str) -> None:
    i18n.activate(language)
    try:
        assert said in sentence(ChildTimedOut(program="p", seconds=seconds))
    finally:
        i18n.activate("en")


def test_what_happened_and_what_to_do_are_two_sentences() -> None:
    closed = MailServerUnreachable(host="h", port=25, detail="Connection refused")
    assert "(Connection refused). Nothing was sent" in told(closed)
    assert "of esign. Update" in told(DatabaseNewer(path="a.db", migrations=[]))
    assert told(AnswerTooLarge(most=1, url="http://a")) == sentence(
        AnswerTooLarge(most=1, url="http://a")
    )


def test_a_wanted_date_is_shown_as_toml_writes_it() -> None:
    error = BadFormValue(path="f", key="birth_date", wanted="YYYY-MM-DD")
    assert "without quotation marks, like 1980-01-31" in next_step(error)
