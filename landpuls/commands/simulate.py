"""``landpuls simulate``: a district's devices, and a driver, seen from outside."""

from pathlib import Path
from typing import Annotated

import typer

from landpuls.invocation import invocation_of


def simulate(
    context: typer.Context,
    state: Annotated[
        Path | None,
        typer.Option(help="File that keeps the fleet's state; simulation.json under home if not given."),
    ] = None,
    history_days: Annotated[float, typer.Option(min=0, max=30, help="Days to replay before real time.")] = 7,
    history_every_s: Annotated[
        float,
        typer.Option(min=60, max=86_400, help="How often containers report within these days, in seconds."),
    ] = 10_800,
    messages: Annotated[int | None, typer.Option(min=1, help="End when so many are acknowledged.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of everything random.")] = None,
) -> None:
    """Publish what a simulated district's devices measure: the last days at once, then in real time."""
    from landpuls import logs
    from simulators.config import SimulationConfig
    from simulators.run import run

    settings = invocation_of(context).load({"simulate.seed": seed}).settings
    logs.configure(settings.log, service="simulate")
    settings.home.mkdir(parents=True, exist_ok=True)
    mqtt, wanted = settings.mqtt, settings.simulate
    config = SimulationConfig(
        host=mqtt.host,
        port=mqtt.port,
        tls=mqtt.tls,
        ca_file=mqtt.ca_file,
        username=mqtt.username or None,
        password=mqtt.password.get_secret_value() or None,
        seed=wanted.seed,
        history_days=history_days,
        history_report_every_s=history_every_s,
        report_every_s=wanted.report_every_s,
        driver_stop_s=wanted.driver_stop_s,
        max_messages=messages,
        profiles_folder=settings.profiles_folder,
        state_file=state or settings.home / "simulation.json",
        api_url=wanted.api_url or None,
        api_key=wanted.api_key.get_secret_value() or None,
    )
    raise typer.Exit(run(config))
