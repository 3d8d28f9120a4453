"""The end of a forum: asked once more, because nothing is written afterwards."""

from flask import redirect, url_for
from flask_login import login_required

from civic_forum.blocks.pages import ask_first
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import require
from civic_forum.kernel.web import never_cached, visitor

from ..policy.acting import may_run
from ..services import stages
from . import gate
from .blueprint import bp


@bp.get("/<slug>/closing")
@never_cached
@login_required
def closing(slug: str):
    forum = gate.found(slug)
    require(visitor(), may_run, gate.at(forum))
    return ask_first(
        f"{_('공론장 마치기')}: {forum.title}", _("공론장을 마칠까요?"),
        _("진행 중인 순서와 발언, 설문, 모둠이 함께 끝나고 더는 아무도 쓸 수 없어요. 마친 뒤에 기록으로 회의록 초안을 만들어요."),
        act=url_for("forums.close", slug=forum.slug), label=_("공론장 마치기"), back=url_for("forums.host", slug=forum.slug))


@bp.post("/<slug>/closing")
@never_cached
@login_required
def close(slug: str):
    """Whatever still runs ends too; what comes next are the minutes."""
    stages.end(gate.found(slug).id, by=visitor())
    return redirect(url_for(".minutes", slug=slug), 303)
