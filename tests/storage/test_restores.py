"""From when on a restored database knows too little, and when it knows everything again."""

from datetime import timedelta

from storage import channels, deliveries, events, restores, watermarks, workspaces
from storage.restores import Seen
from tests.storage.rows import NOW, at, message, new_event

DAY = timedelta(days=1)


async def a_workspace(tx):
    await workspaces.ensure(tx, "T1")
    for channel_id in ("C1", "C2"):
        await channels.ensure(tx, channel_id, "T1")


async def unsure_since(tx, channel_id):
    return (await channels.find(tx, channel_id)).unsure_since


async def test_posts_are_unknown_since_the_last_sign_of_life_and_since_what_was_under_way(database):
    async with database.transaction() as tx:
        await a_workspace(tx)
        await events.store(tx, "port_in", [new_event("e1")], at(100))
        await deliveries.add(tx, message("d1", state="uncertain", started_at=at(30)))

        since = await restores.mark(tx, at(5000))

        assert since == at(100)
        assert [await unsure_since(tx, each) for each in ("C1", "C2")] == [at(30), at(100)]
        assert (await workspaces.get(tx, "T1")).unsure_since == at(100)


async def test_an_empty_database_is_unsure_since_now_at_most(database):
    async with database.transaction() as tx:
        await a_workspace(tx)

        assert await restores.mark(tx, NOW) == NOW


async def test_only_the_first_start_on_a_backup_says_until_when_posts_are_unknown(database):
    async with database.transaction() as tx:
        await a_workspace(tx)
        before = await restores.begin(tx, "T1", at(1))
        await restores.mark(tx, at(2))

        started = [await restores.begin(tx, "T1", at(second)) for second in (3, 4)]

        assert (before, started) == (False, [True, False])
        assert (await workspaces.get(tx, "T1")).restored_at == at(3)


async def a_restored_database(tx):
    await a_workspace(tx)
    for source in ("port_in", "port_out"):
        await watermarks.begin(tx, source, watermark=NOW, baseline_at=NOW)
    await restores.mark(tx, NOW)
    await restores.begin(tx, "T1", NOW)
    await restores.note_read(tx, "C1", "", NOW, [Seen("d9", "e9", "1.0", None)])


async def swept(tx, moment):
    for source in ("port_in", "port_out"):
        await watermarks.note_deep_sweep(tx, source, moment)


async def test_it_is_over_when_all_lists_were_swept_a_day_later(database):
    async with database.transaction() as tx:
        await a_restored_database(tx)
        await restores.end(tx)
        await swept(tx, NOW + DAY / 2)
        await restores.end(tx)
        still = await unsure_since(tx, "C1")

        await swept(tx, NOW + DAY * 1.1)
        await restores.end(tx)

        assert still == NOW
        assert [await unsure_since(tx, each) for each in ("C1", "C2")] == [None, None]
        assert (await workspaces.get(tx, "T1")).unsure_since is None
        assert await restores.sightings(tx, "C1") == {}


async def test_a_channel_that_is_still_owed_something_stays_unsure(database):
    async with database.transaction() as tx:
        await a_restored_database(tx)
        await deliveries.add(tx, message("d1"))
        await swept(tx, NOW + DAY * 1.1)

        await restores.end(tx)

        assert [await unsure_since(tx, each) for each in ("C1", "C2")] == [NOW, None]


async def test_it_is_not_over_while_an_event_of_before_is_promised_to_nobody(database):
    async with database.transaction() as tx:
        await a_restored_database(tx)
        await events.store(tx, "port_in", [new_event("e1")], NOW)
        await swept(tx, NOW + DAY * 1.1)

        await restores.end(tx)

        assert await unsure_since(tx, "C1") == NOW
