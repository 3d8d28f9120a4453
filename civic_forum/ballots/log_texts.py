"""Texts of the log as they are hashed and later published: figures of paper batches, objections."""

from .models import Objection, PaperBatch
from .rules.counting import Batch
from .rules.encoding import Canonical, stamp


def figures(batch: PaperBatch) -> dict[str, Canonical]:
    """What everybody may know of a batch of paper."""
    return Batch(batch.number, batch.sheets, batch.counted, batch.invalid).to_json()


def objection(objection: Objection) -> dict[str, Canonical]:
    """Without the account that lodged it: the record is kept for ever."""
    return {"lodged_at": stamp(objection.lodged_at), "title": objection.title, "text": objection.text}
