"""Every field in which somebody of the office is chosen is one of the two of `accounts/pickers.py`."""

import ast
import re
from pathlib import Path

FEATURES = Path(__file__).parents[2] / "civic_forum"
PICKERS = {"PersonField", "MemberField"}
OF_PEOPLE = re.compile("(담당자|심사위원|대신할 사람|받을 사람|이끔이의 로그인 이름|별명이나 로그인 이름)$")
ELSEWHERE = {"forums/tables/forms.py: StringField 이끔이의 로그인 이름"}
"""Hosts of tables are residents as well, named by an account or without one while the forum goes on."""
IN_A_LIST = re.compile(r"SelectChoice\(str\((user|person|official|other|member|colleague|juror)\.id\)")


def declared():
    """File, name of the field and label of each field that is declared with a label."""
    for path in sorted(FEATURES.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "").endswith("Field") and node.args:
                for text in ast.walk(node.args[0]):
                    if isinstance(text, ast.Constant) and isinstance(text.value, str):
                        yield path.relative_to(FEATURES).as_posix(), node.func.id, text.value


def test_fields_for_people_of_the_office_are_pickers():
    of_people = [(path, field, label) for path, field, label in declared() if OF_PEOPLE.search(label)]
    assert {f"{path}: {field} {label}" for path, field, label in of_people if field not in PICKERS} == ELSEWHERE
    assert {field for _path, field, _label in of_people} >= PICKERS


def test_no_form_makes_a_list_of_people_by_itself():
    assert [path.relative_to(FEATURES).as_posix() for path in sorted(FEATURES.rglob("*.py"))
            if IN_A_LIST.search(path.read_text("utf-8"))] == ["accounts/pickers.py"]
