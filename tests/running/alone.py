"""Tests that need the machine to themselves, by the beginnings of their ids."""

MEASURES = (
    "tests/servers/test_load.py",
    "tests/attachments/test_queue.py",
    "tests/faults/test_large_requests.py::test_one_who_sends_slowly",
    "tests/faults/test_kill_casting.py::test_a_site_that_is_killed_twenty_times",
    "tests/faults/test_kill_casting.py::test_nor_do_twenty_kills",
    "tests/forums/live/test_hostile.py::test_a_slow_reader",
    "tests/forums/live/test_hostile.py::test_others_are_not_held_up",
    "tests/platform/test_mail_server.py::test_a_server_that_hangs",
)
"""Tests that ask by the clock who waits for whom, or how soon a site is back; none of them needs the sample cluster."""
