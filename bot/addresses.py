"""Where an address leads to."""

from ipaddress import ip_address


def is_loopback(host: str | None) -> bool:
    """Whether it is this machine: nothing goes over a network then, nor through a company's proxy."""
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
