"""What people write around the words that count (`not`, `or`, `=`), as the filter language says it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.filters.guesses import key_named, key_of_value
from bot.filters.vocabulary import OPTIONS, Key
from bot.filters.words import MINUS, NOT_SIGNS, Word, words_of

NO_NAMES = ("not", "except", "excluding", "exclude")
"""Words for not with which no name begins, as `No Limits` does."""
_NOT = (*NO_NAMES, "no", "non", "without", "but", "minus", "never", "ignore")
_OR = ("or", "|", "||")
_IS = ("is", "are", "equals")
_SIGNS = f"{MINUS}{NOT_SIGNS}"
_EQUATION = re.compile(rf"([{_SIGNS}]?)(\w+)([!<>]?)={{1,2}}([^=>].*)", re.DOTALL)
_MINUS_IS_NOT = "Not is written as a minus right before the key, like `-kind:out`."


class Fate(Enum):
    """What is to become of a phrase."""

    READ = "read"
    DROPPED = "dropped"
    UNCLEAR = "unclear"
    """What it means is anybody's guess, and a wrong guess might say the opposite."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word as it is meant, and why it must be written otherwise; empty: it may be right as it stands."""

    word: Word
    why: str = ""
    fate: Fate = Fate.READ


def phrases(words: Sequence[Word]) -> list[Phrase]:
    """The words of a line, with those taken together that a person means together."""
    found: list[Phrase] = []
    at = 0
    while at < len(words):
        phrase, taken = _next(found[-1].word if found else None, words[at:])
        found.append(phrase)
        at += taken
    return found


def is_connective(word: Word) -> bool:
    """Whether the word only says how others hang together: it is no part of a name."""
    return word.key is None and (_is_not(word) or _says(word, _OR))


def _next(before: Word | None, left: Sequence[Word]) -> tuple[Phrase, int]:
    """The phrase that the words begin with, and how many of them it takes."""
    word, after = left[0], left[1] if len(left) > 1 else None
    if word.key is None and word.values:
        if _is_not(word):
            return _denied(word, left[1:])
        if _says(word, _OR):
            return _either(before, word, after), 1
        if stated := _stated(left):
            return stated
        if after and (pair := _pair(word, after)):
            return pair, 2
    equation = _EQUATION.fullmatch(word.typed) if word.key is None else None
    phrase = _equation(word, equation) if equation else _signed(word)
    if after and after.key is None and _ends_connecting(phrase.word):
        return Phrase(word, _MINUS_IS_NOT, Fate.UNCLEAR), 1
    return phrase, 1


def _ends_connecting(word: Word) -> bool:
    """`order: not`: what stands behind it is what it is about."""
    return word.key is not None and "".join(word.values[-1:]).casefold() in (*_NOT, *_OR)


def _denied(denial: Word, left: Sequence[Word]) -> tuple[Phrase, int]:
    """`not kind:out`: clear where only one word follows, since nobody knows how far a `not` reaches."""
    why = f"{_MINUS_IS_NOT} “{denial.typed[:20]}” is no word of mine."
    turned = _turned(left[0]) if left and not is_connective(left[0]) else None
    if turned is None or any(word.key not in OPTIONS for word in left[1:]):
        return Phrase(denial, why, Fate.UNCLEAR), 1
    return Phrase(replace(turned, typed=f"{denial.typed} {turned.typed}"), why), 2


def _either(before: Word | None, word: Word, after: Word | None) -> Phrase:
    """`kind:in or kind:out`: within one key that goes without saying."""
    why = "A comma says either, within one key: `kind:in,out`. Of two keys it takes two subscriptions."
    keys = [_key_of(one) for one in (before, after) if one and not one.negated]
    is_clear = len(keys) == 2 and keys[0] is not None and keys[0] == keys[1]
    return Phrase(word, why, Fate.DROPPED if is_clear else Fate.UNCLEAR)


def _key_of(word: Word) -> str | None:
    if word.key is not None:
        return word.key
    return key_of_value(word.values[0]) if word.values and word.values[0][0] not in _SIGNS else None


