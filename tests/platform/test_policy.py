"""Permissions by their names."""

import pytest

from civic_forum.platform import policy


def test_a_permission_is_decided_in_one_place(monkeypatch):
    monkeypatch.setattr(policy, "_predicates", {})

    def may_change(_actor, _thing): ...
    def may_alter(_actor, _thing): ...

    for _time in range(2):
        assert policy.permission("things.change")(may_change) is may_change
    with pytest.raises(RuntimeError, match="things.change is already decided"):
        policy.permission("things.change")(may_alter)
    assert policy.names() == ["things.change"]
