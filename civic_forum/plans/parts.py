"""Facts of a plan as the desk types them."""

from dataclasses import dataclass

from civic_forum.blocks.parts import Number, OneOf, Part, line, said_by
from civic_forum.bodies import queries as bodies
from civic_forum.bodies.parts import EntryField
from civic_forum.commitments.rules import Unit
from civic_forum.district import queries as district
from civic_forum.platform.i18n import _l

from . import labels
from .rules import PlanKind


@dataclass(frozen=True, kw_only=True)
class PlanFacts(Part):
    """Kind, title and year of a plan, and whose it is."""

    kind: PlanKind = said_by(OneOf(label=_l("어떤 계획인가요"), of=PlanKind, labels=labels.KIND, needed=True,
                                   attrs={"columns": 2}))
    title: str = line(_l("이름"), 120, needed=True, hint=_l("해를 넣어 적으면 찾기 쉬워요."))
    year: int = said_by(Number(label=_l("어느 해의 계획인가요"), least=2000, most=2099, needed=True, empty=0))
    department_id: int | None = said_by(EntryField(
        label=_l("맡는 부서"), entries=lambda: {each.id: each.name for each in district.departments()}), None)
    body_id: int | None = said_by(EntryField(label=_l("함께 정하는 회의"), optional=True, entries=bodies.names), None)
    neighbourhood_id: int | None = said_by(EntryField(
        label=_l("동"), optional=True, entries=district.open_neighbourhood_names), None)
    unit: Unit = said_by(OneOf(label=_l("돈의 단위"), of=Unit, labels=labels.UNIT, needed=True, attrs={"columns": 2}))
