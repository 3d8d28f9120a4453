import pytest

import config
from civic_forum.platform import encrypted_archives

SECRET = {"CIVIC_FORUM_SECRET_KEY": "a secret of sixteen and more"}
HOPS, HTTPS = {"CIVIC_FORUM_PROXY_HOPS": "1"}, {"CIVIC_FORUM_URL": "https://forum.example.org"}
CONTACT = {"CIVIC_FORUM_CONTACT_EMAIL": "help@forum.example.org"}


def test_every_setting_says_what_it_means():
    assert all(setting.meaning.endswith(".") for setting in config.SETTINGS)


def test_a_wrong_value_is_named(tmp_path):
    with pytest.raises(config.SettingError, match="CIVIC_FORUM_SUPPORT_DAYS"):
        config.load(SECRET | {"CIVIC_FORUM_SUPPORT_DAYS": "soon"}, DATA=str(tmp_path))


@pytest.mark.parametrize("name, value", [
    ("SMTP_URL", "http://mail"), ("SMTP_URL", "mail.example.org"), ("SMTP_URL", "smtp://mail:many"),
    ("SMTP_URL", "smtp://"),
    ("SMTP_URL", "smtp://mail:0"), ("CLAMD", "/run/clamd"), ("CLAMD", "tcp://"), ("CLAMD", "unix:"),
    ("REDIS_URL", "nonsense"), ("DATABASE_URL", "mysql://x/y"), ("URL", "example.org"),
    ("URL", "javascript:alert(1)"), ("SUPPORT_DAYS", "-1"), ("HOLD_PROPOSALS", "maybe"), ("STAFF_TOTP", "never")])
def test_a_value_that_could_only_fail_later_is_refused_at_the_start(tmp_path, name, value):
    with pytest.raises(config.SettingError, match=f"CIVIC_FORUM_{name} is wrong: "):
        config.load(SECRET | {f"CIVIC_FORUM_{name}": value}, DATA=str(tmp_path))


def test_recipients_of_backups_are_public_keys_and_a_private_one_is_not_said_again(tmp_path):
    private, public = encrypted_archives.new_identity()
    private = private.split()[-1]
    for given, taken in ((f"{public}, {public},", (public,)), ("", ())):
        loaded = config.load(SECRET | {"CIVIC_FORUM_BACKUP_RECIPIENTS": given}, DATA=str(tmp_path))
        assert loaded["BACKUP_RECIPIENTS"] == taken
    for wrong in (private, public[:-1], f"{public} {public}", f"{public},ssh-ed25519 AAAA"):
        with pytest.raises(config.SettingError, match="BACKUP_RECIPIENTS is wrong: expected public keys") as refused:
            config.load(SECRET | {"CIVIC_FORUM_BACKUP_RECIPIENTS": wrong}, DATA=str(tmp_path))
        assert private not in str(refused.value)


def test_addresses_as_people_write_them_are_taken(tmp_path):
    given = {"SMTP_URL": "smtps://me:p%40ss@mail.example.org:465", "REDIS_URL": "redis://localhost:6379/0",
             "DATABASE_URL": "postgresql:///forum", "URL": "https://example.org/"}
    loaded = config.load(SECRET | HOPS | CONTACT | {f"CIVIC_FORUM_{name}": value for name, value in given.items()},
                         DATA=str(tmp_path))
    assert {name: loaded[name] for name in given} == given | {"URL": "https://example.org"}


def test_an_unknown_setting_is_named(tmp_path):
    with pytest.raises(config.SettingError, match="CIVIC_FORUM_TRESHOLD"):
        config.load(SECRET | {"CIVIC_FORUM_TRESHOLD": "3"}, DATA=str(tmp_path))


def test_without_a_secret_only_sample_data_is_served(tmp_path):
    with pytest.raises(config.SettingError, match="SECRET_KEY"):
        config.load({}, DATA=str(tmp_path))
    config.mark_as_sample(tmp_path)
    first = config.load({}, DATA=str(tmp_path))["SECRET_KEY"]
    assert len(first) > 30 and config.load({}, DATA=str(tmp_path))["SECRET_KEY"] == first


