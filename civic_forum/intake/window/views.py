"""The window: what a clerk takes down for somebody, and what a second clerk confirms."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.typed_codes import grouped
from civic_forum.platform.web import by_user, never_cached, shown_to, visitor
from civic_forum.proposals.queries.listing import similar_to

from .. import labels, rules
from .. import queries as items
from ..forms import CheckForm
from ..policy import may_see_contact, may_serve
from ..rules import Taken, WindowAct
from ..signatures import queries as sheets
from ..signatures import services as signatures
from ..views.sheets import qr
from . import forms, queries, services
from .operations import standing

window = Blueprint("intake_window", __name__, url_prefix="/desk/window")
Pages = Callable[..., ResponseReturnValue]


def _form(rule: str, permission: Callable[..., str | None] = may_serve) -> Callable[[Pages], Pages]:
    """Decorates a page with a form, for those who serve or have another permission."""
    def mount(view: Pages) -> Pages:
        return window.route(rule, methods=["GET", "POST"])(shown_to(permission)(never_cached(by_user(view))))

    return mount


@window.get("")
@shown_to(may_serve)
def show() -> ResponseReturnValue:
    """Things that can be taken here, and those that wait."""
    return _page("window", work=queries.work_of(visitor()), windows=_windows(), labels=labels)


@_form("/requests")
def take_request() -> ResponseReturnValue:
    form = forms.RequestForm(windows=_windows())
    return _ask("window_request", form, lambda: services.take_request(form.record, contact=form.told, by=visitor()),
                _slip)


@_form("/acts/<any(proposal, comment, project, registration, answer):act>")
def take(act: str) -> ResponseReturnValue:
    form = forms.ACT_FORMS[WindowAct(act)](windows=_windows(), data={"forum": request.args.get("forum")})
    return _ask("window_act", form, lambda: services.take(
        form.record, form.facts, contact=form.told or "", desk_number=request.form.get("desk_number", "")[:60],
        by=visitor()), _slip, labels=labels, item=None)


@_form("/acts/<id:item_id>")
def confirm(item_id: int) -> ResponseReturnValue:
    """The words of an act, for a second clerk with the paper."""
    item, facts, form = items.by_id(item_id), queries.facts(item_id), CheckForm()
    shown = forms.ACT_FORMS[item.act](windows={}, formdata=None, data=facts).shown
    act = services.send_back if "back" in request.form else services.confirm
    sent = form.reason.data if "back" in request.form else form.text.data
    return _ask("window_act_check", form, lambda: act(item_id, sent or "", by=visitor()),
                lambda _none: saved(_("돌려보냈어요.") if "back" in request.form else _("확인했어요."), "/desk/window"),
                item=item, shown=shown, seen=rules.fingerprint(facts),
                similar=similar_to(item.text) if item.act is WindowAct.PROPOSAL else ())


@_form("/acts/<id:item_id>/text")
def write_again(item_id: int) -> ResponseReturnValue:
    """The words anew, by who wrote them down."""
    item, facts = items.by_id(item_id), queries.facts(item_id)
    form = forms.ACT_FORMS[item.act](windows={}, data=facts)
    return _ask("window_act", form, lambda: services.write_again(item_id, form.facts, by=visitor()),
                lambda _none: saved(_("고쳤어요. 다른 사람이 다시 확인해요."), "/desk/window"), item=item, labels=labels)


def _slip(taken: Taken) -> str:
    code = grouped(taken.code) if taken.code else None
    return _page("window_slip", taken=taken, code=code, strip=qr(taken.number, code),
                 standing=standing(items.by_number(taken.number)) if taken.number else "")


@_form("/requests/<id:item_id>/contact", may_see_contact)
def see_contact(item_id: int) -> ResponseReturnValue:
    """Name and telephone, for a reason."""
    item, serves = items.by_id(item_id), may_serve(visitor()) is None
    form = forms.ReasonForm(data={} if serves else {"reason": _("맡은 일에 답하려고 봐요.")})
    require(visitor(), may_see_contact, items.reached(item))
    return _ask("window_contact", form, lambda: services.see_contact(item_id, form.reason.data or "", by=visitor()),
                lambda contact: _page("window_contact", item=item, contact=contact, serves=serves), item=item,
                serves=serves)


@_form("/sheets")
def count_sheet() -> ResponseReturnValue:
    """The first count of a sheet, and what waits."""
    form = forms.SheetForm(windows=_windows())
    return _ask("window_sheets", form,
                lambda: signatures.count_first(form.record, form.proposal.data or "", by=visitor()),
                lambda item: saved(_("%(number)s로 적었어요. 종이에 번호를 적고, 다른 사람에게 주세요.", number=item.number),
                                   "/desk/window/sheets"), **_sheets(), looked=forms.DutyForm(formdata=None))


def _sheets() -> dict[str, Any]:
    return {"to_count": sheets.to_count(), "kept": sheets.kept(), "today": items.today(),
            "enough": sheets.enough_with_paper(visitor())}


@_form("/sheets/<id:item_id>")
def count_again(item_id: int) -> ResponseReturnValue:
    """The count of the second person."""
    form = forms.CountForm()
    return _ask("window_count", form, lambda: signatures.count_again(item_id, form.names.data, by=visitor()),
                lambda item: saved(_("두 사람이 센 수가 달라요. 처음부터 다시 세어 주세요.") if item.returned_because else
                                   _("이름 %(count)s명으로 셌어요.", count=item.names) if item.became else
                                   _("적었어요. 다른 사람이 한 번 더 세어요."), "/desk/window/sheets"), item=items.by_id(item_id))


@window.post("/sheets/<id:item_id>/shredding")
@shown_to(may_serve)
@by_user
def shred(item_id: int) -> ResponseReturnValue:
    signatures.shred(item_id, by=visitor())
    return saved(_("파쇄한 날을 적었어요."), "/desk/window/sheets")


@window.post("/duties")
@shown_to(may_serve)
@by_user
def open_duty() -> ResponseReturnValue:
    form = forms.DutyForm()
    return handle(form, lambda: signatures.open_duty(form.proposal.data or "", looked=form.looked.data, by=visitor()),
                  lambda: _page("window_sheets", form=forms.SheetForm(formdata=None, windows=_windows()), looked=form,
                                **_sheets()),
                  lambda proposal: saved(_("구청이 답할 제안이 됐어요."), f"/proposals/{proposal.number}"))


def _windows() -> dict[int, str]:
    return queries.windows(visitor())


def _ask(template: str, form: Form, act: Callable[[], Any], done: Pages, **facts: Any) -> ResponseReturnValue:
    """The page of a form; once it is sent, what comes of it."""
    def page() -> str:
        return _page(template, form=form, **facts)

    return handle(form, act, page, done) if request.method == "POST" else page()


def _page(template: str, **facts: Any) -> str:
    return render_template(f"intake/{template}.html", trail=[(_("업무 화면"), "/desk"), (_("창구"), "/desk/window")], **facts)
