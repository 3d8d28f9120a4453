"""Work that is still in the hands of somebody whose role is withdrawn: said before it is done."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant
from civic_forum.answers.services import texts as answers
from civic_forum.blocks.kinds import Ref
from civic_forum.commitments.services import entries as commitments
from civic_forum.forums.rules import Duty
from civic_forum.outcomes import services as outcomes
from civic_forum.platform.base import db
from tests.answers.making import on_the_table, text
from tests.ballots.officers.people import box_of, granted, three
from tests.commitments.making import accepted
from tests.forums.scene import live_forum
from tests.outcomes import making as deciding


def page(town, browse, user) -> str:
    db.session.rollback()
    grant = db.session.scalar(sa.select(RoleGrant.id).where(RoleGrant.user_id == user.id))
    return browse(town.administrator()).get(f"/desk/roles/{grant}/withdrawals/new").text


@pytest.mark.both
def test_promises_duties_and_drafts_are_named_before_a_role_is_withdrawn(town, browse):
    user, second = town.official(), town.official()
    assert "아직 맡고 있는 것" not in page(town, browse, user)
    promise = accepted(town, user, second)
    commitments.name_person(promise.id, user.id, seen=promise.version, by=second)
    answers.save(on_the_table(town, user).id, text(), seen=0, by=user)
    about = deciding.agenda(town, user)
    outcomes.save(Ref("agenda", about.id), deciding.text(), seen=0, by=user)
    live_forum(town).with_duty(Duty.PANEL, user)
    box_of([granted(user), *three(town)[1]])
    told = page(town, browse, user)
    assert "아직 맡고 있는 것" in told and "권한 거두기" in told
    for fact in ("담당자인 약속 1개", "공개하지 않은 답변 1개", "공개하지 않은 결과 1개", "아직 마치지 않은 공론장 1개",
                 "끝나지 않은 투표 1건"):
        assert fact in told, fact
