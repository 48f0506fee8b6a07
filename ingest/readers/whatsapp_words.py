"""What WhatsApp itself writes between people's messages, in the languages of its exports.

Marks in angle brackets, and whatever follows an iPhone's left-to-right mark, are known by their form in any language; the words
here are for what has no form of its own.
"""

from __future__ import annotations

import re

__all__ = ["ATTACHED", "DELETED", "EDITED", "NOTICE", "OMITTED", "SYSTEM", "is_bracketed_mark"]


def _one_of(*lines: str) -> str:
    return "|".join(part for line in lines for part in line.split("|"))


# A file that came along: "… (file attached)" after its name
ATTACHED = re.compile(
    r"^.{1,160}\.\w{2,5} \((?:[^()]{0,30})(?:"
    + _one_of(
        "attached|angehängt|adjunto|joint|allegato|bijgevoegd|anexado|vedhæft|bifogad|vedlagt|vedlegg|liitet|załącz|dołącz|přilož",
        "ekli|eklendi|прикреп|добавлен|添付|첨부|附件|附加|συνημμέν|csatol|atașat|مرفق|मिला|संलग्न|מצורף|dilampirkan|đính kèm|แนบ",
    )
    + r")[^()]{0,30}\)$",
    re.IGNORECASE,
)

# "This message was deleted", "You deleted this message", a view-once message, one that has not arrived yet, missed calls
DELETED = re.compile(
    r"^(?:🚫\s?)?(?:"
    + _one_of(
        r"(?:This message was|You) deleted(?: this message)?(?: by admin .*)?|Waiting for this message\b.*|null",
        r"(?:Missed|Declined|Silenced) (?:group )?(?:voice|video) call\b.*|(?:Voice|Video) call(?:, .*)?",
        r"Diese Nachricht wurde gelöscht|Du hast diese Nachricht gelöscht|Verpasster? (?:Gruppen)?-?(?:Sprach|Video)-?anruf.*",
        r"Auf diese Nachricht wird gewartet\b.*|Warten auf diese Nachricht\b.*",
        r"Ce message a été supprimé|Vous avez supprimé ce message|Appel (?:vocal|vidéo)(?: de groupe)? manqué.*|En attente de ce message\b.*",
        r"(?:Se eliminó|Eliminaste|Este mensaje fue eliminado|Se borró|Borraste)(?: este mensaje)?|Llamada perdida.*",
        r"(?:Llamada|Videollamada)(?: de voz| grupal)? perdida.*|Esperando (?:este )?mensaje\b.*",
        r"Questo messaggio è stato eliminato|Hai eliminato questo messaggio|(?:Chiamata|Videochiamata)(?: vocale)? persa.*",
        r"In attesa del messaggio\b.*|In attesa di questo messaggio\b.*",
        r"(?:Esta )?mensagem (?:foi )?apagada|Você apagou (?:esta|essa) mensagem|Apagou esta mensagem|Eliminou esta mensagem",
        r"Esta mensagem foi eliminada|(?:Ligação|Chamada) (?:de (?:voz|vídeo) )?perdida.*|Aguardando (?:esta )?mensagem\b.*",
        r"Dit bericht (?:is|werd) verwijderd|U hebt dit bericht verwijderd|Je hebt dit bericht verwijderd|Gemiste .*oproep.*",
        r"Wachten op dit bericht\b.*",
        r"Denne besked blev slettet|Du slettede denne besked|(?:Ubesvaret|Mistet) .*opkald.*|Venter på denne besked\b.*",
        r"Det här meddelandet (?:togs bort|raderades|har tagits bort)|Du (?:tog bort|raderade) det här meddelandet|Missat .*samtal.*",
        r"Väntar på (?:det här|detta) meddelande\w*\b.*",
        r"Denne meldingen ble slettet|Du slettet denne meldingen|(?:Tapt|Ubesvart) .*anrop.*|Venter på denne meldingen\b.*",
        r"Tämä viesti (?:on )?poistettiin|Tämä viesti on poistettu|Poistit tämän viestin|Vastaamaton .*puhelu.*|Odotetaan tätä viestiä\b.*",
        r"(?:Ta wiadomość została usunięta|Usunięto tę wiadomość|Usunąłeś\(aś\) tę wiadomość|Wiadomość usunięta)|Nieodebrane połączenie.*",
        r"Oczekiwanie na (?:tę )?wiadomość\b.*",
        r"Tato zpráva byla (?:smazána|odstraněna)|Tuto zprávu jste (?:smazali|odstranili)|(?:Smazali|Odstranili) jste tuto zprávu",
        r"Zmeškaný .*hovor.*|Čeká se na tuto zprávu\b.*",
        r"Bu mesaj silindi|Bu mesajı sildiniz|Cevapsız .*arama.*|Bu mesaj bekleniyor\b.*",
        r"(?:Данное|Это) сообщение удалено|Вы удалили (?:данное|это) сообщение|Сообщение удалено|Пропущенный .*звонок.*",
        r"Ожидание (?:данного )?сообщения\b.*|Ожидание этого сообщения\b.*",
        r"このメッセージは削除されました|このメッセージを削除しました|あなたはこのメッセージを削除しました|(?:音声|ビデオ)?.{0,6}不在着信.*",
        r"このメッセージを待っています.*|メッセージを待機中.*",
        r"삭제된 메시지입니다|이 메시지는 삭제되었습니다|이 메시지를 삭제했습니다|(?:메시지를 삭제했습니다)|부재중 .*(?:통화|전화).*|이 메시지를 기다리는 중.*",
        r"(?:此|這|该|這則|这条|此条)(?:消息|訊息)已(?:被)?(?:删除|刪除)|(?:您|你)(?:已|已经)?(?:删除|刪除)了?(?:此|這|这|這則|这条|此条)?(?:消息|訊息)",
        r"(?:消息|訊息)已(?:删除|刪除)|未接(?:语音|視訊|视频|語音)?(?:通话|來電|来电|通話).*|(?:正在)?等待此(?:消息|訊息).*",
    )
    + r")[.。]?$",
    re.IGNORECASE,
)

