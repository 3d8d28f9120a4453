"""Requests of the typing page's script, also after the connection was away: batches, photographs, its shell."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from civic_forum.attachments.services import prepare
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.typed_codes import grouped
from civic_forum.platform.web import accepts_files, by_saver, shown_to, visitor

from .. import services
from ..forms import ItemTypingForm, read_rows
from ..policy import may_take
from ..rules import Taken
from .desk import FILE_MOST, desk


@desk.get("/offline")
def shell() -> str:
    """The typing page with nothing of anybody, as a browser keeps it for when there is no connection."""
    return render_template("intake/desk_offline.html", form=ItemTypingForm(formdata=None, of_visits=False))


@desk.route("/batches", methods=["GET", "POST"])
@shown_to(may_take)
@by_saver
def batches() -> ResponseReturnValue:
    """The account of this session with its token for sending, or the answer to rows of that account."""
    if request.method != "POST":
        return jsonify(account=visitor().id, token=generate_csrf())
    sent = sent_by(visitor().id)
    records, refused = read_rows(sent.get("rows"))
    visit = sent.get("visit")
    forum_id = (plain_text.number(str(visit)) or 0) if visit else None
    return answered([*services.take(records, forum_id, by=visitor()), *refused])


def sent_by(account: object) -> dict[str, Any]:
    """A batch of this account. Raises Refusal, Conflict."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Refusal(_("이 화면을 다시 열고 보내 주세요."))
    if sent.get("account") != account:
        raise Conflict(_("다른 계정으로 적은 것이에요. 그 계정으로 로그인해 주세요."))
    return sent


def answered(rows: Sequence[Taken]) -> ResponseReturnValue:
    """Answers to the rows of a batch."""
    return jsonify(rows=[asdict(row) | {"code": row.code and grouped(row.code)} for row in rows])


@desk.post("/photographs")
@shown_to(may_take)
@by_saver
@accepts_files(FILE_MOST)
def photographs() -> ResponseReturnValue:
    """A picture of the original of a row that was sent before."""
    file = request.files.get("photograph")
    if file is None:
        raise Refusal(_("파일을 골라 주세요."))
    item = services.photograph(request.form.get("key", ""), prepare(file, by=visitor()), by=visitor())
    return jsonify(number=item.number)
