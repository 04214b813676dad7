"""Who may change something: in doubt nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from bot.listening import serving
from bot.metrics import Metrics
from bot.sandbox.slack_workspace import SlackWorkspace
from bot.slack.client import Slack
from bot.slack.transport import session, web_client
from handlers.people import People, Role, _name_of

NOW = datetime(2026, 12, 1, 14, 2, tzinfo=UTC)


@pytest.fixture
async def workspace():
    workspace = SlackWorkspace()
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
async def people_of(workspace):
    async with session() as http:
        slack = Slack(web_client("xoxb-sandbox", workspace.url, http), Metrics())

        def make(operators=(), admins=(), now=lambda: NOW):
            return People(slack, workspace.team_id, tuple(operators), tuple(admins), now)

        yield make


async def test_without_operators_every_full_member_is_one(workspace, people_of):
    bo = workspace.add_person("bo", role="member")

    assert await people_of().role_of(bo, workspace.team_id) is Role.OPERATOR


async def test_with_operators_the_others_only_read(workspace, people_of):
    bo, eve = workspace.add_person("bo", role="member"), workspace.add_person("eve", role="member")
    people = people_of(operators=[eve])

    assert await people.role_of(bo, workspace.team_id) is Role.VIEWER
    assert await people.role_of(eve, workspace.team_id) is Role.OPERATOR


async def test_an_admin_may_what_operators_may(workspace, people_of):
    bo, eve = workspace.add_person("bo", role="member"), workspace.add_person("eve", role="member")

    role = await people_of(operators=[eve], admins=[bo]).role_of(bo, workspace.team_id)

    assert role is Role.ADMIN
    assert role >= Role.OPERATOR


async def test_a_role_is_asked_for_anew_after_the_clock_was_set_back(workspace, people_of):
    bo = workspace.add_person("bo", role="member")
    group = workspace.add_usergroup("porters", [bo])
    now = [NOW]
    people = people_of(operators=[group], now=lambda: now[0])
    before = await people.role_of(bo, workspace.team_id)
    workspace.usergroups[group] = ("porters", [])

    now[0] -= timedelta(hours=1)

    assert (before, await people.role_of(bo, workspace.team_id)) == (Role.OPERATOR, Role.VIEWER)


@pytest.mark.parametrize(("kind", "role"), [("guest", Role.GUEST), ("stranger", Role.STRANGER)])
async def test_guests_and_strangers_never_become_operators(workspace, people_of, kind, role):
    bo = workspace.add_person("bo", role=kind)

    assert await people_of(operators=[bo], admins=[bo]).role_of(bo, workspace.team_id) is role


async def test_who_only_looks_is_who_they_were_while_slack_tells_nothing(workspace, people_of):
    bo, eve = workspace.add_person("bo", role="member"), workspace.add_person("eve", role="member")
    at = [NOW]
    people = people_of(now=lambda: at[0])
    await people.role_of(bo, workspace.team_id)
    workspace.faults.refuse["users.info"] = "internal_error"
    at[0] += timedelta(hours=1)

    assert await people.reader_of(bo, workspace.team_id) is Role.OPERATOR
    assert await people.role_of(bo, workspace.team_id) is Role.UNKNOWN
    assert await people.reader_of(eve, workspace.team_id) is Role.UNKNOWN
    assert await people.reader_of(bo, "T0ELSEWHERE") is Role.STRANGER


async def test_a_payload_of_another_workspace_is_a_strangers(workspace, people_of):
    bo = workspace.add_person("bo", role="member")

    assert await people_of().role_of(bo, "T0ELSEWHERE") is Role.STRANGER


async def test_somebody_whom_slack_does_not_know_is_unknown(workspace, people_of):
    assert await people_of().role_of("U0NOBODY", workspace.team_id) is Role.UNKNOWN


async def test_nobody_is_trusted_while_slack_does_not_answer(workspace, people_of):
    bo = workspace.add_person("bo", role="member")
    workspace.faults.down = True

    assert await people_of().role_of(bo, workspace.team_id) is Role.UNKNOWN


@pytest.mark.parametrize("trouble", ["internal_error", "unknown_method", "missing_scope"])
async def test_whom_the_settings_name_is_served_while_slack_does_not_tell(workspace, people_of, trouble):
    workspace.faults.refuse["users.info"] = trouble
    people = people_of(operators=["U0EVE"], admins=["U0BO"])

    roles = [await people.role_of(user, workspace.team_id) for user in ("U0BO", "U0EVE", "U0MAX")]

    assert roles == [Role.ADMIN, Role.OPERATOR, Role.UNKNOWN]


async def test_whom_slack_does_not_know_is_nobody_whatever_the_settings_say(workspace, people_of):
    people = people_of(operators=["U0NOBODY"])

    assert await people.role_of("U0NOBODY", workspace.team_id) is Role.UNKNOWN


async def test_a_role_is_asked_again_after_a_minute(workspace, people_of):
    bo, clock = workspace.add_person("bo", role="member"), [NOW]
    people = people_of(now=lambda: clock[0])

    for seconds in (0, 30, 59, 61):
        clock[0] = NOW + timedelta(seconds=seconds)
        await people.role_of(bo, workspace.team_id)

    assert [call.method for call in workspace.calls].count("users.info") == 2


async def test_a_group_that_cannot_be_read_makes_nobody_an_operator(workspace, people_of):
    bo, eve = workspace.add_person("bo", role="member"), workspace.add_person("eve", role="member")
    people = people_of(operators=["S0GONE", eve])

    assert await people.role_of(bo, workspace.team_id) is Role.VIEWER
    assert await people.role_of(eve, workspace.team_id) is Role.OPERATOR


async def test_the_members_of_a_group_are_operators_and_asked_for_once(workspace, people_of):
    bo, eve = workspace.add_person("bo", role="member"), workspace.add_person("eve", role="member")
    people = people_of(operators=[workspace.add_usergroup("porters", [bo])])

    assert await people.role_of(bo, workspace.team_id) is Role.OPERATOR
    assert await people.role_of(eve, workspace.team_id) is Role.VIEWER
    assert [call.method for call in workspace.calls].count("usergroups.users.list") == 1


async def test_a_bot_changes_nothing(workspace, people_of):
    assert await people_of().role_of(workspace.bot_user_id, workspace.team_id) is Role.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "role"),
    [
        ({"ok": True, "user": {}}, Role.OPERATOR),
        ({"ok": True, "user": {"name": "bo", "team_id": None}}, Role.OPERATOR),
        ({"ok": True}, Role.OPERATOR),
        ({"ok": True, "user": {"id": "U0BO"}}, Role.OPERATOR),
        ({"ok": True, "user": {"id": "U0EVE"}}, Role.UNKNOWN),
        ({"ok": True, "user": {"is_restricted": True}}, Role.GUEST),
    ],
)
async def test_what_slack_does_not_say_of_somebody_is_not_held_against_them(answer, role):
    async def told(_):
        return web.json_response(answer)

    app = web.Application()
    app.router.add_route("*", "/api/users.info", told)
    async with serving(app, "127.0.0.1", 0) as port, session() as http:
        slack = Slack(web_client("xoxb-sandbox", f"http://127.0.0.1:{port}/api/", http), Metrics())

        assert await People(slack, "T1", (), (), lambda: NOW).role_of("U0BO", "T1") is role


async def test_the_memory_of_roles_has_an_end(workspace, people_of, monkeypatch):
    monkeypatch.setattr("handlers.people.MOST_KEPT", 1)
    bo, eve = workspace.add_person("bo", role="member"), workspace.add_person("eve", role="member")
    people = people_of()

    for who in (bo, eve, bo):
        await people.role_of(who, workspace.team_id)

    assert [call.method for call in workspace.calls].count("users.info") == 3


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"profile": {"display_name": "Bo P."}, "real_name": "Bo Person", "name": "bo"}, "Bo P."),
        ({"profile": {"display_name": ""}, "real_name": "Bo Person", "name": "bo"}, "Bo Person"),
        ({"profile": None, "name": "bo"}, "bo"),
        ({"name": 5}, ""),
    ],
)
def test_a_person_is_called_as_slack_shows_them(user, name):
    assert _name_of(user) == name


async def test_the_name_and_the_role_are_one_question(workspace, people_of):
    bo = workspace.add_person("bo", role="member")
    people = people_of()

    assert await people.name_of(bo) == workspace.person(bo).name
    await people.role_of(bo, None)
    assert len([each for each in workspace.calls if each.method == "users.info"]) == 1


async def test_whom_slack_does_not_know_has_no_name(people_of):
    assert await people_of().name_of("U404") == ""
