"""Proposals that carry others on: merged, agreed to, objected to and undone."""

from flask import request
from flask_login import login_required

from civic_forum.blocks.pages import saved
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.web import by_user, never_cached, visitor
from civic_forum.proposals.queries import records as proposals
from civic_forum.proposals.extensions import WHY_NOT_MERGE

from .. import forms, policy
from ..models import ProposalMerge
from ..pages import ask, bp, desk, for_moderators, form_of
from ..queries import merges, records
from ..services import merging, objecting


def _page(merge: ProposalMerge) -> str:
    return f"/proposals/{merge.merged.number}#lineage"


@bp.post("/merges/<id:merge_id>/agreements")
@login_required
@by_user
def agree(merge_id: int):
    merge = merges.merge(merge_id)
    objecting.agree_to_merge(merge.id, by=visitor())
    return saved(_("합치는 데 동의했어요."), _page(merge))


@bp.route("/merges/<id:merge_id>/objections", methods=["GET", "POST"])
@never_cached
@login_required
@by_user
def object_to_merge(merge_id: int):
    merge = merges.merge(merge_id)
    require(visitor(), policy.may_object_to_merge, merge)
    own, other = (merge.merged, merge.into) if merge.merged.author_id == visitor().id else (merge.into, merge.merged)
    form = form_of(forms.ObjectionForm)
    return ask("agendas/objection.html", form,
               lambda: objecting.object_to_merge(merge.id, form.text.data or "", by=visitor()),
               lambda _made: _page(merge), _("반대를 남겼어요. 운영자가 답하면 제안 화면에 보여요."),
               title=_("합치는 데 반대하기"), about=own.title, reason=merge.reason, back=_page(merge),
               other=other.number if other.hidden_at else other.title, other_url=f"/proposals/{other.number}#lineage")


@bp.post("/merges/<id:merge_id>/opt-outs")
@login_required
@by_user
def opt_out(merge_id: int):
    merge = merges.merge(merge_id)
    merging.opt_out(merge.id, by=visitor())
    return saved(_("이름을 거두었어요. 처음 제안에 남긴 공감은 그대로 있어요."), _page(merge))


@desk.route("/proposals/<number>/merge", methods=["GET", "POST"])
@for_moderators
def merge_proposal(number: str):
    proposal = proposals.by_number(number)
    form = form_of(forms.MergeForm, into=request.args.get("into", "")[:16])

    def act():
        into = proposals.by_number(form.into.value or "")
        return merging.merge(proposal.id, into.id, form.reason.data or "", by=visitor())

    beside, similar = records.together_with(proposal), records.similar_to(proposal)
    chosen = proposals.numbered(form.into.choice or form.into.data or "")
    numbers = {proposal_id: card.number for proposal_id, card in (beside | similar).items()}
    if chosen is not None:
        numbers[chosen.id] = chosen.number
    return ask("agendas/desk/merge.html", form, act, lambda made: f"/proposals/{number}#lineage",
               _("합쳤어요. 두 글쓴이에게 뜻을 물어요."), proposal=proposal, beside=list(beside.values()),
               similar=[card for proposal_id, card in similar.items() if proposal_id not in beside],
               refused=_refused(proposal.id, numbers))


def _refused(proposal_id: int, numbers: dict[int, str]) -> dict[str, str]:
    """Number → why that proposal cannot carry this one on."""
    return {numbers[proposal_id]: reason for refused in WHY_NOT_MERGE.ask(proposal_id, list(numbers))
            for proposal_id, reason in refused.items()}


@desk.route("/merges/<id:merge_id>/undo", methods=["GET", "POST"])
@for_moderators
def undo(merge_id: int):
    merge = merges.merge(merge_id)
    form = form_of(forms.ReasonForm)
    return ask("agendas/desk/reason.html", form,
               lambda: merging.undo(merge.id, form.reason.data or "", by=visitor()), lambda _made: _page(merge),
               _("되돌렸어요. 두 제안이 다시 따로 있어요."), title=_("합친 것을 되돌리기"),
               lead=_("「%(merged)s」 제안이 합치기 전으로 돌아가요. 공감은 처음 남긴 곳에 그대로 있어요.",
                      merged=merge.merged.title), back=_page(merge), action=_("되돌리기"))
