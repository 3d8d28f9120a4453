"""One person, two ways into one vote, in every order: one ballot counts; and of supports one."""

from datetime import date
from itertools import product

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import User
from civic_forum.accounts.operations import verify_person
from civic_forum.accounts.rules import AffiliationKind, Role, Verification
from civic_forum.accounts.services import leaving, once
from civic_forum.ballots import identities
from civic_forum.ballots.box import voters, watching
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.models import RollEntry
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import CastingOver, OnPaper
from civic_forum.platform import policy
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.work import use_case
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.services import supports as proposals
from tests.accounts.people import PASSWORD, member
from tests.ballots.boxes import form_of
from tests.ballots.desk_scene import REASON, Vote
from tests.ballots.kiosks import device
from tests.ballots.officers.people import staff
from tests.forums.scene import live_forum
from tests.racing import all_at_once

PLACE = "시흥1동"
ARAM = Identity("남궁아람별", date(1988, 7, 9))


class Aram:
    """One person, whichever way they come."""

    def __init__(self, town, works=None):
        self.town, self.place = town, town.neighbourhood(PLACE).id
        self.works = {AffiliationKind.WORK: town.neighbourhood(works).id} if works else {}
        self.clerk = town.staff(Role.CLERK, neighbourhood=town.neighbourhood(PLACE))

    def once(self):
        """Without an account, by a provider."""
        once.begin(ARAM, self.place)
        db.session.rollback()
        user, = db.session.scalars(sa.select(User).where(User.once_until.is_not(None)))
        return user, lambda: once.end(by=user)

    def desk(self):
        return self._account(Verification.DESK)

    def letter(self):
        return self._account(Verification.LETTER)

    def provider(self):
        return self._account(Verification.PROVIDER)

    def _account(self, how):
        """With an account that is verified so, and that they leave afterwards."""
        user = member(self.town)
        self.verify(user, how)
        return user, lambda: leaving.leave(PASSWORD, by=user)

    def verify(self, user, how):
        with use_case(None) as work:
            verify_person(db.session.get_one(User, user.id, with_for_update={"key_share": True}), ARAM, how=how,
                          affiliations={AffiliationKind.LIVE: self.place} | self.works, at=work.at)

    def online(self, way, vote, option):
        user, leave = getattr(self, way)()
        known_as = identities.candidates(user, rolls.key_of(vote.box_id))
        form = form_of(vote.box, known_as[0], vote.rule.encode({option: 1}))
        try:
            casting.cast_as(vote.box_id, known_as, form, Channel.ONLINE, user.id)
        finally:
            db.session.rollback()
            leave()

    def at_the_desk(self, vote):
        """Entry that the clerk finds; somebody whom the roll has not is verified there first, with an account."""
        found = desk.look_up(vote.box_id, ARAM, REASON, by=self.clerk)
        if not found:
            user, leave = self.desk()
            found = desk.look_up(vote.box_id, ARAM, REASON, by=self.clerk)
            self.leave = leave
        return found[0]

    def paper(self, vote, _option):
        visit = self.at_the_desk(vote).visit
        if vote.issue(visit, by=self.clerk) is None:
            second = staff(self.town, Role.MODERATOR)
            vote.issue(desk.look_up(vote.box_id, ARAM, REASON, by=second)[0].visit, by=second)

    def kiosk(self, vote, option):
        found = self.at_the_desk(vote)
        secret = kiosk.enter(kiosk.issue(vote.box_id, found.visit, by=self.clerk).code, device(PLACE))
        kiosk.use(secret, form_of(vote.box, found.person, vote.rule.encode({option: 1})), device(PLACE))

    def votes(self, way, vote, option):
        if way in ("paper", "kiosk"):
            getattr(self, way)(vote, option)
            if leave := vars(self).pop("leave", None):
                leave()
        else:
            self.online(way, vote, option)


WAYS = ("once", "desk", "letter", "provider", "paper", "kiosk")
ACCOUNTS = ("once", "desk", "letter", "provider")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("first", "second"), [
    pytest.param(*pair, marks=() if "once" in pair else pytest.mark.long) for pair in product(WAYS, WAYS)])
def test_one_person_is_one_ballot(town, first, second):
    """The second is refused, or takes the place of the first: a ballot may be changed until the close."""
    vote, aram = Vote(town, source=RollSource.VERIFIED, grows=True), Aram(town)
    aram.votes(first, vote, 1)
    try:
        aram.votes(second, vote, 2)
    except Refusal as refusal:
        assert first == "paper" or second == "kiosk", (refusal, first, second)
    db.session.rollback()
    assert db.session.query(RollEntry).filter_by(roll_id=vote.roll.id).count() == 1
    assert len(voters.all_rows(vote.box_id)) == 1 and watching.look() == {}
    assert vote.live() == (0 if "paper" in (first, second) else 1)


