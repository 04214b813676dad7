"""Several processes share one PostgreSQL: some answer people, some poll and post, none does it twice."""

import base64
import time
from contextlib import AsyncExitStack

import httpx
import pytest
from nacl.signing import SigningKey

from bot.roles import Role
from storage.errors import SchemaIsOldError

KEY = SigningKey(b"k" * 32)
BODY = b'{"data": {}}'


def signed(body):
    """Telnyx's headers for a body of now."""
    stamp = str(int(time.time()))
    signature = KEY.sign(f"{stamp}|".encode() + body).signature
    return {
        "telnyx-timestamp": stamp,
        "telnyx-signature-ed25519": base64.b64encode(signature).decode(),
    }


@pytest.fixture
def engine():
    return "postgres"


@pytest.fixture
async def fleet(town, database_url):
    """Starts processes of these roles, which end with the test."""
    async with AsyncExitStack() as stack:

        async def started(*roles, **settings):
            given = {"DATABASE_URL": database_url, **settings}
            return [await stack.enter_async_context(town.bot(role=role, **given)) for role in roles]

        yield started


async def test_two_workers_post_each_event_once_and_in_order(town, fleet):
    await fleet(Role.WORKER, Role.WORKER)

    order = town.port_in()
    events = [town.telnyx.set_status(order, status) for status in ("in-process", "submitted", "exception")]
    await town.posted(*events)

    assert [event for event in town.events_in() if event in events] == events


async def test_what_a_web_process_is_told_the_workers_do(town, fleet):
    [worker, _] = await fleet(Role.WORKER, Role.WEB)
    await town.polled_again()  # before its first poll a worker has nothing to say

    done = await town.slack.command(town.who.account_manager, "porting", "/port status")
    await town.until(lambda: done.visible)

    assert "Everything is up to date" in done.text
    assert worker.port is None


async def test_a_worker_answers_nobody_and_a_web_process_posts_nothing(town, fleet):
    await fleet(Role.WORKER)
    sockets = town.slack.open_sockets
    await fleet(Role.WEB)

    assert sockets == 0
    assert town.slack.open_sockets > 0


async def test_when_a_worker_ends_another_goes_on_at_once(town, database_url, fleet):
    await fleet(Role.WORKER)
    async with town.bot(role=Role.WORKER, DATABASE_URL=database_url):
        order = town.port_in()
        await town.posted(town.telnyx.set_status(order, "in-process"))

    event = town.telnyx.set_status(order, "submitted")
    await town.posted(event)

    assert town.events_in().count(event) == 1


async def test_a_channel_that_a_web_process_makes_follow_gets_what_comes_next(town, fleet):
    await fleet(Role.WORKER, Role.WEB)
    town.slack.invite_bot("customer-acme")

    done = await town.slack.command(town.who.account_manager, "customer-acme", "/port subscribe")
    await town.until(lambda: done.visible)
    event = town.telnyx.set_status(town.port_in(), "in-process")

    await town.posted(event, channel="customer-acme")


async def test_a_web_process_is_ready_by_itself(town, fleet, unused_tcp_port):
    await fleet(Role.WORKER)
    [web] = await fleet(Role.WEB, PORT=str(unused_tcp_port), HOST="127.0.0.1")

    async with httpx.AsyncClient(trust_env=False) as client:
        answers = [await client.get(f"http://127.0.0.1:{web.port}/{path}") for path in ("health", "ready")]

    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("role", [Role.WEB, Role.ALL])
async def test_a_webhook_makes_the_workers_poll_at_once(town, fleet, unused_tcp_port, role):
    key = base64.b64encode(bytes(KEY.verify_key)).decode()
    slow = {"POLL_INTERVAL_S": "3600"}
    await fleet(Role.WORKER, **slow)
    await fleet(role, PORT=str(unused_tcp_port), HOST="127.0.0.1", TELNYX_PUBLIC_KEY=key, **slow)
    order = town.port_in()
    event = town.telnyx.set_status(order, "in-process")

    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(
            f"http://127.0.0.1:{unused_tcp_port}/telnyx/webhooks", content=BODY, headers=signed(BODY)
        )

    assert answer.status_code == 200
    await town.posted(event)


async def test_a_schema_that_is_not_the_newest_is_refused_and_migrate_named(town, postgres):
    with postgres.database(is_empty=True) as url, pytest.raises(SchemaIsOldError, match="portwire migrate"):
        async with town.bot(role=Role.WORKER, DATABASE_URL=url):
            raise AssertionError("it started")
