"""Attempts of an attacker with the table of routes and the code at hand, and the places where they got in once."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa

import config
from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.officials import queries
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import restoring
from civic_forum.ballots.models import Confirmation
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.boxes import box
from tests.ballots.kiosks import at_kiosk
from tests.ballots.officials import CLOSE_EARLY, COPIES, DESTROY_KEY, EARLY, EXPORT_KEY, FIRST, after, two_confirm

ELSEWHERE = ("cross-site", "same-site")


@pytest.mark.parametrize("shared", [{"mobile": "01012345678"}, {"email": "Ada@example.kr"}])
def test_two_accounts_with_one_telephone_or_mailbox_are_not_two_officials(town, shared):
    """Staff need not be verified as residents, so the person behind an account is often unknown."""
    made, one, other = box(12), town.moderator(**shared), town.official(**shared)
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=one)
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


def test_a_blocked_officer_proposes_and_confirms_nothing_and_their_proposal_is_void(town):
    """A command asks for a name and a password; it knows of no session that the block has ended."""
    made, one, other = box(12), town.moderator(), town.official()
    proposed = confirmations.propose(CLOSE_EARLY, made.id, note=EARLY, by=one)
    one.blocked_at = clock.now()
    db.session.commit()
    with pytest.raises(Denied):
        confirmations.propose(DESTROY_KEY, made.id, by=one)
    with pytest.raises(Conflict, match="이제 담당관이 아니에요"):
        confirmations.confirm(proposed.id, by=other)
    assert made.row.closed_at is None


class Copied:
    """The database of a backup, made now."""

    def __init__(self):
        db.session.rollback()
        self.tables = {name: [dict(row) for row in db.session.execute(sa.select(db.metadata.tables[name])).mappings()]
                       for name in ("head", "ballot_box")}

    def rows(self, table, *columns):
        return [{column: row[column] for column in columns} for row in self.tables[table]]


@pytest.mark.in_turns(of=5)
def test_a_backup_does_not_bring_back_the_ballots_of_a_vote_whose_key_is_destroyed(town, caplog):
    """It has every head that was shown, but the box is full again, nobody can count it, and the result is gone."""
    made = box(12)
    made.cast(made.voters[0], 1)
    after(3700)
    publication.count(made.id, by=None)
    full = Copied()
    restoring.refuse_backup_behind(full)
    publication.carry_on(made.id, by=None)
    two_confirm(DESTROY_KEY, made.id, town.moderator(), town.official(), note=COPIES)
    publication.empty(made.id, by=None)
    emptied = Copied()
    publication.carry_on(made.id, by=None)
    assert list(keyring.destroyed_boxes()) == [made.id]
    with pytest.raises(Conflict, match=made.id.hex()):
        restoring.refuse_backup_behind(full)
    assert "ALARM" in caplog.text
    restoring.refuse_backup_behind(emptied)


@pytest.mark.in_turns(of=5)
def test_no_page_uses_up_what_two_officials_need_to_take_the_key_out(town, browse):
    """Confirmed on a page, the log would tell of a copy that nobody has."""
    made, one, other = box(12), town.official(password_hash=password_hash()), town.moderator()
    seen = queries.fingerprint(EXPORT_KEY, made.row).hex()
    here = f"/desk/votes/{made.id.hex()}/proposals"
    refused = browse(other).post(here, data={"action": EXPORT_KEY, "seen": seen})
    assert refused.status_code == 422 and db.session.scalar(sa.select(sa.func.count()).select_from(Confirmation)) == 0
    key_copies.propose(made.id, FIRST, by=other)
    proposed = queries.alive(made.id, EXPORT_KEY).id
    for way in ("confirmation", "withdrawal"):
        again = browse(one).post(f"{here}/{proposed}/{way}", data={"seen": seen, "password": PASSWORD})
        assert again.status_code == 422 and queries.alive(made.id, EXPORT_KEY).id == proposed


@pytest.mark.both
def test_no_log_before_the_site_learns_the_number_of_a_receipt(town, browse):
    """It quotes with every picture and style sheet the page that asked for it, and the network address."""
    for address in ("/receipts/0000-0000-0000", "/receipts", "/receipts/0000-0000-0000/00.json", "/kiosk"):
        assert browse().get(address).headers["Referrer-Policy"] == "strict-origin"
    assert browse().get("/voting").headers["Referrer-Policy"] == "same-origin"


def test_forms_are_taken_from_a_page_that_names_its_origin_alone(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client, here = at_kiosk(browse()), "https://localhost"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/kiosk", base_url=here).text)[1]
    for referrer, status in ((f"{here}/", 404), ("https://evil.example/", 400)):
        answer = client.post("/kiosk", base_url=here, headers={"Referer": referrer},
                             data={"csrf_token": token, "code": "12345678"})
        assert answer.status_code == status


def test_the_log_of_nginx_leaves_out_every_address_that_leaves_no_trace(app, town):
    """Each that may stand in a log is one that the handbook's lines keep out of it."""
    told = (config.ROOT / "docs" / "running.md").read_text("utf-8")
    kept_out = re.compile(re.search(r"location ~ (\S+) \{\n    access_log off;\n    error_log /dev/null", told)[1])
    traceless = [rule for rule in app.url_map.iter_rules() if hasattr(app.view_functions[rule.endpoint], "traceless")]
    assert len(traceless) > 10
    for rule in traceless:
        assert kept_out.search(re.sub(r"<[^>]+>", "x1", str(rule))), str(rule)
    assert not kept_out.search("/polls/x1") and not kept_out.search("/proposals/receipts")
    assert not kept_out.search("/budgets/x1/projects/x1") and not kept_out.search("/budgets/x1/x1/record.zip")


def test_codes_of_the_kiosk_guessed_all_at_once_are_no_more_than_five(town, browse):
    """Counted only after the answer, forty at once were forty tries."""
    clients, start = [at_kiosk(browse()) for _each in range(40)], Barrier(40)

    def guess(client):
        start.wait()
        return client.post("/kiosk", data={"code": "12345678"}).status_code

    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(guess, clients))
    assert (answers.count(404), answers.count(429)) == (5, 35)
