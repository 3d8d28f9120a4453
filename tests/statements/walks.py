"""Tables that grow and are read from end to end: by the plans that SQLite makes for the statements of a whole run.

The schema is empty, so the planner goes by a key wherever there is one. A walk of a whole index counts. `walks.txt`
names what may walk a table, and why.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from civic_forum.platform.base import db

from .plans import scanned

STANDS = frozenset("""
    absence category district_setting
    agenda agenda_audience agenda_descent agenda_neighbourhood agenda_next agenda_version audience
    ballot_box budget_phase budget_round budget_trial choice_group commitment
    commitment_cooperating commitment_neighbourhood commitment_origin committee_mark confirmation
    consultation consultation_neighbourhood council_step count dead_address department desk_check desk_count
    district_change earlier_result election_season electoral_roll eligibility_review envelope envelope_neighbourhood
    exclusion_group exclusion_reason first_link forum forum_correction forum_decision forum_duty forum_minutes
    forum_mute forum_table head joint_act kiosk_device neighbourhood objection observer_ask officer officer_change
    opinion_kiosk_count opinion_letter_run opinion_map opinion_paper_run opinion_tally outcome outcome_neighbourhood
    outcome_report outcome_version paper_batch plan poll poll_neighbourhood poll_option poll_proposal programme_item
    project_kind promise proposal_serial proposal_tally moderation_tally pulse referral role_grant roll_objection
    second_look second_review site_version strike takedown_request vote_notice watched_word
    """.split())
"""Tables that do not grow with use: the office writes them by hand, some hundred rows in ten years."""
PERMITTED = Path(__file__).with_name("walks.txt")
BELOW = ".platform.", ".blocks."


def permitted() -> dict[str, str]:
    """Beginning of "function table" → why."""
    lines = (line.split("  ", 1) for line in PERMITTED.read_text("utf-8").splitlines() if line.strip())
    return {walk: why.strip() for walk, why in lines}


def sender(names: Iterable[str]) -> str:
    """The innermost function of a feature."""
    every = list(names)
    return next((name for name in every if not any(part in name for part in BELOW)), every[0])


def walks(texts: Mapping[str, str]) -> dict[str, str]:
    """Statement of SQLite → its sender, to "sender table" → statement, for each walk that nothing permits."""
    engine, known = sa.create_engine("sqlite://"), tuple(permitted())
    db.metadata.create_all(engine)
    walked = {}
    with engine.connect() as connection:
        for text, name in texts.items():
            if text.startswith(("SELECT", "WITH")):
                try:
                    tables = scanned(connection, text, (None,) * text.count("?")) - STANDS
                except DBAPIError:  # of a table that a migration alone makes
                    continue
                walked |= {walk: text for table in tables if not (walk := f"{name} {table}").startswith(known)}
    return walked
