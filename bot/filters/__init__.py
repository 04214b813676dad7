"""The filter language of `subscribe`: parse, match, print. Pure."""

from bot.filters.contradictions import why_never
from bot.filters.covering import covers
from bot.filters.index import Index
from bot.filters.parsing import parse
from bot.filters.patterns import Pattern
from bot.filters.plans import Plan, Subscription, combined
from bot.filters.terms import Filter, Term
from bot.filters.vocabulary import OPTIONS, STATUSES, VALUES, Broadcast, Key, Style
from bot.filters.wishes import Wish
from bot.suggestions import nearest

__all__ = [
    "OPTIONS",
    "STATUSES",
    "VALUES",
    "Broadcast",
    "Filter",
    "Index",
    "Key",
    "Pattern",
    "Plan",
    "Style",
    "Subscription",
    "Term",
    "Wish",
    "combined",
    "covers",
    "nearest",
    "parse",
    "why_never",
]
