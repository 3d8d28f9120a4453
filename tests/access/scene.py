"""Everybody who may ask, and everything that can be asked for in every state that matters."""

from base64 import urlsafe_b64encode
from datetime import date, timedelta
from io import BytesIO

import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from civic_forum.accounts import passwords, totp
from civic_forum.accounts.documents import REQUIRED, current
from civic_forum.accounts.identity import Identity
from civic_forum.accounts.invitations.models import Invitation, InvitationList
from civic_forum.accounts.models import (Absence, AccessRecord, Affiliation, HandOver,
                                        Letter, Passkey, ProviderLink, User, UserSession)
from civic_forum.accounts.rules import AffiliationKind, Evidence, Purpose, Role, Verification
from civic_forum.accounts.operations import issue_code
from civic_forum.accounts.invitations.queries import token_hash
from civic_forum.accounts.services import first_links, letters, residency
from civic_forum.accounts.invitations.services import INVITING, Proposal, subject_of
from civic_forum.accounts.services import entry as sessions
from civic_forum.attachments import operations as attachment_steps
from civic_forum.desk.services import by_two, closing, hand_overs
from civic_forum.desk.services import district as lists
from civic_forum.desk.services import settings as decisions
from civic_forum.desk.services.hand_overs import HAND_OVER
from civic_forum.desk.views import residents as slips
from civic_forum.accounts.views.entry import HALF_WAY, TIME_FOR_CODE
from civic_forum.attachments import services as attachments
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.district.models import Category, Department, DistrictChange
from civic_forum.district.rules import DistrictAct, DistrictList
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.settings import DistrictSetting
from civic_forum.proposals.rules import State
from tests import factories
from tests.attachments import making

from . import (agenda_scene, answers, appeal_scene, application_table, body_table, budget_scene,
               call_table, commitment_table, consultation_desk_table, consultation_table, export_table, forum_scene,
               course_table, draw_table, judging_table, key_table,
               intake_table, letter_table, meeting_table, notice_table, officer_scene, outcome_scene, picker_table,
               evaluation_table, plan_table,
               polls, report_scene, series_table, share_scene, survey_table, visit_table, vote_desk_scene, window_table)
from .things import Thing

SCENES = (answers, agenda_scene, outcome_scene, commitment_table, export_table, letter_table,
          notice_table, report_scene,
          vote_desk_scene, polls, budget_scene, appeal_scene, forum_scene, officer_scene, key_table, picker_table,
          share_scene, consultation_table, consultation_desk_table, body_table,
          meeting_table, intake_table, visit_table, call_table, window_table, application_table, judging_table,
          draw_table, course_table, survey_table, plan_table, series_table, evaluation_table)
"""Modules whose `add` makes the things of a feature, in this order."""
ACTORS = ("visitor", "user", "resident", "author", "moderator", "official", "clerk", "clerk_elsewhere",
          "administrator", "observer")
PASSWORD = "seven grey herons"
REASON = "주소를 바로잡아 달라는 전화"
CLOSED = {"draft": State.DRAFT, "held": State.HELD}
OPEN = {"gathering": State.GATHERING, "overdue": State.GATHERING, "answer_due": State.ANSWER_DUE,
        "answered": State.ANSWERED, "in_agenda": State.IN_AGENDA, "decided": State.DECIDED, "lapsed": State.LAPSED,
        "withdrawn": State.WITHDRAWN, "merged": State.MERGED, "hidden": State.GATHERING}
SHOWN = {"member": ("clerk", "administrator"), "member_of_staff": ("clerk", "administrator"),
         "member_elsewhere": ("clerk_elsewhere", "administrator"), "member_gone": ("administrator",)}
"""The actor who could look these people up."""


