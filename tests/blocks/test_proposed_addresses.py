"""Addresses that are made where nobody types one."""

import pytest
import sqlalchemy as sa

from civic_forum.agendas.services import making as agendas
from civic_forum.agendas.services.making import Wording
from civic_forum.budgets.models import BudgetRound, Envelope
from civic_forum.forums.models import Forum
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.polls.models import Poll
from tests.budgets import making as budgets

TITLE, SLUG = "밤에도 걷기 좋은 골목", "bamedo-geotgi-joeun-golmok"


def stamp(days):
    return f"{local(clock.now()).year + 1}-03-{days:02d}T19:00"


FORMS = [
    ("polls", Poll, {"title": TITLE, "question": "무엇이 좋을까요?", "kind": "choose_one", "opens_at": stamp(1),
                     "closes_at": stamp(9),
                     "roll_fixed_on": stamp(1)[:10]}),
    ("forums", Forum, {"form": "forum", "title": TITLE, "question": "무엇부터 밝힐까요?", "place": "구청",
                       "starts_at": stamp(1), "ends_at": stamp(1).replace("19:", "21:")}),
    ("budgets", BudgetRound, {"title": TITLE, "year": stamp(1)[:4]})]


@pytest.mark.both
@pytest.mark.parametrize(("pages", "model", "sent"), FORMS, ids=[pages for pages, _model, _sent in FORMS])
def test_a_form_without_an_address_makes_one_of_its_title(town, browse, pages, model, sent):
    page = browse(town.moderator())
    for slug in (SLUG, f"{SLUG}-2"):
        made = page.post(f"/desk/{pages}/new", data=sent | {"slug": ""})
        assert made.status_code == 303 and slug in made.location
    assert set(db.session.scalars(sa.select(model.slug))) == {SLUG, f"{SLUG}-2"}
    typed = page.post(f"/desk/{pages}/new", data=sent | {"slug": "night-walk"})
    assert typed.status_code == 303 and "night-walk" in typed.location
    assert page.post(f"/desk/{pages}/new", data=sent | {"slug": SLUG}).status_code == 409


def test_an_agenda_has_an_address_made_of_its_question(town, browse):
    page, sent = browse(town.moderator()), {"question": "골목을 어떻게 밝힐까요?", "summary": "", "slug": ""}
    assert page.post("/desk/agendas/new", data=sent).location == "/desk/agendas/golmogeul-eotteoke-balkilkkayo"
    assert page.post("/desk/agendas/new", data=sent).location == "/desk/agendas/golmogeul-eotteoke-balkilkkayo-2"


def test_an_address_that_the_desk_has_is_not_proposed(town):
    assert agendas.begin(None, Wording("new, new, new?"), by=town.moderator()).slug == "new-new-new"


@pytest.mark.both
def test_an_envelope_has_an_address_made_of_its_name_that_no_page_of_its_round_has(town, browse):
    made, page = budgets.new_round(town), browse(town.moderator())
    for name, slug in (("시흥1동", "siheung1dong"), ("Results", "results-2")):
        version = db.session.scalar(sa.select(BudgetRound.version).filter_by(id=made.id))
        answer = page.post(f"/desk/budgets/{made.slug}/money", data={
            "version": str(version), "name": name, "slug": "", "amount": "5000000", "max_choices": "1",
            "min_votes": "0"})
        assert answer.status_code == 303, answer.text
        db.session.rollback()
        assert slug in set(db.session.scalars(sa.select(Envelope.slug).filter_by(round_id=made.id)))
