"""공감 said at a window: the person's own, once whatever way they come, told to them, signed for in the register."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import DeskCheck, Letter, User
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Evidence
from civic_forum.accounts.services import once
from civic_forum.desk.services import windows
from civic_forum.figures import queries as figures
from civic_forum.figures.rules import Act, Means
from civic_forum.notifications.models import Notice
from civic_forum.notifications import services as notices
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal, TooMany
from civic_forum.platform.i18n import local
from civic_forum.proposals.models import Support
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports
from tests.common import again, rows
from tests.picking import chosen, picked
from tests.proposals.test_persons import ANNA, count, leave, verified
from tests.racing import all_at_once, on_postgresql

CARD = Evidence.RESIDENT_CARD


def say(town, proposal, clerk, who=ANNA, back=False, **facts):
    seen = windows.Seen(who, town.neighbourhood().id, CARD, **facts)
    return windows.support(proposal.number, seen, back=back, by=again(clerk))


def online(town, proposal, _clerk):
    """With an account, which is made where there is none."""
    account = db.session.scalar(sa.select(User).where(User.password_hash.is_not(None), User.person_id.is_not(None)))
    supports.support(proposal.id, by=account or verified(town))


def by_once(town, proposal, _clerk):
    """Without an account, verified by a provider."""
    once.begin(ANNA, town.neighbourhood().id)
    db.session.rollback()
    supports.support(proposal.id, by=db.session.scalar(sa.select(User).where(User.once_until.is_not(None))))


@pytest.mark.both
@pytest.mark.parametrize("ways", [(say, say), (online, say), (by_once, say), (say, by_once)])
def test_a_person_counts_once_whatever_two_ways_they_come(town, clerk, ways):
    bench = town.proposal()
    for way in ways:
        way(town, bench, clerk)
    assert count(bench.id) == (1, 1, 0)
    assert [support.at_desk for support in rows_of_supports()] == [ways[0] is say]


def rows_of_supports():
    db.session.rollback()
    return db.session.scalars(sa.select(Support)).all()


def test_somebody_who_left_and_comes_to_the_window_is_told_and_counted_once(town, clerk):
    bench, first = town.proposal(), verified(town)
    supports.support(bench.id, by=first)
    leave(first)
    with pytest.raises(Conflict, match="한 번만"):
        say(town, bench, clerk)
    assert count(bench.id) == (1, 1, 0)
    assert [check.purpose for check in rows(DeskCheck)] == ["verify", "support"]
    gone = db.session.scalar(sa.select(User).where(User.once_until.is_not(None)))
    clock.shift((gone.once_until - clock.now()).total_seconds() + 1)
    assert once.end_over() == 1
    with pytest.raises(Conflict, match="한 번만"):
        supports.support(bench.id, by=verified(town, who=ANNA))


def test_the_person_is_told_and_only_numbers_stay(town, clerk):
    bench, anna = town.proposal(), verified(town)
    anna.email = anna.confirmed_email = "anna@example.org"
    db.session.commit()
    number = say(town, bench, clerk)
    assert say(town, bench, clerk) != number  # the same answer, told again
    notices.write_at_once()
    assert [(notice.user_id, notice.step) for notice in rows(Notice) if notice.user_id == anna.id] == [
        (anna.id, "staff_support")] * 2
    assert not again(anna).staff_act_at and rows(Letter) == []
    checks = rows(DeskCheck)
    assert checks[0].id == number and {check.neighbourhood_id for check in checks} == {
        town.neighbourhood().id}
    today = local(clock.now()).date()
    assert people.acts_by_desk(people.today(clock.now()), clock.now() + timedelta(seconds=1)) == {
        (town.neighbourhood().id, today, "support"): 2}
    kept = str([(entry.action, entry.subject, entry.details) for entry in rows(AuditEntry)])
    assert "proposals.supported_at_window" in kept and ANNA.name not in kept and f"user:{anna.id}" not in kept
    clock.shift(24 * 3600)
    acts = figures.participation(local(clock.now()).date()).acts
    assert sum(acts[Act.SUPPORT, Means.ASSISTED]) == 1 and (Act.SUPPORT, Means.ONLINE) not in acts


@pytest.mark.both
def test_a_support_goes_as_it_came_and_the_person_is_told(town, clerk):
    bench, anna = town.proposal(), verified(town)
    with pytest.raises(Conflict):
        say(town, bench, clerk, Identity("박다른", date(1990, 7, 9)), back=True)
    assert count(bench.id) == (0, 0, 0) and rows(DeskCheck) == [] and db.session.query(User).filter(
        User.once_until.is_not(None)).count() == 0
    online(town, bench, clerk)
    say(town, bench, clerk, back=True)
    assert count(bench.id) == (0, 0, 0) and rows_of_supports() == []
    with pytest.raises(Conflict):
        say(town, bench, clerk, back=True)
    assert [check.purpose for check in rows(DeskCheck)] == ["support_back"] * 2
    say(town, bench, clerk)
    assert count(bench.id) == (1, 1, 0) and not again(anna).staff_act_at


def test_somebody_without_an_account_gets_a_letter_and_votes_after_a_second_clerk(town, clerk):
    say(town, town.proposal(), clerk)
    guest = db.session.scalar(sa.select(User).where(User.once_until.is_not(None)))
    assert guest.is_guest and guest.staff_act_at and not guest.staff_act_confirmed
    assert [letter.user_id for letter in rows(Letter)] == [guest.id]


def test_nobody_else_than_a_clerk_for_somebody_else(town, clerk):
    bench = town.proposal()
    for by in (town.moderator(), town.administrator(), town.resident()):
        with pytest.raises(Denied, match="동 담당자만"):
            say(town, bench, by)
    verified(town, user=clerk)
    with pytest.raises(Denied, match="내 일을"):
        say(town, bench, clerk)
    with pytest.raises(Denied, match="내가 맡은 동"):
        windows.support(bench.number, windows.Seen(Identity("박다른", date(1990, 7, 9)), town.neighbourhood("독산3동").id,
                                                   CARD), by=again(clerk))
    with pytest.raises(Conflict):
        say(town, town.proposal(state=State.ANSWERED), clerk, Identity("박다른", date(1990, 7, 9)))
    assert rows_of_supports() == [] and rows(DeskCheck) == []


def test_an_author_hears_that_somebody_asked(town, clerk):
    anna = verified(town)
    with pytest.raises(Denied, match="내가 쓴 제안"):
        say(town, town.proposal(author=anna), clerk)
    assert [check.user_id for check in rows(DeskCheck)] == [anna.id] and rows_of_supports() == []


def test_on_the_page_in_one_press(town, clerk, browse):
    bench, client = town.proposal(), browse(clerk)
    page = client.get(f"/desk/supports?proposal={bench.number}")
    assert bench.title in page.text
    typed = {"proposal": bench.number, "name": ANNA.name, "birth_date": "19910302", "evidence": CARD.value,
             "neighbourhood": str(town.neighbourhood().id)}
    assert client.post("/desk/supports", data=typed | chosen("proposal", bench.number)).status_code == 422
    assert count(bench.id) == (0, 0, 0)
    done = picked(client, "/desk/supports", typed | {"consent": "y"}, "proposal")  # a word or number alone does nothing
    assert done.status_code == 303
    page = client.get(done.location)
    assert f"{rows(DeskCheck)[-1].id}번을 적고" in page.text and ANNA.name not in page.text
    assert f'name="proposal-choice" value="{bench.number}"' in page.text
    assert count(bench.id) == (1, 1, 0)


@on_postgresql
def test_at_the_window_and_online_at_once_count_once(app, town):
    bench, anna, clerk = town.proposal(), verified(town).id, town.clerk().id
    place = town.neighbourhood().id
    all_at_once(app, lambda: supports.support(bench.id, by=db.session.get_one(User, anna)),
                lambda: windows.support(bench.number, windows.Seen(ANNA, place, CARD),
                                        by=db.session.get_one(User, clerk)))
    assert count(bench.id) == (1, 1, 0)


def test_no_sign_in_name_is_guessed_in_silence(town, clerk):
    bench, closed = town.proposal(), town.proposal(state=State.WITHDRAWN)
    verified(town)
    for _n in range(2):
        with pytest.raises(Conflict):
            say(town, closed, clerk, sign_in_name="somebody")
        with pytest.raises(Refusal):
            say(town, bench, clerk, sign_in_name="somebody")
    assert db.session.query(AuditEntry).filter_by(action=people.WRONG_NAME).count() == 2
    with pytest.raises(TooMany):
        say(town, bench, clerk, sign_in_name="somebody")
