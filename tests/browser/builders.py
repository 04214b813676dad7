"""Blocks and their parts in few words."""


def plain(text="Words"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def section(text, **more):
    return {"type": "section", "text": mrkdwn(text)} | more


def option(number, **more):
    return {"text": plain(f"Choice {number}"), "value": str(number)} | more


def image(words="A map of the carrier's area"):
    return {"type": "image", "image_url": "https://pictures.example/map.png", "alt_text": words}


def button(action_id, text="Press", **more):
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": "1"} | more


def rich(*pieces):
    return {"type": "rich_text", "elements": list(pieces)}


def piece(*leaves, kind="section", **more):
    return {"type": f"rich_text_{kind}", "elements": [_leaf(each) for each in leaves]} | more


def _leaf(value):
    return {"type": "text", "text": value} if isinstance(value, str) else value
