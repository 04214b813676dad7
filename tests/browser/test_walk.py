"""A walk through the sandbox with the real bot, by what a person sees."""

from playwright.async_api import expect


async def test_a_command_is_answered_for_the_one_who_typed_it(sandbox, maya):
    await maya.come(sandbox.url)

    await maya.write("/port help")

    await expect(maya.newest_answer).to_contain_text("/port subscribe")
