"""Outcomes that an address asks for, and the addresses of others."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import url_for

from civic_forum.kernel.filters import number_of, one_of
from civic_forum.kernel.i18n import _

from . import labels
from .queries import subjects
from .queries.listing import EVERYWHERE, Totals, OutcomeFilter
from .rules import Decision, Progress


def wanted(args: Mapping[str, str], departments: Mapping[int, str], places: Mapping[int, str],
           years: list[int]) -> OutcomeFilter:
    """Raises Invalid for a filter or value that there is not."""
    return OutcomeFilter(
        decision=one_of(Decision, args.get("decision")), progress=one_of(Progress, args.get("progress")),
        subject=subjects.chosen(args.get("kind")), department_id=number_of(departments, args.get("department")),
        neighbourhood_id=number_of({EVERYWHERE, *places}, args.get("neighbourhood")),
        year=number_of(years, args.get("year")))


def address(wanted: OutcomeFilter, **changes: object) -> str:
    return url_for("outcomes.index", **_said(wanted, **changes))


def csv_address(wanted: OutcomeFilter) -> str:
    return f"/data/outcomes.csv?{urlencode(_said(wanted))}"


def _said(wanted: OutcomeFilter, **changes: object) -> dict[str, str]:
    parts = {"decision": wanted.decision, "progress": wanted.progress, "kind": wanted.subject,
             "department": wanted.department_id, "neighbourhood": wanted.neighbourhood_id, "year": wanted.year}
    return {name: str(value) for name, value in (parts | changes).items() if value is not None}


def chips(chosen: OutcomeFilter, totals: Totals) -> list[dict[str, object]]:
    """Links by decision and by progress, each with its number."""
    def chip(label, total, **of):
        same = (chosen.decision, chosen.progress) == (of.get("decision"), of.get("progress"))
        return {"label": label, "url": address(chosen, **{"decision": None, "progress": None} | of), "current": same,
                "total": total}

    return [chip(_("모두"), totals.all),
            *(chip(labels.SHORT[one], totals.decisions[one], decision=one) for one in Decision),
            *(chip(labels.PROGRESS[one], totals.progress[one], progress=one)
              for one in (Progress.IN_PROGRESS, Progress.DONE))]


def kinds(chosen: OutcomeFilter) -> list[dict[str, object]]:
    return [{"label": _("모두"), "url": address(chosen, kind=None), "current": chosen.subject is None}] + [
        {"label": decides.about, "url": address(chosen, kind=kind.name), "current": chosen.subject == kind.name}
        for kind, decides in subjects.decidable()]


def selects(chosen: OutcomeFilter, departments: Mapping[int, str], places: Mapping[int, str],
            years: list[int]) -> list[tuple]:
    """Name, label, choices and choice of what has many values."""
    found = [("year", _("연도"), _("모든 해"), [(one, _("%(year)s년", year=one)) for one in years], chosen.year),
             ("neighbourhood", _("동"), _("모든 동"), [(EVERYWHERE, _("구 전체")), *places.items()],
              chosen.neighbourhood_id),
             ("department", _("부서"), _("모든 부서"), list(departments.items()), chosen.department_id)]
    return [(name, label, [("", every), *((str(value), word) for value, word in choices)],
             "" if value is None else str(value)) for name, label, every, choices, value in found]


def kept(chosen: OutcomeFilter) -> dict[str, str]:
    """Values that the form of selects carries along besides."""
    parts = {"decision": chosen.decision, "progress": chosen.progress, "kind": chosen.subject}
    return {name: str(value) for name, value in parts.items() if value is not None}
