"""How far each list has been read: the first start is kept for good, and the mark never goes back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from storage import watermarks
from storage.database import Database
from tests.storage.rows import NOW, at


async def test_first_watermark_is_kept_for_good(database):
    async with database.transaction() as tx:
        nothing = await watermarks.find(tx, "port_in")
        await watermarks.begin(tx, "port_in", watermark=NOW, baseline_at=at(1))
        await watermarks.begin(tx, "port_in", watermark=at(5), baseline_at=at(5))

        found = await watermarks.find(tx, "port_in")

    assert nothing is None
    assert (found.watermark, found.baseline_at, found.last_deep_at) == (NOW, at(1), None)


async def test_deep_sweep_of_one_list_is_remembered(database):
    async with database.transaction() as tx:
        for source in ("port_in", "port_out"):
            await watermarks.begin(tx, source, watermark=NOW, baseline_at=NOW)
        await watermarks.note_deep_sweep(tx, "port_in", at(3))

        assert (await watermarks.find(tx, "port_in")).last_deep_at == at(3)
        assert (await watermarks.find(tx, "port_out")).last_deep_at is None


@settings(max_examples=8, deadline=None)
@given(moves=st.lists(st.integers(-10, 10), max_size=6))
async def test_watermark_is_the_furthest_that_it_was_moved_to(moves, tmp_path_factory):
    async with Database.open(f"sqlite:///{tmp_path_factory.mktemp('marks')}/marks.db") as database:
        await database.migrate()
        async with database.transaction() as tx:
            await watermarks.begin(tx, "port_in", watermark=NOW, baseline_at=NOW)
            for seconds in moves:
                await watermarks.advance(tx, "port_in", at(seconds))

            assert (await watermarks.find(tx, "port_in")).watermark == at(max([0, *moves]))
