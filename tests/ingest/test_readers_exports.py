"""Exports with more in them than one plain conversation: several rooms, missing lists, messages without text, pages, tables."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ingest.readers import Limits, read_file, read_text
from ingest.redaction import redact_incoming
from tests.ingest.files import zip_of
from tests.ingest.test_readers_copied import messages
from wiki.errors import InvalidInput


def slack(user: str, text: str, seconds: int, **more: object) -> dict[str, object]:
    return {"type": "message", "user": user, "text": text, "ts": f"{1795511000 + seconds}.000200", **more}


def test_a_slack_export_without_its_list_of_people_takes_the_names_from_the_messages() -> None:
    rows = [slack("U1", "The limit is 45", 0, user_profile={"real_name": "Lena Moss"}), slack("U2", "ok", 60)]
    [update] = read_file("export.zip", zip_of({"money/2026-11-24.json": json.dumps(rows)}))
    assert [(m.author, m.text) for m in update.messages] == [("Lena Moss", "The limit is 45"), ("U2", "ok")]
    assert update.source_name == "Slack #money 2026-11-24"


def test_a_zip_of_days_of_another_program_is_read_file_by_file() -> None:
    rows = [{"sender": "Lena Moss", "date": "2026-11-24T09:12:33Z", "text": "The limit is 45"}]
    found = read_file("days.zip", zip_of({"money/2026-11-24.json": json.dumps(rows)}))
    assert messages(found) == [("Lena Moss", "24.11. 09:12", "The limit is 45")]


def test_channels_of_one_name_in_two_workspaces_of_an_organisation_stay_apart() -> None:
    files = {
        "org_users.json": json.dumps([{"id": "U1", "profile": {"real_name": "Lena Moss"}}]),
        "teams/North/general/2026-11-24.json": json.dumps([slack("U1", "north", 0)]),
        "teams/South/general/2026-11-24.json": json.dumps([slack("U1", "south", 1)]),
    }
    found = read_file("grid.zip", zip_of(files))
    assert [[m.text for m in update.messages] for update in found] == [["north"], ["south"]]
    assert {update.author for update in found} == {"Lena Moss"}


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (
            {
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": "Limits"}},
                    {"type": "section", "text": {"type": "mrkdwn", "text": "now *45* days"}},
                ]
            },
            "Limits\nnow *45* days",
        ),
        (
            {
                "blocks": [
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "see "},
                                    {"type": "link", "url": "https://example.org/a", "text": "the page"},
                                    {"type": "text", "text": " "},
                                    {"type": "user", "user_id": "U1"},
                                ],
                            }
                        ],
                    }
                ]
            },
            "see the page (https://example.org/a) @U1",
        ),
        ({"attachments": [{"fallback": "Incident 17 opened", "text": "x"}]}, "Incident 17 opened"),
    ],
)
def test_a_slack_message_of_blocks_alone_has_their_words(more: dict[str, object], text: str) -> None:
    [update] = read_file("2026-11-24.json", json.dumps([slack("U1", "", 0, **more)]).encode())
    assert [m.text for m in update.messages] == [text]


def test_telegrams_export_of_all_chats_is_an_update_a_chat_and_day() -> None:
    chats = [
        {
            "name": name,
            "type": "private_group",
            "messages": [{"id": 1, "type": "message", "date": "2026-11-24T09:12:33", "from": "Lena Moss", "text": name}],
        }
        for name in ("Money", "Travel")
    ]
    found = read_file("result.json", json.dumps({"chats": {"list": chats}}).encode())
    assert [update.source_name for update in found] == ["Telegram Money 2026-11-24", "Telegram Travel 2026-11-24"]


def test_telegrams_page_is_read_as_its_json_is() -> None:
    page = """<!DOCTYPE html>
