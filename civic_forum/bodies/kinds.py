"""Bodies as a kind of thing: found, told of."""

import sqlalchemy as sa

from civic_forum.blocks.kinds import SearchResult
from civic_forum.blocks.public import Public
from civic_forum.platform.i18n import _l

from . import labels, queries
from .models import Body

PUBLIC = Public(
    kind="body", model=Body, label=_l("회의와 위원회"), place="bodies", name=Body.slug, title=Body.name, text=Body.mandate,
    words=lambda body: " ".join((body.mandate, *(text for texts in body.texts.values() for text in texts.values()))),
    since=Body.created_at,
    why_not_read=lambda _actor, _body: None, missing=queries.missing, named=queries.slugged)
"""The name of a body and what it is for, which everybody reads of closed ones too; the rest is asked of `may_read`."""


def _hit(body: Body) -> SearchResult:
    return PUBLIC.hit(body.slug, labels.ACCESS[body.access], str(labels.KIND[body.kind]))


BODY = PUBLIC.register(PUBLIC.searched(queries.of_ids, _hit, place=65), PUBLIC.told(lambda _reader: sa.true()))
