"""The stand-in's judgement of blocks: what Slack's limits allow passes, one more does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.slack.block_rules import BLOCKS, blocks_length, check_message_blocks, with_ids
from bot.sandbox.slack.view_rules import check_view
from tests.bot.sandbox.slack.limits import LIMITS as BLOCK_LIMITS
from tests.bot.sandbox.slack.limits import actions, button, confirm, section
from tests.bot.sandbox.slack.screens import mrkdwn, plain
from tests.bot.sandbox.slack.table_limits import TABLE_LIMITS, data_table

LIMITS = [*BLOCK_LIMITS, *TABLE_LIMITS]


@pytest.mark.parametrize(("within", "beyond"), [limit[1:] for limit in LIMITS], ids=[x[0] for x in LIMITS])
def test_limit_is_kept_exactly(within, beyond):
    assert check_message_blocks(within) == []
    assert check_message_blocks(beyond) != []


def test_problem_points_into_the_payload():
    [problem] = check_message_blocks([section(), actions(button(confirm=confirm(deny=plain("x" * 31))))])

    assert problem.pointer == "/blocks/1/elements/0/confirm/deny/text"
    assert problem.message == "must be less than 31 characters"


def test_same_action_id_is_fine_in_two_blocks():
    assert check_message_blocks([section(accessory=button()), section(accessory=button())]) == []


def test_everything_shown_counts_towards_the_length_of_a_message():
    blocks = [section(text=mrkdwn("x" * 100), fields=[mrkdwn("y" * 10)]), data_table(caption="z" * 5)]

    assert blocks_length(blocks) == 100 + 10 + 5 + 2


def test_pictures_get_no_action_id():
    picture = {"type": "image", "image_url": "https://example.test/a.png", "alt_text": "a"}

    [pictured, pressed] = with_ids([section(accessory=picture), section(accessory=button())])

    assert "action_id" not in pictured["accessory"]
    assert pressed["accessory"]["action_id"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "element", "options", "rows", "value", "chart", "blocks"]
            ),
            inner | st.sampled_from([*BLOCKS, "plain_text", "mrkdwn", "button", "static_select", "modal"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(["type", "text", "elements"]), JSON), max_size=3), JSON)
def test_no_json_upsets_the_rules(blocks, view):
    problems = check_message_blocks(blocks)

    assert all(problem.pointer.startswith("/") for problem in problems)
    assert check_view(view) != [] or view["type"] in {"modal", "home"}


BROKEN = st.sampled_from([sample for limit in LIMITS for sample in limit[1:]])


@given(BROKEN, st.data())
def test_no_spoiled_block_upsets_the_rules(blocks, data):
    [index] = [data.draw(st.integers(0, len(blocks) - 1))]
    spoiled = dict(blocks[index])
    spoiled[data.draw(st.sampled_from(sorted(spoiled)))] = data.draw(JSON)

    problems = check_message_blocks([*blocks[:index], spoiled])

    assert all(problem.message for problem in problems)
