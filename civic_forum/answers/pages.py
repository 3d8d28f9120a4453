"""Blueprints of answers, and cases as an address names them."""

from flask import Blueprint

from civic_forum.platform.policy import require
from civic_forum.platform.web import shown_to, visitor
from civic_forum.proposals import policy as proposal_policy
from civic_forum.proposals.queries import records as proposals

from .queries import records as queries
from .models import Duty
from .policy import may_see_case, may_see_desk, may_see_duty

bp = Blueprint("answers", __name__)
desk = Blueprint("answer_desk", __name__, url_prefix="/desk/answers")
duties = Blueprint("answer_duties", __name__, url_prefix="/desk/answers/duties")
bp.record_once(lambda state: [state.app.register_blueprint(blueprint) for blueprint in (desk, duties)])


for_staff = shown_to(may_see_desk)


def seen_case(number: str) -> queries.AnswerCase:
    """The case with this number, if this person may look into it. Raises NotFound, also for what waits for moderators
    and nobody else may read yet, and Denied."""
    proposal = proposals.by_number(number)
    if proposal_policy.may_read(visitor(), proposal):
        raise proposals.missing()
    case = queries.case(proposal)
    require(visitor(), may_see_case, case)
    return case


def seen_duty(duty_id: int) -> Duty:
    """About something other than a proposal. Raises NotFound and Denied."""
    duty = queries.duty(duty_id)
    require(visitor(), may_see_duty, duty)
    return duty