<html><head><title>Exported Data</title></head><body><div class="page_wrap"><div class="history">
<div class="message service" id="message-1"><div class="body details">24 November 2026</div></div>
<div class="message default clearfix" id="message2"><div class="pull_left userpic_wrap"><div class="initials">L</div></div>
<div class="body"><div class="pull_right date details" title="24.11.2026 09:12:33 UTC+01:00">09:12</div>
<div class="from_name">Lena Moss </div><div class="text">The limit is <strong>45 days</strong>,<br>really</div></div></div>
<div class="message default clearfix joined" id="message3"><div class="body">
<div class="pull_right date details" title="24.11.2026 09:14:33 UTC+01:00">09:14</div>
<div class="reply_to details">In reply to <a href="#go_to_message2" onclick="return GoToMessage(2)">this message</a></div>
<div class="text">and &amp; the form</div></div></div></div></div></body></html>"""
    [update] = read_file("messages.html", page.encode())
    assert [(m.author, m.text, m.reply_to) for m in update.messages] == [
        ("Lena Moss", "The limit is 45 days,\nreally", None),
        ("Lena Moss", "and & the form", 0),
    ]
    assert update.occurred_at == datetime(2026, 11, 24, 8, 12, 33, tzinfo=UTC)


def test_takeout_is_read_room_by_room_and_its_other_files_are_left_out() -> None:
    rows = {
        "messages": [
            {
                "creator": {"name": "Lena Moss"},
                "created_date": "Tuesday, November 24, 2026 at 9:14:33\u202fAM UTC",
                "text": "The limit is 45",
            }
        ]
    }
    files = {
        "Takeout/Google Chat/Groups/Space AAA/group_info.json": '{"name": "Money", "members": []}',
        "Takeout/Google Chat/Groups/Space AAA/messages.json": json.dumps(rows),
        "Takeout/Google Chat/Users/User 1/user_info.json": '{"user": {"name": "Lena Moss", "email": "lena@example.org"}}',
    }
    [update] = read_file("takeout.zip", zip_of(files))
    assert messages([update]) == [("Lena Moss", "24.11. 09:14", "The limit is 45")]
    assert update.source_name == "Google Chat Space AAA 2026-11-24"


def test_a_table_of_who_when_and_what_is_a_chat() -> None:
    table = (
        "AuthorID,Author,Date,Content,Attachments\n"
        '1,Lena Moss,2026-11-24T09:12:33+00:00,"The limit, now",\n2,Omar Dahl,2026-11-24T09:14:33+00:00,ok,\n'
    )
    assert messages(read_file("money.csv", table.encode())) == [
        ("Lena Moss", "24.11. 09:12", "The limit, now"),
        ("Omar Dahl", "24.11. 09:14", "ok"),
    ]
    assert read_file("limits.csv", b"what,limit\nTravel limit,500 euros\n")[0].channel == "document"


@pytest.mark.parametrize(
    "data",
    [
        {"text": "…", "segments": [{"id": 0, "start": 3.0, "end": 5.0, "speaker": "Lena Moss", "text": " The limit is 45."}]},
        [{"sentence": "The limit is 45.", "startTime": 3.0, "endTime": 5.0, "speaker_name": "Lena Moss"}],
        {"results": {"utterances": [{"start": 3.0, "transcript": "The limit is 45.", "speaker": "Lena Moss"}]}},
    ],
)
def test_a_transcript_as_json_has_speakers_and_starts(data: object) -> None:
    [call] = read_file("call.json", json.dumps(data).encode())
    assert call.channel == "meeting"
    assert [(m.author, m.start_s, m.text) for m in call.messages] == [("Lena Moss", 3.0, "The limit is 45.")]


@pytest.mark.parametrize(
    "text",
    [
        "0:03\nThe limit is 45.\n0:12\nAnd the form?\n1:15\nIt moved.\n",
        "[00:03.000 --> 00:05.000]  The limit is 45.\n[00:12.000 --> 00:14.000]  And the form?\n[01:15.000 --> 01:18.000]  It moved.\n",
    ],
)
def test_a_transcript_that_names_nobody_has_its_starts(text: str) -> None:
    [call] = read_file("call.txt", text.encode())
    assert [(m.author, m.start_s, m.text) for m in call.messages] == [
        ("", 3.0, "The limit is 45."),
        ("", 12.0, "And the form?"),
        ("", 75.0, "It moved."),
    ]


def test_webex_writes_the_speaker_beside_a_cues_number() -> None:
    captions = (
        'WEBVTT\n\n1 "Lena Moss" (352416)\n00:00:03.000 --> 00:00:05.880\nThe limit is 45.\n\n'
        '2 "Omar Dahl" (11)\n00:00:12.000 --> 00:00:14.000\nOK.\n'
    )
    [call] = read_file("call.vtt", captions.encode())
    assert [(m.author, m.text) for m in call.messages] == [("Lena Moss", "The limit is 45."), ("Omar Dahl", "OK.")]


MARKS = {
    "en": ("<Media omitted>", "You deleted this message", "image omitted", "Waiting for this message. This may take a while."),
    "de": ("<Medien ausgeschlossen>", "Du hast diese Nachricht gelöscht.", "Bild weggelassen", "Verpasster Videoanruf"),
    "fr": ("<Médias omis>", "Vous avez supprimé ce message", "image absente", "Appel vocal manqué"),
    "es": ("<Multimedia omitido>", "Eliminaste este mensaje.", "imagen omitida", "a.pdf (archivo adjunto)"),
    "it": ("<Media omessi>", "Hai eliminato questo messaggio", "immagine omessa", "a.pdf (file allegato)"),
    "pt": ("<Mídia oculta>", "Mensagem apagada", "imagem ocultada", "a.pdf (arquivo anexado)"),
    "nl": ("<Media weggelaten>", "U hebt dit bericht verwijderd", "afbeelding weggelaten", "a.pdf (bestand bijgevoegd)"),
    "da": ("<Mediefil udeladt>", "Denne besked blev slettet", "billede udeladt", "a.pdf (fil vedhæftet)"),
    "sv": ("<Media har utelämnats>", "Du raderade det här meddelandet", "bild utelämnad", "a.pdf (bifogad fil)"),
    "no": ("<Media er utelatt>", "Denne meldingen ble slettet", "bilde utelatt", "a.pdf (fil vedlagt)"),
    "fi": ("<Media jätettiin pois>", "Poistit tämän viestin", "kuva jätetty pois", "a.pdf (tiedosto liitetty)"),
    "pl": ("<pominięto multimedia>", "Usunięto tę wiadomość", "obraz pominięto", "a.pdf (załączono plik)"),
    "cs": ("<Média vynechána>", "Tuto zprávu jste odstranili", "obrázek vynechán", "a.pdf (soubor byl přiložen)"),
    "tr": ("<Medya dahil edilmedi>", "Bu mesajı sildiniz", "görüntü dahil edilmedi", "a.pdf (dosya ekli)"),
    "ru": ("<Без медиафайлов>", "Вы удалили данное сообщение", "изображение отсутствует", "a.pdf (файл добавлен)"),
    "ja": ("<メディアは含まれていません>", "このメッセージは削除されました", "画像は含まれていません", "a.pdf (添付ファイル)"),
    "ko": ("<미디어 파일을 제외한 상태로 내보냄>", "삭제된 메시지입니다", "이미지 생략됨", "a.pdf (파일 첨부됨)"),
    "zh": ("<省略多媒体文件>", "您删除了此消息", "图像已忽略", "a.pdf (文件附件)"),
}
EDITED = {
    "en": "<This message was edited>",
    "de": "<Diese Nachricht wurde bearbeitet.>",
    "fr": "<Ce message a été modifié>",
    "es": "<Se editó este mensaje.>",
    "pt": "<Mensagem editada>",
    "sv": "<Det här meddelandet redigerades>",
    "tr": "<Bu mesaj düzenlendi>",
    "ru": "<Сообщение изменено>",
    "ja": "<このメッセージは編集されました>",
    "ko": "<수정된 메시지입니다>",
    "zh": "<此消息已编辑>",
}


@pytest.mark.parametrize("language", MARKS)
def test_what_whatsapp_puts_in_the_place_of_a_message_is_no_message(language: str) -> None:
    marks = "".join(f"24.11.26, 09:15 - Omar: {mark}\n" for mark in MARKS[language])
    edited = EDITED.get(language, "")
    text = f"24.11.26, 09:14 - Lena: first\n{marks}24.11.26, 09:16 - Omar: write <your name> {edited}\n"
    [day] = read_text("chat", text)
    assert [m.text for m in day.messages] == ["first", "write <your name>"]
    assert len(day.aside) == len(MARKS[language])


def test_what_whatsapp_says_is_nobodys_message_even_with_a_colon_in_it() -> None:
    text = (
        '11/24/26, 9:14 AM - Lena changed the group name from "Office" to "Office: news"\n'
        "11/24/26, 9:15 AM - Lena: the limit: 45 days\n11/24/26, 9:16 AM - Omar added Nora\n"
        "11/24/26, 9:16 AM - Office: Messages and calls are end-to-end encrypted.\n"
    )
    [day] = read_text("chat", text)
    assert [(m.author, m.text) for m in day.messages] == [("Lena", "the limit: 45 days")]
    assert [m.kind for m in day.aside] == ["system"] * 3


def test_a_table_of_messages_is_a_chat_in_an_old_encoding_too() -> None:
    table = "Date;Author;Message\n2026-11-24 09:14;Jürgen Weiß;Die Grenze ist jetzt 400 €\n2026-11-24 09:15;Lena Moss;gut\n"
    [incoming] = read_file("chat.csv", table.encode("cp1252"))
    first, *_ = incoming.messages
    assert (first.author, first.text) == ("Jürgen Weiß", "Die Grenze ist jetzt 400 €")


def test_what_an_iphone_marks_as_the_apps_is_told_from_media() -> None:
    said = "[24/11/2026, 09:1{0}:00] Office: \u200e{1}\n"
    texts = ("Lena created this group", "image omitted", "This message was deleted.")
    chat = "".join(said.format(number, text) for number, text in enumerate(texts))
    [incoming] = read_file("_chat.txt", f"{chat}[24/11/2026, 09:15:00] Lena Moss: The limit is 45 days\n".encode())
    assert [turn.kind for turn in incoming.aside] == ["system", "media", "system"]


def test_what_the_sender_wrote_above_a_pasted_chat_is_the_senders() -> None:
    [day] = read_text("chat", "FYI, new limit:\n24.11.26, 09:14 - Lena: 45 days\n24.11.26, 09:15 - Omar: ok", "Nora")
    assert [(m.author, m.text) for m in day.messages] == [("Nora", "FYI, new limit:"), ("Lena", "45 days"), ("Omar", "ok")]


def test_the_setting_decides_which_number_is_the_month() -> None:
    text = "05/06/26, 09:14 - Lena: x\n05/06/26, 09:15 - Omar: y"
    for order, day in (("day", "05.06."), ("month", "06.05.")):
        [update] = read_text("chat", text, date_order=order)
        assert messages([update])[0][1] == f"{day} 09:14"
        assert update.aside == ()
    pasted = "Lena  05/06/2026 09:14\nx\nOmar  05/06/2026 09:15\ny"
    assert read_text("chat", pasted)[0].aside[0].kind == "note"
    assert messages(read_text("chat", pasted, date_order="month"))[0][1] == "06.05. 09:14"


def test_what_is_kept_aside_is_masked_as_the_rest_is() -> None:
    text = "24.11.26, 09:14 - Lena: hello\n24.11.26, 09:15 - Lena: 4111111111111111.pdf (file attached)\n"
    [day] = read_text("chat", text)
    masked, _ = redact_incoming(day)
    assert "4111" in day.aside[0].text
    assert "4111" not in repr(masked)


def test_an_export_may_be_longer_than_one_update() -> None:
    lines = "".join(f"{day:02}.11.26, 09:{minute:02} - Lena: {'word ' * 6}\n" for day in range(1, 29) for minute in range(60))
    limits = Limits(max_text_chars=len(lines) // 4, max_export_chars=len(lines))
    assert len(read_text("chat", lines, limits=limits)) == 28
    with pytest.raises(InvalidInput, match="longer"):
        read_file("chat.txt", lines.encode(), limits=Limits(max_export_chars=len(lines) // 2))
    with pytest.raises(InvalidInput, match="longer"):
        read_file("chat.txt", lines.encode(), limits=Limits(max_text_chars=100))


def test_more_unpacked_bytes_than_allowed_are_refused_in_an_inner_zip_too() -> None:
    inner = zip_of({"a.txt": "word " * 300, "b.txt": "word " * 300}, compression=0)
    outer = zip_of({"in.zip": inner}, compression=0)
    assert len(read_file("o.zip", outer, limits=Limits(max_zip_bytes=10_000))) == 2
    with pytest.raises(InvalidInput, match="unpacks to too much"):
        read_file("o.zip", outer, limits=Limits(max_zip_bytes=4_500))


def test_a_table_of_times_is_no_captions() -> None:
    assert read_file("hours.csv", b"10:30,11:30\n12:00,13:00\n")[0].channel == "document"
