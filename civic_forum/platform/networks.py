"""Addresses of clients as keys for limits."""

from functools import lru_cache
from ipaddress import ip_address, ip_network


@lru_cache(maxsize=4096)
def network(remote: str | None, bits: int = 64) -> str:
    """An address as a key for limits; of IPv6 the network of so many bits. One client may use all of 64."""
    try:
        client = ip_address(remote or "")
    except ValueError:
        return "unknown"
    if client.version == 4 or client.ipv4_mapped:
        return str(client)
    return str(ip_network((client.packed, bits), strict=False))
