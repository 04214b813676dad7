"""The vendor's own client must work against the stand-in."""

from datetime import timedelta

import pytest

from bot.sandbox.telnyx.faults import NextFailure

pytestmark = pytest.mark.filterwarnings("ignore")  # the SDK's own deprecations


@pytest.fixture
async def sdk(api):
    from telnyx import AsyncTelnyx  # noqa: PLC0415 - takes seconds; only these tests pay for it

    async with AsyncTelnyx(api_key="KEY_SANDBOX", base_url=api.url, max_retries=0) as sdk:
        yield sdk


async def test_sdk_walks_all_pages_of_both_event_lists(api, sdk, clock, order, port_out):
    port_ins = {api.comment(order, "Hi") for _ in range(7)} | {api.delete(order)}
    port_outs = {event["id"] for event in api.events("port_out")} | {
        api.comment(port_out, "Hi") for _ in range(3)
    }

    assert {event.id async for event in sdk.porting.events.list(page_size=3)} == port_ins
    assert {event.id async for event in sdk.portouts.events.list(page_size=3)} == port_outs


async def test_sdk_reads_every_type_as_what_it_is(api, sdk, order, port_out):
    api.set_status(order, "exception", details=[("OTHER", "Ask")])
    api.comment(order, "Hi")
    api.split(order, ["+13125550124"])
    api.set_messaging(order, "ported")
    api.update_loa(order)
    api.delete(order)

    read = {event.event_type: type(event).__name__ async for event in sdk.porting.events.list()}
    said = [event async for event in sdk.portouts.events.list()]

    assert {kind.split(".")[1]: name.removeprefix("PortingEvent") for kind, name in read.items()} == {
        "status_changed": "StatusChangedEvent",
        "new_comment": "NewCommentEvent",
        "split": "SplitEvent",
        "messaging_changed": "MessagingChangedPayload",
        "loa_updated": "WithoutWebhook",
        "deleted": "DeletedPayload",
    }
    assert said[0].payload.carrier_name == "Gaining Carrier"


async def test_sdk_filters_by_type_order_and_time(api, sdk, clock, order):
    old = api.comment(order, "Old")
    clock.pass_(hours=1)
    new = api.comment(order, "New")
    api.set_status(order, "submitted")

    async def ids(**wanted):
        return [event.id async for event in sdk.porting.events.list(filter=wanted)]

    assert await ids(type="porting_order.new_comment", porting_order_id=order) == [new, old]
    assert await ids(created_at={"lte": clock.now - timedelta(hours=1)}) == [old]
    assert len(await ids(created_at={"gte": clock.now})) == 2


async def test_sdk_shows_and_republishes(api, sdk, order, port_out):
    event, leaving = api.comment(order, "Hi"), api.events("port_out")[0]["id"]

    shown = await sdk.porting.events.retrieve(event)
    out = await sdk.portouts.events.retrieve(leaving)
    answers = [await sdk.porting.events.republish(event), await sdk.portouts.events.republish(leaving)]

    assert (shown.data.id, out.data.id, answers) == (event, leaving, [None, None])
    assert [seen for seen, _ in api.republished] == [event, leaving]


async def test_sdk_reads_orders_their_comments_and_numbers(api, sdk, order):
    api.set_status(order, "foc-date-confirmed")
    wanted = {"customer_reference": "ACME-1", "phone_numbers": {"phone_number": {"contains": "5550124"}}}

    listed = [one.id async for one in sdk.porting_orders.list(filter=wanted, sort={"value": "created_at"})]
    shown = (await sdk.porting_orders.retrieve(order, include_phone_numbers=False)).data
    posted = (await sdk.porting_orders.comments.create(order, body="Hi")).data
    comments = [said.body async for said in sdk.porting_orders.comments.list(order)]
    numbers = [one.phone_number async for one in sdk.porting_phone_numbers.list(page_size=2)]
    jobs = [job.status async for job in sdk.porting_orders.activation_jobs.list(order)]
    codes = (await sdk.porting_orders.retrieve_exception_types()).data

    assert (listed, shown.id, shown.status.value) == ([order], order, "foc-date-confirmed")
    assert shown.activation_settings.foc_datetime_actual == shown.activation_settings.foc_datetime_requested
    assert (posted.user_type, comments, len(numbers), jobs) == ("user", ["Hi"], 3, ["created"])
    assert len(codes) == 21


async def test_sdk_reads_and_decides_port_outs(api, sdk, port_out):
    listed = [one.id async for one in sdk.portouts.list(filter={"status_in": ["pending", "authorized"]})]
    codes = (await sdk.portouts.list_rejection_codes(port_out, filter={"code": [1001, 1002]})).data
    comment = (await sdk.portouts.comments.create(port_out, body="Not ours")).data
    comments = (await sdk.portouts.comments.list(port_out)).data
    decided = (
        await sdk.portouts.update_status(
            "rejected-pending", id=port_out, reason="Not ours", extra_body={"rejection_code": 1001}
        )
    ).data

    assert (listed, [row.code for row in codes]) == ([port_out], [1001, 1002])
    assert [said.id for said in comments] == [comment.id]
    assert (decided.status, decided.rejection_code, decided.reason) == ("rejected-pending", 1001, "Not ours")


async def test_sdk_turns_refusals_into_its_own_errors(api, sdk, order):
    import telnyx  # noqa: PLC0415 - as above

    with pytest.raises(telnyx.NotFoundError, match="could not be found"):
        await sdk.porting.events.retrieve("00000000-0000-4000-8000-000000000000")
    with pytest.raises(telnyx.UnprocessableEntityError):
        await sdk.porting.events.list(page_size=251)
    with pytest.raises(telnyx.AuthenticationError):
        await sdk.with_options(api_key="KEY_OTHER").porting_orders.retrieve(order)
    api.faults.rate_limited = {"reset": "3", "requests": 1}
    with pytest.raises(telnyx.RateLimitError):
        await sdk.portouts.list()
    api.faults.next_failures.append(NextFailure("drop"))
    with pytest.raises(telnyx.APIConnectionError):
        await sdk.portouts.list()
