"""The place of somebody by their answers, and taking these back."""

from flask import redirect, render_template, request, url_for

from civic_forum.blocks.pages import ask_first, saved
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, sign_in_for, unlogged, visitor

from .. import answering, labels, proposing, queries, results, rules
from ..mapping import Settings
from ..pages import bp
from ..policy import may_write, why_lost, why_unread
from ..queries import Opened
from ..results import Result
from ..rules import Stage
from .results import result_of
from .visits import WHY_SIGN_IN, elsewhere, met


@bp.get("/<slug>/mine")
@sign_in_for(WHY_SIGN_IN, once=True)
@unlogged
def mine(slug: str):
    visit = met(slug)
    if away := elsewhere(visit):
        return away
    consultation, user = visit.consultation, visitor()
    if visit.stage in (Stage.PREPARING, Stage.ANNOUNCED):
        return redirect(f"/consultations/{slug}")
    statements = {each.number: each for each in queries.statements(consultation.id)}
    latest = queries.latest_map(consultation.id)
    result = result_of(latest, statements)
    answers = {number: answer for number, answer in visit.position.answers.items() if number in statements}
    me = visit.position.participant
    group = result.letter_of(me.point.group) if result and me else None
    beside = result.beside_others(answers) if result else []
    return render_template(
        "opinions/mine.html", consultation=consultation, visit=visit, labels=labels, statements=statements,
        answers=answers, is_known=user.is_authenticated, result=result, group=group,
        is_last=bool(latest and latest.is_last), lacks=visit.given < min(Settings.answers, len(visit.numbers)),
        is_uncounted=bool(consultation.verified_only and me and me.row.basis in rules.UNVERIFIED),
        likeness=result.likeness(answers) if result else {}, common=beside[-1] if beside else None,
        rare=[each for each in beside if each[2] <= 100 * results.RARE_MOST][:3], dot=_dot(result, me),
        own=queries.own_statements(consultation.id, user.id) if user.is_authenticated else [],
        proposals=proposing.begun_with(consultation.id), lost=why_lost(consultation) or why_unread(user, consultation),
        may_write=may_write(user, answering.asked(consultation, user)) is None)


def _dot(result: Result | None, me: Opened | None) -> tuple[float, float] | None:
    """Point of the picture near which somebody stands, for themselves alone."""
    if result is None or result.picture is None or me is None:
        return None
    return result.picture.near(result.letter_of(me.point.group), me.point.x, me.point.y)


@bp.route("/<slug>/mine/removal", methods=["GET", "POST"])
@sign_in_for(WHY_SIGN_IN, once=True)
@by_address
@unlogged
def remove_mine(slug: str):
    visit = met(slug)
    if away := elsewhere(visit):
        return away
    visit.require()
    here = f"/consultations/{slug}"
    if request.method != "POST":
        return ask_first(
            _("내 답 지우기"), _("내 답을 모두 지울까요?"),
            _("답 %(count)s개를 지워요. 되살릴 수 없어요. 다음 결과에서 빼지만, 한 사람의 답이 드러나지 않게 보이는 수는 그대로일 수 있어요. "
              "내가 쓴 의견은 남아요.", count=len(visit.position.answers)),
            act=f"{here}/mine/removal", label=_("모두 지우기"), back=f"{here}/mine", danger=True,
            trail=[(_("구청이 묻습니다"), "/consultations"), (visit.consultation.title, here),
                   (_("내 자리"), f"{here}/mine"), (_("내 답 지우기"), None)])
    answering.withdraw(visit.consultation.id, by=visitor(), device=visit.here.device)
    return saved(_("답을 모두 지웠어요."), here)


@bp.post("/<slug>/mine/age")
@sign_in_for(WHY_SIGN_IN, once=True)
@by_address
@unlogged
def say_age(slug: str):
    visit = met(slug)
    if away := elsewhere(visit):
        return away
    answering.say_age(visit.consultation.id, request.form.get("age", "?"), by=visitor(), device=visit.here.device)
    return saved(_("저장했어요."), url_for(".mine", slug=slug, _anchor="age"))
