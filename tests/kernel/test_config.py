import pytest

import config

SECRET = {"CIVIC_FORUM_SECRET_KEY": "a secret of sixteen and more"}


def test_every_setting_says_what_it_means():
    assert all(setting.meaning.endswith(".") for setting in config.SETTINGS)


def test_a_wrong_value_is_named(tmp_path):
    with pytest.raises(config.SettingError, match="CIVIC_FORUM_SUPPORT_DAYS"):
        config.load(SECRET | {"CIVIC_FORUM_SUPPORT_DAYS": "soon"}, DATA=str(tmp_path))


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


def test_the_variable_wins_over_the_file(tmp_path):
    file = tmp_path / "settings"
    file.write_text("# ours\nSUPPORT_DAYS=30\nSUPPORT_THRESHOLD=50\n")
    loaded = config.load(SECRET | {"CIVIC_FORUM_SETTINGS": str(file), "CIVIC_FORUM_SUPPORT_DAYS": "40"},
                         DATA=str(tmp_path / "data"))
    assert (loaded["SUPPORT_DAYS"], loaded["SUPPORT_THRESHOLD"]) == (40, 50)
