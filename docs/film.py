"""A short film of a page: pictures of what is on the screen, each shown for some time, and a pointer."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Locator, Page

POINTER = ((0, 0), (0, 19), (5, 15), (8, 22), (11, 21), (8, 14), (14, 14))
REST_S = 0.9
"""How long the pointer rests before it presses."""
MOST_BYTES = 1_500_000


class Film:
    """Takes pictures of one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[tuple[Image.Image, float]] = []

    async def take(self, *, seconds: float) -> None:
        """Show for so long what is on the screen now."""
        self._frames.append((await self._picture(), seconds))

    async def press(self, button: Locator) -> None:
        """Show the pointer on the button, then press it."""
        await button.hover()
        box = await button.bounding_box()
        if box is None:
            raise ValueError("there is no such button on the screen")
        picture = await self._picture()
        at_x, at_y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        outline = [(at_x + x, at_y + y) for x, y in POINTER]
        ImageDraw.Draw(picture).polygon(outline, fill="black", outline="white")
        self._frames.append((picture, REST_S))
        await button.click()

    def write(self, path: Path) -> None:
        """Write it as a picture that moves, for ever. Raises ValueError where it would be too large."""
        pictures = [picture for picture, _ in self._frames]
        times = [round(seconds * 1000) for _, seconds in self._frames]
        pictures[0].save(
            path, save_all=True, append_images=pictures[1:], duration=times, loop=0, quality=80, method=6
        )
        if (size := path.stat().st_size) > MOST_BYTES:
            raise ValueError(f"{path.name} has {size} bytes: more than a reader should wait for")

    async def _picture(self) -> Image.Image:
        return Image.open(BytesIO(await self._page.screenshot(animations="disabled"))).convert("RGB")