class Scene:
    """The cast with their sessions, and the things by name. Made once, put back after every change."""

    def __init__(self):
        self.town = factories.Town()
        self.things: dict[str, Thing] = {"": Thing()}
        self.people = self._people()
        self.secrets = {name: factories.signed_in(user) for name, user in self.people.items() if user}
        self.password_hash = passwords.hashed(PASSWORD)
        for user in self.people.values():
            if user:
                user.password_hash = self.password_hash
        self._proposals()
        self._comments()
        self._members()
        self._accounts()
        for module in SCENES:
            module.add(self)
        db.session.commit()

    def _people(self) -> dict[str, User | None]:
        town = self.town
        here, there = town.neighbourhood(), town.neighbourhood("독산1동")
        return {
            "visitor": None, "user": town.user(), "resident": town.resident(), "author": town.resident(),
            "moderator": town.moderator(), "official": town.official(), "clerk": town.clerk(neighbourhood=here),
            "clerk_elsewhere": town.clerk(neighbourhood=there), "administrator": town.administrator(),
            "observer": town.staff(Role.OBSERVER),
            "blocked": town.user(blocked_at=clock.now()), "left": self._gone(),
        }

    def _gone(self) -> User:
        return self.town.user(sign_in_name=None, sign_in_key=None, nickname=None, left_at=clock.now())

    def _proposals(self) -> None:
        now, author = clock.now(), self.people["author"]
        other = self.town.proposal(author=self.people["moderator"], title="합친 제안이 남는 곳")
        for name, state in (CLOSED | OPEN).items():
            facts = {"state": state, "author": author, "title": f"{name}: 골목에 가로등이 필요해요"}
            if name == "draft":
                facts |= {"number": None, "year": None, "serial": None, "published_at": None, "draft_key": "d" * 32}
            if name == "held":
                facts |= {"published_at": None, "edited_at": now}
            if name in ("overdue", "lapsed"):
                facts |= {"published_at": now - timedelta(days=21)}
            if name == "hidden":
                facts |= {"hidden_at": now, "hidden_rule": "privacy"}
            if name == "withdrawn":
                facts |= {"withdrawn_at": now, "reason": "다른 곳에서 해결됐어요."}
            if name == "merged":
                facts |= {"merged_into_id": other.id}
            proposal = self.town.proposal(**facts)
            file = self._file(proposal)
            about = {"about": f"proposal:{proposal.id}"}
            self.things[name] = Thing({"number": proposal.number, "thread_id": proposal.thread_id, "key": file.key},
                                      lambda actor, about=about: about, form=about)
            if name == "draft":
                self._writing(proposal, file)
        self.things["unknown"] = Thing({"number": "2031-9999", "key": "e" * 32, "thread_id": 999_999,
                                        "comment_id": 999_999, "user_id": 999_999, "grant_id": 999_999,
                                        "of": "nothing", "entry_id": 999_999, "list_id": 999_999,
                                        "token": "nothing", "absence_id": 999_999, "name": "nothing",
                                        "change_id": 999_999, "code": "nothing", "step": 1, "file_key": "nothing"},
                                       lambda actor: {"about": "proposal:999999"})

    def _writing(self, draft, file) -> None:
        """The three steps of the author's draft."""
        for step in (1, 2, 3, 4):
            self.things[f"step_{step}"] = Thing({"key": draft.draft_key, "step": step, "file_key": file.key},
                                                form={f"description-{file.key}": "밤에 찍은 골목"})
        self.things["foreign_file"] = Thing({"key": draft.draft_key, "file_key": "nothing"})

    def _file(self, proposal):
        db.session.commit()
        prepared = attachments.prepare(FileStorage(BytesIO(making.jpeg()), "골목.jpg"))
        return attachment_steps.add(db.session, proposal.attachment_set_id, prepared=prepared, description="어두운 골목",
                                    by=self.people["author"], at=clock.now())

    def _comments(self) -> None:
        now = clock.now()
        long_ago = now - timedelta(minutes=20)
        self._comment("comment", "gathering", now)
        self._comment("old_comment", "gathering", long_ago)
        self._comment("deleted_comment", "gathering", now, deleted_at=now)
        self._comment("hidden_comment", "gathering", now, hidden_at=now, hidden_rule="privacy")
        self._comment("reply", "gathering", now, parent_id=self.things["comment"].path["comment_id"])
        for state in ("withdrawn", "hidden", "held", "decided"):
            self._comment(f"comment_of_{state}", state, now)

    def _comment(self, name, proposal, at, **facts) -> None:
        thread_id = self.things[proposal].path["thread_id"]
        comment = factories.saved(Comment(**{
            "thread_id": thread_id, "author_id": self.people["author"].id, "stance": Stance.FOR, "at": at,
            "source": "밤에 무서워요.", "html": "<p>밤에 무서워요.</p>"} | facts))
        about = {"about": f"comment:{comment.id}"}
        self.things[name] = Thing({"comment_id": comment.id, "thread_id": thread_id}, lambda actor: about, form=about)

    def _members(self) -> None:
        """People whom staff look up: of the clerk's neighbourhood, and staff of another."""
        here, there = self.town.neighbourhood(), self.town.neighbourhood("독산1동")
        member, stranger = self.town.user(nickname="창구에 온 이웃"), self.town.user(nickname="옆 동 이웃")
        residency.verify(member, Identity("이서연", date(1980, 5, 6)), evidence=Evidence.RESIDENT_CARD,
                         affiliations={AffiliationKind.LIVE: here.id}, by=self.people["clerk"])
        factories.saved(Affiliation(user_id=stranger.id, kind=AffiliationKind.WORK, how=Verification.DECLARED,
                                    neighbourhood_id=there.id, at=clock.now()))
        factories.saved(Affiliation(user_id=self.people["moderator"].id, kind=AffiliationKind.LIVE,
                                    how=Verification.DECLARED, neighbourhood_id=here.id, at=clock.now()))
        known = {"member": member, "member_elsewhere": stranger, "member_of_staff": self.people["moderator"],
                 "member_gone": self.people["left"]}
        for name, user in known.items():
            opened = {actor: self._opened(actor, user) for actor in SHOWN[name]}
            self.things[name] = Thing({"user_id": user.id},
                                      lambda actor, opened=opened: {"access": opened.get(actor, max(opened.values()))})
        self.things["slip"] = Thing({"user_id": member.id}, session=lambda actor: {"slip": slip})
        slip = [member.id, urlsafe_b64encode(keys.seal(slips.SEALED, "abc")).decode(), clock.now().timestamp()]
        self.things["member_unopened"] = Thing({"user_id": member.id})
        grant = self.people["moderator"].grants[0]
        self.things["grant"] = Thing({"grant_id": grant.id})
        first, second = self.town.department(), self.town.department("이름을 바꾸는 과")
        change = factories.saved(DistrictChange(
            list=DistrictList.DEPARTMENTS, subject_id=second.id, act=DistrictAct.RENAME, why=REASON,
            fields={"name_ko": [second.name_ko, "바뀔 이름"]}, by_id=self.people["administrator"].id,
            made_at=clock.now(), from_day=clock.now().date() + timedelta(days=400)))
        self.things["department"] = Thing({"of": "departments", "entry_id": first.id})
        third, successor = self.town.department("닫을 과"), self.town.department("이어받는 과")
        gone = factories.saved(Department(position=99, name_ko="닫은 과", words={"en": "Closed"}, closed_at=clock.now(),
                                          successor_id=first.id))
        asked = factories.saved(DistrictChange(
            list=DistrictList.DEPARTMENTS, subject_id=third.id, act=DistrictAct.CLOSE, why=REASON,
            fields={"successor": [None, successor.id]}, by_id=self.people["administrator"].id, made_at=clock.now(),
            from_day=clock.now().date() + timedelta(days=400)))
        case = by_two.case_of(asked)
        factories.saved(JointAct(name=closing.CLOSING.name, subject=lists.subject_of(asked.id), at=clock.now(),
                                 fingerprint=closing.CLOSING.fingerprint(case), by_id=asked.by_id,
                                 until=clock.now() + timedelta(days=14)))
        row = factories.saved(DistrictSetting(name="SUPPORT_DAYS", value=20, earlier=[]))
        decision = factories.saved(DistrictChange(
            list=DistrictList.SETTINGS, subject_id=row.id, act=DistrictAct.CHANGE_BY_TWO, why=REASON,
            fields={"value": [20, 30]}, by_id=asked.by_id, made_at=clock.now(), from_day=asked.from_day))
        factories.saved(JointAct(name=decisions.BOTH.name, subject=lists.subject_of(decision.id), at=clock.now(),
                                 fingerprint=decisions.BOTH.fingerprint(decisions.case_of(decision)), by_id=asked.by_id,
                                 until=clock.now() + timedelta(days=14)))
        self.things["setting"] = Thing({"name": "CONTACT_PHONE"})
        self.things["changing"] = Thing({"name": row.name, "change_id": decision.id})
        self.things["closing"] = Thing({"change_id": asked.id})
        self.things["alone"] = Thing({"user_id": asked.by_id})
        leaves = self.town.clerk(nickname="떠나는 담당")
        factories.saved(HandOver(user_id=leaves.id, receivers={}))
        factories.saved(JointAct(
            name=HAND_OVER.name, subject=f"user:{leaves.id}", at=clock.now(), until=clock.now() + timedelta(days=14),
            fingerprint=HAND_OVER.fingerprint(hand_overs.departure(leaves.id)), by_id=asked.by_id))
        absence = factories.saved(Absence(user_id=leaves.id, from_day=clock.now().date(),
                                          until_day=clock.now().date() + timedelta(days=2)))
        self.things["absence"] = Thing({"absence_id": absence.id})
        self.things["leaves"] = Thing({"user_id": leaves.id})
        self._invitations(asked.by_id)
        self.things["closed"] = Thing({"of": "departments", "entry_id": gone.id})
        self.things["renamed"] = Thing({"of": "departments", "entry_id": second.id, "change_id": change.id})
        category_id = db.session.scalar(sa.select(Category.id).limit(1))
        self.things["category"] = Thing({"of": "categories", "entry_id": category_id})
        self.things["own_grant"] = Thing({"grant_id": self.people["administrator"].grants[0].id})

    def _invitations(self, by_id: int) -> None:
        """A list that waits, and an invitation that was sent."""
        for number, confirmed_at in enumerate((None, clock.now())):
            proposed = factories.saved(InvitationList(by_id=by_id, made_at=clock.now(), confirmed_at=confirmed_at))
            invited = factories.saved(Invitation(
                list_id=proposed.id, email=f"invited{number}@example.org", name="김초대",
                role=Role.MODERATOR, is_head=False,
                token_hash=token_hash("sent") if confirmed_at else None, expires_at=clock.now() + timedelta(days=14)))
            self.things["invitation" if confirmed_at else "invited"] = Thing(
                {"list_id": proposed.id, "token": "sent" if confirmed_at else "nothing"},
                form={"invitation": str(invited.id)})
            if not confirmed_at:
                subject = subject_of(proposed.id)
                factories.saved(JointAct(name=INVITING.name, subject=subject, at=clock.now(), by_id=by_id,
                                         until=clock.now() + timedelta(days=14),
                                         fingerprint=INVITING.fingerprint(Proposal(proposed, [invited]))))

    def _opened(self, actor: str, user: User) -> int:
        """The reason of a member of staff who has just looked somebody up; for everybody else it is another's."""
        return factories.saved(AccessRecord(by_id=self.people[actor].id, user_id=user.id, reason=REASON,
                                            at=clock.now())).id

    def _accounts(self) -> None:
        self.things["first_link"] = Thing({"token": first_links.make()[0]})
        user, here = self.people["user"], self.town.neighbourhood()
        user.email = user.confirmed_email = "user@example.org"
        for name, purpose in (("confirmation", Purpose.CONFIRM_EMAIL), ("reset", Purpose.RESET_PASSWORD)):
            code = issue_code(db.session, user.id, purpose, at=clock.now(), email=user.email)
            self.things[name] = Thing({"code": code})
        self.things["session_of_user"] = Thing({"number": db.session.scalar(
            sa.select(UserSession.id).filter_by(user_id=user.id))})
        passkey = Passkey(user_id=user.id, credential_id=b"credential", public_key=b"key", sign_count=0, name="전화기",
                          created_at=clock.now())
        db.session.add(passkey)
        db.session.flush()
        self.things["passkey_of_user"] = Thing({"number": passkey.id})
        link = ProviderLink(user_id=user.id, provider="simple", subject_hash=bytes(32), linked_on=clock.now().date())
        db.session.add(link)
        db.session.flush()
        self.things["provider_link_of_user"] = Thing({"number": link.id})
        self.things["provider"] = Thing({"key": "simple"})
        self.things["no_session"] = Thing({"number": 999_999})
        for document in REQUIRED:
            self.things[document] = Thing({"document": document, "number": current(document).number})
        self.things["work"] = Thing({"kind": "work"})
        self.things["style_sheet"] = Thing({"filename": "css/app.css"})
        self.careful = self.town.user(totp_secret=totp.fresh_secret(), totp_confirmed_at=clock.now(),
                                      password_hash=self.password_hash)
        half = sessions.sign_in(self.careful.sign_in_name, PASSWORD, device="Firefox")
        self.things["half_way"] = Thing(session=lambda actor: {HALF_WAY: [
            half.user_id, half.mark, int((clock.now() + TIME_FOR_CODE).timestamp()), self.careful.sign_in_name]})
        self.things["half_way_wrong"] = Thing(session=self.things["half_way"].session, form={"code": "12345"})
        code = issue_code(db.session, user.id, Purpose.DESK_RESET, at=clock.now(), by_id=self.people["clerk"].id)
        self.things["desk_code"] = Thing(form={"name": user.sign_in_name, "code": code})
        db.session.commit()
        letter = letters.request(Identity("박지민", date(1970, 1, 2)), "금하로 00길 1", here.id, by=self.town.user())
        self.things["letter"] = Thing(form={"letter": str(letter.id)})
        waiting = letters.request(Identity("최유나", date(1971, 1, 2)), "금하로 00길 2", here.id, by=self.people["resident"])
        [paper] = letters.print_batch([waiting.id], by=self.people["clerk"])
        db.session.get_one(Letter, waiting.id).posted_at = clock.now()
        db.session.commit()
        self.things["letter_code"] = Thing(form={"code": paper.code})
