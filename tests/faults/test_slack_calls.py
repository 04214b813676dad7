"""Whatever Slack answers to a call: it is worth another try, or refused, and never more than that."""

import pytest
from aiohttp import ClientTimeout

from bot.slack.errors import (
    OUTAGE_ERRORS,
    Refusal,
    Refused,
    SlackRefusedError,
    SlackUnavailableError,
    Unclear,
    refusal_of,
)
from bot.slack.inspection import Inspection
from bot.slack.responder import Responder
from bot.slack.transport import session
from tests.bot.slack.documented import OWN, errors_of
from tests.faults.servers import answer, faulty
from tests.faults.slack_answers import BROKEN, LATE, OK
from tests.faults.slack_calls import CALLS, HELLO, HISTORY, WHEN, client, cuts, post


@pytest.mark.parametrize("method", CALLS)
async def test_call_whose_answer_breaks_is_worth_another_try(metrics, monkeypatch, method):
    odd = {}
    async with faulty() as server, client(server.url, metrics) as slack:
        for name, said in (BROKEN | LATE).items():
            monkeypatch.setattr("bot.slack.client.CALL_TIMEOUT_S", 0.02 if name in LATE else 10)
            server.say(said)
            try:
                outcome = await CALLS[method](slack)
            except SlackUnavailableError:
                continue
            except SlackRefusedError as error:
                outcome = error
            if not (isinstance(outcome, Unclear) and outcome.is_outage):
                odd[name] = outcome

    assert odd == {}


@pytest.mark.parametrize("method", sorted(OWN.keys() - {"apps.connections.open"}))
async def test_each_error_that_slack_documents_is_what_its_class_says(metrics, method):
    odd = {}
    async with faulty() as server, client(server.url, metrics) as slack:
        for error in errors_of(method):
            server.say(answer({"ok": False, "error": error}))
            kind, is_outage = refusal_of(error), error in OUTAGE_ERRORS
            expected = Refused(error, kind) if kind else Unclear(error, is_outage=is_outage)
            if kind is Refusal.RATE and error != "message_limit_exceeded":
                expected = Refused("ratelimited", kind)
            try:
                told = await (post(slack) if method == "chat.postMessage" else CALLS[method](slack))
            except SlackUnavailableError:
                told = expected if is_outage or kind is Refusal.RATE else "unavailable"
            except SlackRefusedError as refused:
                told = expected if not is_outage and refused.error == error else refused
            if told != expected and (method, error, told) != (
                "conversations.replies",
                "thread_not_found",
                [],
            ):
                odd[error] = told

    assert odd == {}


async def test_doctor_calls_no_answer_that_breaks_a_good_one():
    odd = {}
    async with faulty() as server, session() as http:
        for name, said in BROKEN.items():
            server.say(said)
            try:
                odd[name] = await Inspection.of("xoxb-canary", server.url, http).identity()
            except SlackUnavailableError:
                continue

    assert odd == {}


async def test_answer_to_a_person_outlives_whatever_breaks(monkeypatch):
    monkeypatch.setattr("bot.slack.responder.SHORT_WAIT_S", 0)
    monkeypatch.setattr("bot.slack.responder.TIMEOUT", ClientTimeout(total=0.05))
    taken = {}
    async with faulty() as server, session() as http:
        responder = Responder(http, server.url)
        for name, said in (BROKEN | LATE).items():
            server.say(said)
            taken[name] = await responder.answer(f"{server.url}commands/1", HELLO)

    assert not any(
        taken[name] for name in taken if name.startswith(("reset before", "reset when", "end", "5", "4"))
    )


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
async def test_history_that_is_no_list_is_not_taken_for_an_empty_one(metrics, method):
    async with faulty(answer({"ok": True})) as server, client(server.url, metrics) as slack:
        with pytest.raises(SlackRefusedError):
            await CALLS[method](slack)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_takes_nothing_elsewhere(metrics, status):
    async with faulty(answer(OK)) as elsewhere, faulty() as server, client(server.url, metrics) as slack:
        server.say(answer("", f"{status} Elsewhere", headers=[f"Location: {elsewhere.url}chat.postMessage"]))

        outcome = await post(slack)
        for call in CALLS.values():
            try:
                await call(slack)
            except SlackUnavailableError:
                continue

    assert outcome == Unclear("a redirect, which is not followed")
    assert elsewhere.callers == 0
    assert server.callers == 1 + len(CALLS)


async def test_history_tells_nothing_before_its_last_byte(metrics):
    async with faulty() as server, client(server.url, metrics) as slack:
        for said, is_whole in cuts(HISTORY):
            server.say(said)
            if is_whole:
                assert [seen.ts for seen in await slack.history("C1", **WHEN)] == ["17.1"]
                continue
            with pytest.raises(SlackUnavailableError):
                await slack.history("C1", **WHEN)
