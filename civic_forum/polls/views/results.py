"""Downloads of a published poll: the record, the heads, proofs, the result as a table."""

from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.pages import downloads
from civic_forum.platform.i18n import _
from civic_forum.platform.spreadsheets import as_csv
from civic_forum.platform.web import by_address, unlogged, never_cached

from ..queries import results
from ..queries.results import Result
from .ballot import found
from .blueprint import bp


@bp.get("/<slug>/record.zip")
@never_cached
def record(slug: str):
    return downloads.record(_box(slug), slug)


@bp.get("/<slug>/observers.zip")
@never_cached
def observers_record(slug: str):
    return downloads.observers_record(_box(slug), slug)


@bp.get("/<slug>/heads.json")
@never_cached
def heads(slug: str):
    return downloads.heads(_box(slug), slug)


@bp.get("/<slug>/counts.json")
@never_cached
def counts(slug: str):
    return downloads.counts(_box(slug), slug)


@bp.get("/<slug>/live.txt")
@never_cached
def live(slug: str):
    return downloads.live(_box(slug), slug)


@bp.get("/<slug>/proofs/<int:number>.json")
@unlogged
def inclusion(slug: str, number: int):
    return downloads.inclusion(_box(slug), slug, number)


@bp.get("/<slug>/proofs/consistency.json")
@never_cached
@by_address
def consistency(slug: str):
    return downloads.consistency(_box(slug), slug)


@bp.get("/<slug>/signatures.json")
@never_cached
def signatures(slug: str):
    return downloads.signatures(_box(slug), slug)


@bp.get("/<slug>/result.json")
@never_cached
def result_json(slug: str):
    return downloads.result_json(_box(slug), slug)


@bp.get("/<slug>/result.csv")
@never_cached
def result_csv(slug: str):
    poll = found(slug)
    downloads.published(poll.box)
    return downloads.file(_table(results.of(poll)), "text/csv", f"{slug}-result.csv")


def _box(slug: str) -> BallotBox | None:
    return found(slug).box


def _table(result: Result) -> str:
    """The lines of the result, then how many took part; of few ballots what won alone."""
    if "small" in result.figures:
        header, lines = (_("선정한 항목"),), [(title,) for title in result.won]
    elif result.lines and result.lines[0].answer:
        header = (_("번호"), _("질문"), _("찬성"), _("반대"), _("기권"))
        lines = [(line.option.number, line.title, line.answer.yes, line.answer.no, line.answer.blank)
                 for line in result.lines]
    else:
        header = (_("번호"), _("항목"), _("득표"), _("차례"))
        lines = [(line.option.number, line.title, line.place.votes, line.place.place) for line in result.lines]
    turnout = result.figures["turnout"]
    blank = [] if "small" in result.figures else [(_("기권한 표"), result.figures["blank"])]
    return as_csv(header, [*lines, (), (_("투표인 명부"), turnout["roll"]), (_("투표한 사람"), turnout["total"]),
                           (_("온라인"), turnout["online"]), (_("도움받아 투표"), turnout["assisted"]),
                           (_("종이"), turnout["paper_returned"]), *blank])
