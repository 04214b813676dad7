"""Secrets that people write into free text: the digits after a telling word, and tokens."""

import re

MASK = "••••"
_WORDS = (
    r"(?<![A-Za-z])(?:pins?|p(?:\.\s?i\.\s?|\si\s|-i-|_i_)n|s(?:\.\s?s\.\s?|\ss\s|-s-|_s_)n|pin[\s_-]?codes?|"
    r"pass[\s_-]?codes?|pass[\s_-]?words?|pass[\s_-]?phrases?|passwd|pwd|"
    r"ssns?|ss\#|social[\s_-]?security|(?:account|acct|acc)\.?[\s_-]*+(?:numbers?|num|no|nr|id|pin|\#)|"
    r"tax[\s_-]?(?:id|identifier|number)|itin|tin|f?ein|cvv|otp|"
    r"(?:security|verification|access|transfer|port(?:ing)?[\s_-]?out)[\s_-]*codes?)(?![A-Za-z])"
)
_GLUED = r"(?<![A-Za-z])(?:account|acct|acc)[\s:=.]{0,3}(?=\d)"
# Up to 32 characters may stand between, but nothing masked: a second pass must not go further than the first.
_GAP = r"(?:\+\d{7,15}|[^\d•]){0,32}?"
# The last sign is one of a word: a full stop behind the secret ends the sentence.
_VALUE = r"[^\W\d_]*\d(?:[\w\-./]*\w)?"
_MORE = r"(?:[\s\-./,:;#()]{1,3}(?:or\s)?\d(?:[\w\-./]*\w)?)*"
# Without a digit near nothing follows: to see that at once is most of the time that a long text takes.
_BEFORE = rf"{_GLUED}|{_WORDS}(?:(?=\d)|(?=\D{{0,128}}+\d){_GAP}(?<![^\W_])(?<!\+))"
_AFTER_SECRET_WORD = re.compile(rf"({_BEFORE})({_VALUE}{_MORE})", re.IGNORECASE)
_TOKEN = re.compile(
    r"\b(?:KEY[0-9A-Za-z][0-9A-Za-z_-]{15,}|xox[a-z]-[\w-]+|xapp-[\w-]+|Bearer\s+[\w.~+/=-]{8,})"
)
_DIGIT = re.compile(r"\d")
_WORD_PARTS = ("pin", "pass", "pwd", "ss", "social", "acc", "tax", "tin", "ein", "cvv", "otp", "code")
_TOKEN_PARTS = ("KEY", "xox", "xapp-", "Bearer")


def mask_secrets(text: str) -> str:
    """The text with the digits after a word such as PIN, passcode or SSN masked, and tokens removed.

    Numbers that begin with `+` stay: they are phone numbers. What is masked already is not masked further.
    """
    if any(part in text for part in _TOKEN_PARTS):
        text = _TOKEN.sub(MASK, text)
    # Every comment passes here and few hold a secret: looking for parts is many times quicker.
    if _DIGIT.search(text) is None:
        return text
    together = "".join(text.casefold().split()).replace(".", "").replace("-", "").replace("_", "")
    if not any(part in together for part in _WORD_PARTS):
        return text
    return _AFTER_SECRET_WORD.sub(rf"\1{MASK}", text)
