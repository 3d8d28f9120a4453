"""Every form of the site, and the addresses with a part that anybody can type."""

from . import (account_forms, agenda_forms, answer_forms, appeal_forms, application_table,
               body_table, budget_forms, commitment_table,
               consultation_desk_table, consultation_table, export_table, forum_forms, key_forms, letter_table,
               intake_table, meeting_table,
               notice_table, officer_table, outcome_forms, poll_forms, proposal_forms, report_forms, survey_table,
               visit_table, call_table, vote_desk_forms, window_table, judging_table, draw_table, course_table,
               plan_table, series_table, evaluation_table)
from .form import Form
from .scene import Scene

MODULES = (account_forms, agenda_forms, answer_forms, appeal_forms, application_table,
           body_table, budget_forms, commitment_table,
           consultation_desk_table, consultation_table, export_table, forum_forms, key_forms, letter_table,
           intake_table, meeting_table,
           notice_table, officer_table, outcome_forms, poll_forms, proposal_forms, report_forms, survey_table,
           visit_table, call_table, vote_desk_forms, window_table, judging_table, draw_table, course_table, plan_table,
           series_table, evaluation_table)
FORMS: list[Form] = [form for module in MODULES for form in module.FORMS]
BY_RULE = {form.rule: form for form in FORMS}
ADDRESSES: list[str] = [address for module in MODULES for address in getattr(module, "ADDRESSES", ())]


def filled_in(rule: str, scene: Scene, actor: str) -> dict:
    """The form of this address as it is meant."""
    return BY_RULE[rule].filled_in(scene, actor)