@pytest.mark.in_turns(of=10)
def test_of_two_neighbourhoods_by_three_channels_one_person_is_one_ballot(town):
    """Of somebody who lives in one and works in the other, who vote together; online, in the hall, and on paper."""
    vote = Vote(town, source=RollSource.VERIFIED, grows=True, neighbourhoods=(PLACE, "독산1동"),
                kinds=frozenset({AffiliationKind.LIVE, AffiliationKind.WORK}))
    aram, refused = Aram(town, works="독산1동"), []
    for option, way in enumerate(("letter", "kiosk", "paper"), 1):
        try:
            aram.votes(way, vote, option)
        except Refusal:
            refused.append(way)
    db.session.rollback()
    assert refused == ["kiosk"] and db.session.query(RollEntry).filter_by(roll_id=vote.roll.id).count() == 1
    assert len(voters.all_rows(vote.box_id)) == 1 and watching.look() == {} and vote.live() == 0


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("first", "second"), list(product(ACCOUNTS, ("once", "letter"))))
def test_one_person_is_one_support(town, first, second):
    bench, aram = town.proposal(), Aram(town)
    user, leave = getattr(aram, first)()
    proposals.support(bench.id, by=user)
    leave()
    user, _leave = getattr(aram, second)()
    with pytest.raises(Refusal, match="이미 공감"):
        proposals.support(bench.id, by=user)
    db.session.rollback()
    assert db.session.get_one(Proposal, bench.id).support_count == 1


def test_a_new_account_counts_until_it_is_verified(town):
    """A stranger is a stranger; as soon as the site knows who they are their second support is gone."""
    bench, aram = town.proposal(), Aram(town)
    user, leave = aram.once()
    proposals.support(bench.id, by=user)
    leave()
    again = member(town)
    proposals.support(bench.id, by=again)
    aram.verify(again, Verification.LETTER)
    db.session.rollback()
    found = db.session.get_one(Proposal, bench.id)
    assert (found.support_count, found.resident_support_count) == (1, 1)


def test_two_browsers_of_one_person_at_once_are_one_ballot_and_one_support(app, town):
    vote, aram, bench = Vote(town, source=RollSource.VERIFIED, grows=True), Aram(town), town.proposal()
    user, _end = aram.once()
    known_as = identities.candidates(user, rolls.key_of(vote.box_id))
    forms, user_id = [form_of(vote.box, known_as[0], vote.rule.encode({n: 1})) for n in (1, 2)], user.id

    def cast(n):
        return lambda: casting.cast_as(vote.box_id, known_as, forms[n], Channel.ONLINE, user_id)

    def support():
        return proposals.support(bench.id, by=db.session.get_one(User, user_id))

    all_at_once(app, cast(0), cast(1), support, support)
    assert vote.live() == 1 and len(voters.all_rows(vote.box_id)) == 1
    assert db.session.get_one(Proposal, bench.id, populate_existing=True).support_count == 1


@pytest.mark.both
def test_verified_while_the_vote_closes_nobody_is_added(town):
    vote, aram = Vote(town, source=RollSource.VERIFIED, grows=True), Aram(town)
    user, _end = aram.once()
    known_as = identities.candidates(user, rolls.key_of(vote.box_id))
    form, user_id = form_of(vote.box, known_as[0], vote.rule.encode({1: 1})), user.id
    vote.after_the_close()
    with pytest.raises(CastingOver):
        casting.cast_as(vote.box_id, known_as, form, Channel.ONLINE, user_id)
    db.session.rollback()
    assert db.session.query(RollEntry).count() == 0 and vote.live() == 0


@pytest.mark.both
def test_at_once_by_a_provider_and_with_an_account(app, town):
    """Whichever is first, the other finds this person known."""
    aram = Aram(town)
    user, place = member(town), aram.place
    user_id = user.id
    answers = all_at_once(app, lambda: once.begin(ARAM, place),
                          lambda: aram.verify(db.session.get_one(User, user_id), Verification.PROVIDER))
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).where(User.person_id.is_not(None))) == 1


def test_paper_given_to_somebody_without_an_account_ends_their_online_vote(town):
    vote, aram = Vote(town, source=RollSource.VERIFIED, grows=True), Aram(town)
    user, _end = aram.once()
    known_as = identities.candidates(user, rolls.key_of(vote.box_id))
    form = form_of(vote.box, known_as[0], vote.rule.encode({1: 1}))
    casting.cast_as(vote.box_id, known_as, form, Channel.ONLINE, user.id)
    aram.paper(vote, 1)
    again = form_of(vote.box, known_as[0], vote.rule.encode({2: 1}))
    with pytest.raises(OnPaper):
        casting.cast_as(vote.box_id, known_as, again, Channel.ONLINE, user.id)




def test_in_a_forum_they_take_part_and_write_nothing(town):
    scene, aram = live_forum(town), Aram(town)
    user, _end = aram.once()
    scene.person(user=user)
    at = scene.at(user)
    for name in ("forums.take_part", "forums.ask_for_place"):
        assert policy.can(user, name, at), name
    for name in ("forums.write", "forums.chat", "forums.ask", "forums.ask_for_floor", "forums.prepare", "forums.run"):
        assert "계정" in (policy.why_not(user, name, at) or "") or name in ("forums.run",), name
