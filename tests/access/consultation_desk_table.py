"""Rights to what the office asks: preparing, moderation, what became of statements, and an agenda of the result."""

from datetime import timedelta
from io import BytesIO

from werkzeug.datastructures import FileStorage

from civic_forum.attachments import operations as attachments
from civic_forum.attachments import services as files
from civic_forum.opinions.models import Letter, LetterRun, PaperRun
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.attachments.making import jpeg
from tests.opinions.making import LINES, consultation
from tests.opinions.published import result
from tests.picking import chosen

from .form import Form
from .things import Thing

CONSULTATION_DESK = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Moderators ask, and officials for their department; administrators look on. Nothing changes once it began; moderators
# decide about statements and make the agenda, and what became of statements is said once it is over.
GET /desk/consultations
    -                                                            in   403  403  403  200  200  200  200  200  403
GET /desk/consultations/new
    -                                                            in   403  403  403  200  200  403  403  403  403
POST /desk/consultations/new
    -                                                            401  403  403  403  ok   ok   403  403  403  403
GET /desk/consultations/<slug>
    desk_asked_prep desk_asked_soon desk_asked_open
    desk_asked_over                                              in   403  403  403  200  200  200  200  200  403
    desk_asked_never                                             in   403  403  403  404  404  404  404  404  403
GET /desk/consultations/<slug>/<part>
GET /desk/consultations/<slug>/copies
GET /desk/consultations/<slug>/documents
GET /desk/consultations/<slug>/statements
GET /desk/consultations/<slug>/notes
GET /desk/consultations/<slug>/statements/table
GET /desk/consultations/<slug>/statements/<number>
GET /desk/consultations/<slug>/consequences
GET /desk/consultations/<slug>/consequences/<number>
    desk_asked_prep desk_asked_soon desk_asked_open
    desk_asked_over                                              in   403  403  403  200  200  403  403  403  403
    desk_asked_never                                             in   403  403  403  404  404  403  403  403  403
POST /desk/consultations/<slug>/<part>
POST /desk/consultations/<slug>/documents
POST /desk/consultations/<slug>/documents/<key>/removals
POST /desk/consultations/<slug>/statements
POST /desk/consultations/<slug>/sources
POST /desk/consultations/<slug>/statements/table
POST /desk/consultations/<slug>/statements/<number>
    desk_asked_prep desk_asked_soon                              401  403  403  403  ok   ok   403  403  403  403
    desk_asked_open desk_asked_over                              401  403  403  403  403  403  403  403  403  403
    desk_asked_never                                             401  403  403  403  404  404  403  403  403  403
POST /desk/consultations/<slug>/announcements
POST /desk/consultations/<slug>/statements/<number>/removals
POST /desk/consultations/<slug>/statements/<number>/moves
    desk_asked_prep                                              401  403  403  403  ok   ok   403  403  403  403
    desk_asked_other                                             401  403  403  403  ok   403  403  403  403  403
    desk_asked_soon desk_asked_open desk_asked_over              401  403  403  403  403  403  403  403  403  403
    desk_asked_never                                             401  403  403  403  404  404  403  403  403  403
POST /desk/consultations/<slug>/copies
    desk_asked_prep desk_asked_soon desk_asked_open
    desk_asked_over                                              401  403  403  403  ok   ok   403  403  403  403
    desk_asked_never                                             401  403  403  403  404  404  403  403  403  403
GET /desk/consultations/<slug>/moderation
GET /desk/consultations/<slug>/moderation/<number>
    desk_asked_prep desk_asked_soon desk_asked_open
    desk_asked_over                                              in   403  403  403  200  403  403  403  403  403
    desk_asked_never                                             in   403  403  403  404  403  403  403  403  403
POST /desk/consultations/<slug>/moderation/<number>/decisions
POST /desk/consultations/<slug>/moderation/<number>/joins
    desk_asked_prep desk_asked_soon desk_asked_open
    desk_asked_over                                              401  403  403  403  ok   403  403  403  403  403
    desk_asked_never                                             401  403  403  403  404  403  403  403  403  403
POST /desk/consultations/<slug>/consequences/<number>
    desk_asked_prep desk_asked_soon desk_asked_open              401  403  403  403  403  403  403  403  403  403
    desk_asked_over                                              401  403  403  403  ok   ok   403  403  403  403
    desk_asked_never                                             401  403  403  403  404  404  403  403  403  403
# Paper is for clerks too.
GET /desk/consultations/<slug>/paper
    desk_asked_prep desk_asked_soon desk_asked_open
    desk_asked_over                                              in   403  403  403  200  200  200  200  403  403
    desk_asked_never                                             in   403  403  403  404  404  404  404  403  403
POST /desk/consultations/<slug>/paper/prints
POST /desk/consultations/<slug>/paper/typings
    desk_asked_open                                              401  403  403  403  ok   ok   ok   ok   403  403
    desk_asked_prep desk_asked_soon desk_asked_over              401  403  403  403  403  403  403  403  403  403
    desk_asked_never                                             401  403  403  403  404  404  404  404  403  403
