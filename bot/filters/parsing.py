"""What a person typed behind `subscribe`, as a wish; or a sentence and the line that would be right. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.filters.blanks import held_together
from bot.filters.facts import PLACES
from bot.filters.guesses import FILLERS, KEYS, key_named, key_of_value
from bot.filters.patterns import Pattern
from bot.filters.phrases import Fate, Phrase, phrases
from bot.filters.terms import Filter, Term
from bot.filters.values import Wrong, cut, read_values
from bot.filters.vocabulary import ALIASES, OPTIONS, VALUES, Broadcast, Key, Style
from bot.filters.wishes import Wish
from bot.filters.words import MINUS, QUOTES, Word, closed, is_quote_open, words_of, written
from bot.suggestions import nearest

_EXAMPLES = {
    Key.STATUS: "exception",
    Key.REF: "ACME*",
    Key.NUMBER: "+1303*",
    Key.ORDER: "sr_98f022",
    Key.CARRIER: "Onvoy*",
}
_EVERYTHING = ("all", "everything", "anything", "*")
_STRAIGHT = str.maketrans(QUOTES, '"' * len(QUOTES))
LONGEST = 1000
"""Characters of a wish in its canonical form: what a message can show."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A word that was understood: a term, or an option with its value."""

    word: Word
    term: Term | None = None
    option: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Odd:
    """A word that was not: why, and what should stand there; empty: nothing; None: nobody knows."""

    word: Word
    why: str
    instead: str | None = None


def parse(text: str) -> Wish:
    """The wish that `text` says, in any spelling of it.

    Raises UserError with a sentence and, where it can be guessed, the whole corrected line.
    """
    if is_quote_open(text):
        raise UserError("A quote was opened and not closed.", suggestion=_checked(closed(text)))
    words = words_of(text)
    held = held_together(words)
    if len(held) < len(words):
        suggestion = _checked(" ".join(word.typed for word in held))
        raise UserError("A value of several words needs quotes around it.", suggestion=suggestion)
    read = [_read(phrase) for phrase in phrases(words)]
    odd = [one for one in read if isinstance(one, _Odd)] or _doubled(read)
    if odd:
        raise UserError(" ".join(dict.fromkeys(one.why for one in odd[:3])), suggestion=_corrected(read, odd))
    understood = [one for one in read if isinstance(one, _Read)]
    options = dict(one.option for one in understood if one.option)
    wish = Wish(
        Filter(_merged(one.term for one in understood if one.term)),
        Style(options.get("style", Style.THREAD)),
        Broadcast(options.get("broadcast", Broadcast.MILESTONES)),
    )
    if len(wish.canonical()) > LONGEST:
        raise UserError(f"That is longer than {LONGEST} characters. Make several subscriptions of it.")
    return wish


def _read(phrase: Phrase) -> _Read | _Odd:
    word = phrase.word
    if phrase.fate is not Fate.READ:
        return _Odd(word, phrase.why, "" if phrase.fate is Fate.DROPPED else None)
    read = _read_word(word)
    if not phrase.why:
        return read
    meant = (
        read.instead if isinstance(read, _Odd) else written(str(word.key), word.values, negated=word.negated)
    )
    return _Odd(word, phrase.why, meant)


def _read_word(word: Word) -> _Read | _Odd:
    if word.key is None:
        return _bare(word)
    if word.key in OPTIONS:
        return _option(word, OPTIONS[word.key])
    if word.key in tuple(Key):
        return _term(word, Key(word.key))
    return _unknown_key(word, word.key)


def _term(word: Word, key: Key) -> _Read | _Odd:
    if not word.values:
        return _Odd(word, f"`{key}:` needs a value, like {_example(key)}.")
    values = [read for value in word.values for read in read_values(key, value)]
    wrong = [value for value in values if isinstance(value, Wrong)]
    if not wrong:
        patterns = (value for value in values if isinstance(value, Pattern))
        return _Read(word, Term.of(key, patterns, negated=word.negated))
    right = [value.instead if isinstance(value, Wrong) else value.text for value in values]
    guessed = written(key, [value for value in right if value], negated=word.negated)
    return _Odd(word, wrong[0].why, None if None in right else guessed)


