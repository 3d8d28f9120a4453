"""Background work: what is registered, and what is thrown away when."""

import re

import pytest

import config
from civic_forum.platform import jobs
from civic_forum.platform.jobs import Retention


@pytest.fixture
def rules(monkeypatch):
    """An empty table of retention."""
    monkeypatch.setattr(jobs, "retention", {})
    return jobs.retention


def test_every_retention_period_of_the_settings_has_a_job_that_enforces_it(sqlite_app):
    named = {name for name in config.BY_NAME if re.fullmatch("RETAIN_.*_DAYS", name)}
    assert named and {rule.setting for rule in jobs.retention.values()} == named


def test_each_rule_gets_the_days_of_its_setting(sqlite_app, rules, monkeypatch):
    seen = {}
    monkeypatch.setitem(sqlite_app.config, "RETAIN_MAIL_DAYS", 3)
    jobs.keep_for("RETAIN_MAIL_DAYS", "mail")(lambda days: seen.setdefault("mail", days))
    assert jobs.enforce_retention(sqlite_app) == {"mail": 3} and seen == {"mail": 3}


def test_a_rule_that_fails_keeps_no_other_from_its_work(sqlite_app, rules):
    def fail(_days):
        raise ZeroDivisionError

    done = []
    rules["first"] = Retention("first", "RETAIN_MAIL_DAYS", fail)
    rules["second"] = Retention("second", "RETAIN_DRAFTS_DAYS", lambda days: done.append(days) or 1)
    with pytest.raises(ZeroDivisionError):
        jobs.enforce_retention(sqlite_app)
    assert done == [180]


def test_the_rules_run_on_both_databases(app, town):
    assert set(jobs.enforce_retention(app)) == set(jobs.retention)


@pytest.mark.both
@pytest.mark.both
def test_every_job_runs_on_both_databases_when_there_is_nothing_to_do(app, town):
    assert jobs.periodic
    for job in jobs.periodic.values():
        assert 1 <= job.minutes <= 60
        job.run()


def test_the_queue_knows_every_job_and_the_daily_retention(sqlite_app, tmp_path, monkeypatch):
    monkeypatch.setitem(sqlite_app.config, "DATA", str(tmp_path))
    monkeypatch.setattr(jobs, "queued", {})
    queue = jobs.make_huey(sqlite_app)
    tasks = queue._registry.periodic_tasks
    assert {task.name for task in tasks} == {*jobs.periodic, "retention"}
    from datetime import datetime
    moments = [datetime(2030, 5, 1, hour, minute) for hour in range(24) for minute in range(60)]
    for task in tasks:
        runs = sum(bool(task.validate_datetime(moment)) for moment in moments)
        wanted = 1 if task.name == "retention" else 24 * 60 // jobs.periodic[task.name].minutes
        assert runs == wanted, task.name
    queue.storage.close()
