"""Modals: filling them in, sending them, closing them."""

from bot.sandbox.slack.acting import SlackActing
from bot.sandbox.slack.inputs import fill, input_ids, unfilled
from bot.sandbox.slack.interaction import Interaction
from bot.sandbox.slack.payloads import view_payload
from bot.sandbox.slack.records import Json, SlackRefusal, View
from bot.sandbox.slack.view_methods import change_view, checked_view, show_view


class SlackForms(SlackActing):
    """What people do with a view on their screen."""

    async def submit_view(self, user: str, view: str | View, values: Json | None = None) -> Interaction:
        """Fill a modal (by action_id or block_id) and send it; what is required and empty stops it here."""
        form = self.view_of(user, view)
        fill(form, values or {})
        interaction = self.begin("interactive", user, form.channel, None)
        interaction.errors = unfilled(form)
        if interaction.errors:
            interaction.refusal = "the form is not complete"
            return interaction
        interaction.payload = view_payload(self, interaction, "view_submission", form)
        await self.send(interaction)
        if interaction.acked:
            self._after_submission(interaction, form)
        return interaction

    async def close_view(self, user: str, view: str | View) -> Interaction:
        """Close a modal; the app is told only if the modal says so."""
        form = self.view_of(user, view)
        form.open = False
        interaction = self.begin("interactive", user, form.channel, None)
        if not form.content.get("notify_on_close"):
            interaction.refusal = "the view does not ask to be told"
            return interaction
        interaction.payload = view_payload(self, interaction, "view_closed", form)
        await self.send(interaction)
        return interaction

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
            change_view(self, form, checked_view(answer["view"], "modal"))
            interaction.views.append(form)
        elif action == "push":
            trigger = self.triggers[interaction.trigger_id]
            show_view(self, trigger, checked_view(answer["view"], "modal"), below=form)
        else:
            form.open = False
            for other in self.views.values():
                other.open = other.open and not (action == "clear" and other.root_id == form.root_id)
