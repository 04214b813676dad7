"""The commands that only look: what is known of an order, an event, the bot itself."""

from dataclasses import dataclass

from bot.errors import UserError
from bot.health import report
from bot.messages import lookups
from bot.messages.answers import menu
from bot.messages.help import help_on
from bot.orders import EventQuery
from bot.slack.blocks import Message
from handlers.event_queries import ListEvents
from handlers.parsing import AskRepublish, Help, LookUp, Menu, ShowEvent, ShowOrder, Status
from handlers.parts import Parts
from handlers.status import status
