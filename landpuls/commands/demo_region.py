"""``landpuls demo-region``: the invented region in the configured database, for simulated devices to report to."""

from datetime import UTC, datetime

import typer

from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import notes, print_json


def demo_region(context: typer.Context, as_json: Json = False) -> None:
    """Register the invented region once, with its devices, and print an operator's API key for it."""
    from device_profiles.registry import Profiles
    from domain.access import Role
    from landpuls.database import database
    from landpuls.demo.seed import is_seeded, register
    from simulators.region import oberspreewald_lausitz
    from storage import registry
    from storage.database import connect

    settings = invocation_of(context).load().settings
    region = oberspreewald_lausitz(settings.simulate.seed)
    key = None
    with database(settings) as url, connect(url, "owner") as connection:
        if not is_seeded(connection, region):
            profiles = Profiles.load(settings.profiles_folder)
            association = register(connection, region, profiles, now=datetime.now(UTC))
            key = registry.create_api_key(
                connection, association, "Invented region", Role.OPERATOR, installation_wide=True
            )
            connection.commit()
    if as_json:
        print_json({"region": region.name, "organisation": region.association_key, "key": key})
    elif key is None:
        notes().print(
            f"The region {region.name} is there already; nothing was changed. Another key: "
            f"landpuls keys add --organisation {region.association_key} --role operator --name …"
        )
    else:
        notes().print(
            f"Registered the region {region.name}: {len(region.things)} things, {len(region.devices)} devices. "
            "Keep this key; it is not shown again."
        )
        typer.echo(key)
