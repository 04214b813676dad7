"""A date and time is meant in the zone of whoever chooses it, on every day of the year."""

import pytest

NEW_YORK, LONDON = "America/New_York", "Europe/London"
READ = "([wall, zone]) => import('/look/zones.js').then((zones) => zones.epochOf(wall, zone))"
WRITE = "([epoch, zone]) => import('/look/zones.js').then((zones) => zones.wallOf(epoch, zone))"


@pytest.mark.parametrize(
    ("wall", "zone", "epoch"),
    [
        ("2026-01-15T12:00", NEW_YORK, 1_768_496_400),
        ("2026-07-15T12:00", NEW_YORK, 1_784_131_200),
        ("2026-11-01T00:30", NEW_YORK, 1_793_507_400),
        ("2026-03-08T03:30", NEW_YORK, 1_772_955_000),
        ("2026-07-15T12:00", LONDON, 1_784_113_200),
        ("2026-07-15T00:00", "UTC", 1_784_073_600),
    ],
)
async def test_a_moment_is_read_and_written_in_its_zone(desk, wall, zone, epoch):
    assert await desk.page.evaluate(READ, [wall, zone]) == epoch
    assert await desk.page.evaluate(WRITE, [epoch, zone]) == wall


async def test_a_time_that_spring_skips_is_moved_on(desk):
    epoch = await desk.page.evaluate(READ, ["2026-03-08T02:30", NEW_YORK])

    assert await desk.page.evaluate(WRITE, [epoch, NEW_YORK]) == "2026-03-08T03:30"
