"""Modals: filling them in, sending them, closing them."""

from bot.sandbox.slack.acting import SlackActing
from bot.sandbox.slack.choosing import chosen
from bot.sandbox.slack.form_rules import unfilled
from bot.sandbox.slack.inputs import held, input_ids, inputs, key_of, places_of, sheet_of, state_values
from bot.sandbox.slack.interaction import Interaction
from bot.sandbox.slack.payloads import view_payload
from bot.sandbox.slack.records import Ephemeral, Json, Message, SlackRefusal, Upload, View
from bot.sandbox.slack.view_methods import change_view, checked_view, show_view


class SlackForms(SlackActing):
    """What people do with a view on their screen."""

    def fill(self, place: Message | Ephemeral | View, user: str, values: Json) -> None:
        """Type or choose values, by action_id, block_id or "block_id/action_id". Raises NothingThereError."""
        sheet = sheet_of(place, user)
        for name, value in values.items():
            for block, element in places_of(place.blocks, name):
                key = key_of(block, element)
                kept = chosen(self, element, value)
                held(element, kept, sheet.offered.get(key))
                sheet.typed[key] = kept

    def add_file(self, user: str, name: str, content: bytes, mimetype: str = "") -> str:
        """Somebody's file for a file_input, which takes its id."""
        upload = Upload(self.new_id("F"), name, len(content), content, title=name, complete=True)
        upload.user, upload.mimetype = self.person(user).id, mimetype
        self.uploads[upload.id] = upload
        return upload.id

    async def submit_view(self, user: str, view: str | View, values: Json | None = None) -> Interaction:
        """Fill a modal (see `fill`) and send it; what is wrong with its inputs stops it here."""
        form = self.view_of(user, view)
        self.fill(form, form.user, values or {})
        interaction = self.begin("interactive", user, form.channel, None)
        interaction.errors = unfilled(form)
        if interaction.errors:
            interaction.refusal = "the form is not complete"
            return interaction
        interaction.payload = view_payload(self, interaction, "view_submission", form)
        interaction.payload["response_urls"] = self._response_urls(form)
        await self.send(interaction)
        if interaction.acked:
            self._after_submission(interaction, form)
            self.touch()
        return interaction

    def _response_urls(self, form: View) -> list[Json]:
        """Ways to answer in the conversations that were chosen, where their menus ask for one."""
        values = state_values(form.blocks, form.sheet, form.channel)
        urls: list[Json] = []
        for block, element in inputs(form.blocks):
            holds = values[block["block_id"]][element["action_id"]]
            channel = holds.get("selected_conversation") or holds.get("selected_channel")
            if element.get("response_url_enabled") and channel:
                where = {"block_id": block["block_id"], "action_id": element["action_id"]}
                answer = self.begin("interactive", form.user, channel, "app")
                urls.append(where | {"channel_id": channel, "response_url": answer.response_url})
        return urls

    async def close_view(self, user: str, view: str | View, *, clear: bool = False) -> Interaction:
        """Close a modal, with all below it if `clear` or the modal says so; the app is told if it asks.

        Where it was told of several views, the interaction is that of the last.
        """
        form = self.view_of(user, view)
        cleared = clear or bool(form.content.get("clear_on_close"))
        closing = self._stack(form) if cleared else [form]
        for each in closing:
            each.open = False
        self.touch()
        interaction = self.begin("interactive", user, form.channel, None)
        interaction.refusal = "the view does not ask to be told"
        for each in (view for view in closing if view.content.get("notify_on_close")):
            interaction = self.begin("interactive", user, each.channel, None)
            interaction.payload = view_payload(self, interaction, "view_closed", each, cleared=cleared)
            await self.send(interaction)
        return interaction

    def _stack(self, form: View) -> list[View]:
        """The views of one modal, topmost first."""
        return [view for view in reversed(self.views.values()) if view.open and view.root_id == form.root_id]

    def _after_submission(self, interaction: Interaction, form: View) -> None:
        """What the app asked for: errors, another view, or nothing (the modal closes)."""
        answer = interaction.ack_body if isinstance(interaction.ack_body, dict) else {}
        try:
            self._carry_out(interaction, form, answer, str(answer.get("response_action", "")))
        except SlackRefusal as refusal:
            interaction.refusal = f"{refusal.error} {refusal.facts}"

    def _carry_out(self, interaction: Interaction, form: View, answer: Json, action: str) -> None:
        if action == "errors":
            interaction.errors = dict(answer.get("errors", {}))
            if not interaction.errors or not set(interaction.errors) <= input_ids(form):
                raise SlackRefusal("invalid_errors", named=sorted(interaction.errors))
        elif action == "update":
            change_view(self, form, checked_view(answer.get("view"), "modal"))
            interaction.views.append(form)
        elif action == "push":
            trigger = self.triggers[interaction.trigger_id]
            show_view(self, trigger, checked_view(answer.get("view"), "modal"), below=form)
        elif action in {"", "clear"}:
            for closing in self._stack(form) if action else [form]:
                closing.open = False
        else:
            raise SlackRefusal("invalid_response_action", named=action)
