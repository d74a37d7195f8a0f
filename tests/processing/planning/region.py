"""A small region in a real database, for tests that plan in it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from psycopg.rows import dict_row

from domain.access import Permission
from domain.things import ThingKind, WasteFraction
from storage import registry
from storage.database import Connection

DAY = date(2026, 3, 3)
NOW = datetime(2026, 3, 3, 4, tzinfo=UTC)


@dataclass
class Place:
    """A region of two municipalities, of which only the first lets the association plan."""

    connection: Connection
    association: int
    granting: int
    silent: int

    def container(
        self, owner: int, name: str, fill: float | None, rate: float = 5.0, fraction: str = "paper"
    ) -> int:
        """Stand a container with this level at a site of its own."""
        number = self.connection.execute("SELECT count(*) FROM thing").fetchone()[0]
        spot = {"longitude": 14.0 + 0.01 * number, "latitude": 51.5}
        site = registry.add_site(
            self.connection, organisation_id=owner, key=f"s-{name}", name=f"Site {name}", setup_s=60, **spot
        )
        return self._stand(owner, name, site, spot, fill, rate, fraction)

    def beside(self, thing: int, name: str, fill: float = 90) -> int:
        """Stand another container for paper at the site of this one."""
        owner, site, longitude, latitude = self.connection.execute(
            "SELECT organisation_id, site_id, longitude, latitude FROM thing WHERE id = %s", (thing,)
        ).fetchone()
        spot = {"longitude": longitude, "latitude": latitude}
        return self._stand(owner, name, site, spot, fill, 5.0, "paper")

    def _stand(
        self,
        owner: int,
        name: str,
        site: int,
        spot: dict[str, float],
        fill: float | None,
        rate: float,
        fraction: str,
    ) -> int:
        thing = registry.add_thing(
            self.connection,
            organisation_id=owner,
            key=name,
            name=name,
            kind=ThingKind.CONTAINER,
            site_id=site,
            **spot,
        )
        registry.add_container(
            self.connection,
            thing_id=thing,
            waste_fraction=WasteFraction(fraction),
            volume_l=1_100,
            density_kg_l=0.1,
            service_s=90,
        )
        if fill is not None:
            self.connection.execute(
                "INSERT INTO container_state (thing_id, organisation_id, fill_percent, fill_time,"
                " rate_percent_per_day, updated_at) VALUES (%s, %s, %s, %s, %s, %s)",
                (thing, owner, fill, NOW - timedelta(hours=1), rate, NOW),
            )
        return thing

    def request(self, publish: bool = False) -> int:
        """Ask for a plan of the day."""
        row = self.connection.execute(
            "INSERT INTO plan (organisation_id, day, publish) VALUES (%s, %s, %s) RETURNING id",
            (self.association, DAY, publish),
        ).fetchone()
        self.connection.commit()
        return row[0]

    def row(self, plan: int) -> dict:
        """The plan as stored."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute("SELECT * FROM plan WHERE id = %s", (plan,)).fetchone()

    def stops(self, plan: int) -> list[dict]:
        """All stops of the plan in order."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(
                "SELECT s.*, t.vehicle_id, t.begins_at AS tour_begins_at, t.ends_at, t.distance_m AS tour_m"
                " FROM stop s JOIN tour t ON t.id = s.tour_id WHERE t.plan_id = %s ORDER BY t.number, s.position",
                (plan,),
            ).fetchall()


def add_place(owner: Connection) -> Place:
    """Two municipalities, an association with a depot, a facility for paper, and one vehicle."""
    association, granting, silent = (
        registry.add_organisation(owner, key=key, name=key, kind=kind)
        for key, kind in (("awv", "association"), ("one", "municipality"), ("two", "municipality"))
    )
    registry.grant(
        owner,
        organisation_id=granting,
        grantee_id=association,
        permission=Permission.PLAN,
        valid_from=NOW - timedelta(days=1),
    )
    depot = registry.add_depot(
        owner, organisation_id=association, key="d", name="Depot", longitude=14.0, latitude=51.51
    )
    registry.add_facility(
        owner,
        organisation_id=association,
        key="f",
        name="Facility",
        longitude=14.05,
        latitude=51.52,
        fractions=[WasteFraction.PAPER],
    )
    vehicle = registry.add_vehicle(
        owner,
        depot_id=depot,
        key="v",
        name="Vehicle",
        fractions=[WasteFraction.PAPER, WasteFraction.GLASS],
        capacity_l=5_000,
        capacity_kg=2_000,
        fixed_cost_cents=5_000,
        cost_per_km_cents=120,
        cost_per_h_cents=6_000,
    )
    registry.add_shift(owner, vehicle_id=vehicle, weekday=DAY.isoweekday(), begins=time(6), ends=time(15))
    owner.commit()
    return Place(connection=owner, association=association, granting=granting, silent=silent)
