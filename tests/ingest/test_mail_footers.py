"""Signatures, disclaimers, list footers and notices of programs: nobody's words."""

from __future__ import annotations

import pytest

from ingest.messages import mail_messages
from ingest.readers import read_file

NEWS = "The deadline for expenses is now 45 days instead of 30."


def said(body: str, author: str = "Aoife Byrne") -> list[tuple[str, str]]:
    _, messages = mail_messages("Re: Expenses", body, author=author)
    return [(message.author, message.text) for message in messages]


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "Enviado desde mi iPhone", "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone", "Enviado do meu iPhone", "Skickat från min iPhone", "Sendt fra min iPhone", "Lähetetty iPhonesta",
        "Wysłane z iPhone’a", "Odesláno z iPhonu", "iPhone'umdan gönderildi", "Отправлено с iPhone", "iPhoneから送信", "发自我的iPhone",
        "從我的 iPhone 傳送", "나의 iPhone에서 보냄", "Get Outlook for iOS<https://aka.ms/o0ukef>", "Holen Sie sich Outlook für Android",
        "Télécharger Outlook pour iOS", "Sent with Proton Mail secure email.", "Sent from Yahoo Mail for iPhone",
        "Gesendet mit der GMX Mail App", "Sent from Mail for Windows", "Pobierz aplikację Outlook dla systemu iOS", "iOS 版 Outlook を入手",
    ],
)  # fmt: skip
def test_what_a_telephone_adds_is_no_news(line: str) -> None:
    assert said(f"{NEWS}\n\n{line}\n") == [("Aoife Byrne", NEWS)]


@pytest.mark.parametrize(
    "paragraph",
    [
        "This message (including any attachments) contains confidential information intended for a specific individual. If you are "
        "not the intended recipient, delete it.",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, vernichten Sie sie.",
        "Ce message et ses pièces jointes sont confidentiels et établis à l'intention exclusive de ses destinataires.",
        "Este mensaje y sus archivos adjuntos son confidenciales y van dirigidos exclusivamente a su destinatario.",
        "Questo messaggio è riservato ed è destinato esclusivamente al destinatario indicato.",
        "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
        "Esta mensagem é confidencial e destina-se apenas ao destinatário.",
        "Detta meddelande är konfidentiellt och avsett endast för mottagaren.",
        "Denne meddelelse er fortrolig og kun beregnet til modtageren.",
        "Tämä viesti on luottamuksellinen ja tarkoitettu vain vastaanottajalle.",
        "Ta wiadomość jest poufna i przeznaczona wyłącznie dla adresata.",
        "Tato zpráva je důvěrná a je určena pouze příjemci.",
        "Bu mesaj gizli bilgiler içerebilir ve yalnızca alıcı içindir.",
        "Данное сообщение является конфиденциальным и предназначено только для адресата.",
        "このメールには機密情報が含まれている場合があります。宛先以外の方は削除してください。",
        "本邮件含有保密信息，仅限于收件人使用。",
        "이 메일은 기밀 정보를 포함하고 있으며 지정된 수신자만을 위한 것입니다.",
        "Please consider the environment before printing this e-mail.",
    ],
)
def test_a_disclaimer_is_no_news(paragraph: str) -> None:
    assert said(f"{NEWS}\n\n{paragraph}\n\nKestrel Row Ltd\n") == [("Aoife Byrne", NEWS)]


@pytest.mark.parametrize(
    "footer",
    [
        '-- \nYou received this message because you are subscribed to the Google Groups "Team" group.\nTo unsubscribe from this group, '
        "send an email to team+unsubscribe@example.org.",
        "_______________________________________________\nTeam mailing list\nteam@lists.example.org\n"
        "https://lists.example.org/mailman/listinfo/team",
        "_______________________________________________\nTeam mailing list -- team@lists.example.org\nTo unsubscribe send an email to "
        "team-leave@lists.example.org",
        "Unsubscribe: https://example.org/u\nKestrel Row, 4 Dock Street",
        "Newsletter abbestellen (https://example.org/u)",
        "Pour vous désabonner, cliquez ici : https://example.org/u",
        "Para darse de baja, haga clic aquí: https://example.org/u",
        "配信停止はこちら https://example.org/u",
        "Отписаться от рассылки: https://example.org/u",
        "Sie erhalten diese E-Mail, weil Sie im Verteiler stehen.",
    ],
)
def test_the_footer_of_a_list_is_no_news(footer: str) -> None:
    assert said(f"{NEWS}\n\n{footer}\n") == [("Aoife Byrne", NEWS)]


