"""Answers in a browser: at both widths, in large text and high contrast, for everybody's eyes and by keyboard."""

from datetime import timedelta

import pytest

from civic_forum.answers.rules import AnswerKind
from civic_forum.answers.services import texts as services
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.servers import in_process
from tests.servers.axe import looks_right

from .making import declined, duty_of, on_the_table, published, text

pytestmark = pytest.mark.one_database
VIEWS = [(390, "text=xl"), (1280, "contrast=1"), *(pytest.param(*view, marks=pytest.mark.long) for view in (
    (390, ""), (390, "contrast=1"), (1280, "")))]


@pytest.fixture
def signed_in(app, town, window):
    """Opens a window of somebody, on the application of the tests."""
    with in_process.served(app) as address:
        yield lambda user, **options: in_process.sign_in(window(base_url=address, **options), app, address, user)


def _late(proposal) -> None:
    duty_of(proposal).due_on = local(clock.now()).date() - timedelta(days=400)
    db.session.commit()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width, view", VIEWS)
def test_pages_of_late_waiting_and_corrected_answers_can_be_read_by_everybody(town, signed_in, width, view):
    official, second = town.official(), town.official()
    late, awaiting = on_the_table(town, official), on_the_table(town, official)
    published(late, official, second, text(kind=AnswerKind.INTERIM))
    _late(late)
    services.submit(awaiting.id, text(), seen=0, by=second)
    answer = published(on_the_table(town, official), official, second, declined())
    formal = town.proposal()
    page = signed_in(official, width=width)
    page.goto(f"/display?{view}&back=/desk")
    desk = f"/desk/answers/{late.number}"
    for address in ("/desk/answers", desk, f"/desk/answers/{awaiting.number}", f"/desk/answers/corrections/{answer.id}",
                    f"/proposals/{late.number}", f"/proposals/{answer.proposal.number}", "/answers/late",
                    f"/answers/{answer.id}/versions"):
        page.goto(address)
        looks_right(page, address)
    page = signed_in(formal.author, width=width)
    page.goto(f"/display?{view}&back=/proposals/{formal.number}/formal")
    looks_right(page, "formal")
