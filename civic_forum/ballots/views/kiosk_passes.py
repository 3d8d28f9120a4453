"""Opening the kiosk for somebody at the desk: the clerk gets a code to read out, and touches nothing of the ballot."""

from flask import render_template, request
from limits import parse

from civic_forum.kernel import clock
from civic_forum.kernel.errors import Refusal, TooMany
from civic_forum.kernel.i18n import _
from civic_forum.kernel.web import address, by_address, limiter, visitor

from ..forms.desk import AccountForm, VoterForm
from ..models import BallotBox
from ..policy.desk import may_open_kiosk
from ..rules.boxes import Channel
from ..services import desk, kiosk
from .blueprint import bp
from .desk import account_looked_up, looked_up, of_page, shown_to

HERE = "/desk/votes/<box>/kiosk-passes"
WRONG_CODES = parse("5 per 10 minutes")
_OF_CODES = "kiosk codes"


def count_code() -> None:
    """A try of this address, whose kiosks stand at one desk: counted before it is looked at, however many come at once.

    Raises TooMany after five.
    """
    if limiter.enabled and not limiter.limiter.hit(WRONG_CODES, _OF_CODES, address()):
        raise TooMany(_("코드를 여러 번 잘못 넣었어요. 10분 뒤에 다시 해 주세요."), retry_after=600)


def code_was_right() -> None:
    """The desk has all its tries again: only wrong codes one after another count."""
    if limiter.enabled:
        limiter.limiter.clear(WRONG_CODES, _OF_CODES, address())


@bp.get(HERE, endpoint="kiosk_passes")
@shown_to(may_open_kiosk)
def show(box: BallotBox):
    return _page(box)


@bp.post(f"{HERE}/look-ups", endpoint="look_up_for_kiosk")
@shown_to(may_open_kiosk)
@by_address
def look_up(box: BallotBox):
    return looked_up(box, _page)


@bp.post(f"{HERE}/account-look-ups", endpoint="look_up_account_for_kiosk")
@shown_to(may_open_kiosk)
@by_address
def look_up_account(box: BallotBox):
    return account_looked_up(box, _page)


@bp.post(HERE, endpoint="open_for_voter")
@shown_to(may_open_kiosk)
def issue(box: BallotBox):
    """The code stands on this answer alone; asking again makes another one."""
    try:
        handed = kiosk.issue(box.id, request.form.get("visit", "")[:2_000], by=visitor())
    except Refusal as refusal:
        return _page(box, trouble=str(refusal)), refusal.status
    return render_template("ballots/kiosk_pass.html", code=f"{handed.code[:4]} {handed.code[4:]}", until=handed.until,
                           **of_page(box, "kiosk_passes"))


def _page(box: BallotBox, *, look_up=None, account=None, found=None, trouble=None):
    return render_template(
        "ballots/kiosk_passes.html", look_up=look_up or VoterForm(formdata=None), found=found, trouble=trouble,
        account=(account or AccountForm(formdata=None)) if desk.takes_declared(box) else None,
        on_paper=(Channel.PAPER_ISSUED, Channel.PAPER_RETURNED), why_not=kiosk.why_not_now(box, clock.now()),
        **of_page(box, "kiosk_passes"))
