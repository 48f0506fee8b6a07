"""Updates, their turns, and the store that keeps them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.store import UpdateStore, safe_name
from ingest.update import Entry, Incoming, Message, content_hash, entry_id, messages_of
from wiki.database import Database, metadata, sqlite_url
from wiki.errors import InvalidInput, NotFound, StorageError

NOW = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[UpdateStore]:
    database = Database(sqlite_url(tmp_path / "knowhow.db"))
    metadata.create_all(database.engine)
    yield UpdateStore(database, tmp_path / "updates")
    database.close()


def chat(text: str, **known: object) -> Incoming:
    return Incoming(channel="chat", text=text, **known)  # type: ignore[arg-type]


def test_an_update_is_kept_with_its_messages_and_read_back_the_same(store: UpdateStore) -> None:
    turns = (Message(author="Maya", at=NOW, text="45 days 👍"), Message(author="Tom", text="ok", start_s=1.5))
    update, is_new = store.add(
        chat("Maya: 45 days 👍\nTom: ok", messages=turns, author="Maya", occurred_at=NOW, source_name="x.txt")
    )
    assert is_new
    assert store.get(update.id) == update
    assert update.messages == turns
    assert (update.status, update.error) == ("queued", "")


def test_what_was_not_said_is_kept_beside_the_messages(store: UpdateStore) -> None:
    said = Message(author="Maya", at=NOW, text="45 days")
    aside = (Message(author="Tom", text="<Media omitted>", kind="media"), Message(text="Read with the day first.", kind="note"))
    update, _ = store.add(chat("Maya: 45 days", messages=(said,), aside=aside))
    kept = store.get(update.id)
    assert (kept.messages, kept.aside) == ((said,), aside)
    assert kept.notes == ("Read with the day first.",)


@pytest.mark.parametrize(
    "again",
    [
        Incoming(channel="chat", text="The deadline is 45 days.\nReally."),
        Incoming(channel="email", text="The deadline is 45 days.\r\nReally.\r\n", author="Tom"),
        Incoming(channel="document", text="  the deadline is 45  days. really. ", source_name="other.txt"),
    ],
)
def test_the_same_words_are_one_update_whatever_they_came_as(store: UpdateStore, again: Incoming) -> None:
    first, _ = store.add(chat("The deadline is 45 days.\nReally."))
    second, is_new = store.add(again)
    assert (second.id, is_new) == (first.id, False)
    assert len(store.list()) == 1


def test_other_words_are_another_update(store: UpdateStore) -> None:
    first, _ = store.add(chat("45 days"))
    second, is_new = store.add(chat("44 days"))
    assert is_new
    assert second.id != first.id


def test_the_same_update_from_many_threads_at_once_is_stored_once(store: UpdateStore) -> None:
    results: list[tuple[str, bool]] = []

    def add() -> None:
        update, is_new = store.add(chat("said by everybody"))
        results.append((update.id, is_new))

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({update_id for update_id, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1


def test_an_empty_update_and_an_unknown_channel_are_refused(store: UpdateStore) -> None:
    with pytest.raises(InvalidInput):
        store.add(chat(" \n "))
    with pytest.raises(InvalidInput, match="fax"):
        store.add(Incoming(channel="fax", text="hello"))


def test_a_recording_is_on_disk_before_it_is_read_and_gets_its_text_once(store: UpdateStore) -> None:
    memo = Incoming(channel="voice", text="", source_name="../../my memo?.ogg", recording=b"OggS....")
    update, is_new = store.add(memo)
    path = store.file(update.id)
    assert is_new
    assert path is not None
    assert path.name == "my memo_.ogg"
    assert path.read_bytes() == b"OggS...."
    assert update.text == ""

    store.set_text(update.id, "forty five days", [Message(text="forty five days", start_s=0.0)])
    store.set_text(update.id, "forty five days", [Message(text="forty five days", start_s=0.0)])
    assert store.get(update.id).messages[0].start_s == 0.0
    with pytest.raises(InvalidInput):
        store.set_text(update.id, "something else")
    store.drop_file(update.id)
    assert store.file(update.id) is None
    assert not path.parent.exists()


def test_the_same_recording_under_another_name_is_one_update_and_one_file(store: UpdateStore, tmp_path: Path) -> None:
    first, _ = store.add_file(Incoming(channel="voice", text=""), "a.ogg", b"OggS1")
    second, is_new = store.add_file(Incoming(channel="voice", text=""), "b.ogg", b"OggS1")
    assert (second.id, is_new) == (first.id, False)
    assert len(list((tmp_path / "updates").rglob("*.ogg"))) == 1


def test_a_recording_whose_file_got_lost_is_kept_again_when_it_is_sent_again(store: UpdateStore) -> None:
    first, _ = store.add_file(Incoming(channel="voice", text=""), "a.ogg", b"OggS1")
    path = store.file(first.id)
    assert path is not None
    path.unlink()
    store.add_file(Incoming(channel="voice", text=""), "a.ogg", b"OggS1")
    assert store.file(first.id) == path


def test_a_file_that_cannot_be_written_says_so_and_leaves_no_update(store: UpdateStore, tmp_path: Path) -> None:
    (tmp_path / "updates").write_text("in the way")
    with pytest.raises(StorageError):
        store.add_file(Incoming(channel="voice", text=""), "a.ogg", b"OggS1")
    assert store.list() == []


def test_status_and_its_error_are_told(store: UpdateStore) -> None:
    update, _ = store.add(chat("news"))
    assert store.set_status(update.id, "failed", "The model was away.").error == "The model was away."
    assert store.set_status(update.id, "done").error == ""
    assert [u.id for u in store.list(status="done")] == [update.id]
    with pytest.raises(NotFound):
        store.set_status("nope", "done")
    with pytest.raises(ValueError, match="unknown status"):
        store.set_status(update.id, "lost")
    with pytest.raises(NotFound):
        store.get("nope")


def test_the_list_is_newest_first_and_pages(store: UpdateStore) -> None:
    ids = [store.add(chat(f"news {n}"))[0].id for n in range(5)]
    newest = store.list(limit=2)
    assert len(newest) == 2
    rest = store.list(limit=10, before=newest[-1].id)
    assert sorted(u.id for u in newest + rest) == sorted(ids)


def test_entries_keep_their_ids_when_a_run_is_repeated(store: UpdateStore) -> None:
    update, _ = store.add(chat("Maya: 45 days\nTom: and 500 euros"))
    found = [
        Entry(id="", update="", kind="change", quote="45 days", author="Maya", at=NOW, text="The deadline is 45 days."),
        Entry(id="", update="", kind="decision", quote="and 500 euros", author="Tom"),
    ]
    first = store.save_entries(update.id, found)
    assert store.save_entries(update.id, found) == first == store.entries(update.id)
    assert [entry.id for entry in first] == [entry_id(update.id, 0), entry_id(update.id, 1)]
    assert store.save_entries(update.id, []) == []
    assert store.entries(update.id) == []


def test_results_are_noted_once_each(store: UpdateStore) -> None:
    update, _ = store.add(chat("news"))
    for _ in range(2):
        store.add_result(update.id, "suggestion", "s1")
        store.add_result(update.id, "flag", "f1")
    store.add_result(update.id, "suggestion", "s2")
    results = store.results(update.id)
    assert (results.suggestions, results.flags) == (("s1", "s2"), ("f1",))
    with pytest.raises(ValueError, match="unknown kind"):
        store.add_result(update.id, "page", "p")


@settings(deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200), st.text(alphabet=st.characters(), max_size=60))
def test_any_text_can_be_stored_or_is_refused(tmp_path_factory: pytest.TempPathFactory, text: str, name: str) -> None:
    database = Database("sqlite://")
    metadata.create_all(database.engine, checkfirst=True)
    store = UpdateStore(database, tmp_path_factory.getbasetemp())
    try:
        update, _ = store.add(chat(text, author=name, source_name=name))
        assert store.get(update.id).text == update.text
    except InvalidInput:
        assert not text.strip()
    finally:
        database.close()
    kept = safe_name(name)
    assert kept
    assert "/" not in kept
    assert not kept.startswith(".")
    assert len(kept.encode("utf-8", "replace")) <= 400


def test_the_hash_is_blind_to_form_but_not_to_words() -> None:
    assert content_hash("Ａ\u200b b\r\n c") == content_hash("a b c")
    assert content_hash("a b c") != content_hash("abc")
    assert content_hash(b"abc") != content_hash("abc")


# Turns in plain text


def turns(text: str, channel: str = "chat", occurred_at: datetime | None = None) -> list[tuple[str, str]]:
    return [(m.author, m.text) for m in messages_of(text, channel, occurred_at=occurred_at)]


EXPECTED = [("Ana Wu", "the limit is 500 euros"), ("Ana Wu", "see:\n- form A\n- form B"), ("tom", "thanks :tada:")]
SHAPES = {
    "name, time in brackets": "Ana Wu [9:00 AM]: the limit is 500 euros\nAna Wu [9:01 AM]: see:\n- form A\n- form B\n"
    "tom [9:02 AM]: thanks :tada:",
    "Slack": "Ana Wu  9:00 AM\nthe limit is 500 euros\n9:01\nAna Wu  9:01 AM\nsee:\n- form A\n- form B\ntom  9:02 AM\n"
    "thanks :tada:\n2 replies",
    "Slack, three lines": "Ana Wu\n  9:00 AM\nthe limit is 500 euros (edited)\nAna Wu\n  9:01 AM\nsee:\n- form A\n- "
    "form B\ntom\n  9:02 AM\nthanks :tada:",
    "Discord": "Ana Wu — Today at 9:00 AM\nthe limit is 500 euros\nAna Wu — Today at 9:01 AM\nsee:\n- form A\n- form "
    "B\ntom — Today at 9:02 AM\nthanks :tada:",
    "Teams": "[9:00 AM] Ana Wu\nthe limit is 500 euros\n[9:01 AM] Ana Wu\nsee:\n- form A\n- form B\n[9:02 AM] tom\n"
    "thanks :tada:",
    "Teams with date": "Ana Wu 12/11/2026 09:00\nthe limit is 500 euros\nAna Wu 12/11/2026 09:01\nsee:\n- form A\n- "
    "form B\ntom 12/11/2026 09:02\nthanks :tada:",
    "IRC": "[09:00] <Ana Wu> the limit is 500 euros\n[09:01] <Ana Wu> see:\n- form A\n- form B\n[09:02] <@tom> thanks :tada:",
    "Matrix": "[09:00] Ana Wu: the limit is 500 euros\n[09:01] Ana Wu: see:\n- form A\n- form B\n[09:02] tom: thanks :tada:",
    "WhatsApp": "12/11/2026, 09:00 - Ana Wu: the limit is 500 euros\n12/11/2026, 09:01 - Ana Wu: see:\n- form A\n- "
    "form B\n12/11/2026, 09:02 - tom: thanks :tada:",
    "WhatsApp on an iPhone": "[12/11/2026, 09:00:00] Ana Wu: the limit is 500 euros\n[12/11/2026, 09:01:00] Ana Wu: "
    "see:\n- form A\n- form B\n[12/11/2026, 09:02:00] tom: thanks :tada:",
    "Zoom": "09:00:12 From Ana Wu to Everyone: the limit is 500 euros\n09:01:12 From Ana Wu to Everyone: see:\n- form "
    "A\n- form B\n09:02:02 From tom to Everyone: thanks :tada:",
    "names only": "Ana Wu: the limit is 500 euros\nAna Wu: see:\n- form A\n- form B\ntom: thanks :tada:\ntom: ",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_pasted_chat_is_split_into_its_turns(shape: str) -> None:
    assert turns(SHAPES[shape]) == EXPECTED


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "names only"])
def test_times_of_a_pasted_chat_take_the_day_and_zone_of_the_update(shape: str) -> None:
    berlin = timezone(timedelta(hours=1))
    messages = messages_of(SHAPES[shape], "chat", occurred_at=datetime(2026, 11, 12, 18, 0, tzinfo=berlin))
    assert [m.at.strftime("%d.%m. %H:%M") if m.at else "" for m in messages] == ["12.11. 09:00", "12.11. 09:01", "12.11. 09:02"]
    assert messages[0].at is not None
    assert messages[0].at.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("9:14 AM", "2026-11-12 09:14"),
        ("Today at 9:14 PM", "2026-11-12 21:14"),
        ("Yesterday at 09:14", "2026-11-11 09:14"),
        ("12:05 AM", "2026-11-12 00:05"),
        ("Tuesday 9:14 AM", "2026-11-10 09:14"),
        ("11/10 9:14 AM", "2026-11-10 09:14"),
        ("10.11. 09:14", "2026-11-10 09:14"),
        ("24.12. 09:14", "2025-12-24 09:14"),
        ("10 Nov 2026 at 09:14", "2026-11-10 09:14"),
        ("Nov 10th at 9:14 AM", "2026-11-10 09:14"),
        ("Tue, November 10, 2026, 9:14 AM", "2026-11-10 09:14"),
        ("2026-11-10, 09:14:33", "2026-11-10 09:14"),
        ("31/02/2026, 09:14", ""),
        ("25:77", ""),
    ],
)
def test_the_ways_to_write_a_time_are_understood(when: str, at: str) -> None:
    [message] = messages_of(f"Ana [{when}]: hello", "chat", occurred_at=NOW)
    assert (message.author, message.text) == ("Ana", "hello")
    assert (f"{message.at:%Y-%m-%d %H:%M}" if message.at else "") == at


def test_a_role_that_speaks_twice_is_a_speaker() -> None:
    said = turns("Project lead: please check\nMaya: done\nProject lead: thanks", "meeting")
    assert [author for author, _ in said] == ["Project lead", "Maya", "Project lead"]


def test_a_later_message_of_the_same_person_has_only_a_time() -> None:
    text = "Lena — 11/12/2026 9:00 AM\nnew template\n[9:01 AM]\nsecond\nEdwin — 11/12/2026 9:15 AM\nthanks"
    assert turns(text) == [("Lena", "new template"), ("Lena", "second"), ("Edwin", "thanks")]


def test_words_before_a_colon_are_not_always_speakers() -> None:
    text = "Maya: three things\nNote: the form moved\nNext steps: none\nhttps://example.org/a: here\nTom: ok"
    assert turns(text, "meeting") == [
        ("Maya", "three things\nNote: the form moved\nNext steps: none\nhttps://example.org/a: here"),
        ("Tom", "ok"),
    ]
    assert turns("Reminder: the deadline is Friday") == [("", "Reminder: the deadline is Friday")]


def test_a_transcript_with_offsets_counts_from_its_start() -> None:
    messages = messages_of("Maya Chen  0:03\nhello\nTom  1:05\nhi", "meeting", occurred_at=NOW)
    assert [(m.author, m.start_s, m.at) for m in messages] == [
        ("Maya Chen", 3.0, NOW + timedelta(seconds=3)),
        ("Tom", 65.0, NOW + timedelta(seconds=65)),
    ]


def test_a_mail_gives_its_subject_and_its_own_words() -> None:
    text = (
        "From: Amy Lee <amy@example.org>\nSubject: New form\n\nHi all,\n\nuse form B.\n\nThanks,\nAmy\n\n"
        "On Mon, 9 Nov 2026, Tom wrote:\n> which form?"
    )
    assert turns(text, "email") == [("Amy Lee", "New form"), ("Amy Lee", "Hi all,\n\nuse form B.")]
    assert turns("Subject: Re: New form\n\nok for me\n\nBest,\nTom", "email") == [("Tom", "ok for me")]


def test_a_time_without_a_zone_is_utc(store: UpdateStore) -> None:
    naive = datetime(2026, 11, 12, 9, 30)  # noqa: DTZ001
    assert messages_of("Ana [9:00 AM]: x", "chat", occurred_at=naive)[0].at == NOW.replace(minute=0)
    assert store.add(chat("x", occurred_at=naive))[0].occurred_at == NOW


def test_a_voice_memo_and_a_document_are_one_turn() -> None:
    assert turns("um so: the deadline moved", "voice") == [("", "um so: the deadline moved")]
    assert turns("# Title\n\nAna: x", "document") == [("", "# Title\n\nAna: x")]
    assert turns("  \n ", "chat") == []


@given(st.text(max_size=400), st.sampled_from(["chat", "meeting", "email", "voice", "note", "document"]))
def test_every_turn_is_made_of_lines_of_the_text(text: str, channel: str) -> None:
    for message in messages_of(text, channel, occurred_at=NOW):
        assert message.text.strip()
        for line in message.text.splitlines():
            assert line.strip() in text
