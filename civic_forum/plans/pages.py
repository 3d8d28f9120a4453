"""Plans and versions as an address names them."""

from civic_forum.platform.web import visitor

from . import policy, queries
from .models import Plan, PlanVersion
from .rules import VersionState


def public_plan(slug: str) -> Plan:
    """Raises NotFound for one that the visitor may not know of."""
    plan = queries.plan(slug)
    if policy.may_read(visitor(), plan):
        raise queries.missing()
    return plan


def public_version(plan: Plan, number: int) -> PlanVersion:
    """The version of this number; of 0 the current one. Raises NotFound for a draft."""
    version = queries.version_of(plan, number) if number else plan.current
    if version is None or version.state is VersionState.DRAFT:
        raise queries.missing()
    return version
