"""The fields of the forms about votes, who fills them in, and about what: for hostile texts."""

HERE = "/desk/votes/<box>"
POLL = "/desk/polls/<slug>"
FIELDS = {
    "/desk/polls/new": "title question slug kind max_choices opens_at closes_at roll_fixed_on",
    f"{POLL}/<part>": "version kind max_choices binding quorum quorum_value quorum_text publishes",
    f"{POLL}/options": "version title text cost cost_note neighbourhood proposal_number agenda_slug kind category department "
                       "division sign_language_video title_en text_en picture_description",
    f"{POLL}/options/<number>": "version title text cost neighbourhood proposal_number agenda_slug sign_language_video",
    f"{POLL}/options/<number>/moves": "version to",
    f"{POLL}/options/<number>/removals": "version",
    f"{POLL}/options/<number>/picture-removals": "version",
    f"{POLL}/notices": "title text",
    f"{POLL}/outcome": "at step text selected",
    f"{POLL}/rehearsals": "hours names",
    f"{POLL}/roll/imports": "file",
    f"{POLL}/roll/answers/<objection_id>": "text",
    f"{POLL}/roll/corrections": "name what reason",
    "/desk/election-seasons": "name first_day last_day",
    f"{HERE}/proposals": "seen action",
    f"{HERE}/proposals/<proposal>/confirmation": "seen note password",
    f"{HERE}/papers": "visit number by_post",
    f"{HERE}/papers/look-ups": "reason name birth_date",
    f"{HERE}/papers/account-look-ups": "account-reason account-desk_number",
    f"{HERE}/papers/returns": "return-number",
    f"{HERE}/papers/changes": "change-number change-what",
    f"{HERE}/kiosk-passes": "visit",
    f"{HERE}/kiosk-passes/look-ups": "reason name birth_date",
    f"{HERE}/kiosk-passes/account-look-ups": "account-reason account-desk_number",
    f"{HERE}/batches": "sheets",
    f"{HERE}/batches/<number>/sheets/<sheet>": "sheet",
    f"{HERE}/batches/<number>/differences": "sheet-1 note-1",
    f"{HERE}/objections/<objection>/answers": "department outcome answer",
    f"{HERE}/objections/<objection>/withholdings": "reason",
    "/votes/<box>/objections": "title text",
    "/polls/<slug>/casts": "fingerprint form_key revision option",
    "/polls/<slug>/roll/objections": "text",
    "/kiosk": "code",
    "/kiosk/casts": "fingerprint form_key revision option",
    "/receipts/checks": "receipt",
}
BUTTONS = {
    f"{POLL}/announcements", f"{POLL}/preparations", f"{POLL}/season", f"{POLL}/roll/fixings",
    "/desk/election-seasons/<season_id>/removals", f"{HERE}/batches/<number>/dissolution",
    f"{HERE}/batches/<number>/typings", f"{HERE}/batches/<number>/typings/own/end",
    f"{HERE}/objections/<objection>/withholdings/end", f"{HERE}/proposals/<proposal>/withdrawal", f"{HERE}/steps",
    "/kiosk/opening", "/kiosk/done",
}
WHO = dict.fromkeys(FIELDS, "moderator") | dict.fromkeys(("/kiosk", "/kiosk/casts", "/receipts/checks"), "visitor") | {
    "/desk/election-seasons": "administrator", "/polls/<slug>/casts": "resident",
    "/polls/<slug>/roll/objections": "author", "/votes/<box>/objections": "observer",
    f"{HERE}/objections/<objection>/answers": "official", f"{HERE}/batches/<number>/sheets/<sheet>": "clerk",
}
ABOUT = dict.fromkeys((rule for rule in FIELDS if rule.startswith(HERE)), "open_vote") | dict.fromkeys(
    (rule for rule in FIELDS if rule.startswith((POLL, "/polls/"))), "poll_unannounced") | {
    f"{POLL}/notices": "poll_open", f"{POLL}/outcome": "poll_published",
    f"{POLL}/roll/answers/<objection_id>": "poll_prepared", f"{POLL}/roll/corrections": "poll_prepared",
    f"{HERE}/proposals": "poll_open", f"{HERE}/proposals/<proposal>/confirmation": "poll_prepared",
    f"{HERE}/batches": "closed_vote", f"{HERE}/batches/<number>/sheets/<sheet>": "batch_typed",
    f"{HERE}/batches/<number>/differences": "batch_differs",
    f"{HERE}/objections/<objection>/answers": "objection", f"{HERE}/objections/<objection>/withholdings": "objection",
    "/votes/<box>/objections": "open_vote", "/polls/<slug>/casts": "poll_open",
    "/polls/<slug>/roll/objections": "poll_announced",
}
ENDS = {rule for rule in FIELDS if rule not in (f"{POLL}/notices", f"{POLL}/outcome", "/kiosk", "/receipts/checks")}
ADDRESSES = [
    "/polls/{}", "/polls?state={}", "/polls?after={}", "/polls/{}/ballot", "/polls/{}/record.zip", "/polls/{}/heads.json",
    "/polls/{}/proofs/{}.json", "/polls/{}/proofs/consistency.json?old={}&new={}", "/polls/{}/roll", "/receipts/{}",
    "/receipts?tracker={}", "/receipts/{}/{}.json", "/votes/{}/observation", "/votes/{}/objections", "/desk/votes/{}",
    "/desk/votes/{}/papers", "/desk/polls/{}", "/desk/polls/{}/options/{}", "/kiosk/{}", "/verifier/{}",
]
