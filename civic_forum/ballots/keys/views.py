"""Copying K of a vote, putting it back where it is lost, and the backup before the opening."""

from flask import render_template

from civic_forum.blocks.pages import handle
from civic_forum.platform.i18n import _
from civic_forum.platform.web import accepts_files, by_address, visitor

from .. import queries as boxes
from ..desk.views import said_above, told
from ..forms import KeyCopyConfirmForm, KeyCopyForm, KeyRestoreForm
from ..models import BallotBox
from ..officials import queries as before_opening
from ..officials.views import for_officers, oneself, routes
from . import keyring, services
from .copies import KeyCopy

get, post = routes(for_officers)


@post("/key/proposals", "propose_key_copy")
@by_address
def propose(box: BallotBox):
    form = KeyCopyForm()

    def proposed():
        services.propose(box.id, form.phrase.data, seen=form.fingerprint, by=visitor())
        return told(box, "key", _("제안했어요. 다른 담당관이 24시간 안에 확인해야 해요. 내 문구를 종이에 적어 봉투에 넣어 두세요."))

    return handle(form, proposed, lambda: _page(boxes.by_id(box.id), proposal=form), checks=True)


@post("/key/confirmation", "confirm_key_copy")
@by_address
def confirm(box: BallotBox):
    form = KeyCopyConfirmForm()

    def confirmed():
        oneself(form)
        return _page(box, copy=services.confirm(box.id, form.phrase.data, seen=form.fingerprint, by=visitor()))

    return handle(form, confirmed, lambda: _page(boxes.by_id(box.id), confirmation=form), checks=True)


@post("/key/withdrawal", "withdraw_key_copy")
def withdraw(box: BallotBox):
    services.withdraw(box.id, by=visitor())
    return told(box, "key", _("제안을 거뒀어요."))


@post("/key/restoration", "restore_key")
@by_address
@accepts_files(services.MOST_BYTES)
def restore(box: BallotBox):
    form = KeyRestoreForm()

    def restored():
        data = form.file.data.read(services.MOST_BYTES) if form.file.data else b""
        put_back = services.restore(data, form.first.data, form.second.data, box_id=box.id, by=visitor())
        return told(box, "key", _("열쇠 %(count)s개를 되돌려 놓았어요.", count=len(put_back)))

    return handle(form, restored, lambda: _page(boxes.by_id(box.id), restoration=form), checks=True)


@post("/backups", "ask_for_backup")
def ask_for_backup(box: BallotBox):
    services.ask_for_backup(box.id, by=visitor())
    return told(box, "officials", _("백업을 만들기 시작해요. 1~2분 뒤에 이 화면을 다시 열어 확인해 주세요."), _anchor="before")


@get("/key", "key")
def _page(box: BallotBox, *, copy: KeyCopy | None = None, proposal=None, confirmation=None, restoration=None) -> str:
    """Phrases are asked for again whatever was wrong: no page carries them back."""
    offer = services.offer(box)
    written = copy and copy.written().decode()
    return render_template(
        "ballots/key.html", box=box, hex=box.id.hex(), title=boxes.title(box), offer=offer, user=visitor(),
        trouble=said_above(proposal or confirmation or restoration), copied=before_opening.copied(box),
        titles=[boxes.title(other) for other in offer.boxes],
        lost=box.key_destroyed_at is None and not keyring.holds(box.id, box.key_sha256), written=written,
        name=f"key-copy-{box.id.hex()[:8]}.json", proposal=proposal or KeyCopyForm(formdata=None),
        confirmation=confirmation or KeyCopyConfirmForm(formdata=None),
        restoration=restoration or KeyRestoreForm(formdata=None), least=services.PHRASE_LEAST)
