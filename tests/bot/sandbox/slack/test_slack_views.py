"""views.*, blocks.validate and files.* at the stand-in Slack."""

import aiohttp
import pytest

from bot.sandbox.slack.interaction import Interaction, Trigger
from tests.bot.sandbox.slack.screens import plain, refused


@pytest.fixture(autouse=True)
def _files_may_be_written(slack):
    """The manifest does not ask for it yet."""
    slack.scopes.add("files:write")


def modal(text="hello", **more):
    blocks = [{"type": "section", "text": plain(text)}]
    return {"type": "modal", "title": plain("Title"), "blocks": blocks} | more


def trigger(slack, view=None):
    """A fresh trigger of ann's, as a click would make it (in a view, if there is one)."""
    payload = {"view": {"id": view}} if view else {}
    interaction = Interaction("interactive", slack.person("ann").id, None, payload)
    interaction.trigger_id = slack.new_id("TR")
    slack.triggers[interaction.trigger_id] = Trigger(interaction, slack.now())
    return interaction.trigger_id


async def test_open_view_can_be_updated_unless_it_changed_meanwhile(slack, client):
    view = (await client.views_open(trigger_id=trigger(slack), view=modal()))["view"]

    await client.views_update(view_id=view["id"], hash=view["hash"], view=modal("two"))
    late = await refused(client.views_update(view_id=view["id"], hash=view["hash"], view=modal("three")))

    assert late["error"] == "hash_conflict"
    assert slack.views[view["id"]].blocks[0]["text"]["text"] == "two"


async def test_closed_view_is_not_found(slack, client):
    view = (await client.views_open(trigger_id=trigger(slack), view=modal()))["view"]
    await slack.close_view("ann", view["id"])

    answer = await refused(client.views_update(view_id=view["id"], view=modal("two")))

    assert answer["error"] == "not_found"


async def test_view_can_be_found_by_its_external_id(slack, client):
    await client.views_open(trigger_id=trigger(slack), view=modal(external_id="mine"))

    await client.views_update(external_id="mine", view=modal("two", external_id="mine"))
    again = await refused(client.views_open(trigger_id=trigger(slack), view=modal(external_id="mine")))

    assert again["error"] == "duplicate_external_id"


async def test_three_views_are_the_deepest_stack(slack, client):
    top = (await client.views_open(trigger_id=trigger(slack), view=modal()))["view"]["id"]
    for _ in range(2):
        answer = await client.views_push(trigger_id=trigger(slack, top), view=modal())
        top = answer["view"]["id"]

    answer = await refused(client.views_push(trigger_id=trigger(slack, top), view=modal()))

    assert answer["error"] == "push_limit_reached"


@pytest.mark.parametrize(
    ("view", "pointer"),
    [
        (modal() | {"title": plain("x" * 25)}, "/view/title/text"),
        (modal() | {"blocks": []}, "/view/blocks"),
        (modal(private_metadata="x" * 3001), "/view/private_metadata"),
        (modal() | {"blocks": [{"type": "markdown", "text": "x"}]}, "/view/blocks/0/type"),
        (modal() | {"blocks": [{"type": "divider"}] * 101}, "/view/blocks"),
        (modal(colour="red"), "/view/colour"),
        (
            modal()
            | {
                "blocks": [
                    {
                        "type": "input",
                        "label": plain("l"),
                        "element": {"type": "plain_text_input", "action_id": "a"},
                    }
                ]
            },
            "/view/submit",
        ),
    ],
)
async def test_bad_view_is_pointed_at(slack, client, view, pointer):
    answer = await refused(client.views_open(trigger_id=trigger(slack), view=view))

    assert answer["error"] == "invalid_arguments"
    assert f"[json-pointer:{pointer}]" in answer["response_metadata"]["messages"][0]
    assert slack.views == {}


async def test_home_is_published_for_each_person(slack, client):
    ann = slack.person("ann").id
    home = {"type": "home", "blocks": [{"type": "section", "text": plain("one")}]}

    first = (await client.views_publish(user_id=ann, view=home))["view"]
    await client.views_publish(user_id=ann, view=home, hash=first["hash"])
    late = await refused(client.views_publish(user_id=ann, view=home, hash=first["hash"]))
    nobody = await refused(client.views_publish(user_id="U404", view=home))

    assert slack.homes[ann].blocks[0]["text"]["text"] == "one"
    assert (late["error"], nobody["error"]) == ("hash_conflict", "user_not_found")


