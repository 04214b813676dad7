"""How names are compared: those of orders, of customers, of carriers. Pure."""

from functools import lru_cache


@lru_cache(maxsize=4096)  # an order's events say the same names again and again
def folded(name: str) -> str:
    """The form in which names are compared: case and the width of blanks do not count."""
    return " ".join(name.casefold().split())
