"""A person at the page: what they do there, by what they see."""

from playwright.async_api import expect


class Person:
    """Sits at a tab. Places and buttons go by the names that are read on the screen."""

    def __init__(self, page):
        self.page = page

    async def come(self, url, name="maya", place="porting"):
        """Open the page as somebody, in a channel."""
        await self.page.goto(f"{url}/?as={name}&in={place}")
        await expect(self.channel.get_by_role("heading", name=place)).to_be_visible()

    @property
    def sidebar(self):
        return self.page.get_by_role("navigation", name="Workspace")

    @property
    def channel(self):
        return self.page.locator(".c-channel")

    @property
    def thread(self):
        return self.page.get_by_role("region", name="Thread")

    @property
    def timeline(self):
        """What scrolls in the channel."""
        return self.channel.get_by_role("log")

    @property
    def messages(self):
        """Those of the channel that are in the page."""
        return self.channel.get_by_role("article")

    @property
    def answers(self):
        """What only this person sees."""
        return self.messages.filter(has_text="Only you can see this")

    @property
    def newest_answer(self):
        return self.answers.last

    @property
    def composer(self):
        return composer_in(self.channel)

    @property
    def offers(self):
        """What the composer suggests."""
        return self.channel.get_by_role("listbox", name="Suggestions")

    @property
    def replies(self):
        """What opens the threads of messages that have one."""
        return self.channel.get_by_role("button", name="Last reply")

    @property
    def republish(self):
        return self.page.get_by_role("button", name="Republish")

    @property
    def dialog(self):
        """What asks before a click is done."""
        return self.page.get_by_role("alertdialog")

    @property
    def home(self):
        return self.page.get_by_role("tabpanel", name="Home")

    @property
    def panel(self):
        return self.page.get_by_role("complementary", name="Control panel")

    @property
    def channel_menu(self):
        return self.channel.get_by_role("button", name="Change this channel")

    def place(self, name):
        """A place in the sidebar, whatever waits there."""
        return self.sidebar.get_by_role("button", name=name)

    def message(self, words):
        """The newest message of the channel that says so."""
        return self.messages.filter(has_text=words).last

    async def show_places(self):
        """On a phone the places are a page of their own."""
        if not await self.sidebar.is_visible():
            await self.channel.get_by_role("button", name="Back to the channels").click()

    async def show_panel(self):
        await self.show_places()
        controls = self.sidebar.get_by_role("button", name="Controls")
        if await controls.get_attribute("aria-pressed") != "true":
            await controls.click()
        await expect(self.panel).to_be_visible()

    async def go(self, name):
        await self.place(name).click()
        await expect(self.channel.get_by_role("heading", name=name)).to_be_visible()

    async def id_of(self, name):
        """The id of somebody who can sit at this tab."""
        people = self.page.get_by_label("You are").get_by_role("option")
        return await people.filter(has_text=name).get_attribute("value")

    async def become(self, name):
        """Somebody else sits down at this tab."""
        await self.page.get_by_label("You are").select_option(await self.id_of(name))

    async def write(self, line, *, into=None):
        """Type a line and send it, in the channel or in the thread."""
        composer = composer_in(into or self.channel)
        await composer.fill(line)
        await composer.press("Enter")

    async def choose(self, menu, entry):
        """Pick an entry of the menu behind a button."""
        await menu.click()
        await self.page.get_by_role("listitem").filter(has_text=entry).click()


def composer_in(place):
    return place.get_by_role("combobox")
