"""Evaluations as a kind of thing, found by the search; recommendations, which departments reply to."""

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Answerable, Kind, Ref, SearchResult
from civic_forum.blocks.public import Public
from civic_forum.platform.i18n import _l

from . import labels, policy, queries
from .models import Evaluation, Recommendation
from .rules import KIND, RECOMMENDATION

PUBLIC = Public(
    kind=KIND, model=Evaluation, label=_l("이행 평가"), place="evaluations", name=Evaluation.slug,
    title=Evaluation.title, text=Evaluation.note, since=Evaluation.opened_at, why_not_read=policy.may_read,
    missing=queries.missing, named=queries.slugged, words=lambda evaluation: " ".join((
        evaluation.note, *(each.text for each, _duty in queries.recommendations(
            queries.CONFIRMED, Recommendation.evaluation_id == evaluation.id)))))


def _hit(evaluation: Evaluation) -> SearchResult:
    return PUBLIC.hit(evaluation.slug, labels.STAGE[evaluation.stage])


EVALUATION = PUBLIC.register(PUBLIC.searched(queries.of_ids, _hit, place=76),
                             PUBLIC.told(lambda _reader_id: Evaluation.opened_at.is_not(None)))
RECOMMENDED = kinds.register(Kind(
    RECOMMENDATION, Recommendation, label=_l("권고"), title=lambda recommendation: recommendation.text,
    url=lambda recommendation: f"/evaluations/{recommendation.evaluation.slug}#recommendation-{recommendation.number}",
    why_not_read=lambda actor, made: (policy.may_read if made.confirmed_at else policy.may_recommend)(
        actor, made.evaluation),
    missing=queries.missing, named=kinds.numbered(Recommendation), capabilities=(Answerable(
        topics=queries.topics, locked=queries.recommendation, people=queries.members, has_outcome=True,
        told_about=lambda recommendation: Ref(KIND, recommendation.evaluation_id)),)))
