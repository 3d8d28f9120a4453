"""One's own notices: in the download, and gone with the account."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.notifications import services
from civic_forum.notifications.models import DeadAddress, Delivery, DigestRun, Notice, NoticePreference
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from civic_forum.proposals.services import supports as proposals

from .told import notices, reachable

OWN = "notifications"


def full(town):
    """Somebody with something in every table."""
    user = reachable(town.resident())
    proposal = town.proposal(threshold=2)
    proposals.support(proposal.id, by=user)
    proposals.support(proposal.id, by=town.resident())
    services.choose({(NoticeKind.REPLY, Channel.MAIL): Frequency.NEVER}, by=user)
    with use_case(None) as work:
        work.session.add_all([DigestRun(user_id=user.id, frequency=Frequency.DAILY, at=work.at),
                              DeadAddress(user_id=user.id, since=work.at)])
    return user, proposal


def test_the_download_has_all_of_it(town):
    user, proposal = full(town)
    kept = json.loads(json.dumps(PERSONAL_DATA[OWN].collect(user), ensure_ascii=False))
    [notice] = kept["notices"]
    assert (notice["about"], notice["said"]) == (proposal.title, "공감 목표를 채웠어요")
    assert kept["wanted"] == [{"kind": "reply", "channel": "mail", "how_often": "never"}]
    assert [one["how_often"] for one in kept["sent"]] == ["daily"]
    assert kept["address_refused_since"]


@pytest.mark.both
def test_nothing_stays_of_somebody_who_leaves(town):
    user, _proposal = full(town)
    other, _proposal = full(town)
    with use_case(None) as work:
        PERSONAL_DATA[OWN].erase(user, work.session)
    for table in (Notice, Delivery, NoticePreference, DigestRun, DeadAddress):
        owners = set(db.session.scalars(sa.select(table.user_id)))
        assert user.id not in owners and other.id in owners


@pytest.mark.both
def test_old_notices_are_thrown_away_with_what_was_to_leave(town):
    user, _proposal = full(town)
    with use_case(None) as work:
        work.session.execute(sa.update(Notice).values(at=work.at - timedelta(days=366)))
    assert services.forget(365) == 2  # the author's too
    assert notices(user) == [] and db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 0
