"""Reads what a request asks: pages, filters in the nested, dotted and older forms; refuses what is wrong."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, TypeVar

from aiohttp import web

from bot.sandbox.telnyx.wire import Json, digits, parse_day, parse_moment

Row = TypeVar("Row")
Test: TypeAlias = Callable[[Row], bool]
Term: TypeAlias = Callable[[str, Sequence[str]], Test[Row]]
"""Makes a test for rows from a parameter's name and raw values; raises RefusedError where they are wrong."""

DEFAULT_SIZE = 20
MAX_SIZE = 250
WITH_NUMBERS = "include_phone_numbers"
OPTIONS = {"page.number", "page.size", "sort", "sort.value", WITH_NUMBERS}
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_KEY = re.compile(r"(\w+)((?:\[[^\[\]]*\])*)")


class RefusedError(Exception):
    """Telnyx answers with an error body."""

    def __init__(self, status: int, code: str, title: str, detail: str, source: Json | None = None) -> None:
        super().__init__(detail)
        self.status = status
        error: Json = {"code": code, "title": title, "detail": detail}
        self.body: Json = {"errors": [error | {"source": source} if source else error]}


def not_found(what: str = "The requested resource") -> RefusedError:
    """404, as for an unknown id."""
    return RefusedError(404, "10005", "Resource not found", f"{what} could not be found")


def unacceptable(parameter: str, detail: str, code: str = "10031") -> RefusedError:
    """422 about a parameter of the query."""
    return RefusedError(422, code, "Invalid parameter", detail, {"parameter": parameter})


def unacceptable_field(pointer: str, detail: str, code: str = "10027") -> RefusedError:
    """422 about a field of the body."""
    return RefusedError(422, code, "Unprocessable entity", detail, {"pointer": pointer})


@dataclass(frozen=True, slots=True)
class Query:
    """What a list call asks; `filters` maps a dotted name to the parameter as written and its values."""

    page: int = 1
    size: int = DEFAULT_SIZE
    filters: Mapping[str, tuple[str, list[str]]] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    def tests(self, terms: Mapping[str, Term[Row]], *, strict: bool) -> list[Test[Row]]:
        """A test for each filter that `terms` knows; others are ignored, or refused when strict."""
        if strict:
            self.refuse_unknown(terms)
        return [terms[name](*given) for name, given in self.filters.items() if name in terms]

    def refuse_unknown(self, known: Collection[str]) -> None:
        """422 for the first filter that is not known, or another parameter that no list takes."""
        for name, (parameter, _) in self.filters.items():
            if name not in known:
                raise unacceptable(parameter, "Unknown filter")
        for name in self.options.keys() - OPTIONS:
            raise unacceptable(name, "Unknown parameter")

    def flag(self, name: str, *, default: bool) -> bool:
        """A true or false option."""
        return _flag(name, self.options[name]) if name in self.options else default


async def read_body(request: web.Request) -> Json:
    """The request's JSON object, or 422."""
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise unacceptable_field("/", "The body must be JSON", "10015") from None
    if not isinstance(body, dict):
        raise unacceptable_field("/", "The body must be an object", "10026")
    return body


async def read_text(request: web.Request, name: str) -> str:
    """A text of the request's JSON object that says something, or 422."""
    text = (await read_body(request)).get(name)
    if not isinstance(text, str) or not text.strip():
        raise unacceptable_field(f"/{name}", f"{name} is required and must be text", "10004")
    return text


def parse_query(pairs: Iterable[tuple[str, str]]) -> Query:
    """Read decoded query pairs. Raises RefusedError (422) for wrong page numbers and sizes."""
    filters: dict[str, tuple[str, list[str]]] = {}
    options: dict[str, str] = {}
    for parameter, value in pairs:
        family, name = _split(parameter)
        if family == "filter" and name:
            filters.setdefault(name, (parameter, []))[1].append(value)
        else:
            options[f"{family}.{name}" if name else family] = value
    page = _whole("page[number]", options.get("page.number", "1"), most=None)
    size = _whole("page[size]", options.get("page.size", str(DEFAULT_SIZE)), most=MAX_SIZE)
    return Query(page, size, filters, options)