def _option(word: Word, words: tuple[str, ...]) -> _Read | _Odd:
    value = word.values[0].casefold() if len(word.values) == 1 else ""
    if value in words and not word.negated:
        return _Read(word, option=(str(word.key), value))
    near = nearest(value, words) if value and not word.negated else None
    given = cut(word.typed) if len(word.values) != 1 or word.negated else cut(word.values[0])
    why = f"`{word.key}:` takes one of {', '.join(words)}, not “{given}”."
    return _Odd(word, why, f"{word.key}:{near}" if near else None)


def _unknown_key(word: Word, key: str) -> _Odd:
    """The nearest key that we have, with its values put right too."""
    near = ALIASES.get(key) or nearest(key, KEYS)
    why = f"I don't know “{cut(key)}:”. I know {', '.join(KEYS)}."
    if not near:
        return _Odd(word, why)
    renamed = _read_word(Word(word.typed, near, word.values, word.negated))
    if isinstance(renamed, _Odd):
        return _Odd(word, why, renamed.instead)
    return _Odd(word, why, written(near, word.values, negated=word.negated))


def _bare(word: Word) -> _Odd:
    """A word without a key: the key whose value it is, exactly or nearly."""
    value = word.values[0].lstrip(MINUS) if word.values else ""
    negated = value != "".join(word.values[:1])
    if empty := _says_nothing(word, value, negated=negated):
        return empty
    if named := key_named(value):
        return _Odd(word, f"`{named}:` needs a value, like {_example(named)}.")
    if key_named(value.partition(":")[0]):
        meant = f"{'-' if negated else ''}{value}" if len(word.values) == 1 else None
        return _Odd(word, "Quotes belong around a value, behind its key.", meant)
    why = f"“{cut(word.values[0])}” needs a key before it, like `status:exception` or {_example(Key.REF)}."
    key = key_of_value(value)
    if key is None:
        return _Odd(word, why)
    values = (value, *word.values[1:])
    renamed = _read_word(Word(word.typed, key, values, negated))
    instead = renamed.instead if isinstance(renamed, _Odd) else written(key, values, negated=negated)
    return _Odd(word, why, instead)


def _says_nothing(word: Word, value: str, *, negated: bool) -> _Odd | None:
    if not value:
        return _Odd(word, f"“{cut(word.typed)}” says nothing: leave it out.", "")
    if value.casefold() in FILLERS and not negated:
        return _Odd(word, f"“{cut(value)}” says nothing here: leave it out.", "")
    if value.casefold() in _EVERYTHING:
        why = "Without any filter I follow everything: leave the word out."
        return _Odd(word, why, None if negated else "")
    return None


def _doubled(read: Sequence[_Read | _Odd]) -> list[_Odd]:
    """Options that are given twice, each time otherwise: the last one is what is meant."""
    last = {one.option[0]: one for one in read if isinstance(one, _Read) and one.option}
    return [
        _Odd(one.word, f"`{one.option[0]}:` can be only one thing.", "")
        for one in read
        if isinstance(one, _Read) and one.option and one.option != last[one.option[0]].option
    ]


def _merged(terms: Iterable[Term]) -> tuple[Term, ...]:
    """One term a key and sign, in the order of printing: a repeated key adds values."""
    patterns: dict[tuple[int, bool], list[Pattern]] = {}
    for term in terms:
        patterns.setdefault((PLACES[term.key], term.negated), []).extend(term.patterns)
    keys = tuple(Key)
    return tuple(
        Term.of(keys[at], patterns[at, negated], negated=negated) for at, negated in sorted(patterns)
    )


def _example(key: str) -> str:
    first = OPTIONS[key][0] if key in OPTIONS else _EXAMPLES.get(Key(key)) or VALUES[Key(key)][0]
    return f"`{key}:{first}`"


def _corrected(read: Sequence[_Read | _Odd], odd: Sequence[_Odd]) -> str | None:
    """The line with every odd word put right, or None where one cannot be."""
    instead = {id(one.word): one.instead for one in odd}
    guesses = sum(one.word.key is None and (one.instead or "").startswith(f"{Key.REF}:") for one in odd)
    # Several words of which one is anybody's guess: a line that is wrong in silence is worse than none.
    if None in instead.values() or (guesses and len(odd) > 1):
        return None
    words = (instead.get(id(one.word), one.word.typed) for one in read)
    return _checked(" ".join(filter(None, words)))


def _checked(line: str) -> str | None:
    """The whole command, if it is understood now; quotes straightened."""
    straight = line.translate(_STRAIGHT)
    try:
        parse(straight)
    except UserError as error:
        return error.suggestion
    return f"subscribe {straight}".strip()
