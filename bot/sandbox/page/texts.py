"""Plain HTML elements with a text, for what NiceGUI's own would be a `div`."""

from nicegui.elements.mixins.text_element import TextElement


def text(tag: str, words: str = "", classes: str = "") -> TextElement:
    """An element whose `text` can be set; nothing is sent where it stays the same."""
    made = TextElement(tag=tag, text=words)
    made.classes(classes)
    return made
