"""Sheets of commitments: the quarter of one, that of all of a department, and the district's five figures."""

from collections.abc import Collection, Mapping, Sequence

from civic_forum.blocks.sheets import Book, Cell, Facts, Sheet, SheetKind
from civic_forum.district.queries import department_names
from civic_forum.platform import plain_text, settings
from civic_forum.platform.i18n import _, _l, today

from . import days, labels, rules
from .models import Commitment
from .queries import board, records
from .queries import sheets as queries
from .rules import EntryKind, Ledger
from .sheet_parts import Parts, as_of, table
from .standings import Standing, standing

DISTRICT = "district"
"""Key of the sheet that is about all of it."""


def quarter_of(query: Mapping[str, str], otherwise: str) -> str:
    """The quarter that an address names, unless it is still to come."""
    asked = query.get("quarter", "")
    return asked if days.QUARTER.fullmatch(asked) and asked <= days.quarter_of(today()) else otherwise


def parts_of(commitment: Commitment, whole: Ledger, quarter: str) -> Parts:
    return Parts(as_of(whole.history, quarter), quarter, commitment.goal,
                 commitment.department.name if commitment.department else "",
                 tuple(department.name for department in commitment.cooperating),
                 tuple(place.name for place in commitment.neighbourhoods))


def _sheet(commitment: Commitment, parts: Parts) -> Sheet:
    quarter = parts.quarter
    return Sheet(title=commitment.title, kind=_("%(quarter)s 약속 시트", quarter=labels.quarter(quarter)),
                 office=parts.office, team=parts.ledger.facts.get("team") or "", day=days.quarter_end(quarter),
                 code=commitment.code or "", slug=f"commitment-{commitment.id}-{quarter}",
                 blocks=tuple(parts.blocks()), notes=tuple(parts.notes()))


def load_commitment(key: str, query: Mapping[str, str]) -> Sheet | None:
    if (commitment_id := plain_text.number(key, digits=9)) is None:
        return None
    commitment, ledger = records.commitment(commitment_id), records.ledger(commitment_id)
    last = days.quarter_before(today())
    is_past = ledger.is_over or commitment.term_ends_on is not None and commitment.term_ends_on < today()
    quarter = quarter_of(query, (ledger.last_quarter or last) if is_past else last)
    return _sheet(commitment, parts_of(commitment, ledger, quarter))


def _is_in(commitment: Commitment, parts: Parts) -> bool:
    """True for one that was promised by the end of the quarter and was not over when it began."""
    ledger, before = parts.ledger, days.quarter_end(parts.before)
    is_dropped = ledger.status is rules.Status.DROPPED and ledger.last_quarter != parts.quarter
    ended = [on for on in (ledger.done_on, commitment.term_ends_on) if on is not None]
    return (commitment.promised_on <= days.quarter_end(parts.quarter) and not is_dropped
            and not any(on <= before for on in ended))


def load_department(key: str, query: Mapping[str, str]) -> Book | None:
    department_id = plain_text.number(key, digits=9)
    if department_id is None or (name := department_names().get(department_id)) is None:
        return None
    quarter = quarter_of(query, days.quarter_before(today()))
    commitments = queries.of_department(department_id, days.quarter_end(quarter))
    ledgers = records.ledgers([commitment.id for commitment in commitments])
    every = [(commitment, parts_of(commitment, ledgers[commitment.id], quarter)) for commitment in commitments]
    kept = [(commitment, parts) for commitment, parts in every if _is_in(commitment, parts)]
    title = _("%(quarter)s 보고서: 모든 약속", quarter=labels.quarter(quarter))
    slug, is_cut = f"commitments-{department_id}-{quarter}", len(commitments) == queries.MOST
    return Book(title=f"{name} {title}", slug=slug, sheets=(
        _overview(name, title, slug, quarter, kept, is_cut=is_cut),
        *(_sheet(commitment, parts) for commitment, parts in kept)))


def _overview(office: str, title: str, slug: str, quarter: str, kept: Sequence[tuple[Commitment, Parts]], *,
              is_cut: bool) -> Sheet:
    """All of them in a table, in one unit."""
    unit, rows = rules.Unit.THOUSAND, []
    for place, (commitment, own) in enumerate(kept, 1):
        sums, content = own.ledger.sums, own.told[quarter].content if quarter in own.told else {}
        rows.append((place, " ".join(filter(None, (commitment.code, commitment.title))), *(
            own.sum(won, unit) for won in (own.ledger.planned, sums.secured, sums.executed)), own.percent(),
            content.get("text", _("알린 것이 없어요")), content.get("next")))
    untold = sum(quarter not in own.told for _commitment, own in kept)
    notes = (*([_("이 분기에 아무것도 알리지 않은 약속: %(count)s", count=untold)] if untold else []), *(
        [_("약속이 많아서 가장 나중에 한 %(most)s개만 살폈어요.", most=queries.MOST)] if is_cut else []))
    return Sheet(
        title=title, kind=_("모든 약속"), office=office, slug=slug, day=days.quarter_end(quarter), notes=notes,
        blocks=(table("", [(_("연번"), .9), (_("공약"), 3), *((word, 1.3) for word in (_("총사업비"), _("확보"), _("집행"))),
                           (_("진도"), 1.4), (_("추진실적"), 3), (_("향후계획"), 2)], rows,
                      unit=_("(단위: %(unit)s)", unit=labels.UNIT[unit]), empty=_("이 분기에 챙길 약속이 없었어요.")),))


