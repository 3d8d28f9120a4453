"""Downloads of the vote on an envelope: the record, the heads, proofs, the signed result."""

from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.published import downloads
from civic_forum.platform.web import by_address, never_cached, unlogged

from ..pages import bp, found_envelope

HERE = "/<slug>/<envelope>"


@bp.get(f"{HERE}/record.zip")
@never_cached
def record(slug: str, envelope: str):
    return downloads.record(_box(slug, envelope), _name(slug, envelope))


@bp.get(f"{HERE}/observers.zip")
@never_cached
def observers_record(slug: str, envelope: str):
    return downloads.observers_record(_box(slug, envelope), _name(slug, envelope))


@bp.get(f"{HERE}/heads.json")
@never_cached
def heads(slug: str, envelope: str):
    return downloads.heads(_box(slug, envelope), _name(slug, envelope))


@bp.get(f"{HERE}/counts.json")
@never_cached
def counts(slug: str, envelope: str):
    return downloads.counts(_box(slug, envelope), _name(slug, envelope))


@bp.get(f"{HERE}/live.txt")
@never_cached
def live(slug: str, envelope: str):
    return downloads.live(_box(slug, envelope), _name(slug, envelope))


@bp.get(f"{HERE}/proofs/<int:number>.json")
@unlogged
def inclusion(slug: str, envelope: str, number: int):
    return downloads.inclusion(_box(slug, envelope), _name(slug, envelope), number)


@bp.get(f"{HERE}/proofs/consistency.json")
@never_cached
@by_address
def consistency(slug: str, envelope: str):
    return downloads.consistency(_box(slug, envelope), _name(slug, envelope))


@bp.get(f"{HERE}/signatures.json")
@never_cached
def signatures(slug: str, envelope: str):
    return downloads.signatures(_box(slug, envelope), _name(slug, envelope))


@bp.get(f"{HERE}/result.json")
@never_cached
def result_json(slug: str, envelope: str):
    return downloads.result_json(_box(slug, envelope), _name(slug, envelope))


def _box(slug: str, envelope: str) -> BallotBox | None:
    return found_envelope(slug, envelope).box


def _name(slug: str, envelope: str) -> str:
    """Stem of the names of the files."""
    return f"{slug}-{envelope}"
