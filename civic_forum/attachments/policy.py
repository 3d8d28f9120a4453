"""Permission to read files: that of the thing to which they belong."""

from civic_forum.kernel.policy import permission
from civic_forum.kernel.registries import registries


@permission("attachments.read")
def may_read(actor, attachment_set) -> str | None:
    return registries.attachments[attachment_set.kind].why_not_read(actor, attachment_set.owner_id)