def load_district(key: str, _query: Mapping[str, str]) -> Sheet | None:
    """The five fields by which pledges of districts are compared, on one page."""
    if key != DISTRICT:
        return None
    pledges, totals = queries.pledges(), board.totals(board.COMMITMENTS.of())
    ledgers = records.ledgers([pledge.id for pledge in pledges])
    standings = [standing(pledge, today()) for pledge in pledges]
    quarter = days.quarter_before(today())
    told = sum(any(entry.content["quarter"] == quarter for entry in ledger.quarters) for ledger in ledgers.values())
    return Sheet(
        title=_("공약 이행 다섯 가지"), kind=_("매니페스토 자료"), office=settings.value("SITE_NAME"), day=today(),
        slug="commitments-district", notes=tuple(_notes(len(pledges))), blocks=(
            table(_("1. 완료"), [(_("어떻게 되었나요"), 2), _("선거 공약"), _("모든 약속")], (
                (str(labels.STANDING[each]), standings.count(each), totals.standings[each]) for each in Standing),
                foot=((_("모두"), len(pledges), totals.all),)),
            table(_("2. 목표달성"), [_("해"), (_("목표와 이룬 것을 적은 것"), 2), (_("목표를 이룬 것"), 2)], _reached(ledgers.values()),
                  empty=_("해마다의 목표와 이룬 것을 함께 적은 공약이 없어요.")),
            Facts(heading=_("3. 소통"), rows=_talks(ledgers.values())),
            Facts(heading=_("4. 웹소통"), rows=(
                (_("누리집에서 볼 수 있는 공약"), len(pledges)),
                (_("%(quarter)s를 알린 공약", quarter=labels.quarter(quarter)), told),
                (_("누리집에서 볼 수 있는 약속"), totals.all),
                (_("증거나 승인한 글이 있는 완료"), totals.standings[Standing.KEPT]))),
            table(_("5. 일치도"), [(_("공약"), 3), (_("처음 적은 글"), 3), _("옮긴 날"), (_("바꾼 상태"), 1.4)], (
                _sameness(pledge, ledgers[pledge.id]) for pledge in pledges), empty=_("선거 공약이 없어요."))))


def _notes(count: int) -> list[str]:
    return [_("완료는 증거가 있는 단계나 다른 담당자가 승인한 완료 글이 있는 것만 세고, 말로만 마쳤다고 적은 것은 따로 세었어요."),
            *([_("선거 공약은 오래된 것부터 %(most)s개까지 적었어요.", most=queries.MOST)] if count == queries.MOST else [])]


def _reached(ledgers: Collection[Ledger]) -> list[tuple[Cell, ...]]:
    years: dict[str, list[bool]] = {}
    for ledger in ledgers:
        for target in ledger.targets:
            for year in target["target"].keys() & target["achieved"].keys():
                years.setdefault(year, []).append(target["achieved"][year] >= target["target"][year])
    return [(year, len(met), sum(met)) for year, met in sorted(years.items())]


def _talks(ledgers: Collection[Ledger]) -> tuple[tuple[str, Cell], ...]:
    surveys = [entry.content for ledger in ledgers for entry in ledger.history if entry.kind is EntryKind.SURVEY]
    involved = [row for ledger in ledgers for row in ledger.carried().get("involved", ())]
    return ((_("공론장"), sum("공론장" in log.content.get("what", ()) for ledger in ledgers for log in ledger.logs)),
            (_("시민 참여실적(모두 더함)"), sum(count for _label, count in involved)),
            (_("만족도 조사"), len(surveys)), (_("답한 사람"), sum(survey["respondents"] for survey in surveys)))


def _sameness(pledge: Commitment, ledger: Ledger) -> tuple[Cell, ...]:
    first = next((entry.content["title"] for entry in ledger.history if entry.content.get("title")), "")
    is_same = first == ledger.facts.get("title")
    statuses = [entry for entry in ledger.history if entry.kind is EntryKind.STATUS]
    is_hidden = pledge.title != ledger.facts.get("title")
    return pledge.title, _("그대로") if is_same or is_hidden else first, len(ledger.slips), len(statuses)


KINDS = (SheetKind(name="commitment", label=_l("약속 시트"), load=load_commitment),
         SheetKind(name="commitments", label=_l("모든 약속"), load=load_department),
         SheetKind(name="pledges", label=_l("매니페스토 자료"), load=load_district))
