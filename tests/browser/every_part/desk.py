"""A page with an app behind it, and somebody who uses what the app shows."""

from playwright.async_api import expect

from tests.browser.person import Person


class Desk:
    """A page with an app behind it."""

    def __init__(self, slack, app, page):
        self.slack, self.app, self.page, self.person = slack, app, page, Person(page)

    async def tidy(self):
        """Close what is open, and take away what was written and what the app still has to tell."""
        for view in self.slack.views.values():
            if view.open and view.content["type"] == "modal":
                await self.slack.close_view(view.user, view)
        await self.page.emulate_media(color_scheme="light")
        await self.page.set_viewport_size({"width": 1280, "height": 800})
        await self.person.go("porting")
        for message in self.slack.messages("porting"):
            self.slack.delete_message("porting", message.ts)
        await expect(self.modal).to_be_hidden()
        await expect(self.person.messages).to_have_count(0)
        self.app.forget()

    async def post(self, blocks):
        channel = self.slack.channel("porting").id
        await self.app.client.chat_postMessage(channel=channel, text="Every part", blocks=blocks)
        await expect(self.person.messages).to_have_count(1)

    async def open(self, name):
        await self.page.get_by_role("button", name="Shortcuts").click()
        await self.page.get_by_role("menuitem", name=name).click()
        await expect(self.modal).to_be_visible()

    @property
    def modal(self):
        return self.page.get_by_role("dialog")

    async def submit(self):
        await self.modal.get_by_role("button", name="Send").click()

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def field(self, name):
        return self.page.get_by_label(name, exact=True)

    async def choose(self, name, *options):
        """Take options of a menu, and leave it."""
        await self.page.get_by_role("combobox", name=name, exact=True).click()
        for each in options:
            await self.page.locator(".e-panel").get_by_role("option", name=each).click()
        await self.page.keyboard.press("Tab")

    async def search(self, name, words, *options):
        """Type into a menu, and take options that the app then offers."""
        await self.page.get_by_role("combobox", name=name, exact=True).fill(words)
        for each in options:
            await self.page.locator(".e-panel").get_by_role("option", name=each).click()
        await self.page.keyboard.press("Tab")
