"""What is sent to the desk of a vote: looked up in the same minute, with numbers and readings as they are meant."""

from civic_forum.accounts import desk_numbers
from civic_forum.ballots.services import desk
from civic_forum.kernel import clock
from tests.ballots.desk_scene import REASON

HERE = "/desk/votes/<box>"


def who(scene, _actor: str) -> dict:
    return {"reason": REASON, "name": scene.voter.who.name, "birth_date": scene.voter.who.birth_date.isoformat()}


def account(scene, _actor: str) -> dict:
    number = desk_numbers.shown(scene.people["user"].id, clock.now()).text
    return {"account-reason": REASON, "account-desk_number": number}


def visit(scene, actor: str) -> dict:
    """The pass of a look-up that this very person made."""
    user = scene.people.get(actor)
    return {"visit": desk._pass_for(scene.vote.box_id, scene.voter.person, user.id if user else 0, clock.now())}


def answer(scene, _actor: str) -> dict:
    said = {"department": str(scene.town.department().id), "outcome": "받아들임", "answer": "말씀하신 것이 맞아요. 고칠게요."}
    return {f"answer{number}-{name}": text for number in (scene.objection, scene.withheld) for name, text in said.items()}


def withholding(scene, _actor: str) -> dict:
    return {f"withhold{number}-reason": "이름이 있어요" for number in (scene.objection, scene.withheld)}


FORMS = {
    f"{HERE}/papers": visit,
    f"{HERE}/papers/look-ups": who,
    f"{HERE}/papers/account-look-ups": account,
    f"{HERE}/papers/returns": {"return-number": "1"},
    f"{HERE}/papers/changes": {"change-number": "1", "change-what": "spoiled"},
    f"{HERE}/kiosk-passes": visit,
    f"{HERE}/kiosk-passes/look-ups": who,
    f"{HERE}/kiosk-passes/account-look-ups": account,
    f"{HERE}/batches": {"sheets": "2"},
    f"{HERE}/batches/<number>/sheets/<sheet>": {"sheet": "1 2"},
    f"{HERE}/batches/<number>/differences": {"sheet-1": "1", "note-1": "밝은 곳에서 다시 봤어요"},
    f"{HERE}/objections/<objection>/answers": answer,
    f"{HERE}/objections/<objection>/withholdings": withholding,
    "/votes/<box>/objections": {"title": "종이가 모자랐어요", "text": "사흘 동안 종이를 받을 곳이 없었어요."},
}
