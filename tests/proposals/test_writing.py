"""From the first letter of a title to the number."""

import io
import re
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from civic_forum.attachments import queries as attachments
from civic_forum.journeys.queries import entries
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.proposals.models import Proposal, ProposalVersion
from civic_forum.proposals.queries import records as queries
from civic_forum.proposals.rules import Basics, Body, State
from civic_forum.proposals.services import drafts, publication
from tests.attachments import making
from tests.factories import MAY

BASICS = Basics("학교 앞에 횡단보도를 놓아 주세요", "safety")
BODY = Body("아이들이 차도로 뛰어들어서 위험해요.", "횡단보도를 하나 더 그려 주세요.")


def drafted(author, basics=BASICS, body=BODY):
    key = drafts.new_key()
    drafts.save_draft(key, basics, by=author)
    return drafts.save_draft(key, body, by=author)


def count():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal))


def fields(page):
    return dict(re.findall(r'<input[^>]* name="(key|version)"[^>]* value="([^"]*)"', page.text))


def test_looking_at_the_form_leaves_no_trace(town, browse):
    assert browse(town.user()).get("/proposals/new").status_code == 200
    assert count() == 0


def test_the_whole_way_from_title_to_number(town, browse):
    place, parents = town.neighbourhood(), town.audience("양육자")
    anna = town.resident()
    page = browse(anna)
    form = fields(page.get("/proposals/new"))
    saved = page.post("/proposals/new", data=form | {
        "title": BASICS.title, "category": "safety", "neighbourhood": str(place.id), "audiences": [str(parents.id)]})
    assert saved.status_code == 302
    second = page.get(saved.location)
    assert BASICS.title in second.text
    third = page.post(saved.location, data=fields(second) | {"problem": BODY.problem, "wish": "- 하나\n- 둘둘둘둘둘둘"})
    assert third.location.endswith("/3")
    preview = page.get(third.location).text
    assert BODY.problem in preview and "<li>하나</li>" in preview
    done = page.post(f"/proposals/drafts/{form['key']}/publication", follow_redirects=True)
    proposal = db.session.scalar(sa.select(Proposal))
    db.session.refresh(proposal)
    assert proposal.number in done.text and "등록했어요" in done.text
    main = re.sub(r"<[^>]*>", "", done.text.partition("<main")[2])
    assert main.index("이제 20명이 필요해요") < main.index("이웃에게 보내기") < main.index("포스터 인쇄") < main.index(
        "더 보기: 공감이 모자라도") < main.index("한 달 안에 담당 부서가") < main.index("정식 제안으로 내기")
    assert "소식 받기" not in main and "이제 20명" not in browse().get(f"/proposals/{proposal.number}").text
    assert (proposal.neighbourhood_id, [one.id for one in proposal.audiences]) == (place.id, [parents.id])
    assert proposal.state is State.GATHERING and proposal.excerpt == BODY.problem
    assert [entry.step for entry in entries(proposal.journey_id)] == ["registered"]


def test_the_number_counts_on_within_the_year_in_seoul(town, at):
    anna = town.user()
    new_year = datetime(2030, 12, 31, 15, tzinfo=timezone.utc)
    at(new_year - timedelta(seconds=1))
    numbers = [publication.publish(drafted(anna).draft_key, by=anna).number for _n in range(2)]
    assert numbers == ["2030-0001", "2030-0002"]
    at(new_year)
    assert publication.publish(drafted(anna).draft_key, by=anna).number == "2031-0001"


def test_the_office_settings_are_kept_with_the_proposal(town, at):
    at(MAY)
    anna = town.user()
    proposal = publication.publish(drafted(anna).draft_key, by=anna)
    assert proposal.threshold == 20 and proposal.gathering_ends_at == MAY + timedelta(days=20)
    version = db.session.get(ProposalVersion, (proposal.id, 1))
    assert (version.title, version.problem, version.wish) == (BASICS.title, BODY.problem, BODY.wish)


def test_two_clicks_publish_once(town):
    anna = town.user()
    key = drafted(anna).draft_key
    first, second = publication.publish(key, by=anna), publication.publish(key, by=anna)
    assert first is second and count() == 1


