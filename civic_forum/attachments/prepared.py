"""A file that was judged, written anew and kept, and that no row names yet."""

from dataclasses import dataclass

from civic_forum.platform import storage


@dataclass(frozen=True)
class PreparedFile:
    name: str
    media_type: str
    is_picture: bool
    size: int
    """Bytes of what is kept."""
    digest: str
    thumbnail_digest: str | None = None
    width: int | None = None
    height: int | None = None

    def is_kept(self) -> bool:
        """True if its blobs are still there: those that nobody names are thrown away after a day."""
        return all(storage.path_of(digest).exists() for digest in (self.digest, self.thumbnail_digest) if digest)
