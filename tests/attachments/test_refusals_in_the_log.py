"""Anybody may send a file that is refused; the log is not filled with traces of it."""

import io

import pytest
from gevent import monkey
from werkzeug.datastructures import FileStorage

from civic_forum.attachments import services
from civic_forum.platform.errors import Refusal


def test_a_refused_file_leaves_no_trace_in_the_log(sqlite_app, monkeypatch, capfd):
    monkeypatch.setattr(monkey, "is_module_patched", lambda name: True)
    with sqlite_app.app_context(), pytest.raises(Refusal) as refused:
        services.prepare(FileStorage(io.BytesIO(b"<svg onload=alert(1)>"), filename="a.svg"))
    assert "a.svg" in str(refused.value) and refused.value.field == "files"
    assert capfd.readouterr().err == ""
