"""Acts of staff on somebody's account: in one list, told to its owner, counted by desk and day."""

import ast
import re
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.labels import DESK_CHECK
from civic_forum.accounts.models import DeskCheck, Letter, RoleGrant
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import AffiliationKind, Role, StaffAct
from civic_forum.accounts.services import leaving, letters, profile, residency, staff_acts
from civic_forum.accounts.services import people as look_ups
from civic_forum.app import ROOT
from civic_forum.notifications import labels
from civic_forum.notifications import services as notices
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform import waiting as desk_work
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, Refusal
from civic_forum.platform.i18n import local
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.outbox import OutgoingMail
from tests import factories
from tests.accounts.people import CARD, PASSWORD, WHO, code, member, password_hash, posted, second_clerk, seen
from tests.ballots.people import verified
from tests.common import again, commit, rows


@pytest.fixture
def owner(town):
    return verified(town, neighbourhood_id=town.neighbourhood().id)


# One place, and one list


WAYS_IN = {"password_hash", "email", "confirmed_email", "mobile", "confirmed_mobile", "totp_secret",
           "totp_confirmed_at", "passkey_since", "person", "person_id", "sign_in_key"}
"""Columns of an account by which somebody gets into it, or by which it is somebody's."""
MAKES = {"add_user", "issue_code", "add_link", "verify_person", "put_password", "count_passkeys"}
"""Functions of `operations` and of services that write them for a caller."""
OF_THE_OWNER = {
    "entry.opened", "entry.sign_in", "codes.confirm_email", "codes._tried", "codes._send_link", "codes.reset_password",
    "codes.reset_with_desk_code", "codes.put_password", "codes.ask_for_code", "profile.change_profile",
    "profile.change_email", "profile.change_password", "profile.begin", "profile.confirm", "profile.turn_off",
    "profile._forget", "passkeys.remove", "once._begun", "once.make_account", "letters._tried", "services.verify",
    "services.link", "services.sign_up", "services.add_link", "entry.ask_owner", "codes._used",
    "first_links.open_account"}
"""Functions in which the owner acts, or whoever has what was sent to the owner's own address; a letter was printed by
one and posted by another."""


def writers():
    """Functions of services of accounts that write a way in, with the names that they call."""
    folder = ROOT / "civic_forum" / "accounts"
    for path in [*(folder / "services").glob("*.py"), folder / "providers" / "services.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            written = {target.attr for part in ast.walk(node) if isinstance(part, ast.Assign)
                       for targets in part.targets for target in ast.walk(targets) if isinstance(target, ast.Attribute)
                       and isinstance(target.ctx, ast.Store)}
            called = {ast.unparse(part.func).rpartition(".")[2] for part in ast.walk(node)
                      if isinstance(part, ast.Call)}
            if written & WAYS_IN or called & MAKES:
                yield f"{path.stem}.{node.name}", {ast.unparse(part.func) for part in ast.walk(node)
                                                   if isinstance(part, ast.Call)}


def test_every_service_that_writes_a_way_in_is_the_owners_or_notes_an_act_of_staff():
    noted = {name for name, called in writers() if called & {"staff_acts.note", "_note"}}
    assert noted == {"entry.create_user", "codes.issue", "profile.remove", "residency.verify", "residency.open_account",
                     "services.link_for", "once.at_window"}
    assert {name for name, _called in writers()} - noted - OF_THE_OWNER == set()


def test_every_act_stands_in_the_list_of_the_document_and_has_its_words():
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    section = text.partition("## Acts of staff")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", section, re.M)) == set(StaffAct)
    assert set(DESK_CHECK) == set(StaffAct)
    assert all(labels.has_sentence(f"staff_{act}") for act in StaffAct if act is not StaffAct.POSTED)


# Told


