"""The boxes that are voted on together: from the page of one to the same page of the others, in their order."""

from flask import url_for

from .. import subjects
from ..models import BallotBox
from ..rules.boxes import BoxStage
from ..services import confirmations
from ..words import STAGE

EVEN_UNOPENED = "officials"
"""The one page of a box that nobody has opened."""


def of_box(box: BallotBox, page: str) -> dict:
    """What a template needs: `beside`, links to `page` of every box with its stage (nothing for a box by itself), and
    `following`, the box to go on with: the next one, after the last one the first that is behind it."""
    boxes = dict(subjects.together(box))
    stages = confirmations.stages_now(boxes.values())
    links = [_link(name, one, stages[one.id], page) | {"current": one.id == box.id} for name, one in boxes.items()
             if page == EVEN_UNOPENED or one.opened_at is not None]
    here = next((place for place, one in enumerate(links) if one["current"]), None)
    if here is None or len(links) < 2:
        return {"beside": [], "following": None}
    behind = (one for one in links if not one["stage"].reached(links[here]["stage"]))
    return {"beside": links, "following": next(iter(links[here + 1:]), None) or next(behind, None)}


def _link(name: str, box: BallotBox, stage: BoxStage, page: str) -> dict:
    return {"name": name, "stage": stage, "label": f"{name} · {STAGE[stage]}",
            "url": url_for(f"ballots.{page}", box=box.id.hex())}
