"""A rehearsal of a round in a browser: the mark above every page, and what one officer may do alone."""

import pytest

from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.officials import services as confirmations
from tests.accounts.people import password_hash
from tests.ballots.officials import EARLY
from tests.budgets.making import voter
from tests.servers import axe, chromium

from .test_rehearsing import casts, rehearsed

pytestmark = pytest.mark.one_database
PUBLIC = ("", "/ballot", "/ballot/all", "/envelope-1")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "display"), [(390, ""), (1280, ""), (320, "text=xl"), (1280, "contrast=1")])
def test_the_mark_stands_above_every_page_for_everybody_s_eyes(town, signed_in, width, display):
    officer = town.moderator(password_hash=password_hash())
    voter(town)
    made, copy = rehearsed(town, by=officer)
    box_id, slug, real = copy.envelopes[0].box_id, copy.slug, made.slug
    casts(box_id, officer, 1)
    confirmations.propose(ConfirmedAction.CLOSE_EARLY, box_id, note=EARLY, by=officer)
    page = signed_in(officer, width=width)
    if display:
        page.goto(f"/display?{display}&back=/desk")
    for number, address in enumerate((*(f"/budgets/{slug}{part}" for part in PUBLIC), f"/desk/votes/{box_id.hex()}",
                                      f"/votes/{box_id.hex()}/people", f"/desk/budgets/{real}/rehearsals")):
        page.goto(address)
        assert (page.locator(".rehearsed").count() == 1) == ("rehearsals" not in address), address
        assert axe.violations(page) == [] and chromium.overflow(page) == 0, address
        chromium.picture(page, f"rehearsal-{width}-{display.partition('=')[0] or 'usual'}-{number}")