def test_the_owner_is_told_on_every_channel_and_until_they_say_that_they_read_it(town, owner, clerk, browse):
    owner.email = owner.confirmed_email = "owner@example.org"
    owner.confirmed_mobile = owner.mobile = "010-1234-5678"
    db.session.commit()
    code(owner, clerk)
    notices.write_at_once()
    assert {mail.recipient for mail in rows(OutgoingMail)} == {"owner@example.org", "010-1234-5678"}
    [notice] = rows(Notice)
    assert notice.user_id == owner.id and notice.step == "staff_reset_password"
    browser = browse(again(owner))
    assert "이 계정을 다뤘어요" in browser.get("/me").text
    assert browser.post("/me/staff-acts/read").status_code == 303
    assert "이 계정을 다뤘어요" not in browser.get("/me").text
    assert rows(AuditEntry)[-1].action == "accounts.staff_act_read" and rows(Letter) == []


def test_somebody_whose_second_factor_goes_is_told(town, owner, browse):
    owner.totp_secret, owner.totp_confirmed_at, owner.password_hash = b"x", clock.now(), "x"
    owner.email = owner.confirmed_email = "owner@example.org"
    db.session.commit()
    profile.remove(again(owner), by=town.administrator())
    notices.write_at_once()
    [notice] = rows(Notice)
    assert (notice.user_id, notice.step) == (owner.id, "staff_second_factor")
    assert [mail.recipient for mail in rows(OutgoingMail)] == ["owner@example.org"]
    assert "이 계정을 다뤘어요" in browse(again(owner)).get("/me").text


def test_somebody_without_any_channel_gets_a_letter_that_another_posts(town, owner, clerk):
    code(owner, town.administrator())
    [letter] = rows(Letter)
    assert letter.is_notice and (letter.user_id, letter.neighbourhood_id) == (owner.id, owner.neighbourhood_id)
    code(owner, clerk)
    [paper] = letters.print_batch([letter.id], by=second_clerk(town))
    assert (paper.name, paper.address, paper.code) == (WHO.name, "", "")
    assert [act.purpose for act in paper.acts] == ["reset_password", "reset_password"]
    posted(town, letter.id)
    [letter] = rows(Letter)
    assert letter.outcome == "posted" and letter.posted_by_id != letter.printed_by_id
    assert [check.purpose for check in rows(DeskCheck)][-1] == "letter_posted"


def test_an_act_after_the_printing_is_on_the_paper_too(town, owner, clerk):
    code(owner, clerk)
    [letter] = rows(Letter)
    letters.print_batch([letter.id], by=second_clerk(town))
    code(owner, clerk)
    [letter] = rows(Letter)
    assert letter.printed_at is None
    with pytest.raises(NotFound):
        posted(town, letter.id)


def test_a_notice_is_printed_and_posted_by_others_than_who_acted(town, owner, browse):
    actor = second_clerk(town, mobile="01012345678")
    twin, printer = second_clerk(town, mobile="01012345678"), second_clerk(town)
    code(owner, actor)
    seen(town, WHO)
    [letter] = rows(Letter)
    for by in (actor, twin):
        with pytest.raises(Denied, match="다른 담당자가 인쇄하고 부쳐요"):
            letters.print_batch([letter.id], by=again(by))
    assert f'value="{letter.id}"' not in browse(again(actor)).get("/desk/letters").text
    assert "우편 인쇄하기" not in waiting(actor) and "우편 인쇄하기" in waiting(printer)
    letters.print_batch([letter.id], by=again(printer))
    assert waiting(actor) == waiting(printer) == [] and "우편 부치기" in waiting(second_clerk(town))
    for by in (actor, twin, printer):
        with pytest.raises(Denied):
            letters.post_batch([letter.id], by=again(by))
    posted(town, letter.id)


