"""``landpuls profiles``: which devices are understood, and whether their profiles hold what they promise."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.errors import ProfileError
from landpuls.commands.options import Json
from landpuls.invocation import invocation_of
from landpuls.output import print_json, print_table

if TYPE_CHECKING:
    from device_profiles.profile import Profile
    from device_profiles.registry import Profiles

app = typer.Typer(
    no_args_is_help=True,
    help="Look at device profiles, and test them.",
    epilog="Example: landpuls profiles list",
)
Folder = Annotated[Path | None, typer.Option(help="Folder with device profiles of your own.")]


@app.command("list", epilog="Example: landpuls profiles list --json")
def list_profiles(context: typer.Context, folder: Folder = None, as_json: Json = False) -> None:
    """List the device profiles, bundled and your own."""
    found = sorted(_profiles(context, folder), key=lambda profile: profile.key)
    if as_json:
        print_json({"profiles": [_summary(profile) for profile in found]})
    else:
        columns = ("key", "kind", "method", "version", "name")
        print_table(columns, [[_summary(profile)[column] for column in columns] for profile in found])


@app.command("show", epilog="Example: landpuls profiles show dingtek/df702")
def show_profile(context: typer.Context, key: str, folder: Folder = None, as_json: Json = False) -> None:
    """Show what a device sends, and which parameters its installation takes."""
    profile = _profiles(context, folder)[key]
    streams = [
        {
            "quantity": one.quantity,
            "qualifier": one.qualifier,
            "unit": one.unit,
            "derived": one.derivation or "",
        }
        for one in profile.datastreams()
    ]
    if as_json:
        print_json(_summary(profile) | {"datastreams": streams, "parameters": profile.defaults})
        return
    typer.echo(f"{profile.name} ({profile.key})\n{profile.description}\nSource: {profile.source}\n")
    columns = ("quantity", "qualifier", "unit", "derived")
    print_table(columns, [[stream[column] for column in columns] for stream in streams], title="Datastreams")
    print_table(("parameter", "default"), list(profile.defaults.items()), title="\nInstallation parameters")


@app.command("test", epilog="Example: landpuls profiles test --folder my-profiles")
def run_vectors(
    context: typer.Context,
    key: Annotated[str | None, typer.Argument(help="Only this profile.")] = None,
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Run the test vectors inside the profiles; exit 1 if one fails."""
    from device_profiles.vectors import check_profiles

    profiles = _profiles(context, folder)
    results = check_profiles([profiles[key]] if key else list(profiles))
    failed = [result for result in results if not result.passed]
    if as_json:
        faults = [{"profile": one.profile_key, "note": one.note, "faults": one.faults} for one in failed]
        print_json({"passed": len(results) - len(failed), "failed": faults})
    else:
        print_table(
            ("profile", "vector", "fault"), [(f.profile_key, f.note, "; ".join(f.faults)) for f in failed]
        )
        typer.echo(f"{len(results) - len(failed)} vectors passed, {len(failed)} failed")
    if failed:
        raise ProfileError(f"{len(failed)} of {len(results)} test vectors failed.")


def _profiles(context: typer.Context, folder: Path | None) -> "Profiles":
    from device_profiles.registry import Profiles

    settings = invocation_of(context).load({"profiles_folder": folder}).settings
    return Profiles.load(settings.profiles_folder)


def _summary(profile: "Profile") -> dict[str, str | int]:
    return {
        "key": profile.key,
        "name": profile.name,
        "kind": profile.kind.value,
        "method": profile.method.value,
        "version": profile.version,
        "vectors": len(profile.vectors),
    }
