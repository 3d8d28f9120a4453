"""The phases of a round as a moderator types them: a phase without a beginning is left out."""

from wtforms import StringField

from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import MomentField
from civic_forum.platform.forms import PUBLIC, VersionedForm
from civic_forum.platform.i18n import _, _l

from ..models import BudgetRound
from ..rules.parts import Calendar, PhaseParts
from ..rules.phases import ORDER, Phase
from ..labels.rounds import PHASE


class CalendarForm(VersionedForm):
    """For every phase `<phase>_starts`, `<phase>_ends` and `<phase>_note`."""

    paper_until = MomentField(_l("종이 투표지를 받는 마지막 때"))

    @classmethod
    def of(cls, budget_round: BudgetRound) -> "CalendarForm":
        data = {"version": budget_round.version, "paper_until": budget_round.paper_until}
        for one in budget_round.phases:
            data |= {f"{one.phase}_starts": one.starts_at, f"{one.phase}_ends": one.ends_at,
                     f"{one.phase}_note": one.note}
        return cls(formdata=None, data=data)

    def rows(self) -> list[tuple[Phase, MomentField, MomentField, StringField]]:
        """In the order of the phases."""
        return [(one, self[f"{one}_starts"], self[f"{one}_ends"], self[f"{one}_note"]) for one in ORDER]

    def part(self) -> Calendar:
        """Raises Refusal at the field for what is no moment, and for an end without a beginning."""
        found = []
        for phase, starts, ends, note in self.rows():
            begins, over = starts.moment, ends.moment
            if begins is not None:
                found.append(PhaseParts(phase, begins, over, note.data or None))
            elif over is not None:
                raise Refusal(_("언제 시작하는지도 적어 주세요."), field=starts.short_name)
        return Calendar(tuple(found), self.paper_until.moment)


for _phase in ORDER:
    setattr(CalendarForm, f"{_phase}_starts", MomentField(_l("%(phase)s 시작", phase=PHASE[_phase])))
    setattr(CalendarForm, f"{_phase}_ends", MomentField(_l("%(phase)s 끝", phase=PHASE[_phase])))
    setattr(CalendarForm, f"{_phase}_note", StringField(_l("%(phase)s 알림 글", phase=PHASE[_phase]), render_kw=PUBLIC))
