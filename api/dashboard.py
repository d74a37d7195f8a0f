"""The built page: hashed assets are kept for good, the index is asked for anew, and nothing else is served."""

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

INDEX_CACHE = "no-cache"
FILE_CACHE = "public, max-age=3600"
ASSET_CACHE = "public, max-age=31536000, immutable"

NOT_BUILT = """<!doctype html>
<html lang="de"><meta charset="utf-8"><title>Landpuls</title>
<h1>Landpuls</h1>
<p>Die Seite ist noch nicht gebaut: <code>make setup</code> baut sie. Die API läuft unter <code>/api/v1</code>.</p>
<p lang="en">Not built yet: <code>make setup</code> builds the page. The API runs at <code>/api/v1</code>.</p>
</html>
"""


class Files(StaticFiles):
    """A folder that may be built later: until then nothing is found in it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)

    async def check_config(self) -> None:
        """Leave a missing folder for what it is."""


class Assets(Files):
    """Files whose names carry a hash of their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Add how long the file may be kept."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = ASSET_CACHE
        return response


class TopFiles(Files):
    """The index and the few files beside it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file with how long it may be kept."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = INDEX_CACHE if path == "index.html" else FILE_CACHE
        return response


def page_router(folder: Path) -> APIRouter:
    """Return the routes of the page in `folder`; the index is a note while the page is not built."""
    files = TopFiles(folder)
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def index(request: Request) -> Response:
        if not (folder / "index.html").is_file():
            return HTMLResponse(NOT_BUILT, status_code=503, headers={"Cache-Control": "no-store"})
        return await files.get_response("index.html", request.scope)

    @router.get("/{name}")
    async def file(request: Request, name: str) -> Response:
        if name == "index.html" or name.startswith("."):
            raise HTTPException(404)
        return await files.get_response(name, request.scope)

    router.mount("/assets", Assets(folder / "assets"))
    return router