@pytest.mark.parametrize(
    "signature",
    [
        "Aoife Byrne | Finance manager\nKestrel Row Ltd, now at 4 Dock Street\nT: +353 1 234 5678\nM: +353 87 000 0000",
        "Aoife Byrne\nFinance manager\n\n+353 1 234 5678\naoife@example.org",
        "Aoife\n\nAoife Byrne, Finance manager, now also for travel\nKestrel Row Ltd | www.kestrelrow.example",
        "Best regards\nAoife Byrne\nFinance manager",
        "Viele Grüße\nAoife Byrne\n\nKestrel Row GmbH\nDockstraße 4\n10115 Berlin\nTel. +49 30 1234567\nAmtsgericht Berlin HRB 12345",
        "Cordialement,\nAoife Byrne\nDirectrice financière\nTél. : +33 1 23 45 67 89",
        "Un saludo,\nAoife",
        "Med vänliga hälsningar\nAoife Byrne\nEkonomichef\n08-123 456 78",
        "Z poważaniem\nAoife Byrne\nDyrektor finansowy",
        "С уважением,\nAoife Byrne\nФинансовый директор",
        "よろしくお願いいたします。\n\n----------------------------\nAoife Byrne\n株式会社ケストレル\nTEL: 03-1234-5678\n----------------------------",
        "-- \nAoife Byrne\nKestrel Row Ltd moved to 4 Dock Street.",
        "--\nAoife",
        "- Aoife",
        "Thanks for a great week,\nAoife",
        "Bis morgen beim Frühstück,\nAoife",
        "***\nAoife Byrne\nKestrel Row",
        "Aoife\n________________\nAoife Byrne\nFinance manager, Kestrel Row Ltd\n4 Dock Street, Dublin",
    ],
)
def test_a_signature_is_no_news_with_and_without_its_mark(signature: str) -> None:
    assert said(f"Hi all,\n\n{NEWS}\n\n{signature}\n") == [("Aoife Byrne", f"Hi all,\n\n{NEWS}")]


@pytest.mark.parametrize(
    ("author", "words", "signature"),
    [
        ("田中太郎", "締め切りは45日になりました。", "田中"),
        ("王伟", "报销期限改为45天。", "此致\n敬礼\n王伟\n财务部\n电话：010-12345678"),
        ("김민수", "경비 제출 기한은 45일입니다.", "감사합니다.\n김민수 드림"),
        ("Иван Петров", "Срок теперь 45 дней.", "Иван Петров\nФинансовый директор\nтел. +7 495 123-45-67"),
        ("Luc Martin", "La limite est de 400 euros.", "Bien cordialement,\n\nLuc Martin\nKestrel Row SARL\n12 rue du Port\nTél : 01 23 45 67 89"),
    ],
)  # fmt: skip
def test_a_signature_in_another_script_is_no_news(author: str, words: str, signature: str) -> None:
    assert said(f"{words}\n\n{signature}\n", author) == [(author, words)]


def test_a_signature_below_a_mail_of_a_shared_address_is_no_news() -> None:
    signature = "Aoife Byrne\nFinance manager\nKestrel Row Ltd\nT: +353 1 234 5678"
    assert said(f"{NEWS}\n\n{signature}\n", "Finance team") == [("Finance team", NEWS)]
    asked = f"From Monday on please ask:\n\n{signature}"
    assert said(asked, "Finance team") == [("Finance team", asked)]


def test_a_postscript_below_the_name_is_kept() -> None:
    assert said(f"{NEWS}\n\nBest,\nAoife\n\nPS: The form moved too.") == [("Aoife Byrne", f"{NEWS}\n\nPS: The form moved too.")]


@pytest.mark.parametrize(
    "body",
    [
        "All e-mails to clients are confidential from Monday. The recipient list is checked by Tom.",
        "Customers can now unsubscribe by writing to privacy@example.org.",
        f"{NEWS}\n\nThanks to Tom the form is shorter.\n\nPlease use it from Monday on.",
        f"{NEWS}\n\nSent the iPhone to Tom yesterday, he needs a new one.",
        "Outlook is gone from Monday on.\n\nWe use Thunderbird on Windows now.",
        f"{NEWS}\n\nAoife Byrne approves every request from now on. Call her before you book a hotel that costs more.",
        f"Danke!\n\n{NEWS}",
        "Thanks\n\nNew limits:\nHotel 150\nTrain 80",
        "New limits.\n\nThanks\n\nHotel 150\nTrain 80\nFlight 300\nTaxi 20",
        f"{NEWS}\n\n--------------------------------\n\nTravel: the form is at https://example.org/travel now.",
        "Three limits count now:\n\nHotels 150 • Trains 80 • Flights 300",
    ],
)
def test_news_that_looks_a_little_like_small_print_is_kept(body: str) -> None:
    assert said(body) == [("Aoife Byrne", body)]


