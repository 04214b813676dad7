"""A small language for Slack's Block Kit schema: a rule looks at one value and says what is wrong."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where: `pointer` is a JSON pointer, `message` a sentence as Slack's."""

    pointer: str
    code: str
    message: str


Problems = Iterable[Problem]
Rule = Callable[[Any, str], Problems]
Shape = dict[str, Rule]


def wrong(pointer: str, message: str, code: str = "failed_constraint") -> list[Problem]:
    return [Problem(pointer or "/", code, message)]


def string(longest: int, *, shortest: int = 1, pattern: str | None = None, blank: bool = False) -> Rule:
    """A string with limits on its length, in characters; blanks alone are no text unless `blank` says so."""

    def rule(value: Any, at: str) -> Problems:
        if not isinstance(value, str):
            return wrong(at, "must be a string", "invalid_type")
        if len(value) > longest:
            return wrong(at, f"must be less than {longest + 1} characters")
        if len(value) < shortest or (shortest and not blank and not value.strip()):
            return wrong(at, f"must be more than {shortest - 1} characters")
        if pattern is not None and not re.fullmatch(pattern, value):
            return wrong(at, f"does not match {pattern}")
        return []

    return rule


def boolean(value: Any, at: str) -> Problems:
    return [] if isinstance(value, bool) else wrong(at, "must be a boolean", "invalid_type")


def whole(least: int, most: int) -> Rule:
    def rule(value: Any, at: str) -> Problems:
        if not isinstance(value, int) or isinstance(value, bool):
            return wrong(at, "must be an integer", "invalid_type")
        return [] if least <= value <= most else wrong(at, f"must be between {least} and {most}")

    return rule


def number(value: Any, at: str) -> Problems:
    right = isinstance(value, int | float) and not isinstance(value, bool)
    return [] if right else wrong(at, "must be a number", "invalid_type")


def positive(value: Any, at: str) -> Problems:
    return list(number(value, at)) or ([] if value > 0 else wrong(at, "must be more than 0"))


def choice(*allowed: str) -> Rule:
    def rule(value: Any, at: str) -> Problems:
        return [] if value in allowed else wrong(at, f"must be one of: {', '.join(allowed)}")

    return rule


def items(each: Rule, least: int, most: int) -> Rule:
    """A list of so many values that all follow one rule."""

    def rule(value: Any, at: str) -> Problems:
        if not isinstance(value, list):
            return wrong(at, "must be an array", "invalid_type")
        if len(value) > most:
            return wrong(at, f"no more than {most} items allowed")
        if len(value) < least:
            return wrong(at, f"no less than {least} items allowed")
        return [p for place, item in enumerate(value) for p in each(item, f"{at}/{place}")]

    return rule


def shape(needed: Shape, optional: Shape | None = None, *, also: Iterable[Rule] = ()) -> Rule:
    """An object with these fields and no others; `also` are rules about the whole."""
    known = needed | (optional or {})

    def rule(value: Any, at: str) -> Problems:
        if not isinstance(value, Mapping):
            return wrong(at, "must be an object", "invalid_type")
        found = [
            Problem(at or "/", "missing_field", f"missing required field: {n}")
            for n in needed
            if n not in value
        ]
        for name, content in value.items():
            found += (
                known[name](content, f"{at}/{name}")
                if name in known
                else wrong(f"{at}/{name}", f"invalid additional property: {name}", "invalid_property")
            )
        return found or [p for whole_rule in also for p in whole_rule(value, at)]

    return rule


def by_type(kinds: Callable[[], Mapping[str, Rule]], allowed: Collection[str] | None = None) -> Rule:
    """An object whose `type` chooses its rule; asked late, since shapes may hold each other."""

    def rule(value: Any, at: str) -> Problems:
        if not isinstance(value, Mapping):
            return wrong(at, "must be an object", "invalid_type")
        kind = value.get("type")
        found = kinds().get(kind) if isinstance(kind, str) else None
        if found is None or (allowed is not None and kind not in allowed):
            return wrong(f"{at}/type", f"unsupported type: {kind}", "unsupported_type")
        return found(value, at)

    return rule


def exactly_one(*names: str) -> Rule:
    def rule(value: Any, at: str) -> Problems:
        there = [name for name in names if value.get(name) is not None]
        return [] if len(there) == 1 else wrong(at, f"exactly one of {', '.join(names)} is required")

    return rule


def at_least_one(*names: str) -> Rule:
    def rule(value: Any, at: str) -> Problems:
        there = any(value.get(name) for name in names)
        return [] if there else wrong(at, f"at least one of {', '.join(names)} is required")

    return rule
