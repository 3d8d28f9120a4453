"""Officers of a vote: named before the opening, two of them act, replaced in the open."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.officials import confirmed, waiting
from civic_forum.ballots.officials import queries as pending
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import records
from civic_forum.ballots.rules.log import canonical_json
from civic_forum.ballots.models import BallotBox, VoteNotice
from civic_forum.ballots.officers import queries, services
from civic_forum.ballots.officers.rules import MOST, REPLACED_AFTER, Change, NamedOfficer, now_in_office, officers_of
from civic_forum.ballots.rules import signing
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal, Unavailable
from tests.ballots.officials import CLOSE_EARLY, EARLY, FIRST, OPEN, after, bring_to_publication, two_confirm

from .people import box_of, granted, seats, staff, three


@pytest.fixture
def administrators(town):
    return staff(town, Role.ADMINISTRATOR), staff(town, Role.ADMINISTRATOR)


def test_two_of_the_three_open_it_and_nobody_else(town):
    users, grants = three(town)
    made = box_of(grants, opened=False)
    for outsider in (town.moderator(), town.official(), town.administrator(), staff(town)):
        with pytest.raises(Denied):
            confirmations.propose(OPEN, made.id, by=outsider)
    granted(outsider)
    with pytest.raises(Denied):  # an officer, of other votes
        confirmations.propose(OPEN, made.id, by=outsider)
    proposed = confirmations.propose(OPEN, made.id, by=users[0])
    with pytest.raises(Denied):
        confirmations.confirm(proposed.id, by=outsider)
    with pytest.raises(Denied):
        confirmations.withdraw(proposed.id, by=outsider)
    confirmations.confirm(proposed.id, by=users[2])
    assert made.row.opened_at is not None


@pytest.mark.in_turns(of=5)
def test_one_administrator_with_two_made_officials_closes_nothing(town):
    """The attack that worked: two accounts, made moderators, closed an open vote for everybody."""
    users, grants = three(town)
    made = box_of(grants)
    administrator = town.administrator()
    puppets = [staff(town, Role.MODERATOR, granted_by=administrator, verified=False) for _one in range(2)]
    for puppet in (*puppets, administrator):
        with pytest.raises(Denied):
            confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=puppet)
        for step in (publication.carry_on, publication.count, lambda box_id,
                     by: key_copies.propose(box_id, FIRST, by=by)):
            with pytest.raises(Denied):
                step(made.id, by=puppet)
    with pytest.raises(Denied):
        services.propose(puppets[0], "꾸며 낸 자리", by=staff(town, Role.ADMINISTRATOR, granted_by=administrator))
    assert made.row.closed_at is None and pending.pending(made.id, CLOSE_EARLY) is None


def test_nobody_acts_together_with_whom_they_made_an_officer(town, administrators):
    one, other = administrators
    first, second = granted(one), granted(other)
    third = staff(town)
    made = box_of([first, second, granted(third, by=administrators)], opened=False)
    for granter in administrators:
        proposed = confirmations.propose(OPEN, made.id, by=third)
        with pytest.raises(Denied):
            confirmations.confirm(proposed.id, by=granter)
        confirmations.withdraw(proposed.id, by=granter)
        proposed = confirmations.propose(OPEN, made.id, by=granter)
        with pytest.raises(Denied):
            confirmations.confirm(proposed.id, by=third)
        confirmations.withdraw(proposed.id, by=third)
    two_confirm(OPEN, made.id, one, other)
    assert made.row.opened_at is not None


@pytest.mark.in_turns(of=5)
def test_two_administrators_hold_a_vote_to_its_end_while_the_third_never_acts(town, administrators):
    one, other = administrators
    made = box_of([granted(one), granted(other), granted(staff(town), by=administrators)], opened=False, closes=600)
    two_confirm(OPEN, made.id, one, other)
    for person in made.voters:
        made.cast(person, 1)
    after(601)
    bring_to_publication(made.id, one, other)
    assert made.row.published_at is not None


def test_an_officer_whose_grant_ended_acts_no_more(town, administrators):
    users, grants = three(town)
    made = box_of(grants)
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=users[0])
    services.end(grants[0].id, by=administrators[0])
    with pytest.raises(Conflict):  # void: the proposer may not any more
        confirmations.confirm(proposed.id, by=users[1])
    with pytest.raises(Denied):
        confirmations.withdraw(proposed.id, by=users[0])


def test_the_desk_shows_what_waits_to_officers_of_that_vote_alone(town):
    users, grants = three(town)
    made = box_of(grants)
    confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=users[0])
    assert [one.ref for one in waiting.to_officiate(users[1])] == [made.id.hex()]
    assert waiting.to_officiate(town.moderator()) == []


def test_naming_writes_them_into_the_definition_and_voids_what_was_confirmed(town):
    users, grants = three(town)
    made = box_of([], opened=False)
    moderator = town.moderator()
    before = made.row.fingerprint
    proposed = confirmations.propose(OPEN, made.id, by=moderator)
    services.name(made.id, [one.id for one in grants], by=moderator)
    assert seats(made) == [one.id for one in grants] and made.row.fingerprint != before
    with pytest.raises(Conflict):
        confirmations.confirm(proposed.id, by=users[0])


@pytest.mark.parametrize("wrong", ["two", "seven", "unknown", "ended", "one person"])
def test_a_vote_has_three_to_six_officers_in_force(town, wrong):
    users, grants = three(town)
    made, numbers = box_of([], opened=False), [one.id for one in grants]
    if wrong == "two":
        numbers.pop()
    elif wrong == "seven":
        numbers += [granted(staff(town)).id for _one in range(MOST - 2)]
    elif wrong == "unknown":
        numbers[0] = 999_999
    elif wrong == "ended":
        grants[0].ended_at = clock.now()
    else:
        users[0].mobile = users[1].mobile = "01012345678"
    db.session.commit()
    with pytest.raises(Refusal):
        services.name(made.id, numbers, by=town.moderator())
    assert seats(made) == []


def test_after_the_opening_nobody_is_named(town):
    _users, grants = three(town)
    made = box_of(grants)
    with pytest.raises((Conflict, Denied)):
        services.name(made.id, [one.id for one in grants], by=town.moderator())


def test_a_vote_without_officers_does_not_open(town, app, monkeypatch):
    monkeypatch.setitem(app.config, "LEAST_OFFICERS", 3)
    made = box_of([], opened=False)
    with pytest.raises(Conflict, match="담당관"):
        confirmations.propose(OPEN, made.id, by=town.moderator())
    users, grants = three(town)
    services.name(made.id, [one.id for one in grants], by=town.moderator())
    users[2].left_at = clock.now()
    db.session.commit()
    with pytest.raises(Conflict, match=grants[2].position):
        confirmations.propose(OPEN, made.id, by=users[0])


def replaced(made, leaves, comes, administrators):
    one, other = administrators
    services.propose_change(made.id, leaves.id, comes.id, by=one)
    return services.confirm_change(made.id, by=other)


@pytest.mark.in_turns(of=5)
def test_an_officer_who_leaves_is_replaced_after_72_hours_and_everybody_is_told(town, administrators):
    users, grants = three(town)
    made = box_of(grants, closes=100 * 3600)
    new = staff(town)
    services.end(grants[0].id, by=administrators[0])
    change = replaced(made, grants[0], granted(new), administrators)
    assert seats(made) == [one.id for one in grants]
    with pytest.raises(Denied):
        confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=new)
    notice = db.session.scalars(sa.select(VoteNotice.text).filter_by(subject=made.row.subject)).all()
    assert len(notice) == 1 and grants[0].position in notice[0]
    after(REPLACED_AFTER.total_seconds() + 1)
    assert seats(made) == [change.comes.grant, grants[1].id, grants[2].id]
    two_confirm(CLOSE_EARLY, made.id, new, users[1])
    bring_to_publication(made.id, new, users[1])
    assert made.row.published_at is not None


@pytest.mark.in_turns(of=5)
def test_the_record_lists_who_was_replaced(town, administrators):
    users, grants = three(town)
    made = box_of(grants, closes=100 * 3600)
    change = replaced(made, grants[0], granted(staff(town)), administrators)
    after(100.5 * 3600)
    bring_to_publication(made.id, users[1], users[2])
    with ZipFile(BytesIO(records.public(made.row).read_bytes())) as record:
        said = json.loads(record.read("alarms.json"))["officers"]
    assert said == [{"change": queries.said(change.leaves, change.comes, change.at), "number": 1,
                     "signature": change.signature.hex()}]


@pytest.mark.in_turns(of=5)
def test_acts_of_the_record_are_told_once_of_an_officer_who_comes_back(town, administrators):
    users, grants = three(town)
    made = box_of(grants)
    after(3601)
    publication.carry_on(made.id, by=users[1])
    services.end(grants[0].id, by=administrators[0])
    replaced(made, grants[0], back := granted(users[0]), administrators)
    after(REPLACED_AFTER.total_seconds() + 3602)
    bring_to_publication(made.id, users[1], users[0])
    later = confirmed.after_record(made.row)
    assert [kept["confirmation"]["action"] for kept in later] == ["destroy_key", "publish"]
    assert back.position in later[0]["confirmation"]["by"]


def test_one_administrator_replaces_nobody(town, administrators):
    _users, grants = three(town)
    made = box_of(grants)
    one, other = administrators
    services.propose_change(made.id, grants[0].id, granted(staff(town)).id, by=one)
    with pytest.raises(Denied):
        services.confirm_change(made.id, by=one)
    puppet = staff(town, Role.ADMINISTRATOR, granted_by=one)
    with pytest.raises(Denied):
        services.confirm_change(made.id, by=puppet)
    assert queries.changes_of(made.row) == []
    services.withdraw_change(made.id, by=other)
    with pytest.raises(Conflict):
        services.confirm_change(made.id, by=other)


def test_nobody_comes_by_their_own_confirmation(town, administrators):
    _users, grants = three(town)
    made = box_of(grants)
    one, other = administrators
    services.propose_change(made.id, grants[0].id, granted(other).id, by=one)
    with pytest.raises(Denied):
        services.confirm_change(made.id, by=other)


@pytest.mark.parametrize("wrong", ["not in office", "there already", "not granted", "before the opening"])
def test_a_replacement_that_makes_no_sense_is_refused(town, administrators, wrong):
    _users, grants = three(town)
    made = box_of(grants, opened=wrong != "before the opening")
    leaves, comes = grants[0].id, granted(staff(town)).id
    if wrong == "not in office":
        leaves = comes
    elif wrong == "there already":
        comes = grants[1].id
    elif wrong == "not granted":
        comes = 999_999
    with pytest.raises(Refusal):
        services.propose_change(made.id, leaves, comes, by=administrators[0])
    assert queries.pending_change(made.id) is None


def test_a_replacement_that_somebody_else_wrote_stops_everything(town, administrators, caplog):
    users, grants = three(town)
    made = box_of(grants)
    replaced(made, grants[0], granted(staff(town)), administrators)
    path = keyring.beside_keys(made.id, queries.SUFFIX)
    said = json.loads(path.read_bytes())
    said[0]["change"]["at"] = "2020-01-01T00:00:00Z"
    path.write_text(json.dumps(said))
    with pytest.raises(Unavailable):
        confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=users[0])
    assert "ALARM" in caplog.text


def test_officers_in_the_table_alone_are_no_officers(town):
    """Writing the database makes nobody an officer: the definition beside the keys says who they are."""
    _users, grants = three(town)
    made = box_of(grants)
    thief = staff(town)
    added = granted(thief)
    text = made.row.definition.replace(f'"grant":{grants[0].id}', f'"grant":{added.id}')
    db.session.execute(
        sa.update(BallotBox.__table__).where(BallotBox.__table__.c.id == made.id).values(definition=text)
    )
    db.session.commit()
    assert seats(made) == [one.id for one in grants]
    with pytest.raises((Denied, Unavailable)):
        confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=thief)


def test_the_signature_is_what_the_format_says(town, administrators):
    _users, grants = three(town)
    made = box_of(grants)
    change = replaced(made, grants[1], granted(staff(town)), administrators)
    message = signing.officer(made.fingerprint, 1, canonical_json(queries.said(change.leaves, change.comes, change.at)))
    assert signing.verify(signing.public_key(keyring.signing_seed()), message, change.signature)


def test_seats_follow_the_changes_that_hold():
    a, b, c, d, e = (NamedOfficer(number, str(number)) for number in range(5))
    now = clock.now()
    changes = [Change(a, d, now, 1, b""), Change(d, e, now + timedelta(hours=1), 2, b"")]
    assert now_in_office([a, b, c], changes, now - timedelta(seconds=1)) == [a, b, c]
    assert now_in_office([a, b, c], changes, now) == [d, b, c]
    assert now_in_office([a, b, c], changes, now + timedelta(hours=1)) == [e, b, c]
    assert officers_of({"officers": [{"grant": 3, "position": "3"}]}) == [d]
