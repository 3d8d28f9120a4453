"""Fields for the desk of a vote: looked up in the same minute, with numbers and readings as they are meant."""

from civic_forum.accounts import desk_numbers
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.observing import sample as sample_observers
from civic_forum.ballots.rules.signing import public_key
from civic_forum.platform import clock
from tests.ballots.desk_scene import REASON

from .form import Form


def who(scene, _actor: str) -> dict:
    return {"reason": REASON, "name": scene.voter.who.name, "birth_date": scene.voter.who.birth_date.isoformat()}


def account(scene, _actor: str) -> dict:
    number = desk_numbers.shown(scene.people["user"].id, clock.now()).text
    return {"account-reason": REASON, "account-desk_number": number}


def visit(scene, actor: str, voter=None) -> dict:
    """The pass of a look-up that this very person made."""
    user, voter = scene.people.get(actor), voter or scene.voter
    return {"visit": desk._pass_for(scene.vote.box_id, voter.person, None, user.id if user else 0, clock.now())}


def holder(scene, actor: str) -> dict:
    """The same of somebody who has paper."""
    return visit(scene, actor, scene.holder) | {"number": "1"}


def answer(scene, _actor: str) -> dict:
    said = {"department": str(scene.town.department().id), "outcome": "받아들임", "answer": "말씀하신 것이 맞아요. 고칠게요."}
    numbers = (scene.objection, scene.withheld)
    return {f"answer{number}-{name}": text for number in numbers for name, text in said.items()}


def withholding(scene, _actor: str) -> dict:
    return {f"withhold{number}-reason": "이름이 있어요" for number in (scene.objection, scene.withheld)}


def naming(_scene, _actor: str) -> dict:
    """Those of the sample, as the page shows them ticked, and one more."""
    chosen = [f"{one.key.hex()} {one.name}" for one in sample_observers.OBSERVERS]
    return {"chosen": chosen, "name": "금천 참관인", "key": public_key(bytes(32)).hex(), "signatures": "2"}


FORMS = [
    Form("/desk/kiosks", "name desk", who="administrator", given={"name": "2번 태블릿", "desk": "0"}),
    Form("/desk/votes/<box>/batches", "sheets", who="moderator", about="closed_vote", given={"sheets": "10"}),
    Form("/desk/votes/<box>/batches/<number>/differences", "sheet-1 note-1", who="moderator", about="batch_differs",
         given={"sheet-1": "1", "note-1": "밝은 곳에서 다시 봤어요"}),
    Form("/desk/votes/<box>/batches/<number>/sheets/<sheet>", "sheet", who="clerk", about="batch_typed",
         given={"sheet": "1 2"}),
    Form("/desk/votes/<box>/kiosk-passes", "visit", who="moderator", about="open_vote", given=visit),
    Form("/desk/votes/<box>/kiosk-passes/account-look-ups", "account-reason account-desk_number", who="moderator",
         about="open_vote", given=account),
    Form("/desk/votes/<box>/kiosk-passes/look-ups", "reason name birth_date", who="moderator", about="open_vote",
         given=who),
    Form("/desk/votes/<box>/objections/<objection>/answers",
         "answer{scene.objection}-department answer{scene.objection}-outcome answer{scene.objection}-answer",
         who="official", about="objection", given=answer),
    Form("/desk/votes/<box>/objections/<objection>/withholdings", "withhold{scene.objection}-reason", who="moderator",
         about="objection", given=withholding),
    Form("/desk/votes/<box>/papers", "visit number by_post reason", who="moderator", about="open_vote", given=visit),
    Form("/desk/votes/<box>/papers/account-look-ups", "account-reason account-desk_number", who="moderator",
         about="open_vote", given=account),
    Form("/desk/votes/<box>/papers/look-ups", "reason name birth_date", who="moderator", about="open_vote", given=who),
    Form("/desk/votes/<box>/papers/returns", "return-number", who="moderator", about="open_vote",
         given={"return-number": "1"}),
    Form("/desk/votes/<box>/papers/returns/corrections", "correct-number correct-reason", who="moderator",
         about="closed_vote", given={"correct-number": "1", "correct-reason": "봉투를 다시 세니 없었어요"}),
    *(Form(f"/desk/votes/<box>/papers/{what}", "visit number", who="moderator", about="open_vote", given=holder)
      for what in ("replacements", "take-backs")),
    Form("/desk/votes/<box>/backups/deletions", "name", who="moderator", about="poll_open", refused=True),
    Form("/desk/votes/<box>/proposals", "seen action note", who="moderator", about="poll_open"),
    Form("/kiosk/registration", "code", who="visitor", given={"code": "12345678"}, refused=True),
    Form("/kiosk/casts", "fingerprint form_key state mine option", who="visitor", refused=True),
    Form("/kiosk/skips", "box", who="visitor", given={"box": "0" * 32}, refused=True),
    Form("/votes/<box>/objections", "title text", who="observer", about="open_vote",
         given={"title": "종이가 모자랐어요", "text": "사흘 동안 종이를 받을 곳이 없었어요."}),
    Form("/votes/<box>/observers", "name key", who="observer", about="poll_prepared",
         given={"name": "금천 참관인", "key": public_key(bytes(32)).hex()}),
    Form("/desk/votes/<box>/observers", "name key signatures", who="official", about="poll_prepared", given=naming),
    Form("/votes/<box>/signatures", who="observer", about="poll_published", refused=True),
    *map(Form, ("/desk/kiosks/<device>/revocation", "/desk/votes/<box>/batches/<number>/dissolution",
                "/desk/votes/<box>/batches/<number>/typings",
                "/desk/votes/<box>/batches/<number>/typings/own/end",
                "/desk/votes/<box>/objections/<objection>/withholdings/end",
                "/desk/votes/<box>/proposals/<proposal>/withdrawal", "/desk/votes/<box>/steps", "/kiosk/done",
                "/kiosk/opening")),
]
