"""Addresses that people, or their browsers, give."""


def local_path(target: str | None, otherwise: str = "/") -> str:
    """`target` if it is a path of this site (nothing that a browser reads as another host)."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or len(target) > 500:
        return otherwise
    return otherwise if any(ord(character) < 33 or character == "\\" for character in target) else target
