"""Every builder of a message, fed with one text of an outsider."""

from dataclasses import replace

from bot.errors import UserError
from bot.messages import (
    answers,
    events,
    lookups,
    notices,
    orders,
    outcomes,
    rollups,
    searches,
    status,
    subscriptions,
    timelines,
)
from bot.messages import (
    help as helping,
)
from bot.messages.wording import Look
from bot.references import read_reference
from bot.results import (
    Cause,
    EventsPage,
    Found,
    Hold,
    Outcome,
    Place,
    Republished,
    Reviewed,
    Trouble,
)
from bot.telnyx.events import Author, Comment, Detail
from docs.samples import CHANNEL, FOLLOWED, held_up, well
from tests.factories import NOW, make_change, make_event, make_order

SECRET = "918273"
PIECES = (
    "<!channel> <!here> <@U024BE7LX> <#C024BE91X> <!subteam^S1>",
    "<https://evil.test|here> https://evil.test",
    "*bold* _sly_ ~gone~ `code` ```block```",
    "> quoted\n>>> all\n• dot",
    "&amp; &lt; & < >",
    ":fire: :+1:",
    "\u200bP\u200dI\u2060N\ufeff \u202eright\u202c \u2066x\u2069 \x00\x07",
    f"PIN {SECRET}",
    f"passcode (6 digits): {SECRET}",
    "\ud800 lone",
    "x" * 4000,
    "&" * 4000,
    "<" * 4000,
    "`" * 4000,
    "many words " * 400,
    "",
    " \n\t ",
)
PLACES = (Place.SEEN, Place.TELNYX, Place.NEWEST, Place.UNREACHED)


class Said:
    """Everything that a builder takes, made of one text of an outsider."""

    def __init__(self, text, id_=None):
        self.text = text
        ids = {"order_id": id_} if id_ else {}
        self.look = Look(now=NOW, portal_order_url="https://portal.example/{kind}/{id}")
        names = ("support_key", "parent_support_key", "customer_reference", "carrier", "spid", "pon")
        facts = dict.fromkeys((*names, "subscriber_name", "rejection_reason", "messaging_status"), text)
        self.orders = [
            make_order(
                source=source,
                status=status,
                numbers=(text,) * 60,
                details=(Detail(text, text),) * 9,
                last_comment=Comment(text, Author.US, NOW),
                **facts,
                **ids,
            )
            for source, status in (("port_in", "exception"), ("port_out", "pending"), ("port_in", text))
        ]
        happened = [
            {"kind": "new_comment", "body": text},
            {"status": text, "details": [(text, text)] * 9},
            {"kind": "messaging_changed", "messaging_status": text},
            {"event_type": text},
        ]
        self.changes = [
            make_change(
                make_event(
                    source=order.source, methods=(text,) * 9, event_id=id_, order_id=order.order_id, **each
                ),
                order,
            )
            for order in self.orders
            for each in happened
        ]
        self.change = self.changes[0]
        self.order = self.orders[0]
        self.found = Found(read_reference(text), tuple(self.orders * 5), tuple(self.changes[:5]), PLACES)
        self.listed = [
            replace(FOLLOWED, name=f"S{number}", line=f"subscribe ref:{text}"[:1000], paused_reason=text)
            for number in range(30)
        ]

    def report(self):
        trouble = Trouble("Telnyx does not answer", NOW, self.text)
        refused = held_up(NOW, self.text, self.text)
        return well(
            NOW,
            polls=tuple(replace(poll, trouble=trouble) for poll in well(NOW).polls),
            troubles=(trouble,) * 6,
            events_waiting=10**6,
            messages_open=10**6,
            waiting_since=NOW,
            slack_refusal=self.text,
            holds=tuple(Hold(cause, 10**6, NOW, (CHANNEL,) * 30) for cause in Cause),
            paused=refused["paused"] * 30,
            unreadable=refused["unreadable"] * 30,
            parked=10**6,
            given_up=refused["given_up"] * 5,
        )


def helped(topic):
    try:
        return helping.help_on(topic, "/port")
    except UserError as error:
        return answers.sentence(str(error))


