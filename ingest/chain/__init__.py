"""With a language model, the way from an update to edits: small questions, one after the other, each reply checked by code.

`hearing` takes the statements out of the update, `choosing` finds the sections that one makes wrong or incomplete, `editing` has a section
edited and the edit looked at again, `following` goes that way from end to end. `asking` puts the questions: it counts them, checks the
form of each reply and sends one that cannot be used back once.
"""

from __future__ import annotations

from ingest.chain.following import Followed, follow_update

__all__ = ["Followed", "follow_update"]
