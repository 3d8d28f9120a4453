"""Pages of a text that is out: edited, compared with its versions, withdrawn."""

from flask import render_template, request, url_for
from flask_login import login_required

from civic_forum.blocks.pages import attempt, handle, saved
from civic_forum.platform import plain_text
from civic_forum.platform.errors import Conflict, Invalid, NotFound, Refusal, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_address, by_user, visitor

from .. import differences, forms, policy, rules
from ..models import Proposal
from . import bp
from ..queries import records
from ..services import publication
from ..settings import title_is_locked
from .public import found


@bp.get("/<number>/edit")
@login_required
def edit_form(number: str):
    proposal = found(number)
    require(visitor(), policy.may_edit, proposal)
    form = forms.EditForm(formdata=None, title=proposal.title, problem=proposal.problem, wish=proposal.wish,
                          version=str(proposal.version))
    return _edit_page(proposal, form)


@bp.post("/<number>/edit")
@login_required
@by_address
@by_user
def edit(number: str):
    proposal, form = found(number), forms.EditForm()
    locked = title_is_locked(proposal)

    def act() -> None:
        form.refuse_personal_numbers()
        publication.edit(proposal.id, form.text(proposal.title if locked else None), version=form.read_version,
                         by=visitor())

    def again(refusal: Refusal):
        form.refuse(refusal)
        stored = records.by_number(number) if isinstance(refusal, Conflict) else None
        if stored:
            form.version.data = str(stored.version)
        return _edit_page(proposal, form, stored)

    return attempt(act, again, lambda _made: saved(_("고친 내용을 저장했어요."), url_for("proposals.show", number=number),
                                                   302), through=NotFound)


def _edit_page(proposal: Proposal, form, stored: Proposal | None = None) -> str:
    return render_template("proposals/edit.html", p=proposal, form=form, stored=stored,
                           locked=title_is_locked(proposal))


@bp.get("/<number>/versions")
def versions(number: str):
    proposal = found(number)
    if reason := policy.may_read_hidden(visitor(), proposal):
        raise NotFound(reason)
    listed = records.versions(proposal.id)
    if len(listed) < 2:
        return render_template("proposals/versions.html", p=proposal, versions=listed, older=None, newer=None)
    older, newer = (records.version(proposal.id, _version(name, otherwise))
                    for name, otherwise in (("from", listed[1].version), ("to", listed[0].version)))
    compared = {name: differences.compare(getattr(older, name), getattr(newer, name)) for name in rules.LONGEST}
    return render_template("proposals/versions.html", p=proposal, versions=listed, older=older, newer=newer,
                           compared=compared)


def _version(name: str, otherwise: int) -> int:
    value = request.args.get(name, "")
    if not value:
        return otherwise
    return existing(plain_text.number(value, digits=6), lambda: Invalid(_("그런 판은 없어요. 목록에서 다시 골라 주세요.")))


@bp.route("/<number>/withdrawal", methods=["GET", "POST"])
@login_required
@by_address
def withdraw(number: str):
    proposal = found(number)
    if request.method != "POST":
        require(visitor(), policy.may_withdraw, proposal)
        return _withdrawal(proposal, forms.ReasonForm(formdata=None))
    form = forms.ReasonForm()
    return handle(form, lambda: publication.withdraw(proposal.id, reason=form.reason.data or "", by=visitor()),
                  lambda: _withdrawal(proposal, form),
                  lambda _made: saved(_("제안을 거두었어요. 글은 이유와 함께 남아요."),
                                      url_for("proposals.show", number=number), 302), public=True, at_fields=True)


def _withdrawal(proposal: Proposal, form: forms.ReasonForm) -> str:
    return render_template("proposals/withdrawal.html", p=proposal, form=form,
                           carried=records.carried_count(proposal.id))
