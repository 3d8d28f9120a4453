"""Tests that need the machine to themselves."""

MEASURES = ("tests/faults/", "tests/cluster/", "tests/forums/live/", "tests/servers/test_serving.py",
         "tests/servers/test_sample_site.py", "tests/servers/test_load.py", "tests/ballots/test_casting_races.py",
         "tests/ballots/test_casting_several_races.py", "tests/ballots/test_closing_races.py",
         "tests/ballots/test_paper_races.py", "tests/ballots/test_finishing.py::test_fifty_thousand",
         "tests/agendas/test_races.py", "tests/budgets/voting/test_races.py",
         "tests/budgets/results/test_while_counting.py", "tests/notifications/test_races.py",
         "tests/moderation/test_lock_order.py",
         "tests/moderation/test_ledger.py::test_it_stays_quick", "tests/kernel/test_mail_server.py",
         "tests/attachments/test_hostile_files.py::test_no_hostile_file",
         "tests/verifier/test_hostile.py", "tests/accounts/test_passwords.py::test_hashing_under_gevent",
         "tests/accounts/test_signing_in.py::test_an_unknown_name_takes")
"""Run last, on one worker: a second process of tests beside them would change what they measure."""
