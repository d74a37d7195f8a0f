"""The demonstration region is the real district, complete, consistent and the same for a seed everywhere."""

import hashlib
import subprocess
import sys
from collections import Counter

from device_profiles.profile import Method
from device_profiles.registry import Profiles
from domain.access import Permission
from domain.geo import haversine_m
from domain.things import WasteFraction
from simulators.region import oberspreewald_lausitz
from simulators.region.model import EnvelopeKind
from simulators.region.places import MUNICIPALITY_KEYS, places


def test_size_is_what_the_demonstration_promises(region):
    """600 containers at 220 sites, 40 counters, 2 depots, 3 facilities, 6 vehicles, eleven municipalities."""
    assert (len(region.containers), len(region.sites), len(region.counters)) == (600, 220, 40)
    assert (len(region.depots), len(region.facilities), len(region.vehicles)) == (2, 3, 6)
    assert len(MUNICIPALITY_KEYS) == 11
    assert len(region.organisations) == 13


def test_municipalities_carry_their_official_keys(region):
    """Municipalities are known by twelve digits that begin with the district's five."""
    assert all(len(key) == 12 and key.startswith("12066") and key.isdigit() for key in MUNICIPALITY_KEYS)
    names = {one.key: one.name for one in region.organisations}
    assert names["120660304304"] == "Stadt Senftenberg"


def test_same_seed_gives_the_same_region_and_another_seed_another(region):
    """A region follows from its seed alone."""
    assert oberspreewald_lausitz(1) == region
    assert oberspreewald_lausitz(2) != region


def test_region_does_not_depend_on_the_hash_seed_of_the_process(region):
    """Two processes with different hash seeds build the same region."""
    code = (
        "import hashlib; from simulators.region import oberspreewald_lausitz as build;"
        "print(hashlib.sha256(repr(build(1)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert digests == {hashlib.sha256(repr(region).encode()).hexdigest()}


def test_keys_are_unique_and_references_hold(region):
    """Everything that refers to something by key finds it, once."""
    for records in (region.organisations, region.sites, region.things, region.devices, region.vehicles):
        assert max(Counter(one.key for one in records).values()) == 1
    organisations = {one.key for one in region.organisations}
    assert {one.organisation_key for one in (*region.things, *region.sites, *region.devices)} <= organisations
    assert {one.site_key for one in region.containers} == {one.key for one in region.sites}
    assert {one.thing_key for one in region.devices} == {one.key for one in region.things}
    assert {one.depot_key for one in region.vehicles} == {one.key for one in region.depots}


def test_sites_stand_within_half_a_kilometre_of_real_places(region):
    """Invented sites are in real villages and quarters."""
    settled = places()
    for site in region.sites:
        assert (
            min(haversine_m(site.longitude, site.latitude, one.longitude, one.latitude) for one in settled)
            < 500
        )


def test_association_plans_for_every_municipality(region):
    """Each municipality lets the association plan for its containers."""
    planned = {
        one.organisation_key
        for one in region.grants
        if one.grantee_key == region.association_key and one.permission is Permission.PLAN
    }
    assert planned == set(MUNICIPALITY_KEYS)


def test_every_fraction_has_containers_vehicles_and_a_facility(region):
    """No fraction stands without someone to collect it and somewhere to unload it."""
    for fraction in WasteFraction:
        assert any(one.waste_fraction is fraction for one in region.containers)
        assert any(fraction in one.fractions for one in region.vehicles)
        assert any(fraction in one.fractions for one in region.facilities)


def test_what_is_invented_says_so(region):
    """Invented organisations, depots, facilities and vehicles are labelled in name and flag."""
    invented = [one for one in region.organisations if one.invented]
    assert [one.key for one in invented] == [region.association_key]
    assert all(
        "erfunden" in one.name and one.invented
        for one in (*region.depots, *region.facilities, *region.vehicles)
    )
    assert all("erfunden" in one.name for one in invented)
    assert all("erfunden" in one.address for one in region.sites)


def test_vehicles_work_every_day_of_the_week(region):
    """A plan for today is possible on whichever day the demonstration runs."""
    for vehicle in region.vehicles:
        assert sorted(one.weekday for one in region.shifts if one.vehicle_key == vehicle.key) == [
            1,
            2,
            3,
            4,
            5,
            6,
            7,
        ]


def test_outline_and_lakes_are_closed_rings(region):
    """Polygons are valid GeoJSON: first and last position are the same."""
    for feature in region.map_features:
        if feature.geometry["type"] == "Polygon":
            for ring in feature.geometry["coordinates"]:
                assert ring[0] == ring[-1]
                assert len(ring) >= 4


def test_every_device_has_a_bundled_profile_that_accepts_its_parameters(region):
    """What the region installs can be installed: profile, kind of thing and parameters fit."""
    profiles, kinds = Profiles.load(), {one.key: one.kind for one in region.things}
    for device in region.devices:
        profile = profiles[device.profile_key]
        profile.complete(device.parameters)
        assert profile.kind is kinds[device.thing_key]
    assert {one.profile_key for one in region.devices} == {one.key for one in profiles}


def test_devices_in_json_do_not_claim_to_be_lorawan(region):
    """Only our own envelope carries JSON payloads; the others need bytes and a DevEUI."""
    profiles = Profiles.load()
    for device in region.devices:
        lorawan = device.envelope is not EnvelopeKind.LANDPULS
        assert not (lorawan and profiles[device.profile_key].method is Method.JSON)
        assert (len(device.key) == 16 and device.key.startswith("fe")) == lorawan
