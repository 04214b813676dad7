"""response_url: how an app answers an interaction, five times within thirty minutes."""

import copy
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from aiohttp import web

from bot.sandbox.slack.block_rules import check_message_blocks, refusal_of, with_ids
from bot.sandbox.slack.chat_methods import rewrite
from bot.sandbox.slack.interaction import Interaction, Response
from bot.sandbox.slack.records import Ephemeral, Json, Message, SlackRefusal
from bot.sandbox.slack.world import SlackWorld

USES = 5
LIFETIME = timedelta(minutes=30)


@dataclass(slots=True)
class Address:
    """One response_url and the message it may replace: the clicked one, or else the first answer."""

    interaction: Interaction
    original: Message | Ephemeral | None
    issued_at: datetime
    uses: int = 0


class Replies:
    """All response_urls of a workspace."""

    def __init__(self, world: SlackWorld) -> None:
        self._world = world
        self._addresses: dict[str, Address] = {}  # oldest first
        self._numbers = count(1)

    def issue(self, interaction: Interaction, kind: str, original: Message | Ephemeral | None = None) -> str:
        """The path of a new response_url; kind is commands, actions or app."""
        self._forget_expired()
        token = secrets.token_urlsafe(16)
        self._addresses[token] = Address(interaction, original, self._world.now())
        return f"/{kind}/{self._world.team_id}/{next(self._numbers)}/{token}"

    def _forget_expired(self) -> None:
        """An address that nobody knows is answered like one that has expired."""
        while self._addresses and self._has_expired(next(iter(self._addresses.values()))):
            del self._addresses[next(iter(self._addresses))]

    def _has_expired(self, address: Address) -> bool:
        return self._world.now() - address.issued_at > LIFETIME

    async def serve(self, request: web.Request) -> web.Response:
        address = self._addresses.get(request.match_info["token"])
        if address is None or self._has_expired(address):
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if address.uses >= USES:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        address.uses += 1
        try:
            body = _body(await request.text())
            address.interaction.responses.append(Response(self._world.now(), body))
            self._apply(address, body)
        except SlackRefusal as refusal:
            return web.json_response({"ok": False, "error": refusal.error} | refusal.facts, status=400)
        self._world.touch()
        return web.json_response({"ok": True})

    def take_ack(self, interaction: Interaction, body: Json | str | None) -> None:
        """A command's acknowledgement may itself be a message. Raises SlackRefusal."""
        answer = {"text": body} if isinstance(body, str) else body
        token = interaction.response_url.rpartition("/")[2]
        if answer and (answer.get("text") or answer.get("blocks")) and token in self._addresses:
            self._apply(self._addresses[token], answer, via="ack")

    def _apply(self, address: Address, body: Json, *, via: str = "response_url") -> None:
        original = address.original
        if body.get("delete_original"):
            if original is not None:
                self._delete(original)
            return
        text, blocks = _content(body)
        if body.get("replace_original") and original is not None and not original.deleted:
            self._replace(address, original, text, blocks)
            return
        shown = self._show(address.interaction, body, text, blocks, via)
        address.interaction.shown.append(shown)
        address.original = original or shown

    def _delete(self, original: Message | Ephemeral) -> None:
        original.deleted = True
        self._world.tell(original.channel, original, "delete")

    def _replace(
        self, address: Address, original: Message | Ephemeral, text: str, blocks: list[Json]
    ) -> None:
        if isinstance(original, Message):
            rewrite(original, text=text, blocks=blocks, attachments=[])
            self._world.note_edit(original)
        else:
            original.text, original.blocks = text, blocks
            original.replaced += 1
            self._world.tell(original.channel, original, "edit")
        if original in address.interaction.shown:
            address.interaction.shown.remove(original)
        address.interaction.shown.append(original)

    def _show(
        self, interaction: Interaction, body: Json, text: str, blocks: list[Json], via: str
    ) -> Message | Ephemeral:
        channel = self._world.channel(interaction.channel or "")
        thread_ts = body.get("thread_ts")
        if body.get("response_type") == "in_channel":
            return self._world.post_as_bot(channel, text, blocks=blocks, thread_ts=thread_ts)
        return self._world.show_ephemeral(
            Ephemeral(
                channel=channel.id,
                user=interaction.user,
                ts=self._world.next_ts(),
                text=text,
                blocks=blocks,
                via=via,
                thread_ts=thread_ts,
            )
        )


def _body(text: str) -> Json:
    try:
        body = json.loads(text)
    except ValueError as error:
        raise SlackRefusal("invalid_payload") from error
    if not isinstance(body, dict):
        raise SlackRefusal("invalid_payload")
    return body


def _content(body: Json) -> tuple[str, list[Json]]:
    text, blocks = str(body.get("text") or ""), body.get("blocks") or []
    if not text.strip() and not blocks and not body.get("attachments"):
        raise SlackRefusal("no_text")
    problems = check_message_blocks(blocks)
    if problems:
        raise refusal_of("invalid_blocks", problems)
    return text, with_ids(copy.deepcopy(blocks))
