"""A workspace with #porting and maya, on a clock turned by hand."""

import pytest

from bot.sandbox.slack_workspace import SlackWorkspace


@pytest.fixture
def slack(clock):
    return SlackWorkspace(now=clock)


@pytest.fixture
def porting(slack):
    return slack.channel(slack.add_channel("porting"))


@pytest.fixture
def maya(slack):
    return slack.add_person("maya")
