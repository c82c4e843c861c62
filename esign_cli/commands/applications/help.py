"""The help of `esign applications`."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_

HELP = N_(
    """Follow applications from the first draft to the card in hand.

    Without a word after it, the open applications are listed. Each step is kept with its own day,
    the time at which it was entered, who entered it, and a note; nothing is ever overwritten.
    Applications are completed and approved on the portal: what is entered here only follows them.

    \b
    esign applications
    esign applications add 10000000146 --date 2026-11-20
    esign applications approve 10000000146
    """
)
LIST_HELP = N_(
    """List the open applications, or those of the states that are named.

    States: draft, signed, printed, submitted, waiting, approved, arrived, returned, delivered,
    active, rejected, cancelled, all. The Turkish words are taken as well. A card is overdue when
    more days have passed since the approval than renewal.delivery_days says (15).

    \b
    esign applications list --province batman
    esign applications list --overdue
    esign applications list --unconfirmed
    esign applications list --approved-in 2026
    esign applications list --state approved --output onaylanan.xlsx
    """
)
SHOW_HELP = N_(
    """Show applications with everything that happened to them.

    An application is named by its number, or a person by the national id: then all applications of
    that person are shown.

    \b
    esign applications show 12
    """
)
ADD_HELP = N_(
    """Enter applications that were made on the portal.

    The people are named by national id, or by a list of them: one a line, a csv or a workbook, with
    the day of each beside it. Somebody who has an application open is passed over.

    \b
    esign applications add 10000000146 --date 2026-11-20
    esign applications add --from basvuranlar.csv
    esign applications add 10000000146 --reason first --wet-ink
    """
)
STEP_HELP = {
    "submit": N_(
        """Enter that an application was sent on the portal.

        The portal has then said: “Başvuru İmzalama İşlemi Başarıyla Bitirildi”.

        \b
        esign applications submit 10000000146
        """
    ),
    "wait": N_(
        """Enter that an application waits for a correction in MEBBİS.

        \b
        esign applications wait 10000000146 --note "görevlendirme uzatılacak"
        """
    ),
    "approve": N_(
        """Enter the approval of applications, after judging each anew on that day.

        Refused is who is not on duty by what is known; for a renewal with the e-imza (Yöntem 1),
        who is not eligible; and everybody while the latest MEBBİS export is older than
        renewal.approval_roster_days (7). With --override and the reason it is entered all the
        same, and the reason is kept. The approval itself is given on the portal.

        \b
        esign applications approve 10000000146
        esign applications approve 12 --override "MEBBİS ekranında görüldü"
        """
    ),
    "reject": N_(
        """Enter that an application was rejected, and why.

        \b
        esign applications reject 12 --note "görevlendirmesi sona ermiş"
        """
    ),
    "arrive": N_(
        """Enter that the card has come to the directorate.

        With --from-watch it is entered for everybody in a pile of cards that was read with esign
        check-card --watch --save.

        \b
        esign applications arrive --from gelen-kartlar.txt
        esign applications arrive --from-watch 3
        """
    ),
    "return": N_(
        """Enter that the courier took the card back.

        \b
        esign applications return 12 --note "adreste bulunamadı"
        """
    ),
    "deliver": N_(
        """Enter that the card is in its owner's hand.

        With --from-watch it is entered for everybody on the hand-over list of a pile of cards that
        was read with esign check-card --watch --save.

        \b
        esign applications deliver 10000000146
        esign applications deliver --from-watch 3
        """
    ),
    "cancel": N_(
        """Enter that an application was given up before the card was delivered.

        \b
        esign applications cancel 12 --note "emekli oldu"
        """
    ),
}
UNDO_HELP = N_(
    """Take back the last step of an application that was entered by mistake.

    The person and the step are shown and asked for; both stay in the history. It is refused where
    another step came meanwhile. On the portal nothing changes: what was done there is undone there.

    \b
    esign applications undo 12 --reason "yanlış kişi"
    """
)
PAGES = {
    "applications": HELP,
    "applications list": LIST_HELP,
    "applications show": SHOW_HELP,
    "applications add": ADD_HELP,
    "applications undo": UNDO_HELP,
    **{f"applications {step}": text for step, text in STEP_HELP.items()},
}
