"""Reporting: once, of what one may see, without the text in the trail."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.blocks import moderated
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.moderation import services, labels
from civic_forum.moderation.models import Report
from civic_forum.moderation.rules import Rule
from civic_forum.proposals.rules import State
from tests import limits


@pytest.fixture
def remark(town):
    """A comment below a proposal."""
    return comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="우리 가게로 오세요.", by=town.user())


def reports():
    db.session.rollback()
    return db.session.scalars(sa.select(Report).order_by(Report.id)).all()


def test_a_report_is_kept_and_audited_without_its_words(town, remark):
    reader = town.user()
    services.reports.report("comment", remark.id, rule=Rule.ADVERTISING, sentence="가게 광고예요.", by=reader)
    report, = reports()
    assert (report.subject_kind, report.subject_id, report.rule, report.sentence, report.by_id) == (
        "comment", remark.id, Rule.ADVERTISING, "가게 광고예요.", reader.id)
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="moderation.reported")).one()
    assert (entry.subject, entry.details) == (f"report:{report.id}", {"rule": "advertising"})


@pytest.mark.both
def test_an_author_who_reads_the_log_does_not_learn_who_reported(town, browse):
    author, reader = town.administrator(), town.user()
    own = comments.write(town.proposal().thread_id, stance=Stance.NOTE, text="우리 가게로 오세요.", by=author)
    services.reports.report("comment", own.id, rule=Rule.ADVERTISING, by=reader)
    log = browse(author)
    assert "moderation.reported" in log.get("/desk/audit").text
    assert "moderation.reported" not in log.get(f"/desk/audit?subject=comment:{own.id}").text
    assert "moderation.reported" not in [
        row.action for row in db.session.scalars(sa.select(AuditEntry).filter_by(subject=f"comment:{own.id}"))]


def test_a_proposal_is_reported_too(town):
    proposal = town.proposal()
    services.reports.report("proposal", proposal.id, rule=Rule.HATE, by=town.user())
    assert reports()[0].subject_kind == "proposal"


def test_one_user_reports_a_thing_once(town, remark):
    reader = town.user()
    services.reports.report("comment", remark.id, rule=Rule.ABUSE, by=reader)
    with pytest.raises(Conflict, match="이미 신고"):
        services.reports.report("comment", remark.id, rule=Rule.HATE, by=reader)
    services.reports.report("comment", remark.id, rule=Rule.ABUSE, by=town.user())
    assert len(reports()) == 2


@pytest.mark.both
def test_many_clicks_at_once_make_one_report(app, town, remark):
    reader, start = town.user(), Barrier(8)

    def click():
        with app.app_context():
            start.wait()
            try:
                services.reports.report("comment", remark.id, rule=Rule.ABUSE, by=reader)
            except Conflict:
                return

    threads = [Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reports()) == 1


@pytest.mark.parametrize("kind, subject_id", [("comment", 4711), ("proposal", 4711), ("user", 1), ("", 1)])
def test_a_thing_that_is_not_there_is_not_reported(town, kind, subject_id):
    with pytest.raises(NotFound):
        services.reports.report(kind, subject_id, rule=Rule.ABUSE, by=town.user())


def test_a_thing_that_cannot_be_seen_is_not_there(town, remark):
    held = town.proposal(state=State.HELD)
    comments.remove(remark.id, by=remark.author)
    for kind, subject_id in (("proposal", held.id), ("comment", remark.id)):
        with pytest.raises(NotFound):
            services.reports.report(kind, subject_id, rule=Rule.ABUSE, by=town.user())


@pytest.mark.parametrize("rule, sentence", [(Rule.OTHER, ""), (Rule.OTHER, " \u202e "), (Rule.ABUSE, "가" * 301)])
def test_a_sentence_that_is_missing_or_too_long_is_asked_for(town, remark, rule, sentence):
    with pytest.raises(Refusal) as refusal:
        services.reports.report("comment", remark.id, rule=rule, sentence=sentence, by=town.user())
    assert refusal.value.field == "sentence"


def test_every_rule_has_words_that_pages_below_know(app):
    assert set(labels.RULE) == set(labels.MEANING) == set(Rule)
    assert all(moderated.rule(one) == str(labels.RULE[one]) for one in Rule)


@pytest.mark.both
def test_on_leaving_the_own_words_go_and_the_report_stays(town, remark):
    reader = town.user()
    services.reports.report("comment", remark.id, rule=Rule.ABUSE, sentence="내 이름은 아무개예요.", by=reader)
    collected = PERSONAL_DATA["reports"].collect(reader)
    assert collected[0] | {"at": "", "ended": None} == {"about": f"comment:{remark.id}", "rule": "abuse",
                                                         "sentence": "내 이름은 아무개예요.", "at": "", "ended": None}
    PERSONAL_DATA["reports"].erase(reader, db.session)
    db.session.commit()
    assert [(report.rule, report.sentence) for report in reports()] == [("abuse", "")]


class TestPages:
    def test_the_form_shows_what_is_reported_and_sends_it(self, town, remark, browse):
        browser = browse(town.user())
        page = browser.get(f"/reports/new?about=comment:{remark.id}")
        assert page.status_code == 200 and "우리 가게로 오세요." in page.text and "차별·혐오" in page.text
        assert "checked" not in page.text
        sent = browser.post("/reports/new", data={"about": f"comment:{remark.id}", "rule": "abuse"})
        assert sent.status_code == 303 and sent.location == f"/comments/{remark.id}"
        assert len(reports()) == 1

    def test_a_user_reports_so_often_an_hour(self, app, town, browse, monkeypatch):
        monkeypatch.setitem(app.config, "LIMIT_REPORTS_USER", 2)
        limits.forget()
        browser = browse(town.user())
        sent = [browser.post("/reports/new", data={"about": f"proposal:{town.proposal().id}", "rule": "abuse"})
                for _n in range(3)]
        assert [one.status_code for one in sent] == [303, 303, 429] and len(reports()) == 2
        assert "분 뒤에 다시 해 주세요" in sent[2].text and int(sent[2].headers["Retry-After"]) > 3300
        limits.forget()

    def test_a_second_report_comes_back_with_a_sentence(self, town, remark, browse):
        browser, data = browse(town.user()), {"about": f"comment:{remark.id}", "rule": "abuse", "sentence": "욕이에요."}
        browser.post("/reports/new", data=data)
        page = browser.post("/reports/new", data=data)
        assert page.status_code == 409 and "이미 신고한 글이에요" in page.text and "욕이에요." in page.text

    @pytest.mark.parametrize("wrong", [{}, {"rule": ""}, {"rule": "none"}, {"rule": "other"},
                                       {"rule": "abuse", "sentence": "가" * 301}])
    def test_a_wrong_form_comes_back_with_what_was_typed(self, town, remark, browse, wrong):
        page = browse(town.user()).post("/reports/new", data={"about": f"comment:{remark.id}"} | wrong)
        assert page.status_code == 422 and "고쳐 주세요" in page.text
        assert wrong.get("sentence", "") in page.text
        assert reports() == []

    @pytest.mark.parametrize("about", ["", "comment", "comment:0", "comment:-1", "comment:1:2", "comment:9" * 9,
                                       "user:1", "comment:%00", "comment:１", "comment:4711",
                                       "comment:999999999999999999"])
    def test_strange_addresses_are_not_there(self, town, browse, about):
        browser = browse(town.user())
        assert browser.get(f"/reports/new?about={about}").status_code == 404
        assert browser.post("/reports/new", data={"about": about, "rule": "abuse"}).status_code == 404

    def test_a_stranger_is_asked_to_sign_in(self, town, remark, browse):
        page = browse().get(f"/reports/new?about=comment:{remark.id}")
        assert page.status_code == 200 and "우리 가게로 오세요." in page.text
        assert f"/sign-in?next=/reports/new%3Fabout%3Dcomment%3A{remark.id}" in page.text
        assert 'name="rule"' not in page.text and "Set-Cookie" not in page.headers

    def test_a_stranger_learns_that_a_takedown_needs_no_account(self, town, remark, browse):
        page = browse().get(f"/reports/new?about=comment:{remark.id}").text
        assert "계정이 없어도 요청할 수 있어요." in page and f"/moderation/takedowns/new?about=comment:{remark.id}" in page
        proposal = town.proposal()
        assert f"/reports/new?about=proposal:{proposal.id}" in browse().get(f"/proposals/{proposal.number}").text

    def test_a_stranger_sends_nothing(self, remark, browse):
        assert browse().post("/reports/new", data={"about": f"comment:{remark.id}"}).status_code == 401
