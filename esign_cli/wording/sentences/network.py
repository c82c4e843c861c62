"""What is said of errors: network."""

from __future__ import annotations

from esign_cli.foundation.errors import EsignError
from esign_cli.foundation.errors.network import (
    AddressRefused,
    AnswerTooLarge,
    HttpFailed,
    HttpStatusBad,
    ServerTimedOut,
    ServerUnreachable,
)
from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences.sentence import Sentence

SENTENCES: dict[type[EsignError], Sentence] = {
    HttpFailed: Sentence(
        N_("The server broke off, or did not answer as one should: {url}"),
        N_("Try again later."),
    ),
    AddressRefused: Sentence(
        N_("This address is not called: {url} ({problem})"),
        N_("An address of your own network has to be allowed: esign config (network.private)"),
    ),
    ServerUnreachable: Sentence(
        N_("The server cannot be reached: {url} ({detail})"),
        N_("Look at the network, and at the proxy if there is one: esign config (network.proxy)"),
    ),
    ServerTimedOut: Sentence(N_("The server did not answer in {seconds} seconds: {url}")),
    AnswerTooLarge: Sentence(
        N_("The server's answer is larger than {most} bytes and was not taken: {url}")
    ),
    HttpStatusBad: Sentence(N_("The server answered with HTTP status {status}: {url}")),
}
