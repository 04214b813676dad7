"""The sandbox's page: what stands in the channels, to read. It takes no input."""

from collections.abc import Iterable, Iterator
from html import escape

from aiohttp import web

from bot.sandbox.slack.records import Channel, Ephemeral, Message
from bot.sandbox.slack.texts import SlackTexts
from bot.sandbox.slack.world import SlackWorld

NEWEST = 200
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Portwire sandbox</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<noscript><meta http-equiv="refresh" content="3"></noscript>
<style>
body { font: 15px/1.45 system-ui, sans-serif; color: #1d1c1d }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
h2 { border-bottom: 1px solid #ddd; padding-bottom: .3rem; margin-top: 2rem }
article { margin: .7rem 0; white-space: pre-wrap; overflow-wrap: anywhere }
article.reply { margin-left: 2rem; padding-left: .8rem; border-left: 3px solid #ddd }
article.only { background: #fff8e1; padding: .4rem .8rem }
time, small { color: #616061 }
</style></head><body>
<h1>Portwire sandbox</h1>
<p>The real bot against stand-ins of Telnyx and Slack. This page shows the channels as text and renews itself;
newest messages come last. To use the bot, type a line such as <code>%(command)s help</code> in the terminal
that the sandbox runs in: it is sent from #porting.</p>
<main>%(channels)s</main>
<script>
setInterval(async () => {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const shown = document.querySelector("main");
  if (fresh.innerHTML === shown.innerHTML) return;
  const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 80;
  shown.replaceWith(fresh);
  if (atEnd) scrollTo(0, document.body.scrollHeight);
}, 2000);
</script></body></html>
"""


class Page:
    """Shows the channels of a workspace on one address."""

    def __init__(self, slack: SlackWorld, command: str) -> None:
        self._slack = slack
        self._texts = SlackTexts(slack)
        self._command = command
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> None:
        """Serve; raises OSError where the port is taken."""
        app = web.Application()
        app.router.add_get("/", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def html(self) -> str:
        """The whole page."""
        places = [place for place in self._slack.channels.values() if not place.is_im or place.by_ts]
        shown = "".join(part for place in places for part in self._channel(place))
        return PAGE % {"command": escape(self._command), "channels": shown}

    async def _serve(self, _request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(text=self.html(), content_type="text/html", headers=headers)

    def _channel(self, channel: Channel) -> Iterator[str]:
        yield f"<section><h2>{escape(self._texts.place_of(channel.id))}</h2>"
        if not self._slack.bot_is_in(channel):
            yield "<p><small>The bot is not in this channel yet.</small></p>"
        answers = [each for each in self._slack.ephemerals if each.channel == channel.id and not each.deleted]
        for entry in _newest([*_top(channel), *answers]):
            if isinstance(entry, Ephemeral):
                yield self._article("only", f"only {self._texts.name_of(entry.user)}", entry)
                continue
            yield self._message("post", entry)
            for reply in channel.replies.get(entry.ts, ()):
                yield self._message("reply", reply)
        yield "</section>"

    def _message(self, kind: str, message: Message) -> str:
        if message.deleted:
            return f'<article class="{kind}"><small>This message was deleted.</small></article>'
        shared = " · reply in a thread, also in the channel" if message.reply_broadcast else ""
        return self._article(kind, f"{message.posted_at:%H:%M:%S} UTC{shared}", message)

    def _article(self, kind: str, small: str, message: Message | Ephemeral) -> str:
        author = self._texts.name_of(message.user) if isinstance(message, Message) else "@portwire"
        lines = escape("\n".join(self._texts.lines(message.text, message.blocks)))
        return (
            f'<article class="{kind}"><b>{escape(author)}</b> <small>{escape(small)}</small>\n'
            f"{lines}</article>"
        )


def _top(channel: Channel) -> Iterator[Message]:
    """Messages that stand in the channel itself; replies are shown below their thread's first message."""
    for message in channel.by_ts.values():
        if message.reply_broadcast or message.thread_ts not in channel.by_ts:
            yield message


def _newest(entries: Iterable[Message | Ephemeral]) -> list[Message | Ephemeral]:
    return sorted(entries, key=lambda each: each.ts)[-NEWEST:]
