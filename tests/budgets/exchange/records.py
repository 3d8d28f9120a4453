"""Records of budgets, ready-made, as far as a recount reads them: nothing is signed or sealed."""

import io
import json
import zipfile

from civic_forum.ballots.rules.choices import BoxRule


CLOSING = b"c" * 32
"""Root of the closing head."""


def zipped(definition: dict, result: dict, ballots=None, paper=(), *, draw=None) -> bytes:
    """`ballots`: numbers marked on each; None: the edition with totals alone."""
    rule = BoxRule.from_json(definition["rule"])

    def sealed(numbers):
        return (rule.encode(dict.fromkeys(numbers, 1)) if numbers else rule.blank_choice()).hex()

    heads = [{"kind": "opening", "root": "11" * 32}, {"kind": "closing", "root": CLOSING.hex()}]
    members = {"box.json": json.dumps(definition), "result.json": json.dumps(result),
               "draw.json": json.dumps(draw or {}), "heads.json": json.dumps(heads)}
    if ballots is not None:
        members["choices.txt"] = "".join(f"{leaf} {'00' * 32} {sealed(numbers)}\n"
                                         for leaf, numbers in enumerate(ballots))
        members["paper-choices.json"] = json.dumps([{"leaf": 99, "n2": "00" * 32, "choices": list(map(sealed, paper))}]
                                                   if paper else [])
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()
