"""What the sandbox's workspace knows of the app, beside what the app does."""

import yaml

from bot.sandbox.workspace import shortcuts
from bot.slack.manifest import manifest

LOOK_UP = {
    "name": "Look up the order",
    "type": "message",
    "callback_id": "look_up",
    "description": "Shows the order that a message names",
}


def test_a_shortcut_of_the_manifest_is_one_of_the_workspace():
    described = yaml.safe_load(manifest("/port"))
    described["features"]["shortcuts"] = [LOOK_UP]

    assert shortcuts(yaml.safe_dump(described)) == (LOOK_UP,)


def test_a_manifest_without_shortcuts_gives_none():
    assert shortcuts("features: {}") == ()
