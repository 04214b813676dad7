"""A tab that is left open finds its way back by itself."""

from playwright.async_api import expect

from tests.sandboxes import started


async def test_a_tab_left_open_over_a_restart_reconnects(tmp_path, maya, troubles):
    troubles.forgive("ERR_CONNECTION_REFUSED", "WebSocket", "socket")
    with started(tmp_path) as before:
        await maya.come(before.url)
        await maya.write("This is forgotten")
        await expect(maya.message("This is forgotten")).to_be_visible()
        before.end()

    with started(tmp_path, "--port", before.port) as after:
        after.line_with("[Republish]")
        await expect(maya.message("This is forgotten")).to_have_count(0)
        await maya.write("/port help")

        await expect(maya.newest_answer).to_contain_text("/port subscribe")
        assert after.end()[1:] == (0, "")
