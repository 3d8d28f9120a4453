"""The ledger of moderation: what was done when, under which rule, by which role; no names, no texts."""

import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.accounts.labels import ROLE
from civic_forum.kernel.i18n import _, _l
from civic_forum.moderation import labels
from civic_forum.moderation.models import Appeal, ModerationAction
from civic_forum.moderation.queries import ledger
from civic_forum.moderation.rules import Rule

from .. import policy
from ..rules import Column, Filter, Table
from . import filters
from .batches import whole
from .batches import words as spoken

COLUMNS = (
    Column(_l("번호"), _l("조치마다 하나예요.")),
    Column(_l("언제"), _l("한국 시각이에요.")),
    Column(_l("조치"), _l("무엇을 했는지예요.")),
    Column(_l("대상"), _l("제안, 댓글, 계정 가운데 무엇인지예요. 누구인지는 적지 않아요.")),
    Column(_l("규칙"), _l("어떤 운영 원칙에 따랐는지예요.")),
    Column(_l("누가"), _l("조치한 사람의 역할이에요. 비어 있으면 사이트가 스스로 했어요.")),
    Column(_l("언제까지"), _l("기간을 정한 조치에만 있어요.")),
    Column(_l("끝난 때"), _l("거두었거나 기간이 끝난 때예요.")),
    Column(_l("이의 신청"), _l("이의 신청이 있었는지, 어떻게 되었는지예요.")),
)


def rows(chosen, _by):
    found = (sa.select(ModerationAction.id, ModerationAction.at, ModerationAction.kind, ModerationAction.subject_kind,
                       ModerationAction.rule, ModerationAction.role, ModerationAction.until,
                       ModerationAction.ended_at, Appeal.id.label("appeal_id"), Appeal.upheld)
             .outerjoin(Appeal, Appeal.action_id == ModerationAction.id))
    if rule := chosen.get("rule"):
        found = found.where(ModerationAction.rule == rule)
    if kind := chosen.get("kind"):
        found = found.where(ModerationAction.kind == kind)
    if month := ledger.wanted(None, chosen.get("month")).month:
        found = found.where(ModerationAction.at >= month.start, ModerationAction.at < month.end)
    kinds, rules, subjects, roles = map(spoken, (labels.KIND, labels.RULE, labels.SUBJECT, ROLE))
    appeals = {None: _("기다리고 있어요"), True: _("받아들였어요"), False: _("받아들이지 않았어요")}
    for one in whole(found, ModerationAction.id):
        rule = rules.get(Rule(one.rule)) if one.rule in list(Rule) else one.rule
        yield (one.id, one.at, kinds[one.kind], subjects.get(one.subject_kind, one.subject_kind), rule,
               roles.get(Role(one.role)) if one.role in list(Role) else None, one.until, one.ended_at,
               appeals[one.upheld] if one.appeal_id else None)


MONTH = Filter("month", _l("달"), lambda: [
    (one.name, _("%(year)s년 %(month)s월", year=one.year, month=one.number)) for one in ledger.months()])
TABLE = Table("moderation", _l("조치 기록"), _l("운영 원칙에 따라 무엇을 했는지예요. 사람과 글은 들어 있지 않아요."), COLUMNS, rows,
              policy.may_take, (filters.of_words("rule", _l("규칙"), labels.RULE),
                                filters.of_words("kind", _l("조치"), labels.KIND), MONTH))