def test_two_clicks_on_the_first_step_make_one_draft(town, browse):
    page = browse(town.user())
    form = fields(page.get("/proposals/new")) | {"title": BASICS.title, "category": "safety"}
    first, second = (page.post("/proposals/new", data=form) for _n in range(2))
    assert first.status_code == second.status_code == 302 and first.location == second.location
    assert count() == 1


@pytest.mark.parametrize("basics, body, field", [
    (Basics("짧다", "safety"), BODY, "title"),
    (Basics(BASICS.title), BODY, "category"),
    (BASICS, Body("짧다", BODY.wish), "problem"),
    (BASICS, Body(BODY.problem, ""), "wish"),
])
def test_a_proposal_that_says_too_little_is_not_published(basics, body, field, town):
    anna = town.user()
    draft = drafted(anna, basics, body)
    with pytest.raises(Refusal) as refused:
        publication.publish(draft.draft_key, by=anna)
    assert refused.value.field == field and draft.state is State.DRAFT and draft.number is None


@pytest.mark.parametrize("part, field", [
    (Basics("가" * 101), "title"), (Body("가" * 10_001, ""), "problem"), (Body("", "가" * 10_001), "wish"),
])
def test_a_text_over_its_limit_is_not_kept(part, field, town):
    with pytest.raises(Refusal) as refused:
        drafts.save_draft(drafts.new_key(), part, by=town.user())
    assert refused.value.field == field and count() == 0


def test_the_form_comes_back_with_what_was_typed(town, browse):
    page = browse(town.user())
    form = fields(page.get("/proposals/new"))
    answer = page.post("/proposals/new", data=form | {"title": "길", "category": "safety"})
    assert answer.status_code == 422 and 'value="길"' in answer.text and "5자 이상" in answer.text
    answer = page.post("/proposals/new", data=fields(answer) | {"title": "골목길을 고쳐 주세요", "category": "safety"})
    assert answer.status_code == 302 and count() == 1


@pytest.mark.parametrize("wrong", [{"category": "cats"}, {"neighbourhood": "777"}, {"audiences": ["x"]},
                                   {"neighbourhood": "٣"}])
def test_a_choice_that_there_is_not_is_refused(wrong, town, browse):
    answer = browse(town.user()).post("/proposals/new", data={"title": BASICS.title, "category": "safety"} | wrong)
    assert answer.status_code == 422 and BASICS.title in answer.text and count() == 0


@pytest.mark.both
def test_control_and_bidi_characters_do_not_arrive(town, browse):
    browse(town.user()).post("/proposals/new", data={"title": "골목\x00길\u202e 의자\r\n를 놓아요", "category": "safety"})
    assert db.session.scalar(sa.select(Proposal.title)) == "골목길 의자 를 놓아요"


def test_the_script_keeps_the_draft_and_is_told_the_version(town, browse):
    page = browse(town.user())
    form = fields(page.get("/proposals/new")) | {"title": "길"}
    answer = page.post("/proposals/new?autosave=1", data=form, headers={"Accept": "application/json"})
    assert answer.json["version"] == 1 and "저장했어요" in answer.json["saved"]
    again = page.post("/proposals/new?autosave=1", data=form | {"title": "길을", "version": "1"})
    assert again.json["version"] == 2 and count() == 1


@pytest.mark.both
def test_an_older_window_does_not_overwrite_a_newer_text(town, browse):
    anna = town.user()
    draft = drafted(anna)
    page, address = browse(anna), f"/proposals/drafts/{draft.draft_key}/2"
    old = fields(page.get(address))
    page.post(address, data=old | {"problem": "새로운 창에서 쓴 글이에요.", "wish": BODY.wish})
    stale = page.post(address, data=old | {"problem": "오래된 창에서 쓴 글이에요.", "wish": BODY.wish})
    assert stale.status_code == 409
    assert "새로운 창에서 쓴 글이에요." in stale.text and "오래된 창에서 쓴 글이에요." in stale.text
    script = page.post(f"{address}?autosave=1", data=old | {"problem": "오래된 글", "wish": ""},
                       headers={"Accept": "application/json"})
    assert script.status_code == 409 and "다른 창" in script.json["detail"]
    kept = page.post(address, data=fields(stale) | {"problem": "오래된 창에서 쓴 글이에요.", "wish": BODY.wish})
    assert kept.status_code == 302
    assert db.session.scalar(sa.select(Proposal.problem)) == "오래된 창에서 쓴 글이에요."


