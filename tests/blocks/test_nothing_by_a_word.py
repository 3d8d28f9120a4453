"""Every form with a field that finds things: a word alone changes nothing and is answered with what was found."""

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping
from civic_forum.agendas.services import making as agendas
from civic_forum.agendas.services.making import Wording
from civic_forum.blocks.pickers import PickerField
from civic_forum.budgets.rules import Phase
from civic_forum.calls.applying import parts as applying
from civic_forum.calls.rules import CallKind
from civic_forum.forums.models import ForumDuty
from civic_forum.platform.base import db
from civic_forum.platform.forms import Form
from civic_forum.search import operations as search
from tests.budgets import making as budgets
from tests.budgets.committee.weighted import weighted
from tests.budgets.reviews.test_reviewing import Case
from tests.calls.making import call
from tests.calls.making_applying import open_call
from tests.calls.making_prizes import worth
from tests.common import form_of
from tests.factories import saved
from tests.forums.scene import announced_forum
from tests.intake.making import checked
from tests.opinions.making import preparing
from tests.picking import picked
from tests.polls.making import poll, unannounced
from tests.series.test_assemblies import assembly

WHY = "같은 이야기를 한곳에서 해요, 함께."
NOMINATION = applying.nomination([]).form()
"""A form that is made for each call; kept, for the site keeps none."""
MEANWHILE = {"site_version", "user_session"}
"""Tables that any request may write."""


def found(town, title="정류장에 나무 의자를 놓아 주세요", make=None):
    made = make(town, title=title) if make else town.proposal(title=title)
    search.put(db.session, "proposal", made.id, title=title, body="", at=made.published_at)
    db.session.commit()
    return made


def agenda(town, by, slug, question):
    made = agendas.begin(slug, Wording(question), by=by)
    grouping.group(made.id, [town.proposal().id], Relation.CORE, WHY, by=by)
    return agendas.publish(made.id, by=by)


def merged_agenda(town, by, page):
    agenda(town, by, "shade", "나무 그늘을 어디에 더할까요?"), agenda(town, by, "roots", "나무 뿌리를 어떻게 돌볼까요?")
    return "/desk/agendas/shade/merge", {"into": "뿌리", "reason": WHY}, "바로 알려요"


def next_of_an_agenda(town, by, page):
    agenda(town, by, "shade", "나무 그늘을 어디에 더할까요?")
    poll(town, by=by, title="나무를 심을 자리 투표")
    return "/desk/agendas/shade/next", {"kind": "poll", "slug": "심을 자리", "note": "구민 투표로 정해요."}, "의제 화면에 바로 보여요"


def merged_proposal(town, by, page):
    found(town)
    one = found(town, "골목에 나무 의자를 놓아 주세요")
    return f"/desk/proposals/{one.number}/merge", {"into": "정류장", "reason": WHY}, "뜻을 물어요"


def merged_by_number(town, by, page):
    other, one = found(town), found(town, "골목에 나무 의자를 놓아 주세요")
    return f"/desk/proposals/{one.number}/merge", {"into": other.number, "reason": WHY}, "정류장에"


def merged_project(town, by, page):
    case = Case(town, phase=Phase.ADJUSTING)
    budgets.project(town, case.round, title="정류장 쉼터")
    return (f"/budgets/{case.round.slug}/projects/{case.project.code}/merge",
            {"into": "정류장", "note": "좋다고 했어요."}, "두 사업을 제안한 사람에게")


def nomination(town, by, page):
    call = open_call(town, asked=(), kind=CallKind.PRIZE, prizes=[])
    found(town, make=worth)
    return f"/desk/calls/{call.slug}/applications/new", {"proposal": "정류장"}, "글쓴이와 공감한 사람에게"


def source(town, by, page):
    found(town)
    return f"/desk/consultations/{preparing().slug}/sources", {"proposal": "정류장", "comment": "", "forum": ""}, "정류장에"


def _about(town, by, page, address):
    agenda(town, by, "roots", "나무 뿌리를 어떻게 돌볼까요?")
    return address, form_of(page, address) | {"about_kind": "agenda", "agenda_slug": "뿌리"}, "뿌리를"


def subject_of_a_poll(town, by, page):
    return _about(town, by, page, f"/desk/polls/{unannounced(town, by=by).slug}/wording")


def subject_of_a_forum(town, by, page):
    return _about(town, by, page, f"/desk/forums/{announced_forum(town, announced_at=None).slug}/wording")


def subject_of_a_new_forum(town, by, page):
    address, typed, follows = _about(town, by, page, "/desk/forums/new")
    return address, typed | {"title": "뿌리 공론장", "question": "뿌리를 어떻게 돌볼까요?", "place": "구청 강당"}, follows


def subject_of_one_that_was_held(town, by, page):
    address, typed, follows = _about(town, by, page, "/desk/forums/record")
    return address, typed | {"title": "뿌리 걷기", "question": "뿌리를 어떻게 돌볼까요?", "place": "산책길",
                             "heard-0-text": "뿌리가 길을 들어 올렸어요."}, follows


def _option(town, by, page, **typed):
    address = f"/desk/polls/{unannounced(town, by=by).slug}/options"
    return address, form_of(page, address) | {"title": "쉼터"} | typed, ""


def proposal_of_an_option(town, by, page):
    found(town)
    return _option(town, by, page, proposal_number="정류장")


