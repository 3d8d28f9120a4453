"""The box of notices and the page on which somebody says how they want them."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.notifications import operations as telling
from civic_forum.notifications.models import Notice, NoticePreference
from civic_forum.notifications.queries import notices as box
from civic_forum.notifications.rules import Channel, Frequency, NoticeKind
from civic_forum.proposals.services import publication, supports

from .told import last, notices, steps

SETTINGS = "/me/notices/settings"


def tell(user, n=1, about="proposal:1", url="/proposals/2026-0001", step="answered", kind=NoticeKind.SUPPORTED,
         **facts):
    with use_case(None) as work:
        telling.tell(work.session, sa.select(User.id).filter_by(id=user.id), **{
            "kind": kind, "about": about, "step": step, "title": "", "url": url, "once": f"test:{about}:{n}",
            "at": work.at} | facts)


@pytest.fixture
def reader(town):
    return town.resident()


def supported(town, reader, **facts):
    """A proposal that the reader supports and of which there is news."""
    proposal = town.proposal(threshold=2, **facts)
    supports.support(proposal.id, by=reader)
    supports.support(proposal.id, by=town.resident())
    return proposal


def page(browse, user, path="/me/notices"):
    answer = browse(user).get(path)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return answer.text


def test_an_empty_box_says_how_it_fills(reader, browse):
    text = page(browse, reader)
    assert "아직 알림이 없어요" in text and 'href="/proposals"' in text
    assert "모두 읽음으로 바꾸기" not in text


def test_unread_is_said_in_words_and_counted_in_the_header(town, reader, browse):
    proposal = supported(town, reader)
    text = page(browse, reader)
    assert "읽지 않음 1" in text and proposal.title in text
    assert re.search(r'class="unread-count">.*?1</span>', text)
    assert "읽지 않은 알림이 1개 있어요" in text


def test_the_number_in_the_header_costs_no_statement(town, reader, browse, queries):
    client = browse(reader)
    client.get("/proposals")
    with queries() as before:
        client.get("/proposals/mine")
    supported(town, reader)
    with queries() as after:
        assert 'class="unread-count"' in client.get("/proposals/mine").text
    assert len([one for one in before if "notice" in one]) == len([one for one in after if "notice" in one]) == 1


@pytest.mark.both
def test_following_a_notice_reads_all_that_lead_there(town, reader, browse):
    proposal = supported(town, reader)
    tell(reader, 1, about=f"proposal:{proposal.id}", url=f"/proposals/{proposal.number}")
    tell(reader, 2, about=f"proposal:{proposal.id}", url="/comments/7", step="replied", kind=NoticeKind.REPLY)
    answer = browse(reader).get(f"/me/notices/{notices(reader)[0].id}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/proposals/{proposal.number}")
    assert [one.read_at is None for one in notices(reader)] == [False, False, True]


def test_nobody_follows_or_reads_the_notices_of_another(town, reader, browse):
    supported(town, reader)
    notice = last(reader)
    stranger = browse(town.resident())
    assert stranger.get(f"/me/notices/{notice.id}").status_code == 404
    stranger.post("/me/notices/reads", data={"up_to": notice.id, "about": notice.about})
    assert last(reader).read_at is None


def test_everything_is_read_by_one_button_but_not_what_came_meanwhile(town, reader, browse):
    for _n in range(3):
        supported(town, reader)
    text = page(browse, reader)
    newest = re.search(r'name="up_to" value="(\d+)"', text)[1]
    supported(town, reader)
    answer = browse(reader).post("/me/notices/reads", data={"up_to": newest}, follow_redirects=True)
    assert "알림 3개를 읽음으로 바꿨어요" in answer.text
    assert [one.read_at is None for one in notices(reader)] == [False] * 3 + [True]


def test_one_subject_is_put_aside_alone(town, reader, browse):
    one, _other = supported(town, reader), supported(town, reader)
    about = f"proposal:{one.id}"
    browse(reader).post("/me/notices/reads", data={"up_to": last(reader).id, "about": about})
    assert {item.about for item in notices(reader) if item.read_at} == {about}


def test_notices_that_came_meanwhile_of_one_subject_stay_unread(reader, browse):
    tell(reader, 1)
    seen = last(reader).id
    tell(reader, 2)
    browse(reader).post("/me/notices/reads", data={"up_to": seen, "about": "proposal:1"})
    assert [one.read_at is None for one in notices(reader)] == [False, True]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 30, "1.5", "%00"])
def test_a_number_that_is_none_changes_nothing(town, reader, browse, up_to):
    supported(town, reader)
    assert browse(reader).post("/me/notices/reads", data={"up_to": up_to}).status_code == 400
    assert last(reader).read_at is None


@pytest.mark.both
def test_groups_are_paged_by_key_newest_first(reader, browse):
    for n in range(1, 46):
        tell(reader, n, about=f"agenda:{n}", url=f"/agendas/{n}")
    seen, path = [], "/me/notices"
    while path:
        text = page(browse, reader, path)
        seen += [db.session.get_one(Notice, int(n)).about for n in re.findall(r'id="notice-(\d+)"', text)]
        found = re.search(r'href="([^"]+)" rel="next"', text)
        path = found and found[1].replace("&amp;", "&")
    assert seen == [f"agenda:{n}" for n in range(45, 0, -1)]


def test_news_of_one_thing_stand_together_and_bring_it_up(reader, browse):
    tell(reader, 1, about="agenda:1")
    tell(reader, 1, about="agenda:2")
    for n in range(2, 9):
        tell(reader, n, about="agenda:1", step="noted")
    first, second = box.grouped(reader.id).items
    assert (first.about, first.total, first.unread, len(first.notices), first.more) == ("agenda:1", 8, 8, 5, 3)
    assert (second.about, second.total) == ("agenda:2", 1)
    assert "먼저 온 알림이 3개 더 있어요" in page(browse, reader)


@pytest.mark.both
def test_only_what_is_unread(town, reader, browse):
    client, title = browse(reader), "학교 앞 횡단보도를 넓혀 주세요"
    about = f"proposal:{supported(town, reader).id}"
    supported(town, reader, title=title)
    client.post("/me/notices/reads", data={"up_to": last(reader).id, "about": about})
    text = client.get("/me/notices?only=unread").text
    assert title in text and f'"{about}"' not in text
    assert client.get("/me/notices?only=everything").status_code == 400
    assert client.get("/me/notices?after=nonsense").status_code == 400


@pytest.mark.both
def test_however_much_there_is_the_page_takes_as_many_statements(town, reader, browse, queries):
    supported(town, reader)
    tell(reader, 1, about="agenda:1")
    with queries() as few:
        page(browse, reader)
    for n in range(2, 300):
        tell(reader, n, about=f"proposal:{n % 40 + 1}", step="noted")
    with queries() as many:
        page(browse, reader)
    assert len(few) == len(many) <= 9


class TestWhatIsGone:
    """A notice on what was hidden, deleted or withdrawn since still makes sense, and reveals nothing."""

    def test_hidden(self, town, reader, browse):
        proposal = supported(town, reader, title="이웃 이름이 적힌 제목")
        with use_case(None) as work:
            proposal.hidden_at, proposal.hidden_rule = work.at, "privacy"
        text = page(browse, reader)
        assert proposal.title not in text and "지금은 볼 수 없는 글" in text and "공감 목표를 채웠어요" in text
        assert f"/me/notices/{last(reader).id}" not in text

    def test_its_author_still_sees_the_title(self, town, browse):
        author = town.resident()
        proposal = supported(town, town.resident(), author=author)
        with use_case(None) as work:
            proposal.hidden_at, proposal.hidden_rule = work.at, "privacy"
        assert proposal.title in page(browse, author)

    def test_withdrawn(self, town, browse, reader):
        author = town.resident()
        proposal = supported(town, reader, author=author)
        publication.withdraw(proposal.id, reason="다른 곳에서 해결됐어요.", by=author)
        text = page(browse, reader)
        assert "제안한 사람이 거두었어요" in text
        notice = last(reader)
        assert browse(reader).get(f"/me/notices/{notice.id}", follow_redirects=True).status_code == 200

    def test_a_deleted_reply(self, town, reader, browse):
        proposal, other = town.proposal(), town.resident()
        comment = comments.write(proposal.thread_id, stance=Stance.FOR, text="저도 그렇게 생각해요.", by=reader)
        reply = comments.reply(comment.id, text="비밀 이야기예요.", by=other)
        comments.remove(reply.id, by=other)
        text = page(browse, reader)
        assert "내 댓글에 답글이 달렸어요" in text and "비밀" not in text
        followed = browse(reader).get(f"/me/notices/{last(reader).id}", follow_redirects=True)
        assert followed.status_code == 200 and "비밀" not in followed.text

    def test_an_edited_title_is_shown_as_it_is_now(self, town, reader, browse):
        proposal = supported(town, reader)
        with use_case(None):
            proposal.title = "골목길 보도블록을 새로 깔아 주세요"
        assert "골목길 보도블록을 새로 깔아 주세요" in page(browse, reader)

    def test_a_step_that_nobody_knows_any_more(self, reader, browse):
        tell(reader, 1, about="comment:9", step="from_the_future")
        text = page(browse, reader)
        assert "새 소식이 있어요" in text and "내 댓글" in text


class TestSettings:
    def choices(self, **changed):
        return {f"mail_{kind.value}": "daily" for kind in NoticeKind} | changed

    def test_the_usual_choice_is_made_beforehand(self, reader, browse):
        text = page(browse, reader, SETTINGS)
        chosen = re.search(r'name="mail_my_proposal".*?</select>', text, re.S)[0]
        assert re.search(r'selected value="at_once"', chosen)
        assert 'name="mail_duty"' not in text
        assert "늘 보여 드려요" in text and 'name="site_moderation"' not in text

    def test_staff_have_their_duties_too(self, town, browse):
        assert 'name="mail_duty"' in page(browse, town.official(), SETTINGS)

    def test_a_choice_is_kept(self, reader, browse):
        answer = browse(reader).post(SETTINGS, data=self.choices(mail_reply="never"), follow_redirects=True)
        assert "알림 받는 방법을 바꿨어요" in answer.text
        kept = {one.kind: one.frequency for one in db.session.query(NoticePreference).filter_by(user_id=reader.id)}
        assert kept[NoticeKind.REPLY] is Frequency.NEVER and NoticeKind.DUTY not in kept

    def test_a_kind_that_is_not_wanted_here_disappears_and_comes_back(self, town, reader, browse):
        proposal = supported(town, reader)
        browse(reader).post(SETTINGS, data={"site_supported": "never"})
        text = page(browse, reader)
        assert proposal.title not in text and "아직 알림이 없어요" in text and 'class="unread-count"' not in text
        supported(town, reader)
        assert 'class="unread-count"' not in page(browse, reader)
        browse(reader).post(SETTINGS, data={"site_supported": "at_once"})
        assert proposal.title in page(browse, reader)

    @pytest.mark.parametrize("given", [{"mail_reply": "hourly"}, {"site_reply": "daily"}, {"mail_reply": ""}])
    def test_a_choice_that_cannot_be_made_is_refused_with_a_sentence(self, reader, browse, given):
        answer = browse(reader).post(SETTINGS, data=self.choices() | given)
        assert answer.status_code == 422
        assert db.session.query(NoticePreference).count() == 0

    @pytest.mark.both
    def test_a_kind_that_cannot_be_turned_off_stays_on(self, reader, browse):
        browse(reader).post(SETTINGS, data={"site_moderation": "never", "mail_duty": "never", "sms_reply": "at_once"})
        assert db.session.query(NoticePreference).count() == 0

    @pytest.mark.both
    def test_short_messages_are_offered_to_a_number_that_is_proven(self, reader, browse):
        text = page(browse, reader, SETTINGS)
        assert 'name="sms_' not in text and "/me/mobile" in text
        reader.mobile = reader.confirmed_mobile = "010-0000-1234"
        db.session.commit()
        text = page(browse, reader, SETTINGS)
        assert "밤 9시부터" in text
        assert re.search(r'selected value="never"', re.search(r'name="sms_vote".*?</select>', text, re.S)[0])
        assert 'name="sms_account"' not in text and 'name="sms_duty"' not in text
        browse(reader).post(SETTINGS, data={"sms_vote": "at_once", "sms_reply": "weekly"})
        kept = {(one.kind, one.channel): one.frequency for one in db.session.query(NoticePreference)}
        assert kept == {(NoticeKind.VOTE, Channel.SMS): Frequency.AT_ONCE,
                        (NoticeKind.REPLY, Channel.SMS): Frequency.WEEKLY}


def test_the_promise_on_the_page_of_a_proposal_is_kept(town, reader, browse):
    """`소식 받기` there, news here, and an end to it."""
    proposal, client = town.proposal(threshold=1), browse(reader)
    client.post(f"/proposals/{proposal.number}/follows")
    supports.support(proposal.id, by=town.resident())
    assert proposal.title in page(browse, reader)
    client.post(f"/proposals/{proposal.number}/follows/end")
    publication.withdraw(proposal.id, reason="다른 곳에서 해결됐어요.", by=proposal.author)
    assert steps(reader) == ["threshold"]


@pytest.mark.both
def test_notices_are_counted_up_to_a_hundred(reader, browse):
    with use_case(None) as work:
        work.session.execute(sa.insert(Notice), [
            {"user_id": reader.id, "kind": NoticeKind.REPLY, "about": "comment:1", "step": "replied", "title": "",
             "url": "/", "details": {}, "once": f"n{n}", "at": clock.now()} for n in range(130)])
    text = page(browse, reader)
    assert "99+" in text and "100개 넘게" in text
