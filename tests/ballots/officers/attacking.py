"""Attacks by the forms of the pages alone: one administrator with accounts of their own, one clerk, one moderator."""

import re

import pyotp

from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.accounts.people import PASSWORD, application
from tests.ballots.desk_scene import REASON
from tests.ballots.officials import COPIES, EARLY

KEY, VISIT = re.compile(r'code-large">([A-Z2-7 ]+)<'), re.compile(r'name="visit" value="([^"]+)"')
CODE = re.compile(r">\s*(\d{4} \d{4})\s*<")
PROPOSAL, SEEN = re.compile(r"proposals/(\d+)/confirmation"), re.compile(r'name="seen" value="([0-9a-f]{64})"')
HIDDEN = re.compile(r'name="(fingerprint|form_key|state|mine)" value="([0-9a-f]+)"')


class Browser:
    """Somebody at a browser of their own, with the second factor that they set up there."""

    def __init__(self, page, name: str):
        self.page, self.name, self.key = page, name, None

    @classmethod
    def signed_up(cls, browse, place, name: str) -> "Browser":
        """A new account, of which nobody knows anything."""
        page = browse()
        assert page.post("/sign-up", data=application(name=name)).status_code in (302, 303)
        return cls(page, name)

    def sets_up_a_second_factor(self) -> None:
        self.page.post("/me/second-factor", data={"password": PASSWORD})
        self.key = KEY.search(self.page.get("/me/second-factor").text)[1].replace(" ", "")
        assert self.page.post("/me/second-factor/confirmation", data={"code": self.code()}).status_code == 302

    def signs_in_again(self) -> None:
        """Staff are signed out after some hours."""
        self.page.post("/sign-in", data={"name": self.name, "password": PASSWORD})
        assert self.page.post("/sign-in/code", data={"code": self.code()}).status_code == 302

    def code(self) -> str:
        """A new one: each works once."""
        clock.shift(clock.offset_seconds() + 31)
        return pyotp.TOTP(self.key).at(clock.now()) if self.key else ""

    def oneself(self) -> dict[str, str]:
        return {"password": PASSWORD, "code": self.code()}

    def gives_role(self, *puppets: "Browser", role: str = "moderator") -> None:
        for one in puppets:
            assert self.page.post("/desk/roles", data={"sign_in_name": one.name, "role": role}).status_code == 302


def act_for_two(first: Browser, second: Browser, made, action: str, note: str = "") -> list:
    """One proposes, the other confirms; the answers. `made`: the box, whose `seen` gives what the first looked at."""
    here = f"/desk/votes/{made.id.hex()}"
    answers = [first.page.post(f"{here}/proposals", data={"seen": made.seen(action), "action": action, "note": note})]
    page = second.page.get(here).text
    if found := PROPOSAL.search(page):
        answers.append(second.page.post(f"{here}/proposals/{found[1]}/confirmation", data={
            "seen": SEEN.search(page)[1], "note": note, **second.oneself()}))
    db.session.rollback()
    return answers


def close_early(first: Browser, second: Browser, made) -> list:
    return act_for_two(first, second, made, "close_early", EARLY)


def count_destroy_and_publish(first: Browser, second: Browser, made) -> list:
    """All that is left to do once a vote is over."""
    counted = first.page.post(f"/desk/votes/{made.id.hex()}/steps")
    return [counted, *act_for_two(first, second, made, "destroy_key", COPIES),
            *act_for_two(first, second, made, "publish")]


def vote_for(voter, clerk, anywhere, box: str, option: str):
    """A clerk has a code made for somebody who is not there, and votes in any browser; the answer at which it ends."""
    here = f"/desk/votes/{box}/kiosk-passes"
    answer = clerk.post(f"{here}/look-ups", data={
        "reason": REASON, "name": voter.who.name, "birth_date": voter.who.birth_date.isoformat()})
    if (visit := VISIT.search(answer.text)) is None:
        return answer
    answer = clerk.post(here, data={"visit": visit[1]})
    if (code := CODE.search(answer.text)) is None:
        return answer
    answer = anywhere.post("/kiosk", data={"code": code[1]})
    form = dict(HIDDEN.findall(anywhere.get("/kiosk/ballot").text))
    cast = anywhere.post("/kiosk/casts", data=form | {"option": option})
    return cast if cast.status_code == 200 else answer


def strike(keeper, slug: str, whom: str):
    """A moderator takes somebody out of the roll of an open vote."""
    return keeper.post(f"/desk/polls/{slug}/roll/corrections", data={
        "name": whom, "what": "strike", "reason": "다른 구로 이사했어요"})
