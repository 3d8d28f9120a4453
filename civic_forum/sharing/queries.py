"""Things that anybody may pass on, found as their addresses call them."""

from dataclasses import dataclass
from typing import Any

from flask_login import AnonymousUserMixin

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Kind
from civic_forum.blocks.sharing import Preview, Shared
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _


@dataclass(frozen=True)
class Found:
    """A thing with its preview."""

    kind: Kind[Any]
    id: int
    preview: Preview
    place: str

    @property
    def path(self) -> str:
        """The page on which it is passed on; its files lie below."""
        return f"/share/{self.place}/{self.preview.name}"


def missing() -> NotFound:
    return NotFound(_("없거나 지금은 알릴 수 없는 글이에요."))


def of(kind_name: str, record_id: int) -> Found | None:
    """None where nobody passes it on."""
    kind, shared = kinds.of(kind_name), kinds.with_capability(kind_name, Shared)
    preview = shared.preview(record_id)
    return Found(kind, record_id, preview, shared.place) if preview else None


def at(place: str, name: str) -> Found:
    """The thing of this address, where a stranger may read it, whoever asks. Raises NotFound."""
    for kind, shared in kinds.having(Shared):
        if shared.place == place and kind.named is not None:
            record = kind.named(name)
            subject = of(kind.name, record.id) if record is not None else None
            if subject is None or subject.preview.name != name or kind.why_not_read(AnonymousUserMixin(), record):
                break
            return subject
    raise missing()
