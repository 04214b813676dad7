"""Blocks, views and calls that many of these tests use."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="x"):
    return {"type": "mrkdwn", "text": text}


def section(text="x"):
    return {"type": "section", "text": mrkdwn(text)}


def button(action_id="a", label="x", value="1", **more):
    return {"type": "button", "action_id": action_id, "text": plain(label), "value": value} | more


def option(value="v", text="t"):
    return {"text": plain(text), "value": value}


def modal(*blocks, **more):
    return {"type": "modal", "title": plain("A form"), "submit": plain("Save"), "blocks": list(blocks)} | more


def text_input(name, **more):
    element = {"type": "plain_text_input", "action_id": name} | more.pop("element", {})
    return {"type": "input", "block_id": f"{name}_block", "label": plain(name), "element": element} | more


async def refused(call):
    """Slack's answer to a call that it refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response


async def refusal(call):
    """The error in that answer."""
    return (await refused(call))["error"]


async def respond(interaction, body):
    """Status and answer of a post to an interaction's response_url."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(interaction.response_url, json=body) as response,
    ):
        return response.status, await response.json()


async def post(client, channel, *elements):
    """The ts of a message with these elements in a row."""
    blocks = [{"type": "actions", "block_id": "b", "elements": list(elements)}]
    return (await client.chat_postMessage(channel=channel, text="x", blocks=blocks))["ts"]


async def open_form(slack, client, view):
    """A view that ann sees after a command."""
    done = await slack.command("ann", "porting", "form")
    await client.views_open(trigger_id=done.trigger_id, view=view)
    return done.view
