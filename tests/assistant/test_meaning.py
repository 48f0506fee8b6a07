"""Comparing texts with a question word by word, with the real packaged model; and what stands alone in a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from assistant.answer import Answer
from assistant.conversation import Asked, whole_question
from assistant.embeddings import EmbeddingsUnavailable, Reading, packaged_embedder
from assistant.meaning import Meaning
from tests.assistant.conftest import AskerMaker
from wiki.access import Viewer


class Counting:
    """The packaged model, and how many texts it was given."""

    def __init__(self) -> None:
        self.model, self.texts = packaged_embedder(), 0

    def read(self, texts: Sequence[str]) -> list[Reading]:
        self.texts += len(texts)
        return self.model.read(texts)


class Broken:
    def read(self, texts: Sequence[str]) -> list[Reading]:
        raise EmbeddingsUnavailable("Gone.", hint="")


def test_each_word_of_the_question_is_near_a_word_of_like_meaning(meaning: Meaning) -> None:
    question = "how much vacation do I get"
    leave, kitchen = meaning.compare(question, ["Everybody has 27 holidays a year.", "The dishwasher is emptied at nine."])
    word = [question[start:end] for start, end in leave.places].index("vacation")
    assert leave.words[word] > kitchen.words[word] + 0.2
    assert leave.cosine > kitchen.cosine


def test_words_before_the_start_are_not_looked_for(meaning: Meaning) -> None:
    (likeness,) = meaning.compare("what is our day rate? and parking?", ["There is no parking."], start=22)
    assert len(likeness.words) == len(likeness.places) == 3


def test_a_text_is_read_once_and_the_oldest_is_let_go() -> None:
    reader = Counting()
    meaning = Meaning(reader, kept=2)
    meaning.compare("one", ["two"])
    meaning.compare("one", ["two"])
    assert reader.texts == 2
    meaning.compare("three", ["two"])
    meaning.compare("one", ["two"])
    assert reader.texts == 4


def test_a_model_that_does_not_work_leaves_the_words_to_decide() -> None:
    assert Meaning(Broken()).compare("one", ["two"]) == []


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("and for contractors?", True),
        ("what about sick leave?", True),
        ("who decides on it?", True),
        ("how long?", True),
        ("How much holiday do I get?", False),
        ("and how much holiday do I get?", False),
        ("when is payday?", False),
    ],
)
def test_only_fragments_and_references_carry_the_question_before(question: str, leans: bool) -> None:
    answer = Answer(text="", answered=True, citations=(), model=None, conversation="c", missing="", note="", took_ms=1.0)
    before = "what is our day rate?"
    asked = Asked(id="1", conversation="c", asked_by="rae", at=datetime.now(UTC), text=before, whole=before, answer=answer)
    assert whole_question(question, [asked], "en") == (f"{before} {question}" if leans else question)


def test_without_the_model_the_words_of_the_pages_answer(make_asker: AskerMaker, reader: Viewer) -> None:
    make_asker.meaning = None
    answer = make_asker("off").ask("How often do backups run?", reader)
    assert "Backups run hourly." in answer.text
    assert not make_asker("off").ask("Is there a company yacht?", reader).answered
