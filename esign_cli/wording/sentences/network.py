"""What is said of errors: network."""

from __future__ import annotations

from esign_cli.foundation.i18n import N_
from esign_cli.wording.sentences import Sentence

SENTENCES: dict[str, Sentence] = {
    "http-failed": Sentence(
        N_("The server broke off, or did not answer as one should: {url}"),
        N_("Try again later."),
    ),
    "address-refused": Sentence(
        N_("This address is not called: {url} ({problem})"),
        N_("If it is one of your own network, allow it: esign config set network.private true"),
    ),
    "server-unreachable": Sentence(
        N_("The server cannot be reached: {url} ({detail})"),
        N_("Look at the network, and at the proxy if there is one: esign config (network.proxy)"),
    ),
    "proxy-unreachable": Sentence(
        N_("{url} is not reached through the proxy {proxy} ({detail})"),
        N_("Look at the network, and at the proxy: esign config (network.proxy)"),
    ),
    "server-timed-out": Sentence(N_("The server did not answer in {seconds} seconds: {url}")),
    "answer-too-large": Sentence(
        N_("The server's answer is larger than {most} bytes and was not taken: {url}")
    ),
    "http-status-bad": Sentence(N_("The server answered with HTTP status {status}: {url}")),
}
