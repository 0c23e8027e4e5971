"""Files of an entry: checked by what they are, kept outside the database under their digest, shown to those who may see them."""

import hashlib
import os
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path, PurePosixPath

import sqlalchemy as sa

from compete.audit import service as audit
from compete.models import Attachment, Entry, EntryCode, Event, Judge, Recusal, Seat, Session, Slot, db
from compete.texts import clean
from scoring.problems import Problem

MAX_FILES = 10
MAX_BYTES = 50 * 1024 * 1024
MOST_PARTS = 20_000  # of an Office package: a table of contents of a million names would take a gigabyte to read
OFFICE = "application/vnd.openxmlformats-officedocument."
# extension -> (media type, what a person calls it)
TYPES = {
    "pdf": ("application/pdf", "PDF"),
    "pptx": (OFFICE + "presentationml.presentation", "PowerPoint"),
    "ppt": ("application/vnd.ms-powerpoint", "PowerPoint"),
    "docx": (OFFICE + "wordprocessingml.document", "Word"),
    "png": ("image/png", "图片"),
    "jpg": ("image/jpeg", "图片"),
    "jpeg": ("image/jpeg", "图片"),
    "gif": ("image/gif", "图片"),
    "webp": ("image/webp", "图片"),
}
INLINE = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}
ACCEPT = ",".join(f".{extension}" for extension in TYPES)


def _is_office(data: bytes, folder: str) -> bool:
    """A package with that main folder and without macros."""
    if data.count(b"PK\x01\x02") > MOST_PARTS:
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = package.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return (
        "[Content_Types].xml" in names
        and any(name.startswith(folder) for name in names)
        and not any(name.lower().endswith("vbaproject.bin") for name in names)
    )


def _is(extension: str, data: bytes) -> bool:
    """Do the first bytes say what the extension says?"""
    if extension == "pdf":
        return b"%PDF-" in data[:1024]
    if extension == "pptx":
        return _is_office(data, "ppt/")
    if extension == "docx":
        return _is_office(data, "word/")
    if extension == "ppt":
        return data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    if extension == "png":
        return data.startswith(b"\x89PNG\r\n\x1a\n")
    if extension in ("jpg", "jpeg"):
        return data.startswith(b"\xff\xd8\xff")
    if extension == "gif":
        return data[:6] in (b"GIF87a", b"GIF89a")
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def check(filename: str, data: bytes) -> Problem | tuple[str, str]:
    """(name as kept, media type), or what is wrong with the file."""
    name = clean.tidy(PurePosixPath(filename.replace("\\", "/")).name)
    extension = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    where = name or "附件"
    if extension not in TYPES:
        return Problem("type", where, "不是可以收的文件类型", "请上传 PDF、PPT、PPTX、DOCX 或图片（PNG、JPG、GIF、WEBP）")
    if not data:
        return Problem("empty", where, "文件是空的", "请检查后重新上传")
    if len(data) > MAX_BYTES:
        return Problem("size", where, f"文件有 {len(data) / 1048576:.1f} MB，最多 {MAX_BYTES // 1048576} MB", "请压缩图片或拆成几个文件")
    if not _is(extension, data):
        return Problem("content", where, f"内容不是{TYPES[extension][1]}文件，与扩展名 .{extension} 不符", "请用原来的软件另存为正确的格式（不带宏）后再上传")
    stem = name[: -len(extension) - 1].strip(" .") or "附件"
    return f"{stem[: 190 - len(extension)]}.{extension}", TYPES[extension][0]


def path(data_folder: Path, sha256: str) -> Path:
    return Path(data_folder) / "attachments" / sha256[:2] / sha256


def _store(data_folder: Path, data: bytes, sha256: str) -> None:
    """On disk, durable, before the database tells of it. Equal files are kept once."""
    target = path(data_folder, sha256)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f"{sha256}.{os.getpid()}.part")
    with open(partial, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, target)


