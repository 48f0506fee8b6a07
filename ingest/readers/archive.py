"""Zip archives, opened with care: sizes and names are checked before a byte is unpacked, and nothing is written to disk."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from ingest.readers.limits import Limits
from wiki.errors import InvalidInput

__all__ = ["Archive", "is_zip"]

_IGNORED = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


def is_zip(data: bytes) -> bool:
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip whose sizes were found to be sound.

    `names` are its files, in the archive's order, hidden and system files left out; `size_bytes` is what they unpack to.
    """

    name: str
    names: tuple[str, ...]
    size_bytes: int
    _zip: zipfile.ZipFile

    @classmethod
    def open(cls, name: str, data: bytes, limits: Limits) -> Archive:
        """Raises InvalidInput for a damaged or encrypted archive, one that unpacks to too much, or unsafe names."""
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
            infos = [info for info in archive.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, IndexError, KeyError) as error:
            raise InvalidInput(f"{name} is no whole zip archive.", hint="Make the archive again, then send it.") from error
        infos = [info for info in infos if not _is_ignored(info.filename)]
        if len(infos) > limits.max_zip_files:
            raise InvalidInput(f"{name} holds {len(infos):,} files.", hint=f"Send at most {limits.max_zip_files:,} at a time.")
        for info in infos:
            path = PurePosixPath(info.filename.replace("\\", "/"))
            if path.is_absolute() or ".." in path.parts or "\x00" in info.filename or path.as_posix()[1:2] == ":":
                raise InvalidInput(
                    f"{name} holds a file name that leads out of it.", hint="Make the archive again, from one folder."
                )
            if info.flag_bits & 1:
                raise InvalidInput(f"{name} is protected by a password.", hint="Send it without one.")
        total = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos)
        if total > limits.max_zip_bytes or (total > 1_000_000 and total > limits.max_zip_ratio * max(packed, 1)):
            raise InvalidInput(f"{name} unpacks to too much ({total / 1e6:,.0f} MB).", hint="Send fewer or smaller files.")
        return cls(name, tuple(info.filename for info in infos), total, archive)

    def read(self, file_name: str) -> bytes:
        """The bytes of one file; never more than its entry says. Raises InvalidInput where it is damaged."""
        try:
            size = self._zip.getinfo(file_name).file_size
            with self._zip.open(file_name) as file:
                data = file.read(size + 1)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error) as error:
            raise InvalidInput(
                f"{file_name} in {self.name} is damaged.", hint="Make the archive again, then send it."
            ) from error
        if len(data) > size:
            raise InvalidInput(f"{file_name} in {self.name} is not what it says.", hint="Make the archive again, then send it.")
        return data


def _is_ignored(file_name: str) -> bool:
    parts = file_name.replace("\\", "/").split("/")
    return any(part in _IGNORED or (part.startswith(".") and part not in (".", "..")) for part in parts)
