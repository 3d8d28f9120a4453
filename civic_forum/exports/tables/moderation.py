"""The ledger of moderation: what was done when, under which rule, by which role; no names, no texts."""

from dataclasses import replace

from civic_forum.accounts.rules import Role
from civic_forum.accounts.labels import ROLE
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Column
from civic_forum.blocks.orders import Order
from civic_forum.platform.i18n import _l
from civic_forum.moderation import labels
from civic_forum.moderation.models import ModerationAction
from civic_forum.moderation.queries.actions import LEDGER, MONTH

from .. import policy
from .table import Table

APPEALS = {"waits": _l("기다리고 있어요"), "upheld": _l("받아들였어요"), "rejected": _l("받아들이지 않았어요")}


def _appeal(row):
    return row.appeal_id and ("waits" if row.upheld is None else "upheld" if row.upheld else "rejected")


COLUMNS = (
    Column("id", _l("번호"), _l("조치마다 하나예요."), type="number"),
    Column("at", _l("언제"), _l("한국 시각이에요."), type="moment"),
    Column("kind", _l("조치"), _l("무엇을 했는지예요."), labels=labels.KIND),
    Column("subject_kind", _l("대상"), _l("제안, 댓글, 계정 가운데 무엇인지예요. 누구인지는 적지 않아요."), labels=labels.SUBJECT),
    Column("rule", _l("규칙"), _l("어떤 운영 원칙에 따랐는지예요."), labels=labels.RULE),
    Column("role", _l("누가"), _l("조치한 사람의 역할이에요. 비어 있으면 사이트가 스스로 했어요."), labels=ROLE,
           value=lambda row: row.role if row.role in list(Role) else None),
    Column("until", _l("끝나는 날"), _l("기간을 정한 조치에만 있어요."), type="moment"),
    Column("ended_at", _l("끝난 때"), _l("거두었거나 기간이 끝난 때예요."), type="moment"),
    Column("appeal", _l("이의 신청"), _l("이의 신청이 있었는지, 어떻게 되었는지예요."), labels=APPEALS, value=_appeal),
)


TABLE = Table(
    listing.declare(replace(
        LEDGER, name="table moderation", columns=COLUMNS, orders=(Order("id", None, (ModerationAction.id,)),),
        filters=(LEDGER.filters[0], Filter("kind", _l("조치"), ModerationAction.kind, labels.KIND), MONTH))),
    _l("조치 기록"), _l("운영 원칙에 따라 무엇을 했는지예요. 사람과 글은 들어 있지 않아요."), policy.may_take)
