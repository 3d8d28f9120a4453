"""Strangers who were about to do something: the page of signing in says what, and it is done once they are in."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.comments.models import Comment
from civic_forum.platform.base import db
from civic_forum.platform.security_log import Refused, SecurityLog
from civic_forum.proposals.models import Follow, Support

from .people import application, member, sign_in
from .test_text_that_is_kept import TEXT, token

OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}


@pytest.fixture
def client(app, browse, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return browse()


def count(model):
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def go_on(client, page):
    """Press the button that a script presses where the page says `data-goes-on`."""
    path = re.search(r'<form[^>]*action="([^"]+)"[^>]* data-goes-on>', page.text)[1]
    main = page.text[page.text.index("data-goes-on"):]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main))
    fields |= {name: text.strip() for name, text in
               re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', main, re.S)}
    return client.post(path, data=fields, headers=OURS)


@pytest.mark.parametrize(("act", "why", "model"), [
    ("supports", "공감하려면 로그인해 주세요.", Support), ("follows", "소식을 받으려면 로그인해 주세요.", Follow)])
@pytest.mark.parametrize("new", [False, True], ids=["known", "new"])
def test_an_act_without_a_text_is_done_after_signing_in_or_up(town, client, act, why, model, new):
    proposal = town.proposal()
    path, before = f"/proposals/{proposal.number}/{act}", count(model)
    shown = client.get(f"/proposals/{proposal.number}").text
    assert f'action="{path}"' in shown and "csrf_token\" value=\"\"" in shown
    asked = client.post(path, headers=OURS)
    assert asked.status_code == 400 and why in asked.text and "지워지지 않았어요" not in asked.text
    along = {"csrf_token": token(asked, "csrf_token"), "kept": token(asked, "kept")}
    if new:
        form = client.post("/sign-in", data=along | {"sign_up": "1", "name": "", "password": ""})
        assert form.status_code == 200 and token(form, "kept") == along["kept"]
        entered = client.post("/sign-up", data=application() | along | {"csrf_token": token(form, "csrf_token")})
    else:
        member(town, sign_in_name="sanho.kim")
        entered = sign_in(client, "sanho.kim", **along)
    assert entered.status_code == 200 and count(model) == before
    assert go_on(client, entered).location == f"/proposals/{proposal.number}"
    assert count(model) == before + 1


def test_a_comment_is_written_by_somebody_who_signs_up_for_it(town, client):
    proposal = town.proposal()
    page = client.get(f"/proposals/{proposal.number}").text
    path = f"/threads/{proposal.thread_id}/comments"
    assert f'action="{path}"' in page
    asked = client.post(path, data={"stance": "for", "text": TEXT}, headers=OURS)
    assert "댓글을 쓰려면 로그인해 주세요." in asked.text and TEXT.splitlines()[0] in asked.text
    form = client.post("/sign-in", data={"csrf_token": token(asked, "csrf_token"), "kept": token(asked, "kept"),
                                         "sign_up": "1"})
    entered = client.post("/sign-up", data=application() | {
        "csrf_token": token(form, "csrf_token"), "kept": token(form, "kept")})
    assert go_on(client, entered).status_code == 303
    assert count(Comment) == 1 and db.session.scalar(sa.select(Comment)).author.sign_in_name == "sanho.kim"


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_no_script_presses_the_button_of_a_form_that_may_have_been_elsewhere(town, client, headers):
    proposal = town.proposal()
    member(town, sign_in_name="sanho.kim")
    asked = client.post(f"/proposals/{proposal.number}/supports", headers=headers)
    page = sign_in(client, "sanho.kim", csrf_token=token(asked, "csrf_token") or token(
        client.get("/sign-in"), "csrf_token"), kept=token(asked, "kept"))
    assert "data-goes-on" not in page.text and count(Support) == 0


def test_a_comment_that_goes_on_is_written_once(town, client):
    proposal = town.proposal()
    member(town, sign_in_name="sanho.kim")
    asked = client.post(f"/threads/{proposal.thread_id}/comments", headers=OURS,
                        data={"stance": "for", "form_key": "", "text": TEXT})
    page = sign_in(client, "sanho.kim", csrf_token=token(asked, "csrf_token"), kept=token(asked, "kept"))
    for _press in range(2):
        assert go_on(client, page).status_code == 303
    assert count(Comment) == 1


def test_no_script_sends_a_text_from_a_page_on_which_somebody_else_was_signed_in(town, client):
    proposal = town.proposal()
    member(town, sign_in_name="sanho.kim")
    asked = client.post(f"/threads/{proposal.thread_id}/comments", headers=OURS,
                        data={"stance": "for", "text": TEXT, "csrf_token": "of a session that was ended elsewhere"})
    page = sign_in(client, "sanho.kim", csrf_token=token(asked, "csrf_token"), kept=token(asked, "kept"))
    assert TEXT.splitlines()[0] in page.text and "data-goes-on" not in page.text


def test_a_text_goes_along_with_somebody_who_has_an_account_already(town, client):
    proposal = town.proposal()
    member(town, sign_in_name="sanho.kim")
    asked = client.post(f"/threads/{proposal.thread_id}/comments", headers=OURS, data={"stance": "for", "text": TEXT})
    along = {"csrf_token": token(asked, "csrf_token"), "kept": token(asked, "kept")}
    client.post("/sign-in", data=along | {"sign_up": "1"})
    back = client.post("/sign-up", data=along | {"sign_in": "1", "next": "/proposals"})
    assert back.status_code == 200 and token(back, "kept") == along["kept"] and token(back, "next") == "/proposals"
    go_on(client, sign_in(client, "sanho.kim", **along))
    assert count(Comment) == 1


def test_a_press_by_a_stranger_is_no_forgery(town, client, monkeypatch):
    noted = []
    monkeypatch.setattr(SecurityLog, "note", lambda _log, kind, *_rest: noted.append(kind))
    path = f"/proposals/{town.proposal().number}/supports"
    assert client.post(path, headers=OURS).status_code == 400 and noted == []
    for data, headers in (({"csrf_token": "made up"}, OURS), ({}, {"Sec-Fetch-Site": "cross-site"})):
        client.post(path, data=data, headers=headers)
    assert noted == [Refused.TOKEN] * 2


def test_a_form_of_somebody_else_s_ended_session_goes_to_no_new_account(town, client, app):
    from civic_forum.accounts.views import kept
    with app.test_request_context("/"):
        packed = kept.pack(kept.Kept("/me/profile", [("nickname", "다른 사람")], False, False, 1))
    town.user()
    form = client.get("/sign-up")
    entered = client.post("/sign-up", data=application() | {"csrf_token": token(form, "csrf_token"), "kept": packed})
    assert entered.status_code == 302 and entered.location == "/welcome?next=/me"


@pytest.mark.both
@pytest.mark.parametrize(("target", "why"), [
    ("/proposals/new", "제안하려면 로그인해 주세요."), ("/polls/x/ballot", "투표하려면 로그인해 주세요."),
    ("/budgets/x/ballot", "투표하려면 로그인해 주세요."), ("/forums/x/registration", "참여하려면 로그인해 주세요."),
    ("/budgets/x/projects/new", "사업을 제안하려면 로그인해 주세요.")])
def test_the_page_says_for_what_it_appeared(client, target, why):
    assert why in client.get("/sign-in", query_string={"next": target}).text


@pytest.mark.parametrize("target", ["/", "/nowhere", "//evil.example/proposals/new", "/proposals/new\\", "/proposals"])
def test_other_pages_need_no_reason(client, target):
    page = client.get("/sign-in", query_string={"next": target})
    assert page.status_code == 200 and "하려면 로그인해" not in page.text


def test_the_way_in_leads_back_to_the_page_it_stands_on(town, client):
    proposal = town.proposal()
    assert f'href="/sign-in?next=/proposals/{proposal.number}"' in client.get(f"/proposals/{proposal.number}").text
    page = client.get("/proposals?category=none&sort=newest&made-up=1")
    assert "made-up" not in page.text
    member(town, sign_in_name="sanho.kim")
    form = client.get(f"/sign-in?next=/proposals/{proposal.number}")
    there = client.post("/sign-in", data={"csrf_token": token(form, "csrf_token"), "sign_up": "1",
                                          "next": f"/proposals/{proposal.number}"})
    assert f'name="next" type="hidden" value="/proposals/{proposal.number}"' in there.text
    assert count(User) > 0
