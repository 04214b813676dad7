"""Reads a text for its secret words and the values that go with them, in one pass over its tokens."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.masking.joints import is_one_value
from bot.masking.searches import FAR, REACH, Search, is_label
from bot.masking.tokens import Kind, Token, tokens_of
from bot.masking.words import (
    ATTRIBUTES,
    COUNTED,
    ENDINGS,
    EQUALS,
    FAINT,
    LABELS,
    LINKS,
    LONGEST_PHRASE,
    MONTHS,
    NAMED,
    NUMBERS,
    PHONE_WORDS,
    SHORT,
    UNTIL,
    fewest_digits,
    is_secret,
)

_CLOSE = re.compile(r"[\s._*/–—-]{0,3}")
_PREFIX = re.compile(r"[A-Z]{1,4}[-/.](?=\d)")
_SENTENCE_END = re.compile(r"[.!?]\s")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_DAY = re.compile(r"\d{1,2}(?:st|nd|rd|th)?")
_WHOLE_PHONE = (10, 11)
_NAMES_NEXT = re.compile(r"\s?[:=]")


def secret_values(text: str) -> list[tuple[int, int]]:
    """Beginning and end of each value to be masked, in order."""
    return _Reader(text, tuple(tokens_of(text))).read()


@dataclass(slots=True)
class _Reader:
    text: str
    tokens: Sequence[Token]
    found: list[tuple[int, int]] = field(default_factory=list)
    search: Search | None = None
    phrase: list[str] = field(default_factory=list)
    """The words just read, close to each other."""
    before: tuple[int, int] | None = None
    """A value that is secret if `is the PIN` follows."""
    equals: str = ""
    in_date: bool = False

    def read(self) -> list[tuple[int, int]]:
        place = end = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            gap = self.text[end : token.start]
            self._gap(gap)
            if token.kind is Kind.WORD:
                self._word(token)
            elif token.kind is Kind.VALUE:
                place = self._value(place, gap)
            else:
                self._form(place, gap)
            end = self.tokens[place].end
            place += 1
        return sorted(self.found)

    def _gap(self, gap: str) -> None:
        if not _CLOSE.fullmatch(gap):
            self.phrase.clear()
        ends = bool(_SENTENCE_END.search(gap)) and not (self.phrase and self.phrase[-1] in SHORT)
        if ends or "\n" in gap:
            self.before = None
        elif "=" in gap or "(" in gap:
            self.equals = "=" if "=" in gap else "("
        search = self.search
        if search is None:
            return
        search.is_labelled = search.is_labelled or is_label(gap)
        if (ends or "\n" in gap) and not search.at_once and ":" not in gap:
            search.is_over = True
        if ends or "," in gap or ";" in gap:
            search.at_once = False

    def _word(self, token: Token) -> None:
        said = token.plain
        self.in_date = said in MONTHS
        self.phrase = [*self.phrase[1 - LONGEST_PHRASE :], said]
        if self._begins_search(token):
            return
        if said in EQUALS and not self._is_owner(said):
            self.equals = self.equals or said
        elif said not in ATTRIBUTES or not self.equals:
            self.before = None
        search = self.search
        if search is None or (said in LINKS and not search.is_over) or self._is_prefix(token):
            return
        search.at_once = False
        search.words += 1
        if search.is_over or search.fewest is not None or search.words > REACH:
            self.search = None

    def _begins_search(self, token: Token) -> bool:
        for size in range(len(self.phrase), 0, -1):
            phrase = " ".join(self.phrase[-size:])
            if is_secret(phrase, token.written):
                is_closed = self.equals != "(" or self.text[token.end : token.end + 1] == ")"
                if self.before and self.equals and is_closed:
                    self.found.append(self.before)
                self.search, self.before = Search(), None
                return True
            fewest = fewest_digits(phrase, token.written)
            if fewest is not None and (self.search is None or self.search.fewest is not None):
                if not self._asks_less(fewest):
                    self.search = Search(fewest)
                return True
        return False

    def _is_prefix(self, token: Token) -> bool:
        """The BA of `account: BA-77812`."""
        is_labelled = self.search is not None and self.search.at_once and self.search.is_labelled
        return is_labelled and token.plain not in NAMED and bool(_PREFIX.match(self.text, token.start))

    def _asks_less(self, fewest: int) -> bool:
        """The faint word before is still open: `account: ACC77812`."""
        needs = self.search.needs() if self.search and self.search.at_once else None
        return needs is not None and needs <= fewest

    def _is_owner(self, said: str) -> bool:
        """`3035551234 for the PIN` says whose PIN it is."""
        if not self.before or said not in PHONE_WORDS:
            return False
        start, end = self.before
        return sum(sign.isdigit() for sign in self.text[start:end]) in _WHOLE_PHONE

    def _value(self, place: int, gap: str) -> int:
        """Takes in a value and what is joined to it; returns the place of its last token."""
        self.before, self.equals = None, ""
        if self._is_date_part(place) or self._is_ending(place):
            return place
        self.in_date = False
        is_direct = self._is_direct(place, gap)
        last = self._joined(place, is_sure=is_direct or self.search is None)
        span, search = (self.tokens[place].start, self.tokens[last].end), self.search
        digits = sum(token.digits for token in self.tokens[place : last + 1])
        if self._is_counted(last, digits, is_direct) or (not is_direct and self._is_named(place, last)):
            return last
        if search and search.takes(digits, gap):
            self.found.append(span)
            self._took()
        elif digits >= FAR:
            self.before = span
        return last

    def _took(self) -> None:
        """More values may follow, but for a faint word."""
        self.search = Search(at_once=False) if self.search and self.search.fewest is None else None

    def _form(self, place: int, gap: str) -> None:
        """What is known by its form stays, unless it can only be the secret's value."""
        self.before, self.in_date, token = None, False, self.tokens[place]
        search = self.search
        if search is None:
            return
        if token.kind is Kind.MASKED:
            self._took()
        elif search.at_once and (self._is_value_after_all(token) or self._is_labelled_phone(place, gap)):
            self.found.append((token.start, token.end))
            self._took()
        else:
            search.at_once = False
            self.search = search if search.fewest is None else None

    def _is_value_after_all(self, token: Token) -> bool:
        if token.kind is Kind.PHONE:
            is_of_account = bool(self.phrase and self.phrase[0] in FAINT)
            return is_of_account or (token.written.startswith("+") and token.digits < min(_WHOLE_PHONE))
        return token.kind is Kind.DATE and "-" not in token.written

    def _is_labelled_phone(self, place: int, gap: str) -> bool:
        """`PIN: 303-555-0123`, but neither `PINs:` and a list of numbers nor `PIN: 303-555-0123: 4821`."""
        token, is_strong = self.tokens[place], self.search is not None and self.search.fewest is None
        names_next = _NAMES_NEXT.match(self.text, token.end)
        return token.kind is Kind.PHONE and is_strong and is_label(gap) and "\n" not in gap and not names_next

    def _is_date_part(self, place: int) -> bool:
        said = self.tokens[place].plain
        is_day = bool(_DAY.fullmatch(said))
        if self.in_date and (is_day or _YEAR.fullmatch(said)):
            return True
        if _YEAR.fullmatch(said) and self._word_at(place - 1) in UNTIL:
            return True
        return is_day and self._word_at(place + 1) in MONTHS

    def _is_ending(self, place: int) -> bool:
        """The 4 of `last 4: 6789`."""
        return self.tokens[place].digits == 1 and self._word_at(place - 1) in ENDINGS

    def _is_counted(self, last: int, digits: int, is_direct: bool) -> bool:
        """`4 digits`, `1,200 numbers`."""
        return self._word_at(last + 1) in COUNTED and (digits < FAR or not is_direct)

    def _is_named(self, place: int, last: int) -> bool:
        """`order 12345`, `for 3035550123`."""
        word = self._word_at(place - 1)
        if word in NUMBERS:
            word = self._word_at(place - 2) or word
        return word in NAMED | LABELS or (place == last and self._is_phone(place))

    def _is_phone(self, place: int) -> bool:
        said = self.tokens[place].plain
        return said.isdigit() and len(said) in _WHOLE_PHONE and self._word_at(place - 1) in PHONE_WORDS

    def _is_direct(self, place: int, gap: str) -> bool:
        """Right after the secret word, or after a label; not after another's: `PIN 4821 Order: 17`."""
        search = self.search
        if search is None or search.at_once:
            return search is not None
        word = self._word_at(place - 1)
        names_another = word in LABELS or (search.words == 1 and word in NAMED | PHONE_WORDS)
        return (":" in gap or "=" in gap) and not names_another and not self._is_phone(place)

    def _word_at(self, place: int) -> str:
        """The word at the place, or nothing where no word stands."""
        if not 0 <= place < len(self.tokens) or self.tokens[place].kind is not Kind.WORD:
            return ""
        return self.tokens[place].plain

    def _joined(self, place: int, *, is_sure: bool) -> int:
        """`481-51-6239`, `4 8 2 1`: the place of the last part of a value."""
        while place + 1 < len(self.tokens) and self.tokens[place + 1].kind is Kind.VALUE:
            here, after = self.tokens[place], self.tokens[place + 1]
            gap = self.text[here.end : after.start]
            is_counted = self._word_at(place + 2) in COUNTED
            if not is_one_value(here, gap, after, is_counted=is_counted, is_sure=is_sure):
                return place
            place += 1
        return place
