"""The folder that the index lies in: which generation of it is in use, whether it is whole, who may write.

    index/current.json      {"folder": ..., and what the index was built with}; replaced atomically
    index/<folder>/         Tantivy's files
    index.lock              held by the process that writes

A rebuild fills a new folder and then replaces current.json, so that readers always find a whole index, whenever the
process that builds is killed.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import zlib
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from wiki.search.schema import SCHEMA_VERSION

__all__ = ["Commit", "IndexFiles", "Signature"]

Signature = tuple[int, int, int, int, int, int]
Commit = tuple[str, int]

_LOOKS = 5  # at files that another process may be replacing
_FOOTER = struct.Struct("<II")  # length of the JSON before it, Tantivy's magic number
_MAGIC = 1337


class IndexFiles:
    """`rules` is the fingerprint of the workspace's SectionRules; it may be set anew."""

    def __init__(self, root: Path, *, language: str, rules: str) -> None:
        self.root = root
        self.rules = rules
        self._made_by = {"schema": SCHEMA_VERSION, "language": language, "engine": version("tantivy")}
        self.lock_path = root.with_name(root.name + ".lock")

    def current(self) -> Path | None:
        """The folder in use; None where there is none yet or it was built with another schema, language, engine or
        other rules of sections."""
        try:
            made = json.loads((self.root / "current.json").read_text("utf-8"))
            folder = self.root / str(made.pop("folder"))
        except (OSError, ValueError, KeyError, AttributeError, TypeError):
            return None
        return folder if made == {**self._made_by, "rules": self.rules} and (folder / "meta.json").is_file() else None

    def new(self) -> Path:
        """An empty folder for a rebuild; not in use before `use`."""
        folder = self.root / uuid4().hex[:12]
        folder.mkdir(parents=True)
        return folder

    def use(self, folder: Path) -> None:
        """Make a filled folder the current one and drop all others. Call it under the writer lock."""
        made = json.dumps({"folder": folder.name, **self._made_by, "rules": self.rules})
        draft = self.root / "current.json.new"
        with draft.open("w", encoding="utf-8") as file:
            file.write(made)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.root / "current.json")
        for other in self.root.iterdir():
            if other.is_dir() and other != folder:
                shutil.rmtree(other, ignore_errors=True)  # readers that have it open keep its files until they let go

    def signature(self, folder: Path) -> Signature | None:
        """Something that changes with every commit and every rebuild; None where the index is gone."""
        try:
            a, b = os.stat(self.root / "current.json"), os.stat(folder / "meta.json")  # noqa: PTH116 (3 µs less a search)
        except OSError:
            return None
        return a.st_mtime_ns, a.st_ino, a.st_size, b.st_mtime_ns, b.st_ino, b.st_size

    def commit(self, folder: Path) -> Commit | None:
        """The folder's name and the number of its last commit."""
        try:
            return folder.name, int(json.loads((folder / "meta.json").read_text("utf-8"))["opstamp"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def damage(self, folder: Path) -> str:
        """What is wrong with the files of an index, "" if nothing: each is there and has the checksum it was written with.

        Another process may commit meanwhile and take away files of the commit before: then it is looked at again.
        """
        found = ""
        for _ in range(_LOOKS):
            before = self.signature(folder)
            found = self._damage_of_one_commit(folder)
            if not found or self.signature(folder) == before:
                break
        return found

    def _damage_of_one_commit(self, folder: Path) -> str:
        try:
            meta = json.loads((folder / "meta.json").read_text("utf-8"))
            segments = [segment["segment_id"].replace("-", "") for segment in meta["segments"]]
            by_segment: dict[str, list[Path]] = {segment: [] for segment in segments}
            deletes = {
                f"{segment['segment_id'].replace('-', '')}.{segment['deletes']['opstamp']}.del"
                for segment in meta["segments"]
                if segment.get("deletes")
            }
            for path in folder.iterdir():
                if path.name.split(".")[0] in by_segment:
                    by_segment[path.name.split(".")[0]].append(path)
            for segment, paths in by_segment.items():
                suffixes = {path.suffix for path in paths}
                if missing := {".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term"} - suffixes:
                    return f"{segment}{min(missing)} is missing"
                for path in paths:
                    if path.suffix == ".del" and path.name not in deletes:
                        continue
                    if not _whole(path):
                        return f"{path.name} does not have its checksum"
            if missing_deletes := deletes - {path.name for paths in by_segment.values() for path in paths}:
                return f"{min(missing_deletes)} is missing"
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            return f"{type(error).__name__}: {error}"
        return ""


def _whole(path: Path) -> bool:
    """Whether a file's content has the CRC-32 that Tantivy put in its footer (tantivy/src/directory/footer.rs)."""
    data = path.read_bytes()
    if len(data) < _FOOTER.size:
        return False
    length, magic = _FOOTER.unpack_from(data, len(data) - _FOOTER.size)
    end = len(data) - _FOOTER.size - length
    if magic != _MAGIC or end < 0:
        return False
    footer = json.loads(data[end : end + length])
    return bool(zlib.crc32(memoryview(data)[:end]) == footer["crc"])
