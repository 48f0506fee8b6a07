"""Words, stems and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wiki.search.analysis import analyze, language_name
from wiki.search.text import STOP_WORDS, content_stems, is_stop_word, sentences, stem, words


def test_words_are_lower_case_and_folded_to_ascii() -> None:
    assert words("Die Spesen-Übersicht: Café, 2 Anträge!") == ["die", "spesen", "ubersicht", "cafe", "2", "antrage"]


@pytest.mark.parametrize(
    ("language", "text", "stems"),
    [
        ("en", "reviewing reviews", ["review", "review"]),
        ("de", "Rechnungen Rechnung", ["rechnung", "rechnung"]),
        ("pt-BR", "aprovação aprovações", ["aprovaca", "aprovaco"]),
        ("xx", "reviewing reviews", ["reviewing", "reviews"]),
    ],
)
def test_stemming_follows_the_language_and_an_unknown_one_is_not_stemmed(language: str, text: str, stems: list[str]) -> None:
    assert analyze(text, language) == stems


def test_a_language_code_with_a_region_means_its_language() -> None:
    assert language_name("pt_BR") == language_name("pt") == "portuguese"
    assert language_name("") == ""


def test_content_stems_leave_out_what_a_question_is_asked_with() -> None:
    assert content_stems("How do I reset my password, please?") == ["reset", "password"]
    assert content_stems("what is it and how do you do that") == []


def test_stop_words_of_other_languages_are_their_own() -> None:
    assert content_stems("Wie werden die Rechnungen bezahlt", "de") == ["rechnung", "bezahlt"]
    assert not is_stop_word("the", "de")
    assert is_stop_word("the", "en")
    assert not is_stop_word("the", "xx")


def test_stop_words_are_words_as_the_index_holds_them() -> None:
    assert all(words(word) == [word] for word in STOP_WORDS)


def test_sentences_end_where_sentences_end() -> None:
    text = "Ask Dr. Smith, e.g. by mail. It takes 3.5 days! Version 2.0 is out. U.S. staff ask J. Doe."
    assert sentences(text) == [
        "Ask Dr. Smith, e.g. by mail.",
        "It takes 3.5 days!",
        "Version 2.0 is out.",
        "U.S. staff ask J. Doe.",
    ]


def test_list_items_table_rows_and_headings_are_sentences_of_their_own() -> None:
    text = """# Expenses

Send them within **30 days**. Late ones
need a reason.

- Keep the receipt
- [ ] Use the [form](https://example.org/form)
  or a mail

| Limit | Who |
| ----- | --- |
| 100 | Anybody |

```
knowhow serve
```
"""
    assert sentences(text) == [
        "Expenses",
        "Send them within 30 days.",
        "Late ones need a reason.",
        "Keep the receipt",
        "Use the form or a mail",
        "Limit | Who",
        "100 | Anybody",
        "knowhow serve",
    ]


@given(st.text(max_size=300))
def test_any_text_has_words_stems_and_sentences(text: str) -> None:
    assert all(word for word in words(text))
    assert all(part.strip() == part and part for part in sentences(text))
    assert len(content_stems(text)) <= len(words(text))


@given(st.text(alphabet=st.characters(categories=["Cs", "Lu", "Nd", "Po"]), max_size=20))
def test_bytes_that_are_no_utf8_do_not_stop_the_analysis(text: str) -> None:
    assert isinstance(stem(text), str)