@pytest.mark.parametrize("key", ["x", "%00", "0" * 31, "A" * 32, "0" * 400])
def test_a_key_that_is_none_is_not_found(key, town, browse):
    page = browse(town.user())
    assert page.get(f"/proposals/drafts/{key}/1").status_code == 404
    assert page.post(f"/proposals/drafts/{key}/2", data={"problem": "글"}).status_code == 404
    assert page.post(f"/proposals/drafts/{key}/publication").status_code == 404


@pytest.mark.parametrize("key", ["x", "%00", "0" * 31])
def test_a_file_that_is_not_there_is_not_found(key, town, browse):
    draft = drafted(anna := town.user())
    page, address = browse(anna), f"/proposals/drafts/{draft.draft_key}/attachments"
    assert page.post(f"{address}/{key}/removal").status_code == 404
    assert page.post(f"{address}/descriptions", data={f"description-{key}\x00": "글"}).status_code == 404


@pytest.mark.both
def test_drafts_are_listed_and_thrown_away(town, browse):
    anna = town.user()
    draft = drafted(anna)
    page = browse(anna)
    assert BASICS.title in page.get("/proposals/drafts").text
    assert page.get(f"/proposals/drafts/{draft.draft_key}/removal").status_code == 200
    page.post(f"/proposals/drafts/{draft.draft_key}/removal")
    assert "쓰던 글이 없어요." in page.get("/proposals/drafts").text and count() == 0
    assert queries.totals()[State.DRAFT] == 0


@pytest.mark.both
def test_one_finds_again_what_one_wrote_and_what_one_follows(town, browse):
    anna, ben = town.user(), town.user()
    drafted(anna)
    assert "쓰던 글" in browse(anna).get("/me").text and "쓰던 글 보기" not in browse(ben).get("/me").text
    assert "아직 쓴 제안이 없어요." in browse(ben).get("/proposals/mine").text
    mine, theirs = town.proposal(author=anna, title="공원에 의자를 놓아요"), town.proposal(author=ben, title="나무를 심어요")
    browse(anna).post(f"/proposals/{theirs.number}/follows")
    shown = browse(anna).get("/proposals/mine").text
    assert mine.title in shown and theirs.title in shown
    assert mine.title not in browse(ben).get("/proposals/mine").text


def test_only_residents_propose_where_the_setting_says_so(town, app, monkeypatch):
    monkeypatch.setitem(app.config, "WHO_MAY_PROPOSE", "residents")
    with pytest.raises(Denied, match="주민 확인"):
        drafted(town.user())
    assert drafted(town.resident()).id


def test_files_are_attached_described_and_removed(town, browse):
    anna = town.user()
    draft = drafted(anna)
    page, address = browse(anna), f"/proposals/drafts/{draft.draft_key}"
    page.post(f"{address}/attachments", data={
        "files": [(io.BytesIO(making.jpeg()), "의자.jpg"), (io.BytesIO(making.pdf()), "계획.pdf")],
        "descriptions": ["망가진 의자", ""]}, content_type="multipart/form-data")
    picture, document = attachments.of_set(draft.attachment_set_id)
    assert picture.description == "망가진 의자" and document.name == "계획.pdf"
    page.post(f"{address}/attachments/descriptions", data={f"description-{picture.key}": "다리가 하나 없는 의자"})
    page.post(f"{address}/attachments/{document.key}/removal")
    shown = page.get(f"{address}/3").text
    assert "다리가 하나 없는 의자" in shown and "계획.pdf" not in shown
    with browse().get(f"/attachments/{picture.key}") as answer:
        assert answer.status_code == 404
    proposal = publication.publish(draft.draft_key, by=anna)
    assert 'alt="다리가 하나 없는 의자"' in browse().get(f"/proposals/{proposal.number}").text
    with browse().get(f"/attachments/{picture.key}/thumbnail") as thumbnail:
        assert thumbnail.status_code == 200


