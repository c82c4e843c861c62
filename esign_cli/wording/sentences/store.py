"""What is said of errors: store."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "database-newer": Sentence(
        N_("The database {path} was written by a newer version of esign."),
        N_("Update esign; the database was not touched."),
    ),
    "database-unreadable": Sentence(
        N_("The database {path} cannot be used: {detail}"),
        N_("Restore a backup: esign restore FILE. The damaged database is kept."),
    ),
    "database-foreign": Sentence(
        N_("In the database {path} is something that esign did not make ({kind}): {name}"),
        N_("Nothing was read or changed. Restore a backup: esign restore FILE"),
    ),
    "database-value": Sentence(
        N_("In the database {path} is a value that esign cannot have written: {place}"),
        N_("Restore a backup: esign restore FILE. The damaged database is kept."),
    ),
    "erasure-held-back": Sentence(
        N_("They were forgotten, but a program that is reading {path} keeps a trace of them."),
        N_("The next command that opens the database takes it away. End the other program."),
    ),
    "erasure-unpacked": Sentence(
        N_("They were forgotten, but the disk is too full to pack the database {path}."),
        N_("Make room: the next command that opens the database packs it."),
    ),
    "database-unopenable": Sentence(
        N_("The database {path} cannot be reached: {detail}"),
        N_("Look at its path, at the rights of file and folder, and at the disk."),
    ),
    "database-file-unusable": Sentence(
        N_("The database cannot be used because of {path}: {detail}"), N_("{command}")
    ),
    "database-on-network": Sentence(
        N_(
            "The database {path} lies on another computer's disk ({kind}), where two runs at once"
            " destroy it."
        ),
        N_(
            "Keep it on this computer (esign config set database FILE) and the backups there"
            " (backup.file). If surely nobody else uses it: esign --i-know …"
        ),
    ),
    "database-busy": Sentence(
        N_("Another program has been writing to the database {path} for over {seconds} seconds."),
        N_("Wait until it ends and run the command again."),
    ),
    "seal-missing": Sentence(
        N_("In {path} stands no end of an audit trail."),
        N_("Give what esign audit seal wrote, signed or not, or a report (HTML, JSON)."),
    ),
    "backup-unreadable": Sentence(
        N_("The backup {path} cannot be used: {detail}"),
        N_("Nothing was changed. Take another backup."),
    ),
    "backup-passphrase-wrong": Sentence(
        N_("The passphrase does not open {path}, or the file is damaged."),
        N_("Nothing was changed."),
    ),
    "backup-seal-too-hard": Sentence(
        N_("This computer is too busy or too slow to try the passphrase of {path}."),
        N_("Nothing was changed. End other programs and try again, or use a faster computer."),
    ),
    "passphrases-differ": Sentence(
        N_("The two passphrases are not the same; no backup was made."),
    ),
    "erasures-unmatched": Sentence(
        N_(
            "Since this backup people were forgotten ({count}), but they cannot be told in it:"
            " the key {path} is not the one of then."
        ),
        N_("Put the earlier key back, or restore a newer backup. Nothing was changed."),
    ),
    "server-address-wrong": Sentence(
        N_("This is no address of a database: {address}"),
        N_("An address looks like postgresql://USER@HOST/DATABASE, or service=NAME."),
    ),
    "server-password-in-address": Sentence(
        N_("A password stands in the address of the database, where others can read it."),
        N_(
            "Leave it out: {address}. Keep it in ~/.pgpass, in a service file or in the keyring"
            " (esign/database-password), or be asked for it."
        ),
    ),
    "server-driver-missing": Sentence(
        N_("What speaks to PostgreSQL is not installed: {address}"),
        N_("Install it: {command} (docs:desks)"),
    ),
    "database-server-unreachable": Sentence(
        N_("The database {address} cannot be reached: {detail}"),
        N_("Look at the address and the network, or ask whoever looks after the server."),
    ),
    "server-untrusted": Sentence(
        N_(
            "The server of the database {address} does not prove that it is the right one: {detail}"
        ),
        N_(
            "Nothing was sent to it. Name it as its certificate does, and keep the certificate of its"
            " authority in ~/.postgresql/root.crt; a way without either has to be asked for"
            " (sslmode=require in the address)."
        ),
    ),
    "server-login-refused": Sentence(
        N_("The server of the database {address} refused the login: {detail}"),
        N_("Look at the user name and the password (~/.pgpass, keyring), or ask for access."),
    ),
    "server-too-old": Sentence(
        N_("The server of the database {address} is PostgreSQL {version}; 15 or newer is needed."),
        N_("Ask whoever looks after the server."),
    ),
    "server-right-missing": Sentence(
        N_("{user} ({rights}) may not do this in the database {address}: {detail}"),
        N_("Ask an owner of the database for the right: {owners}. Nothing was changed."),
    ),
    "server-lost": Sentence(
        N_("The connection to the database {address} ended: {detail}"),
        N_(
            "What was not finished was taken back. Look whether the last step was kept, then run the"
            " command again."
        ),
    ),
    "server-migration-due": Sentence(
        N_("The database {address} was made by an earlier version of esign."),
        N_("Its owner brings it up to date (esign database migrate); until then use that version."),
    ),
    "server-busy": Sentence(
        N_("Another desk is writing: {desk}, for {seconds} s already."),
        N_("Wait until it ends and run the command again. Nothing was changed."),
    ),
    "server-not-owned": Sentence(
        N_("The user {user} is no owner of the database {address}."),
        N_("Ask an owner: {owners}. Nothing was changed."),
    ),
    "server-tables-missing": Sentence(
        N_("The database {address} has no tables of esign yet."),
        N_("Its owner makes them: esign database create"),
    ),
    "server-roles-unmade": Sentence(
        N_("The user {user} may not make the roles {roles} on the server of {address}."),
        N_(
            "Give the administrator of the server what is to be done: esign database create --print."
            " Nothing was changed."
        ),
    ),
    "only-for-servers": Sentence(
        N_("esign {command} is for a database on a server, and this database is a file."),
        N_("There it is done by: {instead}"),
    ),
    "copy-target-not-empty": Sentence(
        N_("There is something in {path} already, so nothing was copied. Table: {table}"),
        N_("Give an empty database, or a file that is not there yet."),
    ),
    "copy-differs": Sentence(
        N_("What was written into {path} is not what was read. Table: {table}"),
        N_("Nothing was kept of the copy. Run the command again, and report it if it stays so."),
    ),
    "only-for-files": Sentence(
        N_("esign {command} is for a database file, and this database is on a server."),
        N_("There it is done by: {instead}"),
    ),
}
