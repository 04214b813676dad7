"""What was told of our own trouble, once for all processes."""

from datetime import UTC, datetime, timedelta

from storage import troubles

NOW = datetime(2026, 12, 1, 14, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def test_beginning_and_end_of_a_trouble_are_each_told_once(database):
    async with database.transaction() as tx:
        began = [
            await troubles.begin(tx, "It fails", NOW),
            await troubles.begin(tx, "It fails", NOW + MINUTE),
        ]
        during = await troubles.is_told(tx, "It fails")
        ended = [await troubles.end(tx, "It fails"), await troubles.end(tx, "It fails")]
        after = await troubles.is_told(tx, "It fails")

    assert began == [True, False]
    assert ended == [NOW, None]
    assert (during, after) == (True, False)


async def test_trouble_that_two_met_is_told_by_one_and_the_next_trouble_again(database):
    async with database.transaction() as tx:
        told = [
            await troubles.passed(tx, "It fails", NOW, NOW + 2 * MINUTE),
            await troubles.passed(tx, "It fails", NOW + MINUTE, NOW + 3 * MINUTE),
            await troubles.passed(tx, "It fails", NOW + 9 * MINUTE, NOW + 10 * MINUTE),
        ]

    assert told == [True, False, True]


async def test_trial_leaves_nothing_behind(database):
    async with database.transaction() as tx:
        await troubles.probe(tx, NOW)

    async with database.reading() as tx:
        assert (await tx.exec_driver_sql("SELECT count(*) FROM trouble")).scalar() == 0
