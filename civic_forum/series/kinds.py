"""Series as a kind of thing: found by the search once they are announced."""

import sqlalchemy as sa

from civic_forum.blocks.kinds import SearchResult
from civic_forum.blocks.public import Public
from civic_forum.platform.base import begin_of_day
from civic_forum.platform.i18n import _l

from . import labels, policy, queries
from .models import Series, SeriesStep
from .rules import SeriesKind

PUBLIC = Public(
    kind="series", model=Series, label=_l("한 해 사업"), place="series", name=Series.slug, title=Series.title,
    text=Series.text, since=Series.announced_at, why_not_read=policy.may_read, missing=queries.missing,
    named=queries.slugged, address=lambda series: series.url,
    words=lambda series: " ".join((series.text, *(step.name for step in series.steps))))


def _hit(series: Series) -> SearchResult:
    return SearchResult(series.url, about=(str(labels.KIND[series.kind]),))


_LAST = sa.select(sa.func.max(sa.func.coalesce(SeriesStep.until_on, SeriesStep.starts_on))).where(
    SeriesStep.series_id == Series.id).scalar_subquery()
_URL = sa.case((Series.kind == SeriesKind.ASSEMBLY, sa.literal("/assemblies/").concat(
    sa.func.substr(Series.slug, 1, 4)).concat("/").concat(sa.func.substr(Series.slug, 6))),
    else_=sa.literal("/series/").concat(Series.slug))
SERIES = PUBLIC.register(
    PUBLIC.searched(queries.of_ids, _hit, place=37),
    PUBLIC.archived(begin_of_day(_LAST), ~queries.GOES_ON, url=_URL, what=Series.kind,
                    labels={kind.value: label for kind, label in labels.KIND.items()},
                    places=sa.select(Series.id, Series.neighbourhood_id).where(
                        Series.neighbourhood_id.is_not(None)).subquery()))