# "image omitted", "Bild weggelassen", "imagen omitida": on iPhones, where the mark before it was lost on the way
OMITTED = re.compile(
    r"^(?:.{1,120} • (?:\d+ \w{2,12} )?)?(?:"
    + _one_of(
        r"(?:image|photo|video|video note|audio|voice message|sticker|GIF|document|contact card|media) omitted",
        r"(?:Bild|Foto|Video|Videonachricht|Audio|Sprachnachricht|Sticker|GIF|Dokument|Kontaktkarte|Medien) (?:weggelassen|ausgeschlossen)",
        r"(?:image|photo|vidéo|audio|sticker|GIF|document|fiche contact|autocollant) (?:absente?|omise?|non incluse?)",
        r"(?:imagen|foto|video|audio|sticker|GIF|documento|tarjeta de contacto|multimedia) omitid[oa]",
        r"(?:immagine|foto|video|audio|sticker|GIF|documento|scheda contatto|media) omess[oaie]",
        r"(?:imagem|foto|vídeo|áudio|figurinha|sticker|GIF|documento|cartão do contato|mídia) (?:omitid[oa]|ocultad[oa]|ocult[oa]|não revelad[oa])",
        r"(?:afbeelding|foto|video|audio|sticker|GIF|document|contactkaart|media) weggelaten",
        r"(?:billede|foto|video|lyd|mærkat|sticker|GIF|dokument|kontaktkort|medie\w*) (?:udeladt|er udeladt|ikke medtaget)",
        r"(?:bild|foto|video|ljud|klistermärke|sticker|GIF|dokument|kontaktkort|media) (?:utelämna[dt]|utesluten|har utelämnats)",
        r"(?:bilde|foto|video|lyd|klistremerke|sticker|GIF|dokument|kontaktkort|media) (?:utelatt|er utelatt|utelukket)",
        r"(?:kuva|valokuva|video|ääni|tarra|GIF|asiakirja|dokumentti|yhteystieto\w*|media) (?:jätetty pois|jätettiin pois|pois jätetty|poistettu)",
        r"(?:obraz|zdjęcie|film|wideo|plik wideo|audio|plik audio|dźwięk|naklejka|GIF|dokument|wizytówka|karta kontaktu) (?:został\w* )?pominięt\w",
        r"pominięto (?:obraz|zdjęcie|film|wideo|audio|naklejkę|GIF|dokument|multimedia)",
        r"(?:obrázek|fotka|video|zvuk|audio|nálepka|GIF|dokument|kontakt|média) (?:byl\w? )?vynechán\w?",
        r"(?:görüntü|fotoğraf|resim|video|ses|çıkartma|GIF|belge|kişi kartı|medya) (?:dahil edilmedi|atlandı)",
        r"(?:изображение|фото|видео|аудио|аудиофайл|стикер|GIF|документ|карточка контакта) (?:отсутствует|опущен[оа]?|пропущен[оа]?|не включен[оа]?)",
        r"(?:画像|写真|動画|ビデオ|音声|オーディオ|ステッカー|スタンプ|GIF|ドキュメント|文書|連絡先カード)(?:は|が)?(?:含まれていません|省略されました|除外されました|を省略)",
        r"(?:이미지|사진|동영상|비디오|오디오|음성|스티커|GIF|문서|연락처 카드)(?:를|을|가|이)? ?(?:생략됨|생략|제외됨|누락됨|생략되었습니다)",
        r"(?:图像|图片|圖片|圖像|照片|视频|影片|音频|音訊|贴图|貼圖|动态贴图|GIF|文件|文档|文檔|联系人卡片|聯絡人卡片)(?:已)?(?:忽略|省略|略去|隐藏|遺漏|遗漏)",
        r"(?:忽略|省略)(?:的)?(?:图像|图片|圖片|照片|视频|影片|音频|音訊|贴图|貼圖|GIF|文件|文档|多媒体文件)",
        r"(?:사진|동영상|미디어) 읽지 않음",
    )
    + r")[.。]?$",
    re.IGNORECASE,
)