BUILDERS = {
    "answers.sentence": lambda said: answers.sentence(f"No {said.text}"),
    "answers.suggestion": lambda said: answers.suggestion(answers.looking(), f"order {said.text}", "/port"),
    "answers.looking": lambda _: answers.looking(),
    "answers.trouble": lambda _: answers.trouble("ab12cd34"),
    "answers.outdated": lambda _: answers.outdated("/port"),
    "answers.other_command": lambda _: answers.other_command("/port"),
    "answers.menu": lambda _: answers.menu("/port"),
    "answers.order_ids": lambda said: [answers.order_ids(each) for each in said.orders],
    "answers.events_of_message": lambda said: answers.events_of_message(said.changes * 5, 2, "d1", said.look),
    "events.flat": lambda said: [
        events.flat(each, said.look, subscriptions=("S1",) * 99, may_repeat=True) for each in said.changes
    ],
    "events.reply": lambda said: [events.reply(each, said.look, may_repeat=True) for each in said.changes],
    "help.help_on": lambda said: [helped(topic) for topic in ("", *helping.TOPICS, said.text)],
    "searches.nothing_found": lambda said: searches.nothing_found(said.found.reference, PLACES, said.look),
    "searches.no_event": lambda said: searches.no_event(said.found.reference, PLACES, said.look),
    "searches.several_found": lambda said: [
        searches.several_found(said.found, said.look, line="order x", page=page, verb="republish")
        for page in (1, 2)
    ],
    "searches.events_to_republish": lambda said: [
        searches.events_to_republish(said.order, changes, said.look) for changes in ([], said.changes)
    ],
    "lookups.order_answer": lambda said: [
        lookups.order_answer(each, said.changes * 5, said.look, looked_in=PLACES) for each in said.orders
    ],
    "lookups.event_answer": lambda said: [
        lookups.event_answer(each, said.look, looked_in=PLACES) for each in said.changes
    ],
    "lookups.republish_question": lambda said: [
        lookups.republish_question(each, said.look) for each in said.changes
    ],
    "lookups.events_list": lambda said: lookups.events_list(
        EventsPage(tuple(said.changes[:10]), 2, has_more=True, has_older=True, unasked=3, is_last=True),
        "events",
        said.look,
    ),
    "notices.one_line": lambda _: notices.one_line("A sentence."),
    "notices.subscription_changed": lambda said: [
        notices.subscription_changed(said.text, before, after)
        for before, after in ((None, said.text), (said.text, said.text))
    ],
    "notices.subscriptions_ended": lambda said: [
        notices.subscriptions_ended(said.text, [said.text] * count) for count in (1, 9)
    ],
    "notices.channel_paused": lambda said: notices.channel_paused(CHANNEL, said.text),
    "notices.message_given_up": lambda said: notices.message_given_up(CHANNEL, said.text),
    "notices.trouble_started": lambda said: notices.trouble_started(said.text, NOW, said.text),
    "notices.trouble_ended": lambda said: notices.trouble_ended(said.text, NOW, NOW),
    "orders.card": lambda said: [
        orders.card(each, said.look, subscriptions=("S1",) * 99, other_events=("e" * 150, "e1", "e2", "e3"))
        for each in said.changes
    ],
    "outcomes.republished": lambda said: [
        outcomes.republished(Republished(outcome, said.text, NOW, said.text), said.change)
        for outcome in Outcome
    ],
    "outcomes.republish_asked": lambda said: [
        outcomes.republish_asked(said.text, Republished(outcome, said.text, NOW, said.text), said.change)
        for outcome in set(Outcome) - {Outcome.HELD_BACK}
    ],
    "outcomes.reviewed": lambda said: [
        outcomes.reviewed(Reviewed(said.order, said.text, NOW, already=already)) for already in (True, False)
    ],
    "rollups.roll_up": lambda said: rollups.roll_up(
        said.changes * 5, said.look, delivery_id="d" * 36, may_repeat=True
    ),
    "status.status": lambda said: status.status(said.report(), said.look),
    "subscriptions.listing": lambda said: [
        subscriptions.listing(said.listed, scope, 2, "/port") for scope in ("here", "all", "mine")
    ],
    "subscriptions.followed": lambda said: subscriptions.followed(
        said.listed[0], "thread", "all", before=said.listed[1], command="/port"
    ),
    "subscriptions.unfollowed": lambda said: subscriptions.unfollowed(said.listed, "all", "/port"),
    "timelines.timeline": lambda said: timelines.timeline(said.order, said.changes * 5, said.look),
}
