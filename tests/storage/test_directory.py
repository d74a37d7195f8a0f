"""The directory that ingest asks at every message."""

from datetime import timedelta

from device_profiles.registry import bundled
from domain.things import DatastreamKey, ThingKind
from storage import registry
from storage.database import connect
from storage.directory import DatabaseDirectory
from tests.storage.yard import NOON

RADAR = next(one for one in bundled() if one.key == "parametric/tcr")
METER = next(one for one in bundled() if one.key == "emu/professional-ii")


def test_devices_are_found_with_their_installations(database, owner):
    """By DevEUI in any case, or by organisation and name; an installation holds for its period and its datastreams."""
    organisation = registry.add_organisation(owner, key="town", name="Town", kind="municipality")
    thing = registry.add_thing(
        owner,
        organisation_id=organisation,
        key="c",
        name="C",
        kind=ThingKind.COUNTER,
        longitude=14,
        latitude=51,
    )
    device = registry.register_device(
        owner, organisation_id=organisation, key="AABBCCDDEEFF0011", profile_key=RADAR.key
    )
    registry.install(owner, device_id=device, thing_id=thing, profile=RADAR, valid_from=NOON)
    registry.register_device(owner, organisation_id=organisation, key="spare", profile_key=RADAR.key)
    owner.commit()
    directory = DatabaseDirectory(lambda: connect(database, "ingest"))
    assert directory.refresh_if_changed()
    assert not directory.refresh_if_changed()
    found = directory.find("AABBCCDDEEFF0011")
    assert found is not None
    assert (found.id, found.organisation_key, found.profile_key) == (device, "town", RADAR.key)
    assert found.installation_at(NOON - timedelta(seconds=1)) is None
    installation = found.installation_at(NOON)
    assert installation is not None
    assert set(installation.datastreams) == {spec.key for spec in RADAR.datastreams()}
    spare = directory.find("spare", "town")
    assert spare is not None
    assert spare.installations == ()
    assert directory.find("spare") is None
    assert directory.find("spare", "elsewhere") is None
    directory.close()


def test_changes_are_noticed(database, owner):
    """A committed change is seen at the next look, once; a rolled back one never."""
    organisation = registry.add_organisation(owner, key="town", name="Town", kind="municipality")
    owner.commit()
    directory = DatabaseDirectory(lambda: connect(database, "ingest"))
    directory.refresh_if_changed()
    registry.register_device(owner, organisation_id=organisation, key="a", profile_key="x/y")
    assert not directory.refresh_if_changed()
    owner.rollback()
    assert not directory.refresh_if_changed()
    for key in ("b", "c"):
        registry.register_device(owner, organisation_id=organisation, key=key, profile_key="x/y")
        owner.commit()
        assert directory.refresh_if_changed()
        assert directory.find(key, "town") is not None
    directory.close()


def test_differences_are_linked_to_their_counters(owner):
    """A profile's difference names the counter it is taken of, tariff by tariff."""
    organisation = registry.add_organisation(owner, key="town", name="Town", kind="municipality")
    thing = registry.add_thing(
        owner,
        organisation_id=organisation,
        key="m",
        name="M",
        kind=ThingKind.METER,
        longitude=14,
        latitude=51,
    )
    registry.add_datastreams(owner, thing, METER.datastreams())
    registry.add_datastreams(owner, thing, METER.datastreams())
    found = owner.execute(
        """SELECT d.qualifier, s.quantity, s.qualifier FROM datastream d JOIN datastream s ON s.id = d.derived_from
            WHERE d.derivation = 'difference'"""
    ).fetchall()
    assert len(found) == 4
    assert all(target == source and quantity == "energy_total" for target, quantity, source in found)
    key = DatastreamKey(quantity="energy", qualifier="flow=import;tariff=1")
    assert key in {spec.key for spec in METER.datastreams()}
