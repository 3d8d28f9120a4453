"""The pages of a round on the smallest phone, in the largest text: nothing is cut off, what is pressed is large
enough."""

import pytest

from civic_forum.budgets.counting.settings import Share
from civic_forum.budgets.rules import Phase
from civic_forum.budgets.trials import services as trials
from tests.budgets import making
from tests.budgets.committee.weighted import RULES, weighted
from tests.budgets.results.published import published
from tests.budgets.trials.test_committee import WITH as WITH_COMMITTEE
from tests.servers import axe, chromium, in_process

pytestmark = pytest.mark.one_database
LOW = """() => [...document.querySelectorAll('main :is(.act-row > a, .rows .link, .card-links a)')]
    .filter(one => one.offsetHeight && one.offsetHeight < 44).map(one => one.innerText)"""


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "text"), [(320, "xl"), (chromium.PHONE, "")])
def test_a_round_fits_a_small_phone(town, served, window, width, text):
    budget_round = making.new_round(town, phase=Phase.REVIEW, envelopes=0)
    for amount in (1_086_000_000, 160_000_000):
        making.project(town, budget_round, envelope=making.envelope(budget_round, amount=amount), cost=112_000_000)
    page = window(width=width, base_url=served)
    page.goto(f"/display?text={text}&back=/budgets")
    for address in ("/budgets", f"/budgets/{budget_round.slug}", f"/budgets/{budget_round.slug}/projects"):
        page.goto(address)
        assert axe.violations(page) == [] and chromium.overflow(page) == 0, address
        assert page.evaluate(LOW) == [], address
        assert page.locator(".meta > .krds-badge").count() == 0, "the dot of a line of facts would stand inside"


def test_the_list_of_projects_is_a_handout_on_paper(town, served, window):
    """Line below line, with what the projects belong to and without what is only for a screen."""
    budget_round = making.new_round(town, phase=Phase.REVIEW, envelopes=0)
    envelope = making.envelope(budget_round, amount=1_086_000_000)
    for _number in range(3):
        making.project(town, budget_round, envelope=envelope, cost=112_000_000)
    page = window(width=718, base_url=served)
    page.goto(f"/budgets/{budget_round.slug}/projects")
    page.emulate_media(media="print")
    main = page.locator("main")
    assert budget_round.title in main.inner_text() and not main.locator("form.pickers").is_visible()
    assert max(card.bounding_box()["height"] for card in main.locator(".pc").all()) < 90
    assert chromium.overflow(page) == 0


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "text"), [(320, "xl"), (chromium.DESKTOP, "")])
def test_the_choices_of_each_body_fit_a_small_phone(app, town, served, window, width, text):
    published(town, [50_000_000, 40_000_000, 60_000_000, 30_000_000], [(1, 2), (1, 2), (1, 3), (1, 4), ()],
              rules=RULES.with_(share=Share.BALLOTS), committee=[1, 3, 10, 9],
              titles="{number}번 골목에 비를 피하는 긴 의자와 밝은 등 놓기")
    budget_round = weighted(town, phase=Phase.REVIEW, counting=RULES.with_(share=Share.BALLOTS).to_json())
    trials.create(WITH_COMMITTEE.encode(), slug="tried", at_once=True, by=town.moderator())
    page = window(width=width, base_url=served)
    in_process.sign_in(page, app, served, town.moderator())
    page.goto(f"/display?text={text}&back=/budgets")
    for address in (f"/budgets/{budget_round.slug}", f"/desk/budgets/{budget_round.slug}",
                    f"/desk/budgets/{budget_round.slug}/counting",
                    "/desk/trials/new", "/budgets/trials/tried", "/budgets/trials/tried/weighted-marks"):
        page.goto(address)
        assert axe.violations(page) == [] and chromium.overflow(page) == 0, address
