"""Documents in and out over HTTP: uploads as jobs, replacing, removing. Every route needs the scope "write"."""

from __future__ import annotations

import secrets
import unicodedata
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api import audit
from api.access import workspace_of
from api.accounts import Visitor
from api.guard import needs, request_id
from api.holdings import UPLOADS, remove_document
from api.jobs import JobRunner, Jobs
from api.naming import held_hashes
from kg.disk import disk_errors, sync_folder
from kg.errors import NumberNotFound
from kg.iris import Iris

__all__ = ["REFUSALS", "router"]

router = APIRouter(tags=["nạp văn bản"])

Writer = Annotated[Visitor, Depends(needs("write"))]
_MOST_FILES = 50
_CHUNK = 1 << 20
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "visibility": {"type": "string", "enum": ["public", "internal"], "default": "public"},
                    },
                }
            }
        },
    }
}  # fmt: skip
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {"application/problem+json": {}}}
    for status, words in (
        (400, "Biểu mẫu không đọc được"), (401, "Chưa đăng nhập"), (403, "Không có quyền"), (404, "Không có"),
        (413, "Tệp quá lớn"),
        (422, "Yêu cầu không hợp lệ"), (503, "Kho đang được ghi"),
    )
}  # fmt: skip


class Job(BaseModel):
    """One upload on its way: poll it until ``state`` is done, failed or interrupted."""

    id: str
    kind: str
    user: str
    state: Literal["queued", "running", "done", "failed", "interrupted"]
    created: str
    started: str | None
    finished: str | None
    files: list[str]
    progress: dict[str, Any] | None
    report: dict[str, Any] | None


class Removed(BaseModel):
    """What a removal did; ``in_source_folders`` lie elsewhere and are passed over by the next ingest."""

    removed: str
    files: int
    in_source_folders: list[str]


def _jobs(request: Request) -> Jobs:
    jobs = request.app.state.jobs
    assert isinstance(jobs, Jobs)
    return jobs


def _runner(request: Request) -> JobRunner:
    runner = request.app.state.job_runner
    assert isinstance(runner, JobRunner)
    return runner


def _shown(job: dict[str, Any]) -> Job:
    return Job(files=[Path(path).name for path in job["paths"]], **{
        name: job[name] for name in ("id", "kind", "user", "state", "created", "started", "finished", "progress",
                                     "report")
    })  # fmt: skip


@router.post("/documents", status_code=202, response_model=Job, responses=REFUSALS, openapi_extra=_FORM)
async def upload(request: Request, visitor: Writer) -> JSONResponse:
    """Takes files in: they are kept at once, and read in the background. Poll the job that is returned."""
    return await _taken(request, visitor, "upload", {})


@router.put("/documents/{key:path}", status_code=202, response_model=Job, responses=REFUSALS, openapi_extra=_FORM)
async def replace(request: Request, key: str, visitor: Writer) -> JSONResponse:
    """Takes a better file of a held document in and lets the old one go, with what people entered for it kept."""

    def held() -> list[str]:
        snapshot = workspace_of(request).snapshot()
        return held_hashes(snapshot, Iris(snapshot.current.base), key)

    hashes = await run_in_threadpool(held)
    if not hashes:
        raise NumberNotFound(key)
    return await _taken(request, visitor, "replace", {"replaces": hashes}, most=1)


async def _taken(
    request: Request, visitor: Visitor, kind: str, options: dict[str, Any], most: int = _MOST_FILES
) -> JSONResponse:
    root = workspace_of(request).root
    async with request.form(max_files=most, max_fields=20) as form:  # a broken one is answered with 400
        files = [item for item in form.getlist("file") if isinstance(item, UploadFile)]
        visibility = form.get("visibility") or "public"
        if not files or visibility not in ("public", "internal"):
            raise HTTPException(422, "Thiếu tệp (trường “file”), hoặc phạm vi xem không phải public, internal.")
        paths = [await _kept(file, root / UPLOADS / secrets.token_hex(8)) for file in files]
    if visibility == "internal":
        options = options | {"internal": True}
    job = await run_in_threadpool(_queued, request, visitor.name, kind, [path.absolute() for path in paths], options)
    return JSONResponse(job.model_dump(), 202, headers={"Location": f"/api/jobs/{job.id}"})


def _queued(request: Request, user: str, kind: str, paths: list[Path], options: dict[str, Any]) -> Job:
    """A job for files that are safely kept, on its way."""
    jobs = _jobs(request)
    ident = jobs.add(kind, user, paths, options)
    root, number = workspace_of(request).root, len(paths)
    audit.record(root, by=user, action=f"jobs.{kind}", about=ident, request=request_id(request), files=number)
    _runner(request).wake()
    job = jobs.get(ident)
    assert job is not None
    return _shown(job)


async def _kept(file: UploadFile, folder: Path) -> Path:
    """Writes one upload to disk, safely, before the job that reads it exists."""
    path = folder / _file_name(file.filename or "")
    with disk_errors(path):
        folder.mkdir(parents=True)
        with path.open("wb") as kept:
            while chunk := await file.read(_CHUNK):
                kept.write(chunk)
            kept.flush()
        sync_folder(folder)
    return path


def _file_name(given: str) -> str:
    """The last part of a name that a browser gave, without what a file system or a page could take amiss."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    clean = "".join(char for char in last if char.isprintable() and char not in '<>:"|?*').strip(" .")
    stem, dot, ending = clean.rpartition(".")
    while len(clean.encode()) > 180:
        stem = stem[:-1]
        clean = f"{stem}{dot}{ending}" if stem else ending[:40]
    return clean if clean and clean != "reference.ttl" else "van-ban"


@router.delete("/documents/{key:path}", response_model=Removed, responses=REFUSALS)
def remove(request: Request, key: str, visitor: Writer) -> dict[str, Any]:
    """Takes a held document out, with its files and text. What others cite of it stays."""
    workspace = workspace_of(request)
    return remove_document(workspace.root, key, by=visitor.name, request=request_id(request))


@router.get("/jobs", response_model=list[Job], responses=REFUSALS)
def jobs(request: Request, visitor: Writer) -> list[Job]:
    """The newest uploads, newest first."""
    return [_shown(job) for job in _jobs(request).listed()]


@router.get("/jobs/{ident}", response_model=Job, responses=REFUSALS)
def job(request: Request, ident: str, visitor: Writer) -> Job:
    """How far one upload is, and what came of it."""
    found = _jobs(request).get(ident)
    if found is None:
        raise HTTPException(404, "Không có việc nào mang mã này.")
    return _shown(found)


@router.post("/jobs/{ident}/resume", status_code=202, response_model=Job, responses=REFUSALS)
def resume(request: Request, ident: str, visitor: Writer) -> Job:
    """Runs an interrupted or failed upload again, from the files that were kept."""
    found = _jobs(request).get(ident)
    if found is None:
        raise HTTPException(404, "Không có việc nào mang mã này.")
    _jobs(request).resume(ident)
    _runner(request).wake()
    again = _jobs(request).get(ident)
    assert again is not None
    return _shown(again)
