"""The words by which a secret is known, and those by which a number is known to be none.

All of them without accents and in small letters: `plain` makes them so. Telnyx's staff writes English; what
customers paste comes in any language.
"""

import re
import unicodedata
from functools import lru_cache

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0e\ufe0f\ufeff\u20e3\u0300-\u036f"
"""Signs that may stand inside a word or a number and are not seen, as a part of a class of a pattern."""

_UNSEEN = re.compile(f"[{INVISIBLE}]")
_ALIKE = (
    str.maketrans("АВЕЅІЈКМНОРСТУХӀаеѕіјкмнорстухһӏԁԝı", "ABESIJKMHOPCTYXIaesijkmhopctyxhldwi")
    | str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαειηκνορτυχϲ", "ABEZHIKMNOPTYXaeinkvoptyxc")
    | str.maketrans("ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdeghijklmnoprstuvwyz")
)
"""Cyrillic, Greek and small capital letters that look like Latin ones."""
_DISGUISE = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s"}
"""Digits that are written for letters."""


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """`Contraseña` → `contrasena`, `１２` → `12`: how words are compared."""
    if word.isascii():
        return word.lower()
    return _folded(word).casefold()


def _folded(text: str) -> str:
    return _UNSEEN.sub("", unicodedata.normalize("NFKD", text)).translate(_ALIKE)


def _phrases(*texts: str) -> frozenset[str]:
    return frozenset(plain(phrase) for text in texts for phrase in text.split(", "))


_ACCOUNTS = ("account", "accounts", "acct", "acc", "a/c")
_OF_ACCOUNTS = ("number", "numbers", "num", "nr", "id", "code", "pin")
_CODES = _phrases(
    "pass, pin, security, verification, access, transfer, port out, porting out, portout, porting, secret",
    "auth, authorization, authorisation, unlock, personal identification",
)
SECRETS = _phrases(
    "pins, pincodes, passcodes, passwords, ssns, contraseñas, claves, senhas, passwörter",
    "kennwörter",
    "pin, pincode, p i n, ntp, passcode, password, passwd, pass word, passphrase, pass phrase, pwd, pw, otp",
    "cvv, cvc, passkey, pass key, personal identification, personal id, security answer, secret answer",
    "ssn, s s n, social security, social insurance, itin, fein, tax id, tax identifier, tax identification",
    "tax number, taxid, tin, ein",
    "contraseña, clave, código de acceso, código de seguridad, código secreto, número de cuenta",
    "passwort, kennwort, kenncode, geheimzahl, geheimnummer, kontonummer, kundennummer, steuernummer",
    "mot de passe, mots de passe, motdepasse, code secret, code confidentiel, nip, numéro de compte",
    "senha, palavra passe, número da conta, wachtwoord, toegangscode, lösenord, hasło, heslo, jelszó",
    "пароль, пин, пин код",
    *(f"{account} {word}" for account in _ACCOUNTS for word in _OF_ACCOUNTS),
    *(f"{kind} code, {kind} codes" for kind in _CODES),
    *(f"{kind} word, {kind} words" for kind in ("security", "secret", "memorable")),
)
FAINT = (
    dict.fromkeys(_ACCOUNTS, 6)
    | {f"{account} no": 3 for account in _ACCOUNTS}
    | {"ban": 6, "ss": 9, "pass": 4, "social": 4}
)
"""Words of many uses: only what follows at once is secret, and only from so many digits on."""
_UNSPACED = _phrases("密码, 密碼, パスワード, 暗証番号, 비밀번호")
"""Of languages that part no words."""
_SHOUTED = _phrases("tin, ein, ban")
"""Ordinary words in small letters."""
_COMPOUND = re.compile(
    r"(?:[^\W\d_]+(?:passcode|password|passwort|kennwort|pincode)"
    r"|(?:customer|cust|client|account|acct|billing|user|sim|line|port|porting|portout|transfer|security|access"
    r"|attempted|voicemail|carrier|old|new|my|your|wrong|valid|invalid|last|four|digits|of)*(?:pin|ssn)"
    r"|(?:account|acct)(?=n|id|code))(?:s|codes?|no|nr|num|numbers?|nummer|id)?"
)
LONGEST_PHRASE = 3
"""In words."""

