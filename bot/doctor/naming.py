"""Whether the channel and the people that the settings name exist in Slack."""

from collections.abc import Mapping

from bot.doctor.checks import UNSURE, Check, wrong
from bot.settings import Settings
from bot.slack.errors import SlackRefusedError, SlackUnavailableError
from bot.slack.inspection import Inspection

UNKNOWN = ("user_not_found", "user_not_visible", "no_such_subteam", "subteam_not_found")


async def ops_channel(settings: Settings, slack: Inspection) -> list[Check]:
    """Whether the bot's own trouble can be told where it shall be."""
    if settings.ops_channel is None:
        return []
    try:
        return [_about_channel(await slack.channel(settings.ops_channel))]
    except SlackUnavailableError as error:
        return [wrong(f"OPS_CHANNEL: {error}")]
    except SlackRefusedError as error:
        if error.error != "channel_not_found":
            return [Check(f"OPS_CHANNEL: it could not be looked up ({error.error}).", UNSURE)]
        advice = "Check the id; to a private channel the bot must be invited first (/invite)."
        return [wrong(f"OPS_CHANNEL: Slack shows us no channel {settings.ops_channel}. {advice}")]


def _about_channel(channel: Mapping[str, object]) -> Check:
    name = f"#{channel.get('name')}"
    if channel.get("is_archived"):
        return wrong(f"OPS_CHANNEL: {name} is archived. Name another one.")
    if not channel.get("is_member"):
        return wrong(f"OPS_CHANNEL: the bot is not in {name}. /invite it there.")
    return Check(f"OPS_CHANNEL: the bot is in {name}.")


async def people(settings: Settings, slack: Inspection) -> list[Check]:
    """Whether everybody who is named in the settings exists."""
    named = [("OPERATORS", each) for each in settings.operators]
    named += [("ADMINS", each) for each in settings.admins]
    checks = []
    for setting, person_id in named:
        try:
            await slack.check_person(person_id)
        except SlackUnavailableError as error:
            return [wrong(f"{setting}: {error}")]
        except SlackRefusedError as error:
            checks.append(_about_person(setting, person_id, error.error))
    known = "OPERATORS, ADMINS: Slack knows everybody who is named."
    return checks or ([Check(known)] if named else [])


def _about_person(setting: str, person_id: str, refusal: str) -> Check:
    if refusal not in UNKNOWN:
        return Check(f"{setting}: {person_id} could not be looked up ({refusal}).", UNSURE)
    advice = "A member's id is in their profile (⋯, Copy member ID), a user group's begins with S."
    return wrong(f"{setting}: Slack knows no {person_id} ({refusal}). {advice}")
