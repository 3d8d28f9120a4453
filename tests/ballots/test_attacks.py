"""What an attacker with the table of routes and the code at hand tried, and where they got in once."""

import pytest

from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.services import confirmations
from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Denied
from tests.ballots.boxes import box
from tests.ballots.officials import CLOSE_EARLY

ELSEWHERE = ("cross-site", "same-site")


@pytest.mark.parametrize("shared", [{"mobile": "01012345678"}, {"email": "Ada@example.kr"}])
def test_two_accounts_with_one_telephone_or_mailbox_are_not_two_officials(town, shared):
    """Staff need not be verified as residents, so the person behind an account is often unknown."""
    made, one, other = box(12), town.moderator(**shared), town.official(**shared)
    proposed = confirmations.propose(CLOSE_EARLY, made.id, by=one)
    with pytest.raises(Denied):
        confirmations.confirm(proposed.id, by=other)
    assert made.row.closed_at is None
    confirmations.confirm(proposed.id, by=town.administrator())
    assert made.row.closed_at is not None


@pytest.mark.parametrize("page", ["/kiosk/over", "/kiosk/ballot"])
@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_picture_on_another_site_does_not_sign_anybody_out_nor_clear_their_browser(town, browse, page, origin):
    client = browse(town.resident())
    answer = client.get(page, headers={"Sec-Fetch-Site": origin, "Sec-Fetch-Dest": "image"})
    assert "Clear-Site-Data" not in answer.headers and "Set-Cookie" not in answer.headers
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "same-origin"}])
def test_the_kiosk_itself_still_clears(town, browse, headers):
    assert browse(town.resident()).get("/kiosk/over", headers=headers).headers["Clear-Site-Data"]
