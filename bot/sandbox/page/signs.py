"""The characters behind emoji names, as Slack spells the names."""

import re
from functools import lru_cache

from emoji import emojize

_FLAG = re.compile(r"flag-([a-z]{2})")
_FIRST_REGION = 0x1F1E6  # the regional sign of the letter a
_OTHER_NAMES = {"simple_smile": "slightly_smiling_face", "thinking_face": "thinking"}
_LARGE = re.compile(r"large_(\w+)_(circle|square)")


@lru_cache(maxsize=4096)
def sign_of(name: str) -> str | None:
    """The emoji of that name; None where it is none, or one that a workspace made itself."""
    if flag := _FLAG.fullmatch(name):
        return "".join(chr(_FIRST_REGION + ord(letter) - ord("a")) for letter in flag[1])
    for spelling in _spellings(name):
        sign = emojize(f":{spelling}:", language="alias")
        if not sign.startswith(":"):
            return sign
    return None


def _spellings(name: str) -> list[str]:
    """How others may call it: Slack has dashes, and large circles, where they have neither."""
    large = _LARGE.fullmatch(name)
    return [
        name,
        name.replace("-", "_"),
        _OTHER_NAMES.get(name, name),
        f"{large[1]}_{large[2]}" if large else name,
    ]
