"""What esign keeps for itself outside the database, and what of it tells of somebody."""

from __future__ import annotations

from collections.abc import Iterable

from esign_cli.cli.context import Context
from esign_cli.foundation import files, locations
from esign_cli.foundation.errors.cards import TriesUnreadable, TriesUnwritable
from esign_cli.foundation.i18n import _


def delete(context: Context, certificates: Iterable[str]) -> None:
    """Delete it when they are forgotten: OCSP answers, which are each of one certificate, what
    doctor said last, and the tries of PINs of these certificates (SHA-256).

    What cannot be deleted is named.
    """
    for path in (*files.matching(context.cache_folder, "*.ocsp"), locations.doctor_file()):
        try:
            path.unlink(missing_ok=True)
        except OSError:
            context.console.say(
                _("This may still tell of them; delete it yourself: {path}").format(path=path)
            )
    try:
        context.pin_tries.drop(certificates)
    except (TriesUnreadable, TriesUnwritable) as problem:
        context.console.tell(problem)
