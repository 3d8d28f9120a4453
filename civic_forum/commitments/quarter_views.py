"""The last quarter of all commitments of a desk on one page."""

from flask import render_template, request, url_for

from civic_forum.blocks.pages import handle, saved
from civic_forum.platform import clock, plain_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.forms import Form
from civic_forum.platform.i18n import _, local
from civic_forum.platform.web import by_user, visitor

from . import days, labels, policy
from .queries import desk as desk_queries
from .queries import records as queries
from .rules import EntryKind
from .services import quarters as services
from .services.quarters import QuarterText
from .views import desk, for_officials


@desk.route("/quarters", methods=["GET", "POST"])
@for_officials
@by_user
def quarters():
    if request.method == "GET":
        return _page(Form(formdata=None))
    form = Form()
    sentence = (_("적었어요. 같은 부서의 다른 담당자가 승인하면 모두에게 보여요.") if policy.needs_another()
                else _("적었어요. 모두에게 보여요."))
    return handle(form, lambda: services.tell(_texts(), by=visitor()), lambda: _page(form),
                  lambda _made: saved(sentence, url_for(".quarters")))


def _texts() -> list[QuarterText]:
    """Rows with a text or the mark that nothing changed. Raises Refusal for both in one."""
    unchanged, texts = set(request.form.getlist("unchanged")), []
    for key, seen, text in zip(*(request.form.getlist(name) for name in ("commitment", "seen_version", "text")),
                               strict=False):
        number, version = plain_text.number(key, digits=9), plain_text.number(seen, digits=9)
        text = plain_text.clean(text, lines=True)
        if text and key in unchanged:
            raise Refusal(_("글을 적은 약속에는 ‘달라진 것 없음’을 고르지 마세요."))
        if number is not None and version is not None and (text or key in unchanged):
            texts.append(QuarterText(number, version, text or None))
    return texts


def _page(form: Form) -> str:
    wanted = desk_queries.AT_DESK.of({"work": "untold"})
    page = desk_queries.of_departments(visitor(), wanted, request.args.get("after"))
    ids = [commitment.id for commitment in page.items]
    ledgers, awaiting = queries.ledgers(ids), desk_queries.awaiting(ids, EntryKind.QUARTER)
    sent = dict(zip(request.form.getlist("commitment"), request.form.getlist("text"), strict=False))
    rows = [(commitment, ledgers[commitment.id].last_told, sent.get(str(commitment.id), ""),
             str(commitment.id) in request.form.getlist("unchanged"))
            for commitment in page.items if commitment.id not in awaiting]
    quarter = labels.quarter(days.quarter_before(local(clock.now()).date()))
    return render_template("commitments/quarters.html", form=form, rows=rows, quarter=quarter, labels=labels,
                           needs_another=policy.needs_another(), awaiting=len(awaiting),
                           after_url=page.after and url_for(".quarters", after=page.after))