def agenda_of_an_option(town, by, page):
    agenda(town, by, "roots", "나무 뿌리를 어떻게 돌볼까요?")
    return _option(town, by, page, agenda_slug="뿌리")


def duty(town, by, page):
    made = announced_forum(town)
    saved(ForumDuty(forum_id=made.id, duty="panel", user_id=town.user(nickname="느티나무 아래").id))
    return (f"/desk/forums/{made.slug}/duties",
            {"version": str(made.version), "duty": "host", "sign_in_name": "느티나무"}, "느티나무 아래")


def member(town, by, page):
    made = weighted(town)
    budgets.sitting(budgets.new_round(town), town.user(nickname="느티나무 아래"))
    return f"/desk/budgets/{made.slug}/committee/members", {"name": "느티나무"}, "느티나무 아래"


def end_of_an_item(town, by, page):
    agenda(town, by, "roots", "나무 뿌리를 어떻게 돌볼까요?")
    (item_id,), _codes = checked(town, "뿌리가 길을 들어 올렸어요")
    return ("/desk/intake/sorting", {"chosen": str(item_id), "end": "into", "about_kind": "agenda",
                                     "agenda_slug": "뿌리"}, "뿌리를")


def briefing_of_a_call(town, by, page):
    announced_forum(town, title="골목 실험실 설명회")
    address = f"/desk/calls/{call(town, 'preparing').slug}/times"
    return address, form_of(page, address) | {"briefing_slug": "설명회"}, "설명회"


def thing_of_a_step(town, by, page):
    announced_forum(town, title="가산동 총회")
    made = assembly(town, by=by)
    return f"/desk/series/{made.slug}/steps/6/things", {"version": "1", "kind": "forum", "thing": "총회"}, "함께 준비해요"


FORMS = {
    ("MergeAgendaForm", "into"): [merged_agenda], ("NextForm", "slug"): [next_of_an_agenda],
    ("MergeForm", "into"): [merged_proposal, merged_by_number, merged_project],
    ("PartForm", "proposal"): [nomination],
    ("SourceForm", "proposal"): [source], ("DutyForm", "sign_in_name"): [duty], ("NameForm", "name"): [member],
    ("PartForm", "agenda_slug"): [subject_of_a_poll, subject_of_a_forum, agenda_of_an_option],
    ("PartForm", "proposal_number"): [proposal_of_an_option], ("NewForumForm", "agenda_slug"): [subject_of_a_new_forum],
    ("PartForm", "briefing_slug"): [briefing_of_a_call], ("RecordForm", "agenda_slug"): [subject_of_one_that_was_held],
    ("ThingForm", "thing"): [thing_of_a_step], ("SortingForm", "agenda_slug"): [end_of_an_item],
    ("PlacesForm", "forum"): [],  # for those who were chosen: tests/calls/test_following.py
    ("SessionForm", "forum"): [],  # of those who hold a course: tests/courses/test_courses.py
    ("OptionForm", "agenda_slug"): [], ("OptionForm", "proposal_number"): [],
    ("RoleForm", "sign_in_name"): [], ("OfficerForm", "sign_in_name"): [],  # of administrators, below
    ("CommentForm", "proposal"): [],  # at the window, which answers with a slip: tests/intake/test_window_acts.py
    ("SupportForm", "proposal"): [],  # of clerks: tests/desk/test_supports_at_a_window.py
}
"""(Form, field) → scenes, each of which gives address, what is typed, and a text that the page must have."""


def kinds_of(form: type[Form]):
    yield from form.__subclasses__()
    for one in form.__subclasses__():
        yield from kinds_of(one)


def test_every_form_that_finds_things_is_here(app):
    assert {(form.__name__, name) for form in kinds_of(Form) for name in dir(form) if issubclass(
        getattr(getattr(form, name), "field_class", object), PickerField)} == set(FORMS)


def everything() -> dict[str, list]:
    db.session.rollback()
    return {table.name: sorted(map(repr, db.session.execute(sa.select(table)))) for table in db.metadata.sorted_tables
            if table.name not in MEANWHILE}


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize(("field", "scene"), [
    (field, scene) for (_form, field), some in FORMS.items() for scene in some])
def test_a_word_alone_shows_what_was_found_and_only_the_button_does_it(town, browse, field, scene):
    by = town.moderator()
    page = browse(by)
    address, sent, follows = scene(town, by, page)
    page.get(address)
    before = everything()
    answer = page.post(address, data=sent)
    assert answer.status_code == 422 and everything() == before
    main = html.fromstring(answer.text).xpath("//main")[0]
    assert len(main.xpath(f".//input[@name='{field}-choice'][@checked]")) == 1
    assert "한 번 더 눌러 주세요" in main.text_content() and follows in main.text_content()
    assert picked(page, address, sent, field).status_code == 303


@pytest.mark.both
@pytest.mark.parametrize(("address", "more"), [
    ("/desk/roles", {"role": "clerk"}), ("/desk/officers", {"position": "동장", "password": "x"})])
def test_a_nickname_gives_nobody_a_right(town, browse, address, more):
    by, _other = town.administrator(), town.official(nickname="느티나무 아래")
    page = browse(by)
    page.get(address)
    before = everything()
    answer = page.post(address, data={"sign_in_name": "느티나무"} | more)
    assert answer.status_code == 422 and everything() == before and "느티나무 아래" in answer.text
