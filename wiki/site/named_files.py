"""MkDocs' files, found however the letters of their names are encoded: links and `nav` are typed, files come from any machine."""

from __future__ import annotations

from collections.abc import Iterable

from mkdocs.structure.files import File, Files

from wiki.pages.normal_form import Names

__all__ = ["NamedFiles"]


class NamedFiles(Files):
    """As MkDocs' own, which looks for names exactly as they are written, and for the other normal form where there is none."""

    def __init__(self, files: Iterable[File]) -> None:
        super().__init__(files)
        self._names = Names(self.src_uris)

    def get_file_from_path(self, path: str) -> File | None:
        found = super().get_file_from_path(path)
        other = self._names.find(path, ()) if found is None else None
        return super().get_file_from_path(other) if other is not None else found

    def append(self, file: File) -> None:
        super().append(file)
        self._names.add(file.src_uri)

    def remove(self, file: File) -> None:
        super().remove(file)
        self._names.discard(file.src_uri)
