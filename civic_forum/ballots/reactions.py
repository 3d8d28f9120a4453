"""What ballot boxes mean to the rest of the site: personal data, how long rolls are kept, work in the background."""

import sqlalchemy as sa

from civic_forum.kernel import jobs
from civic_forum.kernel.registries import PersonalData, registries

from .models import RollObjection
from .queries import rolls
from .services import closing
from .services import kiosk
from .services import rolls as roll_services


def _collect(user) -> dict:
    return {"rolls": rolls.kept_about(user), "roll_objections": rolls.objections_kept_about(user)}


def _erase(user, session) -> None:
    """Objections to rolls go. Keyed hashes stay, or leaving would give a second vote (decision 0006)."""
    session.execute(sa.delete(RollObjection).where(RollObjection.user_id == user.id))


registries.personal_data["ballots"] = PersonalData(collect=_collect, erase=_erase)
jobs.every(1, "votes whose time is over")(closing.close_due)
jobs.every(10, "rolls whose day is over")(roll_services.fix_due)
jobs.every(5, "passes of the kiosk that are over")(kiosk.forget_expired)
jobs.keep_for("RETAIN_ROLLS_DAYS", "electoral rolls")(roll_services.forget)
