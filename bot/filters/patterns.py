"""A value of a filter: literal text with `*` for anything. Pure."""

from dataclasses import dataclass, field

from bot.names import folded


@dataclass(frozen=True, slots=True)
class Pattern:
    """A value that may hold `*`. Equal when it matches the same: `text` is only how it was written."""

    parts: tuple[str, ...]
    """The folded pieces between the stars; one piece: no star."""
    text: str = field(compare=False)

    @classmethod
    def of(cls, text: str, compared: str | None = None) -> "Pattern":
        """The pattern written as `text`, comparing itself as `compared` (default: the folded text)."""
        pieces = (folded(text) if compared is None else compared).split("*")
        # Several stars in a row say no more than one.
        inner = [piece for piece in pieces[1:-1] if piece]
        return cls(tuple([pieces[0], *inner, pieces[-1]] if len(pieces) > 1 else pieces), text)

    @property
    def is_literal(self) -> bool:
        return len(self.parts) == 1

    @property
    def is_anything(self) -> bool:
        return self.parts == ("", "")

    @property
    def beginning(self) -> str:
        """What every match begins with; all of it when there is no star."""
        return self.parts[0]

    @property
    def is_prefix(self) -> bool:
        """True for `abc*`."""
        return len(self.parts) == 2 and not self.parts[1] and bool(self.parts[0])

    def matches(self, value: str) -> bool:
        """Whether a folded value matches; in one pass, so that no pattern can be slow."""
        if len(self.parts) == 1:
            return value == self.parts[0]
        first, *inner, last = self.parts
        if len(value) < len(first) + len(last) or not (value.startswith(first) and value.endswith(last)):
            return False
        at, end = len(first), len(value) - len(last)
        for piece in inner:
            found = value.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True
