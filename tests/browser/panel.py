"""The control panel of a tab: its parts by the names that are read on the screen."""

from playwright.async_api import expect


class Panel:
    """What stands beside the Slack client."""

    def __init__(self, page):
        self.page = page
        self.root = page.get_by_role("complementary", name="Control panel")
        self.state = self.root.get_by_role("region", name="The bot").get_by_role("status")
        self.orders = self.root.get_by_role("list", name="Orders, newest first")
        self.requests = self.root.get_by_role("list", name="Requests, newest first")

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def figure(self, name):
        return self.root.locator("dl > div").filter(has=self.page.get_by_text(name, exact=True)).locator("dd")

    def switch(self, side, label):
        return self.root.get_by_role("group", name=side).get_by_role("switch", name=label)

    async def open(self, part):
        """Unfold a part that is folded at first."""
        await self.root.get_by_role("button", name=f'Expand "{part}"').click()
        await expect(self.root.get_by_role("button", name=f'Collapse "{part}"')).to_be_visible()

    async def opened_order(self, words):
        """The newest order of those words, unfolded to be acted on."""
        order = self.orders.get_by_role("listitem").filter(has_text=words).first
        await order.get_by_role("button", expanded=False).first.click()
        return order

    async def pick(self, place, label, option):
        """Choose an entry of a select."""
        await place.get_by_role("combobox", name=label).click()
        await self.page.locator(".q-menu").get_by_role("option", name=option).click()
