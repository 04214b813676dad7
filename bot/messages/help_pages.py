"""What `help` says on each topic. `/port` stands for the command's name, whatever it is.

An empty line parts paragraphs. Only a line that begins with a dot begins a line on the screen too.
"""

OVERVIEW = """
I watch your number ports at Telnyx. All I do begins with `/port`:

• `/port <ref>` looks anything up: event id, order id, support key, customer reference or phone number
• `/port event <event-id>` shows an event, with its *Republish* button
• `/port events [<ref>] [type:…] [kind:in|out] [since:2d] [until:…]` lists events, newest first
• `/port order <ref>` shows an order: facts and timeline
• `/port republish <event-id>` asks first, then resends the event's notification
• `/port subscribe [filters] [options]` makes this channel follow events
• `/port subs [here|all|mine]` lists what is followed
• `/port unsubscribe <S12>|all` ends one subscription of this channel, or all of them
• `/port status` tells whether I am up to date
• `/port help [topic]` explains: {topics}
• the same lines work behind my name, in threads too, and in a direct message to me
"""
SUBSCRIBE = """
`/port subscribe [filters] [options]` makes this channel follow events.

Without a filter it follows everything. The same filter again replaces its options. A channel gets each event
once, however many of its subscriptions match.

• `/port subscribe ref:ACME*` everything of one customer
• `/port subscribe kind:out` numbers that leave
• `/port subscribe severity:critical style:flat` only what needs a person, a message each
• `/port subscribe kind:in -status:draft -type:messaging_changed` with exceptions

More: `/port help filters`, `/port help options`, `/port help severity`.
"""
FILTERS = """
Filters say which events `/port subscribe` follows.

• `kind:in` or `kind:out`: numbers that come to Telnyx or leave it
• `type:` {types}
• `status:` {statuses}
• `order:sr_98f022`: an order by all that it goes by: its id, the first 8 or more characters of it, a support
key, a reference, a PON or one of its numbers
• `ref:ACME*`: the customer reference; port-outs carry none
• `number:+1303*`: a phone number in any spelling, or its beginning with a star
• `carrier:"Onvoy"`: the other carrier, losing or gaining
• `severity:critical`, `severity:warning` or `severity:info`

`key:a,b` is either, different keys are both, `-key:value` is not, `*` is anything. Quotes hold words
together.
Upper and lower case are alike. A repeated key adds values.

A key whose value an event can't have (`status:` on a comment) does not match; its `-key` does. What Telnyx
can't
tell me in time counts as a match.
"""
OPTIONS = """
Options say how `/port subscribe` shows events.

• `style:thread` (default): an order's first event posts its card, later ones go into the card's thread
• `style:flat`: a message an event

• `broadcast:milestones` (default): what is critical, a FOC set or moved, `ported` and comments of Telnyx's
staff
are shown in the channel beside the thread
• `broadcast:critical`, `broadcast:all`, `broadcast:none`: only what is critical, everything, nothing

Where several subscriptions of a channel match, `thread` beats `flat` and the widest `broadcast` wins.
"""
SEVERITY = """
How much an event matters: what needs a person is critical, what should be known is a warning, the rest is
info.
"""
SUBS = """
`/port subs` lists what this channel follows, each with the command that makes it again.

• `/port subs all` those of all channels
• `/port subs mine` those that you made
• `/port unsubscribe S12` ends one of this channel, `/port unsubscribe all` all of them

Where Slack refuses a channel, its subscriptions are paused and kept, and their owner is told.
"""
EVENTS = """
`/port events` lists events, newest first.

• `/port events sr_98f022` those of one order
• `/port events kind:out since:2d` port-outs of the last two days
• `/port events type:new_comment since:2026-01-05 until:2026-01-06` comments of a day

A reference stands there without a key; one with a colon in it needs quotes. Each event is listed with the
first
8 characters of its id, which are enough for `/port event` and `/port republish`. What is older than what I
keep is asked of Telnyx.
"""
LOOK_UP = """
`/port <ref>` looks anything up; `/port order <ref>` shows an order with its timeline.

A ref is an event id or an order id (of one that I have seen its first 8 characters), a support key, a
customer reference, or a phone number in any spelling. I look among what I have seen, then at Telnyx, and say
where I looked. `order:` as a filter is told in `/port help filters`.

Guests and people of other organisations see only the orders that the channel follows in which they ask.
"""
REPUBLISH = """
`/port republish <event-id>` makes Telnyx send an event's notification again. Name an order instead, and I
offer its newest events.

It asks first and says where the notification goes. It goes only to what is set up at Telnyx now. No new
event is
made, so none shows in Slack. Email may take minutes.

One click is one request: a second one within 60 seconds is held back and told who was first.
"""
STATUS = """
`/port status` tells whether I am up to date: when I last read each event list, how many messages wait, and
which
channels are paused. `status:` as a filter is told in `/port help filters`.
"""
