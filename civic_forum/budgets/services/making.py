"""Making a round: with the little that its first form asks for."""

from civic_forum.accounts.models import User
from civic_forum.blocks import slugs
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..models import BudgetRound
from ..parts import Wording
from ..policy.acting import may_make
from ..queries import records
from ..rules import parts


def begin(slug: str | None, wording: Wording, *, by: User) -> BudgetRound:
    """A round that only those who prepare it see; everything else is filled in afterwards. Without a slug its address
    is made from its title.

    Raises Refusal naming the field, Conflict for an address that is taken.
    """
    if slug is not None and not parts.slug_fits(slug):
        raise Refusal(_("주소는 영어 소문자, 숫자, 붙임표(-)로 60자까지 적어 주세요."), field="slug")
    with use_case(by) as work:
        require(by, may_make)
        if slug is None:
            slug = slugs.proposed(wording.title, lambda end: records.slugged(end) is not None, on=local(work.at).date(),
                                  reserved=parts.RESERVED)
        if records.slugged(slug) is not None:
            raise Conflict(_("이 주소를 쓰는 주민참여예산이 이미 있어요. 다른 주소를 적어 주세요."), field="slug")
        budget_round = BudgetRound(slug=slug, created_by_id=by.id, created_at=work.at, binding="", eligibility="")
        wording.write(budget_round)
        work.session.add(budget_round)
        work.record("budgets.made", budget_round)
        return budget_round
