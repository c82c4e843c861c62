"""The text that is signed, and how it looks on a screen."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from esign_cli.foundation.errors.renewals import TemplateHidesText, UnknownFormKey
from esign_cli.renewals.application.fields import CHANNELS, KEYS, NO_CARD_READER, REASONS, Form
from esign_cli.renewals.application.problems import control_character

HIDDEN = "••••••"
SECURITY_WORD = "security_word"

TEMPLATE = (
    "Aşağıda yazılı bütün bilgilerin doğru olduğunu, aksi halde doğacak bütün zararlardan sorumlu "
    "olduğumu beyan ederim.\n"
    "Bu formdaki bilgilere göre şahsıma bir nitelikli elektronik sertifika hazırlanmasını talep "
    "ederim.\n"
    "ADI:{given_name}\n"
    "SOYAD:{family_name}\n"
    "TC KİMLİK NUMARASI:{national_id}\n"
    "EPOSTA:{email}\n"
    "GÜVENLİK SÖZCÜĞÜ:{security_word}\n"
    "ADRESİ:{address}\n"
    "KURUM ADI:{institution_name}\n"
)
"""The declaration with the portal's labels; the config may name a file with another."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def fields_of(template: str, path: str = "") -> tuple[str, ...]:
    """Return the fields that a template asks for, in its order.

    Raises UnknownFormKey; TemplateHidesText for one with characters that would be signed and not
    seen: control characters, zero-width ones, those that turn the direction of text.
    """
    for number, line in enumerate(template.removeprefix("\ufeff").splitlines(), 1):
        if control_character(line):
            raise TemplateHidesText(path=path, row=number)
    fields = tuple(dict.fromkeys(_PLACEHOLDER.findall(template)))
    for key in fields:
        if key not in KEYS and key != SECURITY_WORD:
            raise UnknownFormKey(path=path, key=key, suggestions=[])
    return fields


def text(form: Form, security_word: str, template: str = TEMPLATE) -> bytes:
    """Return what is signed: UTF-8 without BOM, NFC, every line ended by CRLF, values put
    in once.
    """
    return _written(form, security_word, template).replace("\n", "\r\n").encode()


def shown(form: Form, template: str = TEMPLATE) -> str:
    """Return the same text for the screen, with the güvenlik sözcüğü hidden and plain line ends."""
    return _written(form, HIDDEN, template)


def security_word_is_right(word: str) -> bool:
    """Return whether the word can stand on its line: something visible, and no control
    character.
    """
    return bool(word.strip()) and not control_character(word)


def _written(form: Form, security_word: str, template: str) -> str:
    lines = template.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    values = {key: as_on_the_form(key, getattr(form, key)) for key in KEYS}
    values[SECURITY_WORD] = security_word
    filled = _PLACEHOLDER.sub(lambda match: values[match[1]], lines.rstrip("\n") + "\n")
    return unicodedata.normalize("NFC", filled)


def as_on_the_form(key: str, value: Any) -> str:
    """Return a value in the portal's own words (which are Turkish, whatever the user's
    language).
    """
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    words = {"channel": CHANNELS, "reason": REASONS, "card_reader": {NO_CARD_READER: "İstenmedi"}}
    if key == "validity_years":
        return f"{value} Yıl" if value else ""
    return str(words.get(key, {}).get(value, value) or "")