def test_files_that_were_chosen_and_not_yet_sent_come_along_with_the_proposal(town, browse):
    anna = town.user()
    draft = drafted(anna)
    page, address = browse(anna), f"/proposals/drafts/{draft.draft_key}"
    page.post(f"{address}/attachments", data={"files": [(io.BytesIO(making.jpeg()), "의자.jpg")]},
              content_type="multipart/form-data")
    known = attachments.of_set(draft.attachment_set_id)[0]
    refused = page.post(f"{address}/publication", data={
        "files": [(io.BytesIO(b"no picture"), "그림.jpg")], f"description-{known.key}": "망가진 의자"},
        content_type="multipart/form-data")
    assert refused.status_code == 422 and "망가진 의자" in refused.text
    done = page.post(f"{address}/publication", data={
        "files": [(io.BytesIO(making.jpeg()), "길.jpg")], "descriptions": ["의자가 있던 길"]},
        content_type="multipart/form-data", follow_redirects=True)
    assert 'alt="망가진 의자"' in done.text and 'alt="의자가 있던 길"' in done.text


def test_a_file_that_is_refused_says_why_on_the_page(town, browse):
    draft = drafted(anna := town.user())
    answer = browse(anna).post(
        f"/proposals/drafts/{draft.draft_key}/attachments",
        data={"files": [(io.BytesIO(b"<script>alert(1)</script>"), "<b>그림.jpg")]},
        content_type="multipart/form-data",
    )
    assert (
        answer.status_code == 422 and "<b>그림" not in answer.text and attachments.of_set(draft.attachment_set_id) == []
    )


def test_old_drafts_are_thrown_away_with_their_files(town, at, app):
    at(MAY - timedelta(days=181))
    drafted(town.user())
    at(MAY)
    fresh = drafted(town.user())
    assert drafts.throw_away_old_drafts(180) == 1
    assert [one.id for one in db.session.scalars(sa.select(Proposal))] == [fresh.id]


@pytest.mark.both
def test_leaving_the_form_keeps_the_draft(town, browse):
    page = browse(town.user())
    answer = page.post("/proposals/new", data=fields(page.get("/proposals/new")) | {"title": "길", "go": "leave"})
    assert answer.location == "/proposals/drafts" and count() == 1


def test_a_published_draft_leads_to_its_page(town, browse):
    anna = town.user()
    key = drafted(anna).draft_key
    proposal = publication.publish(key, by=anna)
    page = browse(anna)
    assert page.get(f"/proposals/drafts/{key}/2").location == f"/proposals/{proposal.number}"
    with pytest.raises((Denied, Conflict)):
        drafts.save_draft(key, Body("이미 등록한 글을 바꿔요.", BODY.wish), version=2, by=anna)


def test_similar_proposals_are_offered_while_the_title_is_typed(town, browse):
    anna = town.user()
    proposal = publication.publish(drafted(anna).draft_key, by=anna)
    piece = browse().get("/proposals/similar", query_string={"title": "학교 앞 횡단보도가 필요해요"})
    assert f"/proposals/{proposal.number}" in piece.text and "<html" not in piece.text
    assert browse().get("/proposals/similar").status_code == 200
    crossing = drafted(anna, Basics("초등학교 앞 횡단보도를 놓아 주세요", "safety"))
    second = publication.publish(crossing.draft_key, by=anna)
    for one, other in ((proposal, second), (second, proposal)):
        assert f'href="/proposals/{other.number}"' in browse().get(f"/proposals/{one.number}").text


def test_published_texts_are_found_and_the_draft_is_not(town):
    from civic_forum.search import queries as search

    anna = town.user()
    key = drafted(anna).draft_key
    assert search.matches("횡단보도를", ["proposal"]).items == []
    proposal = publication.publish(key, by=anna)
    assert [hit.ref_id for hit in search.matches("횡단보도를", ["proposal"]).items] == [proposal.id]


@pytest.mark.both
def test_every_change_is_audited_without_private_data(town):
    anna = town.user()
    publication.publish(drafted(anna).draft_key, by=anna)
    trail = db.session.execute(sa.select(AuditEntry.action, AuditEntry.details).order_by(AuditEntry.id)).all()
    assert [action for action, _details in trail] == ["proposals.draft_begun", "proposals.published"]
    assert all(details == {} for _action, details in trail)
    assert clock.now()
