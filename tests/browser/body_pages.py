"""Pages of bodies, meetings, and what is handed in on site."""

from .shown import Shown, first, press, unfold

BODIES = [
    Shown("bodies", "/bodies", plain=True),
    Shown("bodies, narrowed", "/bodies?access=minutes"),
    Shown("body", "/bodies/cooperation-council", then=unfold, plain=True),
    Shown("meetings of a body", "/bodies/cooperation-council/meetings", plain=True),
    Shown("meeting of a body", "/forums/2020nyeon-jeongnyehoe", then=unfold, plain=True),
    Shown("notice of a meeting", "/desk/bodies/cc-youth-jobs/meetings/notice", "administrator"),
    Shown("record of a meeting, refused", "/desk/bodies/cc-youth-jobs/meetings/record", "administrator",
          then=press("기록 남기기")),
    Shown("written resolution", "/desk/bodies/cc-youth-jobs/meetings/written", "administrator"),
    Shown("typing what was handed in", "/desk/intake", "moderator1"),
    Shown("typing without a connection", "/desk/intake/offline"),
    Shown("sheets to print", "/desk/intake/sheets", "moderator1", then=press("종이 만들기", proposal="1", notes="1")),
    Shown("desk of bodies", "/desk/bodies", "administrator"),
    Shown("new body, refused", "/desk/bodies/new", "administrator", then=press("저장하기")),
    Shown("desk of a body", "/desk/bodies/cc-youth-jobs", "administrator"),
    Shown("cancelling a meeting", lambda page, url: first(first(
        "/bodies/cc-steering", "main .panel a[href^='/forums/']")(page, url),
        "main a[href$='/cancellation']")(page, url), "administrator"),
    Shown("papers of an item", lambda page, url: first(first(
        "/bodies/cc-steering", "main .panel a[href^='/forums/']")(page, url),
        "main a[href$='/papers']")(page, url), "administrator"),
    Shown("result of an item", "/desk/bodies/meetings/items/1/result", "administrator", then=press("결과 적기")),
    Shown("corrected result of an item", "/desk/bodies/meetings/items/1/correction", "administrator"),
    Shown("change of members", first("/desk/bodies/ra-siheung5", "main a[href*='/changes/']"), "administrator"),
    Shown("own meetings", "/me/meetings", "resident5"),
    Shown("facts of a body", "/desk/bodies/cc-youth-jobs/facts", "administrator"),
    Shown("seats of a body", "/desk/bodies/cc-youth-jobs/seats/civil", "administrator"),
    Shown("closing a body", "/desk/bodies/cc-youth-jobs/close", "administrator"),
    Shown("term that ends", first("/desk/bodies/cc-youth-jobs", "main a[href$='/end']"), "administrator"),
]
