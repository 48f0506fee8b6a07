"""What was sent becomes stored updates: read, redacted, kept. What is done with them is the pipeline's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from ingest.readers import Limits, read_file, read_text
from ingest.redaction import ALL_KINDS, DEFAULT_KINDS, check_patterns, redact_incoming
from ingest.store import UpdateStore
from ingest.update import Incoming, Update

__all__ = ["Intake"]


@dataclass(frozen=True, kw_only=True)
class Intake:
    """Takes texts and files in. What cannot be redacted is not stored; the same content twice is one update."""

    updates: UpdateStore
    patterns: tuple[str, ...] = ()
    """The workspace's own regular expressions; what they match is masked. Raises InvalidInput for one that cannot be used."""
    redact_contacts: bool = False
    date_order: str = "auto"
    """ "day" or "month": what stands first in dates that can be read two ways; "auto" guesses and says so."""
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        check_patterns(self.patterns)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of things that are masked."""
        return ALL_KINDS if self.redact_contacts else DEFAULT_KINDS

    def take_text(self, channel: str, text: str, *, author: str = "", occurred_at: datetime | None = None) -> list[Update]:
        """Store a pasted text; the updates in order. Raises InvalidInput for an empty or too long one."""
        found = read_text(channel, text, author=author, occurred_at=occurred_at, date_order=self.date_order, limits=self.limits)
        return [self._keep(one) for one in found]

    def take_file(self, name: str, data: bytes, *, author: str = "", occurred_at: datetime | None = None) -> list[Update]:
        """Store what is in a file; the updates in order. A recording is kept as it is and transcribed by the pipeline.

        Raises InvalidInput for a file that cannot be read, StorageError where it cannot be kept.
        """
        found = read_file(
            name,
            data,
            keep_recordings=True,
            author=author,
            occurred_at=occurred_at,
            date_order=self.date_order,
            limits=self.limits,
        )
        return [self._keep(one) for one in found]

    def redacted(self, incoming: Incoming) -> Incoming:
        """The update as it may be stored."""
        return redact_incoming(incoming, self.patterns, kinds=self.kinds)[0]

    def _keep(self, incoming: Incoming) -> Update:
        clean = self.redacted(incoming)
        if incoming.recording is not None:
            return self.updates.add_file(clean, incoming.source_name, incoming.recording)[0]
        return self.updates.add(clean)[0]
