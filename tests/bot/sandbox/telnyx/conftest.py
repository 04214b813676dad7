"""The stand-in on a clock that tests move, and a client that checks every answer against its description."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from bot.sandbox.telnyx_api import TelnyxApi

SPEC = json.loads(Path(__file__).parents[3].joinpath("data", "telnyx-openapi.json").read_text())
FORMATS = FormatChecker(formats=["uuid"])
KEY = {"Authorization": "Bearer KEY_SANDBOX"}


@FORMATS.checks("date-time", raises=ValueError)
def is_moment(value):
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)

    def __call__(self):
        return self.now

    def pass_(self, **span):
        self.now += timedelta(**span)


def template_of(path):
    """The description's path for a request's path; literal segments go first."""
    found = [
        known
        for known in SPEC["paths"]
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), path.removeprefix("/v2"))
    ]
    return min(found, key=lambda known: known.count("{"), default=None)


def schema_of(request, status):
    """The schema of an answer; None for no body. Undeclared statuses must at least be error bodies."""
    operation = SPEC["paths"].get(template_of(request.url.path), {}).get(request.method.lower(), {})
    answer = operation.get("responses", {}).get(str(status))
    if answer is None:
        return {"$ref": "#/components/schemas/ErrorEnvelope"} if status >= 400 else False
    if "$ref" in answer:
        answer = SPEC["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
    return answer["content"]["application/json"]["schema"] if "content" in answer else None


def breaches(request, status, body):
    """What in an answer does not fit the description."""
    schema = schema_of(request, status)
    if schema is None:
        return [] if body == b"" else ["a body where none belongs"]
    if schema is False:
        return [f"{request.method} {request.url.path} does not answer {status}"]
    validator = Draft202012Validator(
        {"allOf": [schema], "components": SPEC["components"]}, format_checker=FORMATS
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(body))]


async def must_fit(response):
    await response.aread()
    assert breaches(response.request, response.status_code, response.content) == []


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def api(clock):
    api = TelnyxApi(now=clock)
    await api.start()
    yield api
    await api.stop()


@pytest.fixture
async def client(api):
    """Every answer that it gets must fit the description."""
    hooks = {"response": [must_fit]}
    async with httpx.AsyncClient(base_url=api.url, headers=KEY, event_hooks=hooks) as client:
        yield client


@pytest.fixture
async def raw(api):
    """For answers that are wrong on purpose."""
    async with httpx.AsyncClient(base_url=api.url, headers=KEY) as client:
        yield client


@pytest.fixture
def order(api):
    return api.add_port_in(
        reference="ACME-1",
        numbers=["+13125550123", "+13125550124", "+13125550125"],
        carrier="Onvoy",
        foc_requested=api.now() + timedelta(days=3),
        support_key="sr_aaaaaa",
    )


@pytest.fixture
def port_out(api):
    return api.add_port_out(
        numbers=["+13035550123"],
        carrier="Gaining Carrier",
        spid="073H",
        subscriber_name="John Doe",
        pon="P-7",
    )


@pytest.fixture
def spec():
    return SPEC
