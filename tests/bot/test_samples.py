"""The doctor's samples are messages as the bot posts them."""

from datetime import UTC, datetime

import pytest

from bot.messages.wording import Look
from bot.samples import samples
from bot.slack.blocks import check_message

SAMPLES = samples(Look(now=datetime(2026, 3, 2, tzinfo=UTC)))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_keeps_to_slacks_limits(name):
    assert check_message(SAMPLES[name]) == []


def test_what_outsiders_wrote_stays_literal_in_samples():
    assert "<!channel>" not in SAMPLES["thread reply"].text
