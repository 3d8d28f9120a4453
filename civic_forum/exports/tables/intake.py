"""Everything that was heard outside the browser and that everybody may read, without who said it."""

from dataclasses import replace

import sqlalchemy as sa

from civic_forum.blocks import listing
from civic_forum.blocks.listing import Column
from civic_forum.blocks.orders import Order
from civic_forum.blocks.submissions import Submission
from civic_forum.district.models import Audience, Neighbourhood
from civic_forum.intake import labels
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.queries import ITEMS, READ
from civic_forum.platform.i18n import _l

from .. import policy
from .table import Table

COLUMNS = (
    Column("number", _l("접수번호"), _l("말마다 하나예요.")),
    Column("form", _l("받은 방법"), _l("말, 제안서, 쪽지, 인터뷰 가운데 하나예요."), labels=labels.FORM),
    Column("text", _l("들은 말"), _l("다른 사람이 한 번 더 읽은 글이에요.")),
    Column("month", _l("달"), _l("들은 달이에요."), value=lambda row: f"{row.day:%Y-%m}"),
    Column("neighbourhood", _l("동"), _l("대상이 있으면 비어 있어요."),
           value=lambda row: None if row.audience else row.neighbourhood),
    Column("audience", _l("대상"), _l("누구에게 들었는지예요.")),
    Column("became", _l("어떻게 됐나요"), _l("비어 있으면 아직 나누는 중이에요."), labels=labels.BECAME),
    Column("reply", _l("답"), _l("그 자리에서나 나중에 한 답이에요.")),
    Column("replied_by", _l("답한 사람"), _l("직위나 부서, 기관이에요.")),
)


def _statement() -> sa.Select:
    return (sa.select(IntakeItem.id, Submission.number, IntakeItem.form, IntakeItem.text, IntakeItem.day,
                      Neighbourhood.name.label("neighbourhood"), Audience.name.label("audience"), IntakeItem.became,
                      IntakeItem.reply, IntakeItem.replied_by)
            .join(IntakeItem.submission).outerjoin(IntakeItem.neighbourhood).outerjoin(IntakeItem.audience).where(READ))


TABLE = Table(
    listing.declare(replace(ITEMS, name="table intake", select=_statement, columns=COLUMNS,
                            orders=(Order("id", None, (IntakeItem.id,)),))),
    _l("현장에서 들은 말"), _l("찾아가서 듣거나 창구에서 받은 말과 그 뒤예요."), policy.may_take)
