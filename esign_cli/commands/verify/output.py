"""What verifying files shows: each with its verdict first, and the exit code of them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from esign_cli.cli.console import Console
from esign_cli.commands.verify import as_json, job, text
from esign_cli.commands.verify import labels as words
from esign_cli.commands.verify.job import Verified
from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.signatures import RequirementNotMet
from esign_cli.foundation.i18n import _
from esign_cli.foundation.plain_text import one_line
from esign_cli.signatures.cms.report import Report, SignatureReport

_EXIT_CODES = {"TOTAL-PASSED": 0, "TOTAL-FAILED": 7, "INDETERMINATE": 10}
_WORST_FIRST = (7, 10, 3)
"""Of several files; what else there is comes after these."""


@dataclass
class Run:
    """One run of the command, file by file."""

    console: Console
    required: list[str]
    as_json: bool
    codes: list[int] = field(default_factory=list)
    data: list[dict[str, Any]] = field(default_factory=list)
    done: list[Verified] = field(default_factory=list)
    problems: list[Mapping[str, Any]] = field(default_factory=list)
    several: bool = False

    def told(self, verified: Verified, unfetched: Sequence[EsignError]) -> None:
        """Show one file's report, with what could not be fetched for it."""
        missing = job.unmet(verified.report, self.required)
        self.done.append(verified)
        self.data.append(as_json.data(verified, self.required, missing))
        self.problems += _problems(verified.report, missing)
        self.problems += [error.to_facts() for error in unfetched]
        if not self.as_json:
            self._begin(verified.path)
            _show(self.console, verified, unfetched)
        self.codes.append(self._exit_code(verified.report, missing))

    def failed(self, path: Path, error: EsignError) -> None:
        """Show why one of several files has no report."""
        self._begin(path)
        self.console.tell(error)
        self.data.append({"path": str(path), "indication": None})
        self.problems.append({**error.to_facts(), "path": str(path)})
        self.codes.append(error.exit_status)

    def close(self) -> int:
        """End the output; return the exit code, of several files the worst."""
        if self.as_json and not self.several:
            self.console.envelope(self.data[0], self.problems)
        elif self.as_json:
            files = {"indication": as_json.worst(self.done), "files": self.data}
            self.console.envelope(files, self.problems)
        return next((code for code in _WORST_FIRST if code in self.codes), max(self.codes))

    def _begin(self, path: Path) -> None:
        if self.several and not self.as_json:
            if self.codes:
                self.console.out()
            self.console.out(_("File: {path}").format(path=one_line(str(path))))

    def _exit_code(self, report: Report, missing: list[str]) -> int:
        """The verdict's; that of --require only where the verdict is good."""
        code = _EXIT_CODES[report.indication.value]
        if code == 0 and missing:
            return self.console.tell(RequirementNotMet(missing=missing))
        return code


def _problems(report: Report, missing: list[str]) -> list[Mapping[str, Any]]:
    problems = as_json.problems(report)
    return [*problems, RequirementNotMet(missing=missing).to_facts()] if missing else problems


def _show(console: Console, verified: Verified, failed: Sequence[EsignError]) -> None:
    from esign_cli.wording.sentences import sentence

    report = verified.report
    for line in (*text.heading(report), *text.files(verified)):
        console.out(line)
    for number, entry in enumerate(report.signatures, start=1):
        console.out()
        if len(report.signatures) > 1:
            verdict = _(words.VERDICTS[entry.indication])
            console.out(f"{number}/{len(report.signatures)}: {verdict}")
        _show_signature(console, entry, tried=bool(failed))
    for error in failed:
        console.say(_("Not fetched: {why}").format(why=sentence(error)))
    if step := text.next_step(report):
        console.say(step)


def _show_signature(console: Console, entry: SignatureReport, *, tried: bool) -> None:
    """`tried`: what could not be fetched is told apart, with the reason."""
    for line in text.about(entry):
        console.out(line)
    console.table([_("Check"), _("Result"), _("Evidence")], text.rows(entry))
    for warning in (w for w in entry.warnings if not (tried and w.code == "not-fetched")):
        console.out(_("Note: {text}").format(text=text.said(warning)))