@pytest.mark.both
def test_a_notice_that_lay_for_two_days_is_printed_at_any_desk(town, owner, clerk, browse):
    code(owner, clerk)
    [letter] = rows(Letter)
    elsewhere = second_clerk(town, town.neighbourhood("독산3동"))
    listed = f'value="{letter.id}"'
    assert waiting(elsewhere) == [] and listed not in browse(again(elsewhere)).get("/desk/letters").text
    clock.shift(clock.offset_seconds() + 3 * 86_400)
    assert "우편 인쇄하기" in waiting(elsewhere) and listed in browse(again(elsewhere)).get("/desk/letters").text
    [paper] = letters.print_batch([letter.id], by=again(elsewhere))
    assert paper.name == WHO.name


def waiting(user):
    """Work with letters that waits for somebody at the desk."""
    user, today = again(user), local(clock.now()).date()
    sources = [source for source in desk_work.sources(user, today) if source.name in ("accounts.letters",
                                                                                      "accounts.posting")]
    tallies = desk_work.tallies(sources, today)
    return [str(source.work.label) for source in sources if tallies[source.name].all]


@pytest.mark.both
def test_a_letter_stands_once_on_the_page(town, browse):
    letter = letters.request(WHO, "금하로 00길 12", town.neighbourhood().id, by=town.user())
    printer, poster = second_clerk(town), second_clerk(town)
    letters.print_batch([letter.id], by=printer)
    for by, heading in ((printer, "printed"), (poster, "to-post")):
        page = html.fromstring(browse(again(by)).get("/desk/letters").text)
        [box] = page.xpath(f"//input[@name='letter' and @value='{letter.id}']")
        assert box.xpath("ancestor::section/@aria-labelledby") == [heading]
        assert len(page.xpath(f"//*[@id='letter-{letter.id}']")) == 1
    assert page.xpath("//section[@aria-labelledby='to-post']//button/@formaction") == ["/desk/letters/prints"]
    assert letters.print_batch([letter.id], by=again(poster)), "lost, or printed by somebody who is gone"
    letters.post_batch([letter.id], by=again(printer))
    assert "to-post" not in browse(again(printer)).get("/desk/letters").text


def test_acts_stay_on_ones_own_page_for_thirty_days_whatever_is_pressed(town, owner, clerk, browse):
    code(owner, clerk)
    browser = browse(again(owner))
    assert browser.post("/me/staff-acts/read").status_code == 303
    assert "비밀번호 코드를 드리며 확인" in browser.get("/me").text
    clock.shift(clock.offset_seconds() + 31 * 86_400)
    assert "비밀번호 코드를 드리며 확인" not in browse(again(owner)).get("/me").text


def test_a_letter_opens_nothing_before_another_person_posted_it(town, clerk):
    user, printer = town.user(), second_clerk(town)
    letter = letters.request(WHO, "금하로 00길 12", town.neighbourhood().id, by=user)
    [paper] = letters.print_batch([letter.id], by=printer)
    with pytest.raises(NotFound):
        letters.confirm(paper.code, by=again(user))
    for somebody in (printer, clerk, town.moderator()):
        with pytest.raises(Denied):
            letters.post_batch([letter.id], by=again(somebody))
    posted(town, letter.id)
    with pytest.raises(NotFound):
        posted(town, letter.id)
    letters.confirm(paper.code, by=again(user))
    assert again(user).staff_act_at is None


# Counted


def test_acts_are_counted_by_desk_and_day_also_of_those_who_left(town, owner, clerk):
    here, since = town.neighbourhood().id, clock.now()
    account, _slip = residency.open_account("haneul1234", "맑은 하늘", Identity("이도윤", WHO.birth_date),
                                            affiliations={AffiliationKind.LIVE: here}, evidence=CARD, by=clerk)
    code(owner, town.administrator())
    seen(town, WHO)
    person = again(account)
    person.password_hash = password_hash()
    db.session.commit()
    leaving.leave(PASSWORD, by=again(account))
    today = local(clock.now()).date()
    assert people.acts_by_desk(since, clock.now() + timedelta(seconds=1)) == Counter(
        {(here, today, "open_account"): 1, (None, today, "reset_password"): 1, (here, today, "seen"): 1})
    assert people.acts_by_desk(since - timedelta(days=1), since) == Counter()
    assert all(check.user_id != account.id for check in rows(DeskCheck))
    assert again(account).staff_act_at is None