def test_the_clock_moves_on_sample_data_only(tmp_path):
    offset = SECRET | {"CIVIC_FORUM_CLOCK_OFFSET_S": "60"}
    with pytest.raises(config.SettingError, match="CLOCK_OFFSET"):
        config.load(offset, DATA=str(tmp_path))
    config.mark_as_sample(tmp_path)
    assert config.load(offset, DATA=str(tmp_path))["CLOCK_OFFSET_S"] == 60


def test_keys_lie_outside_the_data_directory(tmp_path):
    with pytest.raises(config.SettingError, match="KEYS"):
        config.load(SECRET | {"CIVIC_FORUM_KEYS": str(tmp_path / "keys")}, DATA=str(tmp_path))


def test_a_keys_directory_inside_the_data_directory_is_found_out_on_every_way_there(tmp_path):
    data = tmp_path / "data"
    (data / "keys").mkdir(parents=True)
    (tmp_path / "elsewhere").symlink_to(data / "keys")
    for way in (data, tmp_path / "elsewhere", tmp_path / "other" / ".." / "data" / "keys",
                tmp_path / "elsewhere" / "x"):
        with pytest.raises(config.SettingError, match="KEYS"):
            config.load(SECRET | {"CIVIC_FORUM_KEYS": str(way)}, DATA=str(data))
    assert config.load(SECRET | {"CIVIC_FORUM_KEYS": str(tmp_path)}, DATA=str(data))["KEYS"] == str(tmp_path)


@pytest.mark.parametrize("given, secure", [({}, False), (HTTPS | HOPS | CONTACT, True), (
    HTTPS | HOPS | CONTACT | {"CIVIC_FORUM_COOKIE_SECURE": "auto"}, True),
    ({"CIVIC_FORUM_COOKIE_SECURE": "yes"}, True)])
def test_the_address_says_whether_cookies_are_for_https(tmp_path, given, secure):
    assert config.load(SECRET | given, DATA=str(tmp_path))["COOKIE_SECURE"] is secure


@pytest.mark.parametrize("given, wrong", [({}, "PROXY_HOPS is missing"), (
    HOPS | {"CIVIC_FORUM_COOKIE_SECURE": "no"}, "COOKIE_SECURE is refused")])
def test_a_site_behind_tls_that_would_not_notice_it_does_not_start(tmp_path, given, wrong):
    with pytest.raises(config.SettingError, match=f"CIVIC_FORUM_{wrong}"):
        config.load(SECRET | HTTPS | CONTACT | given, DATA=str(tmp_path))


def test_a_site_of_people_that_nobody_can_write_to_does_not_start(tmp_path):
    default = {"CIVIC_FORUM_CONTACT_EMAIL": config.BY_NAME["CONTACT_EMAIL"].default}
    for given in ({}, default):
        with pytest.raises(config.SettingError, match="CIVIC_FORUM_CONTACT_EMAIL is missing"):
            config.load(SECRET | HTTPS | HOPS | given, DATA=str(tmp_path))
    assert config.load(SECRET | default, DATA=str(tmp_path))


def test_the_variable_wins_over_the_file(tmp_path):
    file = tmp_path / "settings"
    file.write_text("# ours\nSUPPORT_DAYS=30\nSUPPORT_THRESHOLD=50\n")
    loaded = config.load(SECRET | {"CIVIC_FORUM_SETTINGS": str(file), "CIVIC_FORUM_SUPPORT_DAYS": "40"},
                         DATA=str(tmp_path / "data"))
    assert (loaded["SUPPORT_DAYS"], loaded["SUPPORT_THRESHOLD"]) == (40, 50)


@pytest.mark.parametrize("content, wrong", [
    ("{", "no JSON"), ("[]", "names no source"), ('{"source": " "}', "names no source"),
    ('{"source": "가"}', "by neighbourhoods"), ('{"source": "가", "neighbourhoods": {"가산동": 9}}', "by ages"),
    ('{"source": "가", "neighbourhoods": {"가산동": 0}, "ages": {"65+": 9}}', "가산동 in neighbourhoods"),
    ('{"source": "가", "neighbourhoods": {"가산동": true}, "ages": {"65+": 9}}', "가산동 in neighbourhoods"),
    ('{"source": "가", "neighbourhoods": {"가산동": 9}, "ages": {"70+": 9}}', "not 70")])
