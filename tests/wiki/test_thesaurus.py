"""The word lists: sound, and used as promised."""

from __future__ import annotations

from importlib.resources import files

import pytest

from wiki.search.synonyms import thesaurus
from wiki.search.text import STOP_WORDS


def lines(name: str) -> list[str]:
    text = (files("wiki.search") / "words" / name).read_text("utf-8")
    return [line for raw in text.splitlines() if (line := raw.split("#")[0].strip())]


def test_every_group_has_two_members_and_names_none_twice() -> None:
    for line in lines("synonyms.en.txt"):
        members = [member.strip() for member in line.split(",")]
        assert len(members) > 1, line
        assert len(set(members)) == len(members), line
        assert all(members), line


def test_light_words_are_listed_once_a_part_of_speech_and_are_no_stop_words() -> None:
    for line in lines("light.en.txt"):
        assert len(set(line.split())) == len(line.split()), line
    assert not {word for line in lines("light.en.txt") for word in line.split()} & STOP_WORDS


def test_synonyms_work_both_ways_and_know_phrases() -> None:
    lists = thesaurus("en")
    assert ("salari",) in lists.synonyms[("wage",)]
    assert ("wage",) in lists.synonyms[("salari",)]
    assert lists.phrases_in(["how", "much", "time", "off", "do", "i", "have"]) == [("time", "off")]
    assert ("vacat",) in lists.synonyms[("time", "off")]


@pytest.mark.parametrize("language", ["xx", "", "de"])
def test_a_language_without_lists_has_none(language: str) -> None:
    assert thesaurus(language).synonyms == {}
    assert thesaurus(language).light == frozenset()


def test_a_region_does_not_matter() -> None:
    assert thesaurus("en-GB").synonyms.keys() == thesaurus("en").synonyms.keys()
