"""Settings come from where they should, in the order that is promised, and say so."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UsageError
from landpuls.database import configured_url
from landpuls.settings import load
from landpuls.settings.show import HIDDEN, rows


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """Run each test in an empty folder without any variable of ours."""
    for name in list(os.environ):
        if name.startswith("LANDPULS_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown(name):
    """Return value and origin as `landpuls config show` prints them."""
    return next((row["value"], row["origin"]) for row in rows(load()) if row["name"] == name)


def test_arguments_come_before_environment_before_files_before_toml_before_defaults(alone, monkeypatch):
    """Each source wins over the ones after it, and config show names the winner."""
    assert shown("mqtt.port") == (1883, "default")
    (alone / "landpuls.toml").write_text("[mqtt]\nport = 1\n")
    assert shown("mqtt.port") == (1, "file landpuls.toml")
    (alone / "port").write_text("2\n")
    monkeypatch.setenv("LANDPULS_MQTT__PORT_FILE", str(alone / "port"))
    assert shown("mqtt.port") == (2, f"file {alone / 'port'}")
    monkeypatch.setenv("LANDPULS_MQTT__PORT", "3")
    assert shown("mqtt.port") == (3, "environment LANDPULS_MQTT__PORT")
    loaded = load({"mqtt.port": 4})
    assert (loaded.settings.mqtt.port, loaded.origins["mqtt.port"]) == (4, "argument")


def test_arguments_that_were_not_given_change_nothing():
    """An argument of None leaves the setting to the other sources."""
    assert load({"api.port": None}).origins["api.port"] == "default"


def test_the_configuration_file_can_stand_anywhere(alone, monkeypatch):
    """LANDPULS_CONFIG names the file, and --config comes before it."""
    one, two = alone / "one.toml", alone / "two.toml"
    one.write_text('[log]\nlevel = "debug"\n')
    two.write_text('[log]\nlevel = "error"\n')
    monkeypatch.setenv("LANDPULS_CONFIG", str(one))
    assert load().settings.log.level == "debug"
    assert load(config=two).settings.log.level == "error"


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("[mqtt]\nprot = 1\n", "no setting mqtt.prot (file landpuls.toml); the nearest is mqtt.port"),
        ("mqqt = 1\n", "no setting mqqt (file landpuls.toml)"),
        ("[api]\nport = 'many'\n", "api.port (file landpuls.toml) is wrong"),
        ("[api]\nport = 70000\n", "less than or equal to 65535"),
        ("[api\n", "not valid TOML"),
        ("[worker]\njobs = 0\n", "greater than or equal to 1"),
    ],
)
def test_wrong_files_are_named(alone, toml, named):
    """A key that does not exist, or a value that cannot be, is an error that says which and where."""
    (alone / "landpuls.toml").write_text(toml)
    with pytest.raises(UsageError) as caught:
        load()
    assert named in str(caught.value)


def test_wrong_variables_are_named(monkeypatch):
    """An unknown variable of a section is an error that names it."""
    monkeypatch.setenv("LANDPULS_MQTT__PROT", "1")
    with pytest.raises(UsageError, match="environment LANDPULS_MQTT__PROT"):
        load()


def test_a_list_that_is_no_json_is_named(monkeypatch):
    """A list in the environment that is no JSON is an error, not a traceback."""
    monkeypatch.setenv("LANDPULS_MQTT__TOPICS", "a,b")
    with pytest.raises(UsageError, match=r"mqtt.*written as JSON"):
        load()


def test_a_missing_secret_file_is_named(alone, monkeypatch):
    """A variable that points to no file is an error that names both."""
    monkeypatch.setenv("LANDPULS_MQTT__PASSWORD_FILE", str(alone / "none"))
    with pytest.raises(UsageError, match=r"LANDPULS_MQTT__PASSWORD_FILE points to .*none"):
        load()


@pytest.mark.parametrize(
    "name", ["LANDPULS_MQTT__PASSWORD", "LANDPULS_DATABASE__PASSWORD", "LANDPULS_SIMULATE__API_KEY"]
)
def test_secrets_are_never_shown(monkeypatch, name):
    """A secret appears neither in config show nor in the settings' own representation."""
    monkeypatch.setenv(name, "hunter2")
    loaded = load()
    assert HIDDEN in str(rows(loaded))
    assert "hunter2" not in str(rows(loaded)) + repr(loaded)


PASSWORDS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=4).filter(
    lambda text: text.strip() and text not in HIDDEN
)


@given(password=PASSWORDS)
def test_a_password_in_the_url_is_never_shown(password):
    """Whatever characters a password has, config show hides it."""
    from urllib.parse import quote

    url = f"postgresql://user:{quote(password, safe='')}@db:5432/x?password={quote(password, safe='')}"
    row = next(row for row in rows(load({"database.url": url})) if row["name"] == "database.url")
    assert row["value"] == f"postgresql://user:{HIDDEN}@db:5432/x?password={HIDDEN}"


def test_a_password_of_its_own_enters_the_url():
    """The password from a secret file takes its place in the URL, quoted."""
    settings = load({"database.url": "postgresql://me@db/x", "database.password": "p@ss/word"}).settings
    assert configured_url(settings) == "postgresql://me:p%40ss%2Fword@db/x"


def test_another_kind_of_url_is_refused():
    """A URL that is none of PostgreSQL's says what it should look like."""
    with pytest.raises(UsageError, match="postgresql://"):
        configured_url(load({"database.url": "mysql://db/x"}).settings)


def test_nothing_is_removed_before_late_readings_have_come():
    """Messages are kept 45 days at least, or for ever."""
    assert load({"retention.messages_days": 0}).settings.retention.messages_days == 0
    with pytest.raises(UsageError, match="45 days at least"):
        load({"retention.messages_days": 44})


def test_keys_outlive_the_session_at_the_broker():
    """What the broker may still deliver again is recognised, so keys cannot be forgotten before."""
    with pytest.raises(UsageError, match=r"shorter than mqtt\.session_expiry_s"):
        load({"retention.message_keys_days": 6})
    load({"retention.message_keys_days": 7})


def test_both_sides_agree_on_the_least_retention():
    """The settings allow what storage allows."""
    from landpuls.settings import model
    from storage import maintenance

    assert model.LEAST_DAYS == maintenance.LEAST_DAYS