def test_a_file_of_residents_that_says_too_little_is_refused(tmp_path, content, wrong):
    path = tmp_path / "residents.json"
    path.write_text(content, "utf-8")
    with pytest.raises(config.SettingError, match=f"CIVIC_FORUM_RESIDENTS is wrong: .*{wrong}"):
        config.load(SECRET | {"CIVIC_FORUM_RESIDENTS": str(path)}, DATA=str(tmp_path))


def test_a_file_of_residents_is_read_at_the_start_and_missing_is_fine(tmp_path):
    path = tmp_path / "residents.json"
    path.write_text('{"source": "가", "neighbourhoods": {"가산동": 9}, "ages": {"65+": 9}}', "utf-8")
    loaded = config.load(SECRET | {"CIVIC_FORUM_RESIDENTS": str(path)}, DATA=str(tmp_path))
    assert loaded["RESIDENTS"]["ages"] == {"65+": 9}
    assert config.load(SECRET, DATA=str(tmp_path))["RESIDENTS"] == {}
    with pytest.raises(config.SettingError, match="cannot read"):
        config.load(SECRET | {"CIVIC_FORUM_RESIDENTS": str(tmp_path / "none")}, DATA=str(tmp_path))


def test_names_are_the_same_in_english_unless_they_are_set(tmp_path):
    given = SECRET | {"CIVIC_FORUM_SITE_NAME": "한빛마을", "CIVIC_FORUM_OFFICE_NAME": "한빛구청",
                      "CIVIC_FORUM_OFFICE_NAME_EN": "Hanbit-gu Office"}
    loaded = config.load(given, DATA=str(tmp_path))
    assert [loaded[f"{name}_EN"] for name in ("SITE_NAME", "OFFICE_NAME", "DISTRICT_NAME")] == [
        "한빛마을", "Hanbit-gu Office", "Geumcheon-gu"]


def test_names_can_be_set_in_every_language_of_the_site(tmp_path):
    loaded = config.load(SECRET | {"CIVIC_FORUM_SITE_NAME_ZH": "衿川1号街"}, DATA=str(tmp_path))
    assert loaded["SITE_NAME_ZH"] == "衿川1号街"
    for name in ("SITE_NAME_XX", "SITE_NAME_EASY", "URL_ZH"):
        with pytest.raises(config.SettingError, match="is not a setting"):
            config.load(SECRET | {f"CIVIC_FORUM_{name}": "x"}, DATA=str(tmp_path))


def test_a_secret_is_kept_for_commands_and_written_only_where_it_is_another(tmp_path):
    keys = tmp_path / "keys"
    assert config.kept_secret(keys) == "" and not keys.exists()
    assert config.kept_secret(keys, new="a secret") == config.kept_secret(keys) == "a secret"
    [path] = keys.iterdir()
    written = path.stat().st_mtime_ns
    assert path.stat().st_mode & 0o077 == 0 and keys.stat().st_mode & 0o077 == 0
    assert config.kept_secret(keys, new="a secret") == "a secret" and path.stat().st_mtime_ns == written
    assert config.kept_secret(keys, new="another") == config.kept_secret(keys) == "another"


def test_of_several_makers_of_a_sample_secret_the_first_wins(tmp_path, monkeypatch):
    made, makes = [], config._unfinished

    def slowly(path, text):
        unfinished = makes(path, text)
        if not made:
            made.append(text)
            made.append(config._sample_secret(tmp_path))
        return unfinished

    monkeypatch.setattr(config, "_unfinished", slowly)
    assert config._sample_secret(tmp_path) == made[1] != made[0]
    assert [path.name for path in tmp_path.iterdir()] == ["sample-secret-key"]


def test_the_web_has_the_secret_that_commands_read(tmp_path):
    given = {"CIVIC_FORUM_SECRET_KEY": f" {'s' * 40}\n"}
    assert config.load(given, DATA=str(tmp_path))["SECRET_KEY"] == "s" * 40
