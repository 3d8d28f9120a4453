"""Addresses of clients as keys for limits."""

from functools import lru_cache
from ipaddress import ip_address, ip_network


@lru_cache(maxsize=4096)
def network(remote: str | None) -> str:
    """An address as a key for limits; of IPv6 the network of 64 bits, all of which one client may use."""
    try:
        client = ip_address(remote or "")
    except ValueError:
        return "unknown"
    if client.version == 4 or client.ipv4_mapped:
        return str(client)
    return str(ip_network((client.packed, 64), strict=False))
