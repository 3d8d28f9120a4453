"""Tests that need the machine to themselves, by the beginnings of their ids."""

MEASURES = (
    "tests/servers/test_load.py",
    "tests/faults/test_large_requests.py::test_one_who_sends_slowly",
    "tests/forums/live/test_hostile.py::test_a_slow_reader",
    "tests/forums/live/test_hostile.py::test_others_are_not_held_up",
    "tests/kernel/test_mail_server.py::test_a_server_that_hangs",
)
"""Tests that ask who waits for whom by the clock; none of them needs the sample cluster."""
