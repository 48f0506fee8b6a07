"""Which sections a statement makes wrong or incomplete: found by the search, chosen by the model by their numbers."""

from __future__ import annotations

from ingest.chain.asking import Asker, as_data
from ingest.chain.desk import Desk, excerpt, shown
from ingest.chain.hearing import Heard
from ingest.matching import SimilarSections
from wiki.access import Audience
from wiki.search import Hit

__all__ = ["candidates", "choose"]

_CANDIDATES = 8
_MOST_CHOSEN = 3
_REPLY_TOKENS = 200


def choose(heard: Heard, hits: list[Hit], desk: Desk, asker: Asker) -> list[Hit]:
    """Those of the hits that the statement makes wrong or incomplete, at most three; [] for none."""
    from ingest.chain.forms import Choice

    placed = [(hit, place) for hit in hits if (place := desk.section(hit.page_path, hit.anchor)) is not None]
    if not placed:
        return []
    sample = "".join(section.text for _, (_, section) in placed)
    room = (asker.room("choice", _REPLY_TOKENS, sample) - len(heard.told)) // len(placed)
    texts = [
        f"Section {number}: {' > '.join(dict.fromkeys((page.title, *section.heading_path)))}\n"
        f"<section>\n{as_data(excerpt(shown(section.text).strip(), heard.text, max(200, room - 120)))}\n</section>"
        for number, (_, (page, section)) in enumerate(placed, start=1)
    ]

    def problem(choice: Choice) -> str:
        if all(1 <= number <= len(placed) for number in choice.sections):
            return ""
        return f"the numbers of the sections go from 1 to {len(placed)}; an empty list stands for none."

    choice = asker.ask("choice", {"sections": "\n\n".join(texts), "news": as_data(heard.told)}, Choice, problem).usable
    if choice is None:
        return []
    return [placed[number - 1][0] for number in dict.fromkeys(choice.sections)][:_MOST_CHOSEN]


def candidates(heard: Heard, index: SimilarSections, audience: Audience) -> list[Hit]:
    """The sections that the statement may be about, best first."""
    return index.similar(heard.text, audience, limit=_CANDIDATES)