def test_a_clerk_of_another_desk_counts_under_the_neighbourhood_of_the_person(town, owner, clerk):
    since, elsewhere = clock.now(), second_clerk(town, town.neighbourhood("독산3동"))
    code(owner, clerk)
    staff_acts.confirm_seen(WHO, evidence=CARD, by=elsewhere)
    residency.recognise(again(owner).person_id, WHO, evidence=CARD, by=again(elsewhere))
    acts = people.acts_by_desk(since, clock.now() + timedelta(seconds=1))
    assert {desk for desk, _day, act in acts if act in ("seen", "told_apart")} == {town.neighbourhood().id}


def test_many_acts_of_one_clerk_alarm_administrators_and_observers(town, clerk, monkeypatch):
    monkeypatch.setattr(staff_acts, "ALARMING", 3)
    administrator, observer = town.administrator(), town.staff(factories.Role.OBSERVER)
    for number in range(3):
        assert {notice.user_id for notice in rows(Notice) if notice.step == "duty_many_acts"} == set()
        residency.verify(member(town), Identity(f"주민{number}", WHO.birth_date), evidence=CARD, by=again(clerk),
                         affiliations={AffiliationKind.LIVE: town.neighbourhood().id})
    assert {notice.user_id for notice in rows(Notice) if notice.step == "duty_many_acts"} == {
        administrator.id, observer.id}


def test_the_second_clerk_confirms_the_last_act(town, owner, clerk):
    code(owner, clerk)
    code(owner, clerk)
    first, second = rows(JointAct)
    assert first.ended_at and second.ended_at is None and second.fingerprint != first.fingerprint
    number = staff_acts.confirm_seen(WHO, evidence=CARD, by=second_clerk(town)).id
    assert number == second.id and again(owner).staff_act_confirmed


def test_two_clerks_of_one_administrator_are_two_people_after_seven_days(town, owner, app, monkeypatch):
    """Not prevented, and so it stands on /security: who gave which role to whom is in the audit log."""
    monkeypatch.setitem(app.config, "SAMPLE", False)
    monkeypatch.setitem(app.config, "STAFF_TOTP", "optional")
    administrator, here = town.administrator(), town.neighbourhood()
    first, second = (second_clerk(town, nickname="꼭두각시") for _clerk in range(2))
    for clerk in (first, second):
        grants = sa.update(RoleGrant).where(RoleGrant.user_id == clerk.id)
        commit(grants.values(withdrawn_at=clock.now()))
        look_ups.grant(again(clerk), Role.CLERK, neighbourhood_id=here.id, by=again(administrator))
    code(owner, first)
    with pytest.raises(Denied, match="7일"):
        staff_acts.confirm_seen(WHO, evidence=CARD, by=again(second))
    clock.shift(clock.offset_seconds() + 7 * 86_400 + 60)
    staff_acts.confirm_seen(WHO, evidence=CARD, by=again(second))
    assert again(owner).staff_act_confirmed
    assert [entry.actor_id for entry in rows(AuditEntry) if entry.action == "accounts.role_granted"] == [
        administrator.id] * 2


def test_of_two_namesakes_who_wait_the_sign_in_name_says_which(town, owner, clerk):
    twin = verified(town, distinguisher=1, neighbourhood_id=town.neighbourhood().id)
    for user in (owner, twin):
        code(user, clerk)
    with pytest.raises(Refusal) as which:
        seen(town, WHO)
    assert which.value.field == "sign_in_name"
    staff_acts.confirm_seen(WHO, sign_in_name=twin.sign_in_name, evidence=CARD, by=second_clerk(town))
    assert again(twin).staff_act_confirmed and not again(owner).staff_act_confirmed