def _split(parameter: str) -> tuple[str, str]:
    """`filter[a][b]`, `filter[a.b]` and `filter[a][b][]` are all (`filter`, `a.b`)."""
    found = _KEY.fullmatch(parameter)
    if not found:
        return parameter, ""
    parts = re.findall(r"\[([^\[\]]*)\]", found[2])
    return found[1], ".".join(part for part in parts if part)


def _whole(parameter: str, text: str, *, most: int | None) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise unacceptable(parameter, "Must be a positive whole number", "10026")
    number = int(text)
    if number < 1 or (most is not None and number > most):
        raise unacceptable(parameter, f"Must be at least 1 and at most {most or 10**18}", "10033")
    return number


def _flag(parameter: str, text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise unacceptable(parameter, "Must be true or false", "10026")
    return text.lower() == "true"


def moment_in(parameter: str, text: str) -> datetime:
    """A date and time, or 422."""
    if moment := parse_moment(text):
        return moment
    raise unacceptable(parameter, "Must be an ISO 8601 date and time", "10026")


def uuid_in(parameter: str, text: str) -> str:
    """A UUID in lower case, or 422."""
    if not _UUID.fullmatch(text):
        raise unacceptable(parameter, "Must be a UUID", "10006")
    return text.lower()


def _listed(values: Sequence[str]) -> list[str]:
    """Lists come comma-joined, repeated, or with `[]`."""
    return [part.strip() for value in values for part in value.split(",")]


def equals(of: Callable[[Row], str | None]) -> Term[Row]:
    """Same text, upper or lower case alike."""

    def term(_parameter: str, values: Sequence[str]) -> Test[Row]:
        wanted = values[-1].casefold()
        return lambda row: (of(row) or "").casefold() == wanted

    return term


def among(of: Callable[[Row], str | None], allowed: Collection[str] = ()) -> Term[Row]:
    """One of the listed values; each must be allowed, if only some are."""

    def term(parameter: str, values: Sequence[str]) -> Test[Row]:
        wanted = set(_listed(values))
        if allowed and not wanted <= set(allowed):
            raise unacceptable(parameter, f"Must be among: {', '.join(allowed)}", "10032")
        return lambda row: of(row) in wanted

    return term


def same_id(of: Callable[[Row], str | None]) -> Term[Row]:
    """One of the listed UUIDs."""

    def term(parameter: str, values: Sequence[str]) -> Test[Row]:
        wanted = {uuid_in(parameter, value) for value in _listed(values)}
        return lambda row: of(row) in wanted

    return term


def has_number(of: Callable[[Row], Iterable[str]], *, part: bool = False) -> Term[Row]:
    """Any of the row's numbers is (or holds, when `part`) one of the given ones; only digits count."""

    def term(_parameter: str, values: Sequence[str]) -> Test[Row]:
        wanted = [found for value in _listed(values) if (found := digits(value))]
        if part:
            return lambda row: any(want in digits(number) for number in of(row) for want in wanted)
        return lambda row: any(digits(number) in wanted for number in of(row))

    return term


def compared(of: Callable[[Row], datetime | None], holds: Callable[[datetime, datetime], bool]) -> Term[Row]:
    """The row has the moment and it holds against the given one."""

    def term(parameter: str, values: Sequence[str]) -> Test[Row]:
        bound = moment_in(parameter, values[-1])

        def test(row: Row) -> bool:
            moment = of(row)
            return moment is not None and holds(moment, bound)

        return test

    return term


def same_day(of: Callable[[Row], datetime | None]) -> Term[Row]:
    """The row's moment is on the given UTC day."""

    def term(parameter: str, values: Sequence[str]) -> Test[Row]:
        day = parse_day(values[-1])
        if day is None:
            raise unacceptable(parameter, "Must be an ISO 8601 date", "10026")

        def test(row: Row) -> bool:
            moment = of(row)
            return moment is not None and moment.date() == day

        return test

    return term


def is_flag(of: Callable[[Row], bool]) -> Term[Row]:
    """True or false."""

    def term(parameter: str, values: Sequence[str]) -> Test[Row]:
        wanted = _flag(parameter, values[-1])
        return lambda row: of(row) is wanted

    return term
