"""How names and ids are compared: those of orders, of customers, of carriers. Pure."""

import re
from functools import lru_cache

_UUID = re.compile(r"[0-9a-f]{32}")


@lru_cache(maxsize=4096)  # an order's events say the same names again and again
def folded(name: str) -> str:
    """The form in which names are compared: case and the width of blanks do not count."""
    return " ".join(name.casefold().split())


def canonical_id(text: str) -> str:
    """An id as Telnyx writes it, whatever its case and dashes; what is none stays as it is."""
    bare = text.replace("-", "").lower()
    if not _UUID.fullmatch(bare):
        return text
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))
