"""What an observer sees of a vote: how many take part, the signed heads to keep, proofs, objections. Never a count."""

import json
from functools import wraps

from flask import Response, flash, redirect, render_template, request, url_for
from flask_login import login_required

from civic_forum.kernel import plain_text
from civic_forum.kernel.errors import Invalid, NotFound, Refusal
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import by_user, never_cached, visitor

from .. import keyring, subjects
from ..forms.desk import ObjectionForm
from ..models import BallotBox
from ..policy.observers import may_observe
from ..queries import boxes, log
from ..queries import objections as queries
from ..queries import papers
from ..services import closing, objections
from .blueprint import bp
from .desk import opened, title

HERE = "/votes/<box>/observation"
LONGEST_NUMBER = 12


def observed(view):
    """Decorate a view for observers, which gets the box, closed if its time is over."""

    @wraps(view)
    def page(box: str, **given):
        require(visitor(), may_observe)
        found = boxes.by_hex(box)
        require(visitor(), may_observe, found)
        return view(opened(box), **given)

    return never_cached(login_required(page))


@bp.get(HERE, endpoint="observation")
@observed
def show(box: BallotBox):
    return _page(box, ObjectionForm(formdata=None))


@bp.post("/votes/<box>/objections", endpoint="lodge_objection")
@observed
@by_user
def lodge(box: BallotBox):
    form = ObjectionForm()
    try:
        if not form.validate():
            raise Refusal(_("제목과 내용을 다시 확인해 주세요."))
        objections.lodge(box.id, form.title.data or "", form.text.data or "", by=visitor())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(box, form), refusal.status
    flash(_("이의를 냈어요. 모두에게 보여요.") if box.closed_at else _("이의를 냈어요. 투표가 끝나면 모두에게 보여요."), "success")
    return redirect(url_for(".observation", box=box.id.hex(), _anchor="objections"))


@bp.get(f"{HERE}/heads/<int:number>.json", endpoint="observed_head")
@observed
def head(box: BallotBox, number: int):
    """One signed head, as a file to keep where nobody of the office can change it."""
    for signed in log.heads_json(box.id):
        if signed["number"] == number:
            signed.pop("consistency")
            return _file(signed, _kept_as(box, signed["kind"]))
    raise NotFound(_("아직 없는 기록 확인값이에요. 그때가 되면 여기에서 내려받을 수 있어요."))


@bp.get(f"{HERE}/proofs", endpoint="observed_proof")
@observed
def inclusion(box: BallotBox):
    """That a leaf of the log is under the newest head."""
    number = _number("number")
    return _file(log.inclusion(box.id, number), f"proof-{box.id.hex()[:8]}-{number}")


@bp.get(f"{HERE}/consistency", endpoint="observed_consistency")
@observed
def consistency(box: BallotBox):
    """That the log of the newer size begins with that of the older."""
    old, new = _number("old"), _number("new")
    return _file(log.consistency(box.id, old, new), f"consistency-{box.id.hex()[:8]}-{old}-{new}")


def _number(name: str) -> int:
    given = request.args.get(name, "").strip()
    number = plain_text.number(given) if len(given) <= LONGEST_NUMBER else None
    if given == "0":
        return 0
    if number is None:
        raise Invalid(_("번호와 크기는 0부터 세는 숫자로 적어 주세요."))
    return number


def _file(value: dict, name: str) -> Response:
    text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return Response(text, mimetype="application/json",
                    headers={"Content-Disposition": f'attachment; filename="{name}.json"'})


def _kept_as(box: BallotBox, kind: str) -> str:
    """The name of a head's file, without its ending."""
    return f"head-{box.id.hex()[:8]}-{kind}"


def _recount(box: BallotBox, url: str, key: str) -> str:
    """What to type for the recount, with the names under which everything was downloaded."""
    slug = "-".join(url.strip("/").split("/")[1:])
    kept = " ".join(f"--head {_kept_as(box, kind)}.json" for kind in ("opening", "closing"))
    return f"python3 -I -S verify.py {slug}-observers.zip --key {key} {kept} --same-as {slug}-record.zip"


def _page(box: BallotBox, form: ObjectionForm):
    closing.close_if_due(box.id)
    url, key = subjects.of(box).url(box) if box.published_at else None, keyring.key_fingerprint()
    return render_template(
        "ballots/observation.html", box=box, hex=box.id.hex(), title=title(box), way=subjects.way(box),
        form=form,
        participations=boxes.participations(box.id) if box.erased_at is None else None,
        heads=log.heads_json(box.id), key=key, last_return=papers.last_return(box),
        objections=queries.public(box) or queries.own(box.id, visitor().id),
        url=url, recount=url and _recount(box, url, key))
