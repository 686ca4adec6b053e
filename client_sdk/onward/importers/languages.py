"""Language codes: HTCDS writes ISO 639-2, the specification writes BCP 47."""

from __future__ import annotations

# ISO 639-2 (both of its forms where it has two) to the BCP 47 tag. Languages of the corridors
# that the requirements come from, and those spoken on the way.
TAGS = {
    "afr": "af", "amh": "am", "ara": "ar", "arm": "hy", "asm": "as", "awa": "awa", "aze": "az",
    "baq": "eu", "bel": "be", "ben": "bn", "bho": "bho", "bos": "bs", "bul": "bg", "bur": "my",
    "cat": "ca", "ceb": "ceb", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de",
    "dut": "nl", "ell": "el", "eng": "en", "est": "et", "fas": "fa", "fil": "fil", "fin": "fi",
    "fra": "fr", "fre": "fr", "ful": "ff", "geo": "ka", "ger": "de", "gre": "el", "guj": "gu",
    "hat": "ht", "hau": "ha", "heb": "he", "hil": "hil", "hin": "hi", "hmn": "hmn", "hrv": "hr",
    "hun": "hu", "hye": "hy", "ibo": "ig", "ilo": "ilo", "ind": "id", "ita": "it", "jav": "jv",
    "jpn": "ja", "kac": "kac", "kan": "kn", "kar": "kar", "kas": "ks", "kat": "ka", "kaz": "kk",
    "kha": "kha", "khm": "km", "kin": "rw", "kir": "ky", "kok": "kok", "kor": "ko", "kur": "ku",
    "lao": "lo", "lav": "lv", "lin": "ln", "lit": "lt", "lus": "lus", "mac": "mk", "mai": "mai",
    "mal": "ml", "mar": "mr", "may": "ms", "mkd": "mk", "mni": "mni", "mon": "mn",
    "msa": "ms", "mya": "my", "nep": "ne", "nld": "nl", "nor": "no", "ori": "or", "orm": "om",
    "pan": "pa", "per": "fa", "pol": "pl", "por": "pt", "pus": "ps", "ron": "ro", "rum": "ro",
    "run": "rn", "rus": "ru", "sat": "sat", "shn": "shn", "sin": "si", "slk": "sk", "slo": "sk",
    "slv": "sl", "snd": "sd", "som": "so", "spa": "es", "sqi": "sq", "alb": "sq", "srp": "sr",
    "sun": "su", "swa": "sw", "swe": "sv", "tam": "ta", "tel": "te", "tgk": "tg", "tgl": "tl",
    "tha": "th", "tib": "bo", "bod": "bo", "tir": "ti", "tuk": "tk", "tur": "tr", "uig": "ug",
    "ukr": "uk", "urd": "ur", "uzb": "uz", "vie": "vi", "war": "war", "wol": "wo", "xho": "xh",
    "yor": "yo", "zho": "zh", "zul": "zu",
}  # fmt: skip

# Languages without a code in ISO 639-2 that are likely here: they keep their ISO 639-3 code.
OTHERS = frozenset({"ccp", "ctg", "mww", "rhg", "rkt", "syl", "yue"})

KNOWN = frozenset(TAGS.values()) | OTHERS


def tag(code: str) -> str | None:
    """The BCP 47 tag of an ISO 639-2 code or of a tag; None where the language is not known.

    A tag may go on with a script and a region: `bn-BD`.
    """
    language, _, rest = code.partition("-")
    small = language.lower()
    found = TAGS.get(small) or (small if small in KNOWN else None)
    return None if found is None else f"{found}-{rest}" if rest else found
