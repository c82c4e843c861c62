"""The fields of a person's row as --map calls them, in the user's language."""

from __future__ import annotations

from esign_cli.foundation.i18n import language

TURKISH = {
    "national_id": "tc_kimlik_no",
    "identity": "ad_soyad_ve_tc_kimlik_no",
    "given_name": "ad",
    "family_name": "soyad",
    "full_name": "ad_soyad",
    "full_name_last_word": "ad_soyad_son_sözcük",
    "surname_first": "soyad_ad",
    "surname_first_word": "soyad_ad_ilk_sözcük",
    "institution_code": "kurum_kodu",
    "institution": "kurum",
    "province": "il",
    "district": "ilçe",
    "place": "il_ilçe",
    "title": "unvan",
    "branch": "branş",
    "registry_no": "sicil_no",
    "unit": "birim",
    "kind": "kadro_durumu",
    "status": "görev_durumu",
    "start": "başlama",
    "own_start": "kadroya_başlama",
    "end": "bitiş",
    "email": "e_posta",
    "mobile_phone": "cep_telefonu",
    "birth_place": "doğum_yeri",
    "birth_date": "doğum_tarihi",
    "certificate_end": "sertifika_bitiş",
    "certificate_serial": "sertifika_seri_no",
    "assigned_institution": "görevlendirildiği_kurum",
    "assigned_institution_code": "görevlendirildiği_kurum_kodu",
    "assigned_province": "görevlendirildiği_il",
    "assigned_district": "görevlendirildiği_ilçe",
    "assigned_place": "görevlendirildiği_il_ilçe",
}
"""What a mapping calls each field in Turkish; letter case and marks are no difference."""


def spoken(field: str) -> str:
    """Return a field as --map knows it, in the user's language; any other word as it is."""
    return TURKISH.get(field, field) if language() == "tr" else field
