"""Plans and tours: asked for, followed, published, driven."""

from datetime import date, timedelta

import pytest

from tests.api.problem import check_problem
from tests.api.region import NOW, TODAY, Region, add_plan

pytestmark = pytest.mark.anyio


async def test_ask_for_a_plan(planner, owner, region: Region):
    """Asking for a plan writes it together with the job that computes it, and says where to follow it."""
    response = await planner.post(
        "/api/v1/plans",
        json={"day": str(TODAY), "publish": True, "iterations": 5000, "seed": 7, "reason": "Markttag"},
    )
    assert response.status_code == 202, response.text
    plan = response.json()
    assert (plan["status"], plan["progress"], plan["feasible"], plan["tours"]) == ("requested", 0, None, [])
    assert (plan["seed"], plan["iterations"], plan["reason"], plan["author"]) == (7, 5000, "Markttag", "kav")
    followed = await planner.get(response.headers["location"])
    assert followed.json() == plan
    jobs = owner.execute(
        "SELECT p.job_id, p.publish, p.organisation_id FROM plan p WHERE id = %s", [plan["id"]]
    ).fetchall()
    owner.rollback()
    assert jobs[0][1:] == (True, region.association)


async def test_the_job_is_queued(planner, database, region: Region):
    """The job waits in the queue under its name with the plan's id, once for each plan."""
    import psycopg

    made = [(await planner.post("/api/v1/plans", json={"day": str(TODAY)})).json()["id"] for _ in range(2)]
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "SELECT j.task_name, j.args, j.status, p.id FROM jobs.procrastinate_jobs j"
            " JOIN landpuls.plan p ON p.job_id = j.id ORDER BY p.id"
        ).fetchall()
    assert found == [("draft_plan", {"plan_id": plan}, "todo", plan) for plan in made]


async def test_days_that_cannot_be_planned(planner):
    """Days that are over, or more than a year ahead, are refused with the days that can be planned."""
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=367)):
        body = check_problem(await planner.post("/api/v1/plans", json={"day": str(day)}), 422)
        assert body["errors"][0]["field"] == "day"
        assert str(TODAY) in body["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seconds", 0),
        ("seconds", 601),
        ("iterations", 0),
        ("seed", -1),
        ("reason", "x" * 501),
        ("reason", "a\0"),
        ("colour", "red"),
    ],
)
async def test_bounds(planner, field, value):
    """Each field of a new plan has its bounds."""
    body = check_problem(await planner.post("/api/v1/plans", json={"day": str(TODAY), field: value}), 422)
    assert (body["errors"][0]["location"], body["errors"][0]["field"]) == ("body", field)


async def test_text_that_is_none(planner):
    """Half a surrogate pair, which JSON can write and UTF-8 cannot, is refused by its field."""
    content = f'{{"day": "{TODAY}", "reason": "\\ud800"}}'
    response = await planner.post(
        "/api/v1/plans", content=content, headers={"Content-Type": "application/json"}
    )
    assert check_problem(response, 422)["errors"][0]["field"] == "reason"


async def test_names_that_are_none(planner):
    """Names of fields that cannot be told, are endless, or are many are refused without being repeated in full."""
    for fields in (
        '"\\ud800": 1',
        f'"{"x" * 50_000}": 1',
        ",".join(f'"x{number}": 1' for number in range(3000)),
    ):
        content = f'{{"day": "{TODAY}", {fields}}}'
        response = await planner.post(
            "/api/v1/plans", content=content, headers={"Content-Type": "application/json"}
        )
        check_problem(response, 422)
        assert len(response.content) < 5000


async def test_list_of_plans(planner, owner, region: Region):
    """Plans come newest first, of a day or in a status if so asked, with their tours in brief."""
    first = add_plan(owner, region, "draft")
    second = add_plan(owner, region, "published", TODAY + timedelta(days=1))
    every = (await planner.get("/api/v1/plans")).json()["items"]
    assert [one["id"] for one in every] == [second["plan"], first["plan"]]
    (found,) = (await planner.get("/api/v1/plans", params={"day": str(TODAY)})).json()["items"]
    assert found["id"] == first["plan"]
    (tour,) = found["tours"]
    assert (tour["stops"], tour["vehicle"]["name"], tour["distance_m"]) == (2, "OSL-AV 101", 12000)
    (found,) = (await planner.get("/api/v1/plans", params={"status": "published"})).json()["items"]
    assert found["id"] == second["plan"]
    paged = (await planner.get("/api/v1/plans", params={"limit": 1})).json()
    rest = (await planner.get("/api/v1/plans", params={"limit": 1, "cursor": paged["next_cursor"]})).json()
    assert [rest["items"][0]["id"], rest["next_cursor"]] == [first["plan"], None]