def test_a_firms_warning_above_a_mail_is_no_news() -> None:
    banner = "CAUTION: This email originated from outside of the organization. Do not click links unless you know the sender."
    assert said(f"{banner}\n\n{NEWS}") == [("Aoife Byrne", NEWS)]


NOTICES = {
    "jira": (
        '"Tom Reid (Jira)" <jira@kestrelrow.example>',
        "[JIRA] (KR-12) Rename the template",
        f"Tom Reid commented on KR-12:\n\n{NEWS}\n\nView issue (https://kr.example/browse/KR-12)\nAdd comment "
        "(https://kr.example/browse/KR-12#add)\n\nGet Jira notifications on your phone! Download the Jira Cloud app for Android or "
        "iOS.\nManage notifications • Give feedback • Privacy policy\n\n--\nThis message was sent by Atlassian Jira (v1001.0.0)",
    ),
    "jira in German": (
        '"Tom Reid (Jira)" <jira@kestrelrow.example>',
        "[JIRA] (KR-12) Vorlage umbenennen",
        f"Tom Reid hat KR-12 kommentiert:\n\n{NEWS}\n\nVorgang anzeigen (https://kr.example/browse/KR-12)\n\nBenachrichtigungen "
        "verwalten • Feedback geben • Datenschutzrichtlinie\n\n--\nDiese Nachricht wurde von Atlassian Jira gesendet (v1001.0.0)",
    ),
    "github": (
        "Tom Reid <notifications@github.example>",
        "[kestrel/handbook] Rename the template (Issue #12)",
        f"tomreid left a comment (kestrel/handbook#12)\n\n{NEWS}\n\n-- \nReply to this email directly or view it on GitHub:\n"
        "https://github.example/kestrel/handbook/issues/12\nYou are receiving this because you were mentioned.\n\nMessage ID: <12@x>",
    ),
    "linear": (
        '"Tom Reid (Linear)" <notifications@linear.example>',
        "KR-12 Rename the template",
        f"Tom Reid commented on KR-12 Rename the template:\n\n{NEWS}\n\nView issue in Linear: https://linear.example/kr/KR-12\n\n"
        "Unsubscribe from this issue: https://linear.example/u",
    ),
    "asana": (
        "Tom Reid via Asana <no-reply@asana.example>",
        "Rename the template",
        f"Tom Reid commented on a task\n\n{NEWS}\n\nReply to this email to comment or view in Asana\nhttps://app.asana.example/0/1\n\n"
        "Change what Asana sends you: https://app.asana.example/account",
    ),
    "asana in its own name": (
        "Asana <no-reply@asana.example>",
        'Tom Reid commented on "Rename the template"',
        f"Tom Reid commented on Rename the template:\n\n{NEWS}\n\nView in Asana https://app.asana.example/0/1\n\nUpdate your email "
        "settings: https://app.asana.example/s",
    ),
    "asana in both names": (
        '"Tom Reid (via Asana)" <no-reply@asana.example>',
        "Rename the template",
        f"Tom Reid commented on Rename the template\n\n{NEWS}\n\nView task: https://app.asana.example/0/1\n\n---\nYou’re receiving this "
        "email because you are a collaborator on this task.",
    ),
    "gitlab": (
        "Tom Reid (GitLab) <gitlab@example.org>",
        "Re: handbook | Rename the template (#12)",
        f"Tom Reid commented:\n\n{NEWS}\n\n—\nReply to this email directly or view it on GitLab: https://gitlab.example/12\nYou're "
        "receiving this email because of your account on gitlab.example.",
    ),
}


@pytest.mark.parametrize("program", NOTICES)
def test_a_notice_of_a_program_is_the_one_sentence_of_who_wrote_it(program: str) -> None:
    sender, subject, body = NOTICES[program]
    [incoming] = read_file(
        "n.eml", f"From: {sender}\nTo: maya@example.org\nSubject: {subject}\nMessage-ID: <n@x>\n\n{body}\n".encode()
    )
    assert [(message.author, message.text) for message in incoming.messages] == [("Tom Reid", NEWS)]