async def test_validator_answers_with_pointers(slack, client):
    good = await client.api_call("blocks.validate", json={"view": modal()})
    bad = await refused(client.api_call("blocks.validate", json={"blocks": [{"type": "header"}]}))
    two = await refused(client.api_call("blocks.validate", json={"view": modal(), "blocks": []}))

    assert good["ok"]
    assert bad["error"] == "invalid_blocks"
    assert bad["errors"] == [
        {"pointer": "/0", "code": "missing_field", "message": "missing required field: text"}
    ]
    assert two["error"] == "invalid_arguments"


async def test_message_is_validated_as_a_whole(slack, client):
    message = {"text": "x", "blocks": [{"type": "alert", "text": plain("only in modals")}]}

    answer = await refused(client.api_call("blocks.validate", json={"message": message}))

    assert answer["error"] == "invalid_message"
    assert answer["errors"][0]["pointer"] == "/blocks/0/type"


async def test_calendar_file_is_uploaded_and_shared(slack, client, channel):
    await client.files_upload_v2(channel=channel, filename="foc.ics", content="BEGIN", title="FOC")

    [message] = slack.messages(channel)
    assert message.files[0]["title"] == "FOC"
    [upload] = slack.uploads.values()
    assert (upload.content, upload.complete) == (b"BEGIN", True)


async def test_upload_must_have_the_promised_length(slack, client):
    target = await client.files_getUploadURLExternal(filename="a.txt", length=3)

    async with (
        aiohttp.ClientSession() as session,
        session.post(target["upload_url"], data=b"four") as response,
    ):
        status = response.status
    unfinished = await refused(client.files_completeUploadExternal(files=[{"id": target["file_id"]}]))

    assert status == 400
    assert unfinished["error"] == "file_not_found"


async def test_upload_may_be_a_form(slack, client):
    target = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    form = aiohttp.FormData()
    form.add_field("note", "x")
    form.add_field("file", b"abc", filename="a.txt")

    async with aiohttp.ClientSession() as session:
        async with session.post(target["upload_url"], data=form) as response:
            answer = await response.text()
        await client.files_completeUploadExternal(files=[{"id": target["file_id"]}])
        async with session.post(target["upload_url"], data=b"abc") as again:
            status = again.status

    assert answer == "OK - 3"
    assert status == 404
    assert slack.uploads[target["file_id"]].title == "a.txt"


async def test_form_without_a_file_is_no_upload(client):
    target = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("note", "abc")

    async with (
        aiohttp.ClientSession() as session,
        session.post(target["upload_url"], data=form) as response,
    ):
        status = response.status

    assert status == 400


async def test_upload_needs_a_length_and_files(client):
    empty = await refused(client.files_getUploadURLExternal(filename="a.txt", length=0))
    nothing = await refused(client.files_completeUploadExternal(files=[]))

    assert (empty["error"], nothing["error"]) == ("invalid_arguments", "invalid_arguments")


async def test_push_needs_a_view_below(slack, client):
    answer = await refused(client.views_push(trigger_id=trigger(slack), view=modal()))

    assert answer["error"] == "not_found"


@pytest.mark.parametrize("view", ["{", "[]", modal() | {"type": "home"}])
async def test_view_must_be_a_modal(slack, client, view):
    arguments = {"trigger_id": trigger(slack), "view": view}

    answer = await refused(client.api_call("views.open", json=arguments))

    assert answer["error"] == "invalid_arguments"


async def test_view_may_not_exceed_its_size(slack, client):
    heavy = [{"type": "section", "fields": [plain("x" * 2000)] * 10} for _ in range(13)]

    answer = await refused(client.views_open(trigger_id=trigger(slack), view=modal() | {"blocks": heavy}))

    assert answer["error"] == "view_too_large"


@pytest.mark.parametrize(("kind", "value"), [("blocks", "{}"), ("view", "[]"), ("message", "3")])
async def test_validator_wants_the_right_kind_of_json(client, kind, value):
    answer = await refused(client.api_call("blocks.validate", json={kind: value}))

    assert answer["error"] == f"invalid_{kind}"