GET /desk/consultations/<slug>/paper/sheets/<first>
    desk_asked_open                                              in   403  403  403  200  200  200  200  403  403
    desk_asked_prep desk_asked_soon desk_asked_over
    desk_asked_never                                             in   403  403  403  404  404  404  404  403  403
# Letters where the consultation says so, not by clerks; a kiosk where everybody answers and counts.
GET /desk/consultations/<slug>/letters
    desk_asked_prep desk_asked_soon desk_asked_open
    desk_asked_over                                              in   403  403  403  200  200  403  403  403  403
    desk_asked_never                                             in   403  403  403  404  404  403  403  403  403
POST /desk/consultations/<slug>/letters/prints
    desk_asked_soon desk_asked_open                              401  403  403  403  200  200  403  403  403  403
    desk_asked_prep desk_asked_over                              401  403  403  403  403  403  403  403  403  403
    desk_asked_never                                             401  403  403  403  404  404  403  403  403  403
POST /desk/consultations/<slug>/letters/<run>/posts
    desk_asked_prep desk_asked_open desk_asked_over              401  403  403  403  403  403  403  403  403  403
    desk_asked_soon desk_asked_never                             401  403  403  403  404  404  403  403  403  403
POST /desk/consultations/<slug>/letters/returns
    desk_asked_soon desk_asked_open desk_asked_never             401  403  403  403  404  404  403  403  403  403
    desk_asked_prep desk_asked_over                              401  403  403  403  403  403  403  403  403  403
GET /desk/consultations/<slug>/letters/<run>/withdrawals
    desk_asked_soon desk_asked_open                              in   403  403  403  200  200  403  403  403  403
    desk_asked_prep desk_asked_over                              in   403  403  403  403  403  403  403  403  403
    desk_asked_never                                             in   403  403  403  404  404  403  403  403  403
POST /desk/consultations/<slug>/letters/<run>/withdrawals
    desk_asked_open                                              401  403  403  403  ok   ok   403  403  403  403
    desk_asked_prep desk_asked_over                              401  403  403  403  403  403  403  403  403  403
    desk_asked_soon desk_asked_never                             401  403  403  403  404  404  403  403  403  403
GET /desk/consultations/<slug>/kiosks
    desk_asked_prep desk_asked_soon desk_asked_open
    desk_asked_over                                              in   403  403  403  200  200  200  200  403  403
    desk_asked_never                                             in   403  403  403  404  404  404  404  403  403
GET /desk/consultations/<slug>/kiosks/register
    desk_asked_open                                              in   403  403  403  200  200  200  200  403  403
    desk_asked_prep desk_asked_soon desk_asked_over              in   403  403  403  403  403  403  403  403  403
    desk_asked_never                                             in   403  403  403  404  404  404  404  403  403
POST /desk/consultations/<slug>/kiosk-codes
    desk_asked_open                                              401  403  403  403  ok   ok   ok   ok   403  403
    desk_asked_prep desk_asked_soon desk_asked_over              401  403  403  403  403  403  403  403  403  403
    desk_asked_never                                             401  403  403  403  404  404  404  404  403  403
GET /desk/consultations/<slug>/agenda
    desk_asked_prep desk_asked_soon desk_asked_open
    desk_asked_over                                              in   403  403  403  200  403  403  403  403  403
    desk_asked_never                                             in   403  403  403  404  403  403  403  403  403
POST /desk/consultations/<slug>/agenda
    desk_asked_prep desk_asked_soon desk_asked_open              401  403  403  403  403  403  403  403  403  403
    desk_asked_over                                              401  403  403  403  ok   403  403  403  403  403
    desk_asked_never                                             401  403  403  403  404  403  403  403  403  403
