"""Series as a kind of thing: found by the search once they are announced."""

from civic_forum.blocks.kinds import SearchResult
from civic_forum.blocks.public import Public
from civic_forum.platform.i18n import _l

from . import labels, policy, queries
from .models import Series

PUBLIC = Public(
    kind="series", model=Series, label=_l("한 해 사업"), place="series", name=Series.slug, title=Series.title,
    text=Series.text, since=Series.announced_at, why_not_read=policy.may_read, missing=queries.missing,
    named=queries.slugged, address=lambda series: series.url,
    words=lambda series: " ".join((series.text, *(step.name for step in series.steps))))


def _hit(series: Series) -> SearchResult:
    return SearchResult(series.url, about=(str(labels.KIND[series.kind]),))


SERIES = PUBLIC.register(PUBLIC.searched(queries.of_ids, _hit, place=37))
