"""What every act of a person needs: a fresh interaction, its delivery, and the thing it is done to."""

from urllib.parse import urljoin

from bot.sandbox.slack.channels import SlackChannels
from bot.sandbox.slack.courier import Courier, Receipt
from bot.sandbox.slack.interaction import Interaction, Trigger
from bot.sandbox.slack.payloads import event_payload
from bot.sandbox.slack.records import Ephemeral, Json, Message, NothingThereError, SlackRefusal, View
from bot.sandbox.slack.replies import Replies


class SlackActing(SlackChannels):
    """Begins interactions and delivers them; a subclass sets the fields below."""

    courier: Courier
    replies: Replies
    command_name: str
    url: str

    def begin(
        self,
        kind: str,
        user: str,
        channel: str | None,
        reply: str | None,
        original: Message | Ephemeral | None = None,
    ) -> Interaction:
        place = None if channel is None else self.channel(channel).id
        interaction = Interaction(kind, self.person(user).id, place)
        interaction.trigger_id = self.new_id("TR")
        self.triggers[interaction.trigger_id] = Trigger(interaction, self.now())
        if reply is not None:
            interaction.response_url = urljoin(self.url, self.replies.issue(interaction, reply, original))
        return interaction

    async def tell_app(self, event: Json, *, user: str = "", channel: str | None = None) -> Interaction:
        interaction = Interaction("events_api", user, channel, event_payload(self, event))
        await self.send(interaction)
        return interaction

    async def send(self, interaction: Interaction, *, retry: int = 0) -> None:
        reason = "http_timeout" if retry else ""
        receipt = await self.courier.deliver(
            interaction.kind, interaction.payload, retry=retry, reason=reason
        )
        interaction.acked, interaction.ack_body = receipt.acked, receipt.body
        interaction.ack_after_s = receipt.after_s if receipt.acked else None
        if not receipt.acked:
            interaction.refusal = self._failure(interaction, receipt)
        elif interaction.kind == "slash_commands":
            self._take_ack(interaction)
        self.touch()

    def _failure(self, interaction: Interaction, receipt: Receipt) -> str:
        """What Slack tells the person, with our reason behind it."""
        if interaction.kind != "slash_commands":
            return f"the app did not answer ({receipt.reason})"
        error = "operation_timeout" if "timeout" in receipt.reason else "dispatch_failed"
        return f'{self.command_name} failed with the error "{error}" ({receipt.reason})'

    def _take_ack(self, interaction: Interaction) -> None:
        try:
            self.replies.take_ack(interaction, interaction.ack_body)
        except SlackRefusal as refusal:
            interaction.refusal = refusal.error

    def target_of(
        self, user: str, channel: str | None, target: str | Message | Ephemeral | View
    ) -> Message | Ephemeral | View:
        """What somebody acts on. Raises NothingThereError."""
        if isinstance(target, View) or (isinstance(target, str) and target in self.views):
            return self.view_of(user, target)
        if not isinstance(target, str):
            return target
        if found := self.find_message(self.channel(channel or ""), target):
            return found
        reader = self.person(user).id
        for ephemeral in self.ephemerals:
            if ephemeral.ts == target and ephemeral.user == reader and not ephemeral.deleted:
                return ephemeral
        raise NothingThereError(f"there is no message {target} in {channel}")

    def view_of(self, user: str, view: str | View) -> View:
        """A view on somebody's screen. Raises NothingThereError."""
        found = self.views.get(view) if isinstance(view, str) else view
        if found is None or not found.open or found.user != self.person(user).id:
            raise NothingThereError(f"{user} has no such view open")
        return found
