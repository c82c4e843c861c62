"""What is said of errors: outputs."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "pdf-missing": Sentence(
        N_("What makes PDF is not installed."),
        N_("Install it: {command}"),
    ),
    "typeset-failed": Sentence(N_("The PDF could not be made ({template}): {detail}")),
    "mail-server-unset": Sentence(
        N_("The setting “{key}” is missing: through which server, and as whom, is mail sent?"),
        N_("esign config set {key} …"),
    ),
    "mail-server-unreachable": Sentence(
        N_("The mail server cannot be reached: {host}:{port} ({detail})"),
        N_("Nothing was sent to it. Look at smtp.host, smtp.port and smtp.security."),
    ),
    "mail-server-busy": Sentence(
        N_("The mail server takes nothing just now: {host} ({detail})"),
        N_("The next run goes on from here; --patience waits longer."),
    ),
    "mail-server-untrusted": Sentence(
        N_("The mail server's certificate is not trusted: {host} ({detail})"),
        N_("If its authority is your own, name that one's certificate in smtp.ca_file."),
    ),
    "mail-server-without-tls": Sentence(
        N_("The mail server offers no STARTTLS, or no login: {host}"),
        N_("Look at smtp.security and smtp.user: starttls, tls or none."),
    ),
    "mail-login-unencrypted": Sentence(
        N_("No password is sent without encryption: {host}"),
        N_("Set smtp.security to starttls or tls, or leave smtp.user empty."),
    ),
    "mail-login-refused": Sentence(
        N_("The mail server refused the login of {user}: {host} ({detail})"),
        N_("Look at smtp.user, and at the secret smtp-password."),
    ),
    "recipients-refused": Sentence(N_("The mail server refused the address {addresses}: {detail}")),
    "message-refused": Sentence(N_("The mail server {host} refused the message: {detail}")),
    "message-unsent": Sentence(N_("The mail server {host} did not take the message: {detail}")),
    "gateway-unset": Sentence(
        N_("The setting “{key}” is missing: by which gateway are SMS sent?"),
        N_("The gateway is described in the settings file (docs:reminders)."),
    ),
    "gateway-failed": Sentence(N_("The SMS gateway {host} did not take the message: {problem}")),
    "gateway-hidden-by-proxy": Sentence(
        N_("The SMS gateway {host} is not reached through the proxy {proxy} ({problem})"),
        N_("Look at the network, and at the proxy: esign config (network.proxy)"),
    ),
    "gateway-refused": Sentence(N_("The SMS gateway {host} refused the message: {detail}")),
    "bad-time-of-day": Sentence(N_("“{given}” is not a time of day."), N_("Write it as 08:30.")),
    "path-unschedulable": Sentence(
        N_("No scheduler takes a path with such characters in it: {path}")
    ),
    "crontab-marks-broken": Sentence(
        N_("The marks of esign in the crontab are damaged, and nothing was changed."),
        N_("Take the lines “# BEGIN esign” and “# END esign” out with “crontab -e”."),
    ),
    "scheduler-missing": Sentence(
        N_("There is no such scheduler on this system: {program}"),
        N_("esign schedule prints the lines; put them where they belong yourself."),
    ),
    "scheduler-failed": Sentence(
        N_("The system's scheduler did not take the lines ({program}): {detail}"),
        N_("esign schedule prints the lines; put them where they belong yourself."),
    ),
    "template-broken": Sentence(
        N_("The template {path} cannot be used (line {row}): {detail}"),
        N_("Nothing was sent. docs:reminders names what a template may use."),
    ),
}