SHORT = _phrases("acct, acc, no, nr, num, p, i, n, s")
"""After these a full stop ends no sentence."""
LINKS = _phrases(
    "is, was, are, were, be, to, as, ist, sind, war, lautet, es, son, est, sont, e, number, numbers, num, no",
    "nr, nummer, numero, code, codes, id",
    "nbsp, quot, apos, amp, lt, gt, br, td, th, tr, b, strong",
)
"""Between a secret word and its value they part nothing."""
COUNTED = _phrases(
    "digit, digits, character, characters, chars, letters, figures, numbers, lines, orders, tns, dids, days",
    "hours, minutes, weeks, months, years, business, times, tries, attempts, users, people, stellig",
    "stellige, stelligen, ziffern, chiffres, dígitos, cifras, am, pm",
)
NAMED = _phrases(
    "order, orders, event, ticket, case, invoice, po, pon, spid, ocn, ref, reference, foc, step, page",
    "room, suite, street, zip, ext, extension, version, portal, area",
)
"""A number right after one of these is its name."""
NUMBERS = _phrases("id, no, nr, num, number")
"""May stand between such a word and its number."""
LABELS = _phrases("address, street, city, state, zip, name, date")
"""What stands behind one of these and a colon is no secret, however many words before it."""
PHONE_WORDS = _phrases("for, of, on, at, call, line, number, tn, btn, phone, für, de, para, pour")
ENDINGS = _phrases("last, first, final, letzte, letzten, últimos, derniers, ending")
MONTHS = _phrases(
    "jan, feb, mar, apr, may, jun, jul, aug, sep, sept, oct, nov, dec, january, february, march",
    "april, june, july, august, september, october, november, december",
)
UNTIL = _phrases("until, till, in, since, by, through, year, during, bis, seit, hasta")
"""A year follows."""
EQUALS = _phrases("is, was, as, for, equals, ist, es, est")
"""`4821 is the PIN`, `use 4821 for the PIN`."""
ATTRIBUTES = _phrases(
    "the, a, an, s, this, my, your, our, their, his, her, its, customer, account, correct, new, right, valid",
    "old, current, port, out, porting, transfer, die, der, das, el, la, le",
)

_DIGIT = re.compile(r"\d")
_APART = str.maketrans(dict.fromkeys(" ._*/-\t\r\n\v\f\x1c\x1d\x1e\x1f", "") | _DISGUISE)
_NO_LETTER = re.compile(r"[^\w\x00-\x7f]")
_PARTS = (
    *("pin", "pass", "pw", "ntp", "ssn", "social", "account", "acct", "taxid", "taxnumber", "cvv", "cvc"),
    *("otp", "code", "codigo", "nip", "senha", "clave", "contras", "kennw", "geheim", "konto", "kunden"),
    *("steuer", "compte", "cuenta", "daconta", "wachtwoord", "losenord", "haslo", "hasło", "heslo", "jelszo"),
    *("personalid", "securityword", "secretword", "memorableword", "answer"),
    *(plain("парол"), plain("пин"), *_UNSPACED),
)
"""Without what may stand between their letters. Substrings are found many times quicker than by a pattern."""
_HUMP = "(?-i:(?<=[a-z])(?=[A-Z]))"
_SHORT_WORDS = re.compile(
    rf"(?:(?<![^\W_])|{_HUMP})(?:acc|ss|ß|tin|ein|itin|fein)(?:(?![a-z])|{_HUMP})",
    re.IGNORECASE,
)
"""Whole words, also within `cust_acc_number` and `customerTIN`."""


def may_hold_a_secret(text: str) -> bool:
    """Quick, and never False for a text that holds one."""
    if not text.isascii():
        # Decomposed, signs such as ™ would be letters, and a part of the word beside them.
        text = _NO_LETTER.sub(" ", _UNSEEN.sub("", text))
        text = _folded(text)
    if not _DIGIT.search(text):
        return False
    small = text.casefold()
    together = small.translate(_APART)
    if any(part in together for part in _PARTS) or "BAN" in text or "a/c" in small:
        return True
    return bool(_SHORT_WORDS.search(text))


def is_secret(phrase: str, written: str) -> bool:
    """`written` is the phrase's last word as it stands in the text."""
    if phrase in _SHOUTED:
        return phrase in SECRETS and written.isupper()
    if not phrase.isascii() and any(word in phrase for word in _UNSPACED):
        return True
    return phrase in SECRETS or bool(_COMPOUND.fullmatch(phrase))


def fewest_digits(phrase: str, written: str) -> int | None:
    """How many digits a value after a faint word has at least; None where the phrase is no such word."""
    return None if phrase in _SHOUTED and not written.isupper() else FAINT.get(phrase)


def undisguised(word: str) -> str:
    """`p1n` → `pin`; nothing where that makes no secret word."""
    said = plain(word).translate(_APART)
    return said if said.isascii() and is_secret(said, "") and any(part in said for part in _PARTS) else ""
