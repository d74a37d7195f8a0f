"""Options that several commands share."""

from datetime import datetime
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead of text.")]
FromDay = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="First day, in Berlin; seven days ago if not given."),
]
ToDay = Annotated[
    datetime | None,
    typer.Option("--to", formats=["%Y-%m-%d"], help="Last day, in Berlin; today if not given."),
]
