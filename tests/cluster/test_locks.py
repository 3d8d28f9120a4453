"""One cluster runs on a directory."""

import fcntl

import pytest

from civic_forum.cluster.__main__ import guarded
from civic_forum.process_group import Ended


def test_a_second_cluster_on_the_same_directory_is_refused(tmp_path):
    with open(tmp_path / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Ended, match=f"^A cluster runs on {tmp_path} already.$"):
            guarded(tmp_path, chosen=None, supervisor=None)