def keep(
    entry: Entry, filename: str, data: bytes, *, data_folder: Path, for_judges: bool = True, actor: audit.Actor, now: datetime
) -> Attachment | Problem:
    checked = check(filename, data)
    if isinstance(checked, Problem):
        return checked
    live = [each for each in entry.attachments if each.removed_at is None]
    sha256 = hashlib.sha256(data).hexdigest()
    if len(live) >= MAX_FILES:
        return Problem("count", checked[0], f"已有 {len(live)} 个附件，最多 {MAX_FILES} 个", "请先移除不再需要的附件")
    if any(each.sha256 == sha256 for each in live):
        return Problem("same", checked[0], "这个文件已经上传过", "无需重复上传")
    _store(data_folder, data, sha256)
    made = Attachment(entry=entry, name=checked[0], media_type=checked[1], size=len(data), sha256=sha256, for_judges=for_judges,
                      uploaded_by=actor.name, uploaded_at=now)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(contest_id=entry.event.contest_id, actor=actor, now=now, action="attachment.add", subject="entry", subject_id=entry.id,
                 after={"name": made.name, "size": made.size, "sha256": sha256, "for_judges": for_judges})  # fmt: skip
    return made


def remove(attachment: Attachment, *, back: bool = False, actor: audit.Actor, now: datetime) -> None:
    """Out of sight; the file stays (it is superseded, not destroyed). `back` takes the removal back."""
    if bool(attachment.removed_at) != back:
        return
    attachment.removed_at = None if back else now
    db.session.flush()
    told = {"name": attachment.name, "sha256": attachment.sha256}
    audit.record(contest_id=attachment.entry.event.contest_id, actor=actor, now=now, action="attachment.add" if back else "attachment.remove",
                 subject="entry", subject_id=attachment.entry_id, before=None if back else told, after=told if back else None)  # fmt: skip


def show_to_judges(attachment: Attachment, shown: bool, *, actor: audit.Actor, now: datetime) -> None:
    if attachment.for_judges == shown:
        return
    attachment.for_judges = shown
    db.session.flush()
    audit.record(contest_id=attachment.entry.event.contest_id, actor=actor, now=now, action="attachment.show", subject="entry",
                 subject_id=attachment.entry_id, before={"name": attachment.name, "for_judges": not shown},
                 after={"name": attachment.name, "for_judges": shown})  # fmt: skip


def judge_may_see(judge: Judge, attachment: Attachment) -> bool:
    """A judge sees what is meant for judges, of entries in the judge's own sessions, unless recused."""
    if not attachment.for_judges or attachment.removed_at is not None:
        return False
    sits = (
        sa.select(Slot.id).join(Session, Slot.session_id == Session.id).join(Seat, Seat.panel_id == Session.panel_id)
        .where(Slot.entry_id == attachment.entry_id, Seat.judge_id == judge.id).exists()
    )  # fmt: skip
    recused = sa.select(Recusal.id).where(
        Recusal.entry_id == attachment.entry_id, Recusal.judge_id == judge.id, Recusal.lifted_at.is_(None)
    ).exists()  # fmt: skip
    return bool(db.session.scalar(sa.select(sits & ~recused)))


def is_coded(event: Event) -> bool:
    """Whether the entries of a blind event have codes by now: from then on only the organiser sees who they are."""
    if not event.is_veiled:
        return False
    return db.session.scalar(sa.select(EntryCode.id).join(Entry).where(Entry.event_id == event.id).limit(1)) is not None


def coded_events():
    """The events, as a subquery of ids, for which `is_coded` holds."""
    return sa.select(Entry.event_id).join(EntryCode, EntryCode.entry_id == Entry.id).join(Event, Event.id == Entry.event_id).where(Event.is_veiled)


def name_for(attachment: Attachment, *, to_judge: bool) -> str:
    """In a blind event the name of a file may give its author away: judges get the one that their tablets show."""
    event = db.session.get(Event, attachment.entry.event_id)
    if not (to_judge and event.is_blind):
        return attachment.name
    shown = sorted(each.id for each in attachment.entry.attachments if each.for_judges and each.removed_at is None)
    return f"材料{shown.index(attachment.id) + 1}.{attachment.name.rsplit('.', 1)[-1]}"