"""
PREPARED = {"announced_at": None, "open_since": timedelta(days=-2)}
STATES = {
    "other": PREPARED, "prep": PREPARED, "soon": {"open_since": timedelta(days=-2)},
    "open": {}, "over": {"open_since": timedelta(days=20)},
}


def add(scene) -> None:
    for name, facts in STATES.items():
        asks = scene.town.department("다른 과") if name == "other" else scene.town.department()
        made = consultation(LINES, by_letter=True, department_id=asks.id, slug=f"desk-asked-{name}",
                            title=f"둔치를 어떻게 쓸까요? ({name})", **facts)
        scene.things[f"desk_asked_{name}"] = Thing({
            "slug": made.slug, "part": "times", "number": 1, "first": 1, "run": 1, "key": _document(scene, made).key},
                                                   form={"version": "1"})
        if name == "open":
            db.session.add(Letter(consultation_id=made.id, run=1, hash=bytes(32)))
            db.session.add(LetterRun(consultation_id=made.id, run=1, printed=1))
            db.session.add(PaperRun(consultation_id=made.id, first=1, last=3, statements=[1, 2], at=clock.now(),
                                    printed_by_id=scene.people["official"].id))
            db.session.commit()
        if name == "over":
            result(made).is_last = True
            db.session.commit()
    scene.things["desk_asked_never"] = Thing({
        "slug": "desk-asked-never", "part": "times", "number": 1, "first": 1, "run": 1, "key": "none"})


def _document(scene, made):
    prepared = files.prepare(FileStorage(BytesIO(jpeg()), "둔치.jpg"))
    made.attachment_set_id = attachments.open_set(db.session, "consultation", made.id).id
    added = attachments.add(db.session, made.attachment_set_id, prepared=prepared, description="둔치 사진",
                            by=scene.people["official"], at=clock.now())
    db.session.commit()
    return added


def _moment(days: int) -> str:
    return f"{local(clock.now() + timedelta(days=days)):%Y-%m-%dT%H:%M}"


def begun(scene, _actor: str) -> dict:
    return {"department_id": str(scene.town.department().id), "title": "골목 주차",
            "question": "낮과 밤을 어떻게 나눠 쓸까요?", "audience": "members"} | times(scene, _actor)


def times(_scene, _actor: str) -> dict:
    return {"version": "1", "opens_at": _moment(3), "closes_at": _moment(9)}


def copied(_scene, _actor: str) -> dict:
    return {"title": "올해의 둔치", "first_day": _moment(30)[:10]}


def document(_scene, _actor: str) -> dict:
    return {"version": "1", "file": (BytesIO(jpeg()), "둔치.jpg"), "description": "해 질 녘의 둔치"}


def taken(scene, _actor: str) -> dict:
    return chosen("proposal", scene.things["gathering"].path["number"])


TEXT = "등을 더 낮게 달아 주세요."
HERE = "/desk/consultations/<slug>"
ADDRESSES = ["/desk/consultations?after={}", "/desk/consultations/{}", "/desk/consultations/desk-asked-open/{}",
             "/desk/consultations/desk-asked-prep/statements?source={}",
             *(f"/desk/consultations/desk-asked-{end}" for end in (
                 "prep/statements/{}", "open/moderation?show={}", "open/moderation?after={}", "open/moderation/{}",
                 "open/paper/sheets/{}", "over/consequences?after={}", "over/consequences/{}"))]
FORMS = [
    Form("/desk/consultations/new", "department_id title question opens_at closes_at audience", who="official",
         given=begun),
    Form(f"{HERE}/<part>", "version opens_at closes_at", who="official", about="desk_asked_prep", given=times),
    Form(f"{HERE}/copies", "title first_day", who="official", about="desk_asked_open", given=copied),
    Form(f"{HERE}/documents", "version description", who="official", about="desk_asked_prep", given=document),
    Form(f"{HERE}/statements", "version text text_en is_meta source", who="official", about="desk_asked_prep",
         given={"version": "1", "text": TEXT}),
    Form(f"{HERE}/sources", "proposal comment forum", who="official", about="desk_asked_prep", given=taken),
    Form(f"{HERE}/statements/table", "version table file", who="official", about="desk_asked_prep",
         given={"version": "1", "table": f"한 줄 의견\n{TEXT}"}),
    Form(f"{HERE}/statements/<number>", "version text text_en is_meta", who="official", about="desk_asked_prep",
         given={"version": "1", "text": TEXT}),
    Form(f"{HERE}/statements/<number>/moves", "version to", who="official", about="desk_asked_prep",
         given={"version": "1", "to": "2"}),
    Form(f"{HERE}/moderation/<number>/decisions", "do out_for why", who="moderator", about="desk_asked_open",
         given={"do": "take_out", "out_for": "off_topic", "why": "다른 질문에서 다뤄요."}),
    Form(f"{HERE}/moderation/<number>/joins", "same_as", who="moderator", about="desk_asked_open",
         given={"same_as": "2"}),
    Form(f"{HERE}/consequences/<number>", "became text url", who="official", about="desk_asked_over",
         given={"became": "promise", "text": "내년 봄까지 바꿔요.", "url": "/commitments/1"}),
    Form(f"{HERE}/paper/prints", "count", who="clerk", about="desk_asked_open", given={"count": "2"}),
    Form(f"{HERE}/paper/typings", "sheet typed", who="clerk", about="desk_asked_open",
         given={"sheet": "1", "typed": "12"}),
    Form(f"{HERE}/letters/prints", "count", who="official", about="desk_asked_open", given={"count": "2"}),
    Form(f"{HERE}/letters/<run>/posts", "posted", who="official", about="desk_asked_open", given={"posted": "1"},
         refused=True),
    Form(f"{HERE}/letters/returns", "code", who="official", about="desk_asked_open", given={"code": "A" * 16},
         refused=True),
    *map(Form, (f"{HERE}/announcements", f"{HERE}/documents/<key>/removals", f"{HERE}/statements/<number>/removals",
                f"{HERE}/letters/<run>/withdrawals", f"{HERE}/kiosk-codes", f"{HERE}/agenda")),
]