async def test_publish(planner, owner, region: Region):
    """Publishing puts a draft into force in place of the former plan; doing it again changes nothing."""
    former = add_plan(owner, region, "published")
    draft = add_plan(owner, region, "draft")
    path = f"/api/v1/plans/{draft['plan']}/publish"
    published = (await planner.post(path)).json()
    assert (published["status"], published["published_at"]) == ("published", "2026-06-10T12:00:00Z")
    assert (await planner.get(f"/api/v1/plans/{former['plan']}")).json()["status"] == "superseded"
    assert (await planner.post(path)).json() == published


async def test_what_cannot_be_published(planner, owner, region: Region):
    """Only drafts are published, and never over a plan that is being driven."""
    for number, status in enumerate(("requested", "computing", "failed", "infeasible", "superseded")):
        plan = add_plan(owner, region, status, TODAY + timedelta(days=number + 1))
        body = check_problem(await planner.post(f"/api/v1/plans/{plan['plan']}/publish"), 409, "conflict")
        assert body["plan_status"] == status
    driven = add_plan(owner, region, "in_progress")
    draft = add_plan(owner, region, "draft")
    body = check_problem(await planner.post(f"/api/v1/plans/{draft['plan']}/publish"), 409)
    assert body["plan_id"] == driven["plan"]


async def test_diagnosis(planner, owner, region: Region):
    """A plan that cannot be says which constraint stands against it and which containers it concerns."""
    plan = add_plan(owner, region, "infeasible")["plan"]
    owner.execute(
        """UPDATE plan SET feasible = false, diagnosis = '[{"constraint": "shift", "containers": [1, 2],
           "detail": "Too late."}]', summary = '{"cost_cents": 5}' WHERE id = %s""",
        [plan],
    )
    owner.commit()
    found = (await planner.get(f"/api/v1/plans/{plan}")).json()
    (reason,) = found["diagnosis"]
    assert (reason["constraint"], reason["containers"], reason["detail"]) == ("shift", [1, 2], "Too late.")
    assert (reason["needed"], reason["available"], reason["unit"]) == (None, None, None)
    assert (found["feasible"], found["summary"]) == (False, {"cost_cents": 5})


async def test_tours_in_force(planner, owner, region: Region):
    """Without a plan the tours in force are shown: today's, or those of the day asked for, and no drafts."""
    add_plan(owner, region, "draft")
    today = add_plan(owner, region, "published")
    tomorrow = add_plan(owner, region, "published", TODAY + timedelta(days=1))
    assert [one["id"] for one in (await planner.get("/api/v1/tours")).json()["items"]] == [today["tour"]]
    found = await planner.get("/api/v1/tours", params={"day": str(TODAY + timedelta(days=1))})
    assert [one["id"] for one in found.json()["items"]] == [tomorrow["tour"]]
    assert found.json()["items"][0]["day"] == str(date(2026, 6, 11))


async def test_tour(planner, owner, region: Region):
    """A tour has every stop in its order, with the container's site and fraction."""
    ids = add_plan(owner, region)
    tour = (await planner.get(f"/api/v1/tours/{ids['tour']}")).json()
    assert [stop["kind"] for stop in tour["stops"]] == ["start", "container", "container", "end"]
    assert [stop["position"] for stop in tour["stops"]] == [0, 1, 2, 3]
    first = tour["stops"][1]
    assert (first["thing_id"], first["site_name"], first["waste_fraction"], first["collection"]) == (
        region.ids["calau_residual"],
        "Standplatz 0",
        "residual",
        None,
    )
    assert tour["stops"][0]["name"] == "Depot"
    listed = (await planner.get("/api/v1/tours", params={"plan": ids["plan"]})).json()["items"]
    assert listed == [tour]


async def test_tour_as_geojson(planner, owner, region: Region):
    """A tour on the map is its line and its stops, the containers numbered from 1."""
    ids = add_plan(owner, region)
    response = await planner.get(f"/api/v1/tours/{ids['tour']}.geojson")
    assert response.headers["content-type"] == "application/geo+json"
    features = response.json()["features"]
    assert features[0]["geometry"]["type"] == "LineString"
    assert features[0]["geometry"]["coordinates"] == [one["geometry"]["coordinates"] for one in features[1:]]
    assert [one["properties"]["number"] for one in features[1:]] == [None, 1, 2, None]
    whole = await planner.get(f"/api/v1/plans/{ids['plan']}/tours.geojson")
    assert whole.json() == response.json()


async def test_names_of_the_vehicle_stay_with_its_owner(calau, owner, region: Region):
    """A municipality sees no plan of the association that has granted it nothing."""
    ids = add_plan(owner, region, "published")
    check_problem(await calau.get(f"/api/v1/tours/{ids['tour']}"), 404)
    assert (await calau.get("/api/v1/tours", params={"day": str(NOW.date())})).json()["items"] == []