def _stated(left: Sequence[Word]) -> tuple[Phrase, int] | None:
    """`order is sr_1` and `order is not sr_1`; how far a `not` reaches is clear before one word only."""
    word = left[0]
    key = key_named(word.values[0].lstrip(MINUS))
    if key is None or len(left) == 1 or not _says(left[1], _IS):
        return None
    is_denied = len(left) > 2 and left[2].key is None and _is_not(left[2])
    taken = 4 if is_denied else 3
    value = left[taken - 1] if len(left) >= taken else None
    is_signed = word.values[0][0] in MINUS
    is_vague = is_denied and (is_signed or any(each.key not in OPTIONS for each in left[taken:]))
    if value is None or value.key is not None or not value.values or is_connective(value) or is_vague:
        return Phrase(word, f"A colon stands behind a key, as in `{key}:`.", Fate.UNCLEAR), 1
    typed = " ".join(each.typed for each in left[:taken])
    meant = replace(words_of(f"{key}:{value.typed}")[0], typed=typed, negated=is_signed or is_denied)
    phrase = _with_colon(meant)
    return (replace(phrase, why=f"{phrase.why} {_MINUS_IS_NOT}") if is_denied else phrase), taken


def _pair(word: Word, after: Word) -> Phrase | None:
    """`kind out`, which lacks its colon."""
    name, negated = word.values[0].lstrip(MINUS), word.values[0][0] in MINUS
    key = key_named(name)
    if key is None or after.key is not None or not after.values or is_connective(after):
        return None
    if key_of_value(after.values[0]) not in (key, Key.REF, None):
        return None
    meant = words_of(f"{key}:{after.typed}")[0]
    return _with_colon(replace(meant, typed=f"{word.typed} {after.typed}", negated=negated))


def _equation(word: Word, read: re.Match[str]) -> Phrase:
    """`kind=out` and `kind!=out`."""
    sign, name, operator, value = read.groups()
    key = key_named(name)
    if key is None:
        return Phrase(word)
    meant = words_of(f"{key}:{value}")[0]
    phrase = _with_colon(replace(meant, typed=word.typed, negated=bool(sign or operator)))
    is_clear = operator not in ("<", ">") and not (sign and operator)
    return phrase if is_clear else replace(phrase, fate=Fate.UNCLEAR)


def _with_colon(word: Word) -> Phrase:
    """A word whose colon was missing; of its values some may be signed."""
    phrase = _signed(word)
    return replace(phrase, why=f"A colon stands behind a key, as in `{word.key}:`. {phrase.why}".strip())


def _signed(word: Word) -> Phrase:
    """A word whose sign for not stands in the wrong place, or is none of ours."""
    name = word.key if word.key is not None else "".join(word.values[:1])
    is_foreign = name[:1] in (*NOT_SIGNS,)
    is_double = word.key is not None and name[:1] in (*MINUS,)
    if word.key is None and name[:1] in (*MINUS,):
        is_double = name[1:2] in (*_SIGNS,)
    if not (is_foreign or is_double or word.signed):
        return Phrase(word)
    plain = replace(word, key=word.key and word.key.lstrip(_SIGNS), values=_bare(word.values), signed=0)
    turned = _turned(plain)
    all_signed = word.signed in (0, len(word.values))
    if is_double or turned is None or not all_signed or (is_foreign and word.signed):
        return Phrase(word, _MINUS_IS_NOT, Fate.UNCLEAR)
    return Phrase(turned, _MINUS_IS_NOT)


def _bare(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, (value.lstrip(f"{_SIGNS}= ") for value in values)))


def _turned(word: Word) -> Word | None:
    """The word with a minus; None where it has one, or nothing to put it before."""
    if word.negated or word.signed or not word.values:
        return None
    if word.key is not None:
        return replace(word, negated=True) if word.key[:1] not in _SIGNS else None
    first, *others = word.values
    return replace(word, values=(f"-{first}", *others)) if first[0] not in _SIGNS else None


def _is_not(word: Word) -> bool:
    return _says(word, _NOT) or (bool(word.values) and not word.values[0].strip(_SIGNS))


def _says(word: Word, listed: Sequence[str]) -> bool:
    return len(word.values) == 1 and word.typed.casefold() in listed
