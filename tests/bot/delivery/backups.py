"""A backup of everything and its return, as any engine's own tools would do it."""

from sqlalchemy import delete, select
from sqlmodel import SQLModel

from storage import restores

# Leases are another process's after a restore, and over.
TABLES = [table for table in SQLModel.metadata.sorted_tables if table.name != "lease"]


async def backed_up(day):
    """All rows as they are now."""
    async with day.database.reading() as tx:
        return {
            table: [dict(row) for row in (await tx.execute(select(table))).mappings()] for table in TABLES
        }


async def put_back(day, backup, *, is_told=True):
    """The rows as they were then, and the bot's next start; it is told of the restore, as the manual says."""
    async with day.database.transaction() as tx:
        for table, rows in backup.items():
            await tx.execute(delete(table))
            if rows:
                await tx.execute(table.insert(), rows)
        if is_told:
            await restores.mark(tx, day.clock())
    await day.restart()
    day.delivery.look()


async def history_of_a_day(day):
    """A card from before the backup; since then a reply to it, another card with a reply, and a roll-up."""
    await day.follow()
    old, new = day.order(), day.order(reference="Globex")
    ids = [day.telnyx.set_status(old, "in-process")]
    await day.take_in()
    await day.deliver()
    backup = await backed_up(day)
    day.clock.forward(hours=5)
    for order, status in ((old, "submitted"), (new, "in-process"), (new, "submitted")):
        ids.append(day.telnyx.set_status(order, status))
        await day.take_in()
        await day.deliver(seconds=10)
    ids += [day.telnyx.comment(day.order(), "A word.", author="user") for _ in range(7)]
    await day.take_in()
    await day.deliver()
    return new, ids, backup
