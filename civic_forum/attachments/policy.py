"""Permission to read files: that of the thing to which they belong."""

from civic_forum.blocks import kinds
from civic_forum.platform.policy import permission


@permission("attachments.read")
def may_read(actor, attachment_set) -> str | None:
    kind, attached = kinds.of_attachments(attachment_set.kind)
    record = kind.record(attachment_set.owner_id)
    return str(kind.missing()) if record is None else attached.why_not_read(actor, record)
