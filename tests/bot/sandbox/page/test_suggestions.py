"""What the composer offers is what the bot takes."""

from bot.filters import parse
from bot.messages.help import TOPICS
from bot.sandbox.page.suggestions import suggestions

OFFERED = suggestions("/telnyx")
LINES = {each["shown"]: each for each in OFFERED if "line" in each}
WORDS = {each["word"]: each["behind"] for each in OFFERED if "word" in each}


def test_every_command_of_the_help_is_offered_under_the_name_that_it_has_here():
    assert LINES["/telnyx republish <event-id>"]["line"] == "/telnyx republish "
    assert LINES["/telnyx status"]["what"] == "tells whether I am up to date"
    assert LINES["/telnyx help [topic]"]["what"] == f"explains: {', '.join(TOPICS)}"
    assert all(each["line"].startswith("/telnyx ") for each in LINES.values())


def test_every_offered_filter_is_understood():
    filters = [word for word in WORDS if not word.endswith(":") and ":" in word]

    assert "kind:out" in filters
    assert "broadcast:milestones" in filters
    for word in filters:
        parse("" if word.partition(":")[0] in {"style", "broadcast"} else word)


def test_help_is_offered_its_topics():
    assert {word for word, behind in WORDS.items() if behind == ("help",)} == set(TOPICS)
