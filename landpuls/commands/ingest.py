"""``landpuls ingest``: MQTT in, committed rows out."""

from pathlib import Path
from typing import Annotated

import typer

from landpuls.invocation import invocation_of


def ingest(
    context: typer.Context,
    client_id: Annotated[
        str | None, typer.Option(help="Client id; each worker needs its own, always the same.")
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="Topic filter to subscribe to; may be repeated.")
    ] = None,
    profiles: Annotated[Path | None, typer.Option(help="Folder with device profiles of your own.")] = None,
) -> None:
    """Take readings from the broker into the database; acknowledge them once they are committed."""
    from ingest.config import IngestConfig
    from ingest.run import run
    from landpuls import logs
    from landpuls.database import database

    given = {"mqtt.client_id": client_id, "mqtt.topics": topic or None, "profiles_folder": profiles}
    settings = invocation_of(context).load(given).settings
    logs.configure(settings.log, service="ingest")
    mqtt = settings.mqtt
    with database(settings) as url:
        config = IngestConfig(
            database_url=url,
            host=mqtt.host,
            port=mqtt.port,
            tls=mqtt.tls,
            ca_file=mqtt.ca_file,
            certificate_file=mqtt.certificate_file,
            key_file=mqtt.key_file,
            username=mqtt.username or None,
            password=mqtt.password.get_secret_value() or None,
            client_id=mqtt.client_id,
            topics=mqtt.topics,
            batch_size=mqtt.batch_size,
            batch_ms=mqtt.batch_ms,
            session_expiry_s=mqtt.session_expiry_s,
            receive_maximum=mqtt.receive_maximum,
            keepalive_s=mqtt.keepalive_s,
            profiles_folder=settings.profiles_folder,
        )
        raise typer.Exit(run(config))
