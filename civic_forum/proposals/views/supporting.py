"""공감 and following, as forms and for the script that stays on the page."""

from urllib.parse import urlencode

from flask import flash, jsonify, redirect, url_for

from civic_forum.platform.error_pages import wants_json
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _
from civic_forum.platform.web import by_address, visitor

from .. import extensions, labels, queries, services
from ..models import Proposal
from ..policy import may_read
from . import bp


def found(number: str) -> Proposal:
    """The proposal with this number, if the visitor may know of it. Raises NotFound."""
    proposal = queries.by_number(number)
    if may_read(visitor(), proposal):
        raise queries.missing()
    return proposal


@bp.post("/<number>/supports")
@by_address
def support(number: str):
    return _answer(found(number), services.support, True)


@bp.post("/<number>/supports/end")
@by_address
def end_support(number: str):
    return _answer(found(number), services.end_support, False)


def _answer(proposal: Proposal, change, supported: bool):
    if not visitor().is_authenticated:
        return sign_in_first(proposal)
    before = counted_through(proposal, visitor())
    proposal = change(proposal.id, by=visitor())
    sentence = _said(supported, bool(before or counted_through(proposal, visitor())))
    if wants_json():
        action = "proposals.end_support" if supported else "proposals.support"
        return jsonify(supported=supported, count=proposal.support_count, sentence=sentence,
                       residents=_("%(count)s명", count=f"{proposal.resident_support_count:,}"),
                       others=_("%(count)s명", count=f"{proposal.support_count - proposal.resident_support_count:,}"),
                       origin=labels.origin(proposal.own_support_count, proposal.merged_support_count),
                       word=_("공감했어요") if supported else _("공감하기"),
                       action=url_for(action, number=proposal.number))
    flash(sentence, "success")
    return redirect(_page(proposal))


def counted_through(proposal, viewer) -> list[tuple[str, str]]:
    """Number and title of other proposals through which a 공감 of this viewer counts here already."""
    if not viewer.is_authenticated or not proposal.merged_support_count:
        return []
    return [one for found in extensions.COUNTED_THROUGH.ask(proposal.id, viewer.id) for one in found]


def _said(supported: bool, elsewhere: bool) -> str:
    """`elsewhere`: they are counted through a merged proposal whatever they press here, so no number moves."""
    if supported:
        return (_("이 제안에도 공감했어요. 이미 세고 있어서 수는 그대로예요.") if elsewhere else
                _("공감했어요. 함께해 주셔서 고마워요."))
    return (_("이 제안의 공감을 거두었어요. 합쳐진 제안에 공감해서 수는 그대로예요.") if elsewhere else
            _("공감을 거두었어요."))


@bp.post("/<number>/follows")
@by_address
def follow(number: str):
    return _follow(found(number), services.follow, _("소식을 받기로 했어요. 내 제안 화면에서 모아 볼 수 있어요."))


@bp.post("/<number>/follows/end")
@by_address
def end_follow(number: str):
    return _follow(found(number), services.end_follow, _("소식을 그만 받기로 했어요."))


def _follow(proposal: Proposal, change, sentence: str):
    if not visitor().is_authenticated:
        return sign_in_first(proposal)
    change(proposal.id, by=visitor())
    flash(sentence, "success")
    return redirect(_page(proposal))


def sign_in_first(proposal: Proposal):
    """A session that ended while the page was open: sign in, then the page again."""
    if wants_json():
        raise Denied(_("로그인한 뒤에 할 수 있어요."))
    return redirect(f"/sign-in?{urlencode({'next': _page(proposal)})}")


def _page(proposal: Proposal) -> str:
    return url_for("proposals.show", number=proposal.number)