# " <This message was edited>" at the end
EDITED = re.compile(
    r"\s*<[^<>\n/=@]{0,50}(?:"
    + _one_of(
        "edit|bearbeitet|modifi|bewerkt|rediger|redigera|muoka|edytowan|uprav|düzenlen|измен|отредактир|編集|수정|편집|编辑|編輯",
        "επεξεργ|szerkeszt|تعديل|संपादित|נערכ|แก้ไข|chỉnh sửa",
    )
    + r")[^<>\n/=@]{0,50}>\s*$",
    re.IGNORECASE,
)

# What happens in a group. On Android it stands where "name: text" does, and may hold a colon itself (the new name of the group).
SYSTEM = re.compile(
    _one_of(
        r"\b(?:created (?:this )?(?:group|community)|changed (?:the|this) (?:group|subject|settings|description)|changed the group)\b",
        r"\b(?:added|removed) (?:you|[^:]{1,60}) (?:to|from) (?:the )?group|\bjoined using (?:this|a) group|\bend-to-end encrypted\b",
        r"\bchanged (?:their|your) (?:phone number|security code)|\bpinned a message|\b(?:group|subject|name) (?:from|to) [\"“]",
        r"\bhat (?:die|den|das) (?:Gruppe|Gruppen\w+|Betreff)\b|\bEnde-zu-Ende-verschlüsselt|\bhat [^:]{1,60} (?:hinzugefügt|entfernt)\b",
        r"\ba (?:créé le groupe|changé|modifié) |\bchiffrés de bout en bout",
        r"\b(?:creó|cambió|añadió a|eliminó a) (?:el grupo|el asunto|el nombre|la descripción|el ícono)|\bcifrad[oa]s? de extremo a extremo",
        r"\bha (?:creato|cambiato|modificato|aggiunto|rimosso) (?:il gruppo|l'oggetto|il nome|la descrizione|l'immagine)|crittografat[ei] end-to-end",
        r"\b(?:criou|mudou|alterou) (?:o grupo|o nome|o assunto|a descrição|a imagem)|criptografia de ponta a ponta|encriptadas ponta",
        r"\bheeft de (?:groep|groeps\w+|titel|naam) |\b(?:har|hat) (?:oprettet|ændret|skapat|ändrat|opprettet|endret|bytt) ",
        r"\b(?:oprettede|ændrede|skapade|ändrade|opprettet|endret) (?:gruppe\w*|denne gruppe\w*|emne\w*|gruppnamn\w*|ämne\w*)",
        r"\bvaihtoi ryhmän|\bloi ryhmän|\b(?:utworzył|zmienił)\(?a?\)? (?:grupę|nazwę|temat)|\b(?:vytvořil|změnil)\(?a?\)? (?:skupinu|název|předmět)",
        r"\b(?:создал|изменил)\(?а?\)? (?:группу|название|тему)|grubunu oluşturdu|grup (?:adını|konusunu)|konuyu",
        r"(?:さん|様)?が(?:グループ|件名|グループ名)|님이 (?:그룹|제목)|(?:创建|建立|更改|變更|修改)了?(?:此|这个|這個)?(?:群组|群組|主题|主題)",
    ),
    re.IGNORECASE,
)

# The first line of every chat, where the mark before it was lost on the way
NOTICE = re.compile(
    r"^(?:"
    + _one_of(
        "Messages and calls are end-to-end encrypted|Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt",
        "Les messages et (?:les )?appels sont chiffrés|Los mensajes y (?:las )?llamadas están cifrados",
        "I messaggi e le chiamate sono crittografati|As mensagens e (?:as )?(?:chamadas|ligações) são protegidas",
        "Berichten en (?:oproepen|gesprekken) (?:zijn|worden) end-to-end|(?:Beskeder|Meldinger) og (?:opkald|samtaler|anrop) er",
        "Meddelanden och samtal är|Viestit ja puhelut ovat|Wiadomości i (?:rozmowy|połączenia) są|Zprávy a hovory jsou",
        "Mesajlar ve aramalar uçtan uca|Сообщения и звонки защищены|メッセージと通話は|메시지와 통화는|(?:消息和通话|訊息和通話)",
    )
    + r")"
)

_BRACKETED = re.compile(r"<[^<>\n/=@]{2,80}>$")


def is_bracketed_mark(text: str) -> bool:
    """Whether the text is `<Media omitted>` in any language: words in angle brackets and nothing else, no tag or address."""
    return _BRACKETED.match(text) is not None and (" " in text or "\u00a0" in text or not text.isascii() or ":" in text)
