"""Tests that need the machine to themselves, by the beginnings of their ids."""

MEASURES = (
    "tests/servers/test_load.py",
    "tests/servers/test_sample_site.py::test_a_second_start",
    "tests/servers/test_serving.py::test_everything_runs_in_one_group",
    "tests/servers/test_serving.py::test_ctrl_c_stops_it",
    "tests/cluster/test_stopping.py::test_asked_to_stop",
    "tests/faults/test_casting_memory.py",
    "tests/faults/test_clocks_of_workers.py",
    "tests/faults/test_large_requests.py::test_one_who_sends_slowly",
    "tests/forums/live/test_hostile.py::test_a_slow_reader",
    "tests/forums/live/test_hostile.py::test_others_are_not_held_up",
    "tests/forums/live/test_hostile.py::test_signing_out_is_felt",
    "tests/ballots/test_closing_races.py::test_the_closer_gets_its_lock",
    "tests/ballots/test_finishing.py::test_fifty_thousand",
    "tests/kernel/test_mail_server.py::test_a_server_that_hangs",
    "tests/moderation/test_ledger.py::test_it_stays_quick",
)
"""Tests that assert seconds of the wall, a rate or a size of memory; none of them needs the sample cluster."""
