"""A profile with a mistake is refused with file, key and how to mend it."""

from pathlib import Path

import pytest

from device_profiles.parse import load_profile, parse_profile
from device_profiles.registry import BUNDLED, Profiles, read_folder
from domain.errors import NotFound, ProfileError

GOOD = """
vendor = "acme"
device = "eye"
name = "Eye"
version = 1
kind = "container"
method = "struct"
description = "An eye"
source = "data sheet 1"

[parameters.interval_s]
description = "Interval"
default = 900
range = [60, 3600]

[[frame]]
name = "report"
ports = [3]
  [[frame.field]]
  name = "distance"
  offset = 0
  type = "u16"
  quantity = "distance"
  unit = "mm"
"""


def test_a_good_profile_is_read():
    """The least that a profile needs is enough."""
    profile = parse_profile(GOOD)
    assert profile.key == "acme/eye"
    assert profile.frames[0].min_length == profile.frames[0].max_length == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("", "=", "is not TOML"),
        ('vendor = "acme"', "", "vendor: is missing; add it"),
        ('vendor = "acme"', 'vendor = "Acme!"', "small letters, digits"),
        ('name = "Eye"', 'name = ""', "name: is empty"),
        ("version = 1", "version = 0", "must lie between 1 and"),
        ("version = 1", 'version = "1"', "must be a whole number"),
        ("version = 1", "version = true", "must be a whole number"),
        ('kind = "container"', 'kind = "contaner"', r"did you mean 'container'\?"),
        ('method = "struct"', 'method = "javascript"', "use one of struct, tlv, json"),
        ('method = "struct"', 'method = "tlv"', "needs \\[\\[frame.element\\]\\]"),
        ('source = "data sheet 1"', 'sauce = "data sheet 1"', "source: is missing"),
        ("ports = [3]", "ports = [300]", "ports between 0 and 255"),
        ("ports = [3]", "prots = [3]", r"prots: means nothing here \(did you mean 'ports'\?\)"),
        ("ports = [3]", "ports = [3]\nlength = 1", "do not hold its fields, which reach to byte 2"),
        ('type = "u16"', 'type = "u17"', "'u17' is unknown"),
        ('type = "u16"', 'type = "u16"\nbits = 20', "do not lie within u16"),
        ('quantity = "distance"', 'quantity = "depth"', "'depth' is unknown"),
        ('quantity = "distance"', "", "name a quantity, an event"),
        ('unit = "mm"', 'unit = "furlong"', "the unit 'furlong' is unknown"),
        ('unit = "mm"', 'unit = "mV"', "'mV' cannot become 'm'; use one of m, dm, cm, mm"),
        ('unit = "mm"', "factor = 0", "a factor of 0"),
        ('unit = "mm"', "range = [5, 1]", "5 is above 1"),
        ('unit = "mm"', "range = [0, inf]", "must be a finite number"),
        ('unit = "mm"', 'period_s = "pause_s"', r"add \[parameters.pause_s\]"),
        ('unit = "mm"', 'weight = "count"', "'count' is no field of this frame"),
        ('unit = "mm"', 'qualifier = { class = "$kind" }', "'kind' is no installation parameter of text"),
        ('unit = "mm"', 'qualifier = { class = "A;B" }', "small letters"),
        ("default = 900", "default = 5", "must lie between 60 and 3600"),
        ("default = 900", "default = nan", "must be a finite number"),
        ("[[frame]]", "[frame]", "frame: must be a list"),
        ("", '[[derivation]]\nkind = "fill_level"\n', r"add \[parameters.empty_distance_m\]"),
        ("", '[[derivation]]\nkind = "difference"\n', "no field sends energy_total"),
        (
            "",
            '[[derivation]]\nkind = "magic"\n',
            "use one of fill_level, flow, difference, passages_to_counts",
        ),
        ("", '[[vector]]\nnote = "x"\npayload = "abc"\n', "two for each byte"),
    ],
)
def test_each_mistake_is_named(old: str, new: str, says: str):
    """Every mistake is told with the place and the mend."""
    text = GOOD.replace(old, new, 1) if old else GOOD + new
    with pytest.raises(ProfileError, match=says) as raised:
        parse_profile(text, "acme/eye.toml")
    assert "acme/eye.toml" in str(raised.value)


def test_two_fields_may_not_share_a_name():
    """Names are how vectors and encoders speak of fields."""
    field = '  [[frame.field]]\n  name = "distance"\n  offset = 2\n  type = "u8"\n  quantity = "humidity"\n'
    with pytest.raises(ProfileError, match="'distance' is used twice"):
        parse_profile(GOOD + field)


class TestParameters:
    @pytest.fixture
    def profile(self):
        """A radar counter, whose classes are parameters."""
        return load_profile(BUNDLED / "parametric" / "tcr.toml")

    def test_defaults_fill_in(self, profile):
        """What nobody says is the default."""
        assert profile.complete({"class_0": "pedestrian"})["class_1"] == "car"

    @pytest.mark.parametrize(
        ("parameters", "says"),
        [
            ({"height": 3}, "no installation parameter 'height'; it has: interval_s"),
            ({"interval_s": 5}, "must lie between 60 and 3600"),
            ({"interval_s": float("nan")}, "must lie between"),
            ({"interval_s": "900"}, "must lie between"),
            ({"class_0": "dragon"}, "must be one of pedestrian"),
            ({"class_0": "car"}, "two datastreams would be 'class=car;direction=1'"),
        ],
    )
    def test_a_wrong_one_is_refused(self, profile, parameters, says):
        """A parameter that makes no sense is refused on installation, not found later in the data."""
        with pytest.raises(ProfileError, match=says):
            profile.complete(parameters)


class TestRegistry:
    def test_the_operators_folder_stands_first(self, tmp_path: Path):
        """A profile in the operator's folder replaces the bundled one of the same key."""
        (tmp_path / "bosch").mkdir()
        text = (BUNDLED / "bosch" / "tps110.toml").read_text().replace("version = 1", "version = 9", 1)
        (tmp_path / "bosch" / "tps110.toml").write_text(text)
        profiles = Profiles.load(tmp_path)
        assert profiles["bosch/tps110"].version == 9
        assert len(profiles) == len(Profiles.load())

    def test_a_file_lies_where_its_key_says(self, tmp_path: Path):
        """A profile in another place is refused, so that its key can be read from its path."""
        (tmp_path / "acme").mkdir()
        (tmp_path / "acme" / "ear.toml").write_text(GOOD)
        with pytest.raises(ProfileError, match=r"move it to acme/eye\.toml"):
            read_folder(tmp_path)

    def test_a_missing_folder_is_said(self, tmp_path: Path):
        """A folder that is set and not there is a mistake, not an empty folder."""
        with pytest.raises(ProfileError, match="is no folder"):
            Profiles.load(tmp_path / "nowhere")

    def test_an_unknown_key_names_the_known(self):
        """Asked for a profile that is not there, the registry says which are."""
        with pytest.raises(NotFound, match="bosch/tps110"):
            Profiles.load()["acme/eye"]
