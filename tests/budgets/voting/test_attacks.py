"""Attempts that somebody with the table of routes at hand might make on the votes of a round."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots.models import Promise
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests import limits
from tests.budgets.making import voter

from .scene import JSON, all_ballots, ballot, opened
from .test_ballot_pages import count, in_hex

FORM = {"fingerprint": "00" * 32, "form_key": "00" * 16, "state": "00" * 16, "mine": "00" * 16, "choice": "00"}


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("slug", ["a%00b", "A" * 300, "x", "한글"])
def test_a_ballot_for_a_vote_that_cannot_be_is_refused_like_any_other(town, browse, slug):
    client, made = browse(voter(town)), opened(town)
    for where in (f"/budgets/{slug}/envelope-1/casts", f"/budgets/{made.slug}/{slug}/casts", f"/budgets/{slug}/casts"):
        assert client.post(where, json=FORM, headers=JSON).status_code == 404, where


@pytest.mark.in_turns(of=5)
def test_the_ballot_of_one_envelope_goes_into_no_other(town, browse):
    client, made = browse(voter(town)), opened(town)
    form = ballot(client, made, 0)
    answer = client.post(f"/budgets/{made.slug}/envelope-2/casts", json=form | {"choice": in_hex(8, 1, 2)},
                         headers=JSON)
    assert answer.status_code == 409
    forms = all_ballots(client, made)
    crossed = {"envelope-1": forms["envelope-2"] | {"choice": in_hex(6, 1)},
               "envelope-2": forms["envelope-1"] | {"choice": in_hex(8, 1, 2)}}
    assert client.post(f"/budgets/{made.slug}/casts", json=crossed, headers=JSON).status_code == 409
    assert count(Promise) == 0


@pytest.mark.in_turns(of=5)
def test_the_ballots_of_another_round_are_not_taken(town, browse):
    ada = voter(town)
    made, other = opened(town), opened(town)
    client = browse(ada)
    forms = all_ballots(client, other)
    sent = {slug: form | {"choice": in_hex(6 if slug == "envelope-1" else 8, 1, 2)} for slug, form in forms.items()}
    assert client.post(f"/budgets/{made.slug}/casts", json=sent, headers=JSON).status_code == 409
    assert count(Promise) == 0


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("over", ["blocked_at", "left_at", None])
def test_a_session_that_is_over_is_refused_by_script_and_by_form(town, browse, over):
    ada = voter(town)
    made = opened(town)
    client = browse(ada)
    form, url = ballot(client, made, 0), f"/budgets/{made.slug}/envelope-1/casts"
    if over:
        db.session.execute(sa.update(User).values({over: clock.now()}))
        db.session.commit()
    else:
        with client.session_transaction() as session:
            session.clear()
    by_script = client.post(url, json=form | {"choice": in_hex(6, 1)}, headers=JSON)
    by_form = client.post(url, data=form | {"option": ["1"]})
    assert by_script.status_code == 403 and "로그인이 끝나서 아직 투표하지 못했어요" in by_script.json["detail"]
    assert by_form.status_code == 302 and by_form.headers["Location"].startswith("/sign-in?next=")
    assert "Set-Cookie" not in by_script.headers and "Set-Cookie" not in by_form.headers and count(Promise) == 0


@pytest.mark.in_turns(of=5)
def test_one_address_does_not_keep_the_site_busy_with_proofs(app, town, browse, monkeypatch):
    made = opened(town)
    monkeypatch.setitem(app.config, "LIMIT_ADDRESS", 3)
    limits.forget()
    client = browse()
    where = f"/budgets/{made.slug}/envelope-1/proofs/consistency.json?old=0&new=0"
    assert [client.get(where).status_code for _one in range(5)] == [200, 200, 200, 429, 429]
