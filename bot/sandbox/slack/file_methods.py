"""files.*: upload in two steps, then share."""

from pathlib import PurePath
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.slack.call import Call, bad_arguments, joined_channel
from bot.sandbox.slack.chat_methods import parent_of
from bot.sandbox.slack.records import Json, NothingThereError, SlackRefusal, Upload
from bot.sandbox.slack.world import SlackWorld

LARGEST = 1_000_000_000


def get_upload_url(world: SlackWorld, call: Call, *, base: str) -> Json:
    """files.getUploadURLExternal; `base` is where the workspace listens."""
    length = call.whole("length", 0)
    if not 0 < length <= LARGEST:
        raise bad_arguments("must be between 1 and 1000000000 [json-pointer:/length]")
    upload = Upload(id=world.new_id("F"), name=call.needed("filename"), length=length)
    world.uploads[upload.id] = upload
    return {"upload_url": f"{base}/upload/v1/{upload.id}", "file_id": upload.id}


async def take_upload(world: SlackWorld, request: web.Request) -> web.Response:
    """The bytes themselves, raw or as a form's only file."""
    upload = world.uploads.get(request.match_info["file"])
    if upload is None or upload.complete:
        return web.Response(status=404, text="file_not_found")
    content = await _bytes(request)
    if len(content) != upload.length:
        return web.Response(status=400, text="length does not match")
    upload.content = content
    return web.Response(text=f"OK - {len(content)}")


async def _bytes(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""


def complete_upload(world: SlackWorld, call: Call) -> Json:
    files = call.objects("files", bad_arguments("files is not valid JSON"))
    if not files:
        raise bad_arguments("missing required field: files")
    uploads = [_finish(world, wanted) for wanted in files]
    shown = [_file_object(upload) for upload in uploads]
    if call.text("channel_id"):
        channel = joined_channel(world, Call(call.method, {"channel": call.text("channel_id")}))
        parent = parent_of(world, channel, call)
        world.post_as_bot(channel, call.text("initial_comment"), files=shown, thread_ts=parent)
    return {"files": shown}


def _finish(world: SlackWorld, wanted: Json) -> Upload:
    upload = world.uploads.get(str(wanted.get("id")))
    if upload is None or upload.content is None:
        raise SlackRefusal("file_not_found")
    upload.title = str(wanted.get("title") or upload.name)
    upload.complete = True
    return upload


def _file_object(upload: Upload) -> Json:
    return {"id": upload.id, "name": upload.name, "title": upload.title, "size": upload.length}


def filled_file(world: SlackWorld, file_id: str) -> Json:
    """A file that somebody put into a file_input, as the form's values carry it. Raises NothingThereError."""
    upload = world.uploads.get(file_id)
    if upload is None:
        raise NothingThereError(f"there is no file {file_id}")
    url = f"{world.address}/files-pri/{world.team_id}-{upload.id}/{quote(upload.name)}"
    kind = PurePath(upload.name).suffix.removeprefix(".").lower()
    return _file_object(upload) | {
        "mimetype": upload.mimetype or "application/octet-stream",
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": upload.user,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": url,
        "url_private_download": url,
    }


def serve_file(world: SlackWorld, request: web.Request, *, may_read: bool) -> web.Response:
    """A file's bytes for the app; whoever may not read it is shown the way to sign in, as by Slack."""
    upload = world.uploads.get(request.match_info["file"])
    if not may_read:
        return web.Response(text="<html>Sign in</html>", content_type="text/html")
    if upload is None or upload.content is None:
        return web.Response(status=404, text="file_not_found")
    return web.Response(body=upload.content, content_type=upload.mimetype or "application/octet-stream")
