"""The words that announce a secret, by language: what it is called, how a sentence says what it is, and what stands in its place.

The words are those of everyday notes in English, German, French, Spanish, Italian, Dutch, Portuguese, Swedish, Danish,
Norwegian, Finnish, Polish, Czech and Turkish. A word alone masks nothing: the value behind it must look like a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["ACCESS", "CONNECTIVE", "LOGIN", "NOT_SECRET", "OF_WHAT", "REVERSED", "SPARE", "STATES", "labels"]

# Every pattern starts with letters that stand for themselves: places in a text are looked up by them.
_WORDS = {
    # Also in Initialpasswort, PGPASSWORD, lösenordet, şifresi.
    "password": r"""
        pass[ -]?words? · passwd · passcode · passwort · passwört · kennwort · zugangswort · mots? de passe · contrase(?:ñ|n|gn)as? ·
        parola(?: d['’]ordine| chiave)? · palavra[ -]passe · contra-?senha · senhas? · wachtwoord · lösenord · losenord ·
        adgangskode · adgangsord · kodeord · passord · salasana · tunnussana · hasł[oa] · haslo · hesl[oa] · şifre · sifre
    """,
    # Only as words of their own; the second row also means other things.
    "short": "pw · pwd · psw · pword · passwrd · ww · mdp · psk",
    "double": "pass · contra · clave · chiave · lösen · kode",
    "phrase": r"""
        pass[ -]?phrase · seed (?:phrase|words) · recovery (?:phrase|words) · secret phrase · backup phrase · mnemonic · passsatz ·
        wiederherstellungsphrase · phrase (?:secrète|de (?:passe|récupération)) · frase (?:de recuperación|segreta|secreta|di recupero) ·
        wachtwoordzin · wachtzin · lösenfras · adgangsfrase · passfrase · salalause
    """,
    "key": r"""
        key · token · schlüssel · schluessel · clé · clef · llave · chave · sleutel · nyckel · nøgle ·
        nøkkel · avain · klucz · klíč · anahtar
    """,
    "secret": "secrets? · credentials?",
    "licence": "licen[cs]e · activation code · lizenz · aktivierungs(?:code|schlüssel) · produktschlüssel · licencia · licenza · licentie · licença · licens · lisens · lisenssi · licencj · licenc · lisans",
    "pin": "pin · puk · tan · geheimzahl · pin-?ko[dn]e? · pin[ -]?code · code pin · código pin · codice pin",
    "check": "cvv2? · cvc2?",
    # Access codes, where something to open stands near.
    "code": r"""
        codes? · kod(?:e|en|y|u|unuz)? · koodi · kód · código · codice · cijfercode · digicode · combination · combinaison · combinación ·
        combinazione · zahlenkombination · kombination · combinatie · kombinasjon
    """,
}
_COMPOUND = ("password", "code", "secret", "key", "licence")  # also at the end of a longer word
_OWN = r"(?:(?<![^\W_])|(?-i:(?<=[a-z])(?=[A-Z])))"  # a word of its own, or dbPass
_ENDS = {"password": r"[^\W\d_]{0,4}", "key": r"[^\W\d_]{0,3}", "phrase": "s?", "licence": r"[^\W\d_]{0,9}"}


def _patterns(kind: str) -> list[str]:
    return [pattern.strip() for pattern in _WORDS[kind].split("·")]


_LABEL = re.compile(
    "|".join(
        rf"(?P<{kind}>{'' if kind in _COMPOUND else _OWN}(?:{'|'.join(_patterns(kind))}){_ENDS.get(kind, '')}(?![^\W_]))"
        for kind in ("pin", "check", "phrase", "licence", "password", "short", "double", "code", "secret", "key")
    ),
    re.IGNORECASE,
)
_STEMS = sorted({re.match(r"[^\W\d_]+(?![?])", pattern)[0] for kind in _WORDS for pattern in _patterns(kind)})  # type: ignore[index]


def labels(text: str) -> Iterator[re.Match[str]]:
    """Every label in `text`, in order; `lastgroup` is its kind."""
    lowered = text.replace("İ", "i").lower()  # as long as the text: no other letter grows
    places: set[int] = set()
    for stem in _STEMS:
        at = lowered.find(stem)
        while at >= 0:
            places.add(at)
            at = lowered.find(stem, at + 1)
    end = 0
    for at in sorted(places):
        if at >= end and (match := _LABEL.match(text, at)):
            yield match
            end = match.end()


# What makes a number behind "code" an access code.
ACCESS = re.compile(
    r"door|gate|entr(?:y|ance)|garage|lift|elevator|alarm|\bsafe|lock|key ?box|keypad|building|barrier|access|unlock|sblocco|desbloqueo|déverrouillage|security|"
    r"verification|confirmation|one-time|two-factor|2fa|otp|pairing|recovery|"
    r"tür|\btor|eingang|\bhaus|tresor|schl(?:oss|üssel)|schranke|zugang|sicherheit|bestätigung|einmal|kopplung|"
    r"porte|portail|immeuble|entrée|coffre|accès|digicode|vérification|puerta|portal|entrada|caja|acceso|verificación|"
    r"porta|portone|cancello|ingresso|cassaforte|allarme|accesso|verifica|deur|poort|kluis|toegang|slot|"
    r"dörr|port|larm|skåp|\bdør|låge|skab|adgang|tilgang|\bov[ie]|portti|hälyt|drzwi|bram|domofon|sejf|dostęp|dveř|br[áa]n|trezor|kapı|kasa",
    re.IGNORECASE,
)

# "public key", "error code": named so, and no secret. Looked for at the end of what stands before the label.
_ORDINARY_KEYS = (
    r"public|primary|foreign|cache|sort(?:ing)?|partition|idempotency|composite|unique|object|lookup|translation|message|max|hot|short|"
    r"arrow|öffentlicher|publique|pública|pubblica|publieke|offentlig|publiczny|veřejný"
)
_ORDINARY_CODES = (
    r"error|exit|status|return|response|reason|country|language|currency|zip|postal|area|dial(?:ling)?|product|item|article|promo|"
    r"promotion|discount|coupon|voucher|source|dress|qr|bar|colou?r|fehler|länder|rabatt|gutschein|quell|farb|erreur|postale?|pays|"
    r"descuento|erro|sconto|errore|kortings?|fout|rabat|fel|feil|fejl|virhe|błędu|chybov[ýé]"
)
NOT_SECRET = {
    name: re.compile(rf"(?:{words})[ _-]?$", re.IGNORECASE)
    for names, words in ((("key",), _ORDINARY_KEYS), (("code", "double"), _ORDINARY_CODES))
    for name in names
}

OF_WHAT = re.compile(
    r"[\s*_]*(?:\([^()\n]{1,40}\)|(?:for|to|of|on|at|für|vom|von|zum|zur|der|des|pour|de|du|d['’]|pel|del|della|dello|dell['’]|di|per|para|do|"
    r"da|van|voor|till?|för|på|dla|pro|k|na|için)\b[^,\n]{1,50})[\s*_]*",
    re.IGNORECASE,
)

_NOW = r"now|again|still|jetzt|nun|ab sofort|maintenant|ahora|ora|adesso|agora|nu|nå|nyt|teraz|nyní|artık"
_CHANGED = (
    r"changed|reset|set|updated|rotated|changé|modifié|remplacé|cambiad[oa]|cambiat[oa]|gewijzigd|veranderd|alterad[oa]|mudad[oa]|"
    r"ändrat|bytt|ændret|endret|zmienion[eoy]|změněno"
)
CONNECTIVE = re.compile(
    rf"(?:(?<=\s)(?:is|it's|that's|was|are|will be|ist|lautet|war|wäre|est|c['’]est|es|será|sería|è|e'|sarà|é|luidt|wordt|blijft|är|blir|er|"
    rf"bliver|on(?:(?<=salasana on)|(?<=koodi on))|jest|brzmi|to|je|zní|bude|olarak|"
    rf"(?:{_CHANGED})\s+(?:to|en|in|a|para|por|naar|till?|na)|auf(?=\s+\S+\s+(?:zurück)?ge(?:ändert|setzt|stellt)))(?:\s+(?:{_NOW}))?(?=[\s:\"'“„«])\s*:?|(?::=|=>|->|→|=|:(?=\s)))\s*",
    re.IGNORECASE,
)

LOGIN = (
    r"user(?:[ _-]?(?:name|id))?|log[ -]?in(?: name)?|account|e-?mail|benutzer(?:name|kennung)?|anmelde(?:name|kennung)|kennung|zugang|"
    r"identifiant|utilisateur|usuario|usuário|utente|utilizador|gebruiker(?:snaam)?|användar(?:e|namn)|bruger(?:navn)?|"
    r"bruker(?:navn)?|käyttäjä(?:nimi|tunnus)?|tunnus|użytkownik|uživatel(?:ské jméno)?|kullanıcı(?: adı)?"
)

# "448120 is your code": what stands before the label then.
REVERSED = re.compile(
    r"(?:^|[\s\"'(])(?:[A-Z]-)?(?P<value>[^\s\"'()<>]{4,40})[\"']?\s+(?:is|ist|est|es|è|é|är|er)\s+(?:now\s+)?"
    r"(?:the|your|our|my|das|dein|ihr|unser|mein|le|votre|ton|notre|la|su|tu|nuestra|il|tuo|suo|het|uw|je|sua|a|din|ditt)\b"
    r"[^\n.,:;]{0,30}$",
    re.IGNORECASE,
)
# Codes that come in a list.
SPARE = re.compile(
    r"back-?up|recovery|rescue|emergency|wiederherst|notfall|secours|récup|recuper|herstel|reserv|zapas|zálož|yedek",
    re.IGNORECASE,
)

# What a form, a schema or a note says in the place of a password.
_STATES = """
string text hidden required optional mandatory none null nil true false yes no empty blank unset unchanged changed same default
missing invalid incorrect wrong correct valid expired reset disabled enabled protected encrypted masked redacted removed secret
unknown forgotten pending needed locked unlocked stored below above here there vault placeholder varchar number integer object
please forgot update change show hide enter confirm repeat strength
pflicht pflichtfeld erforderlich leer keine keines unverändert geändert vergessen abgelaufen ungültig falsch richtig gesperrt
siehe bitte geheim unbekannt folgt separat telefonisch mündlich
requis obligatoire oublié expiré masqué inchangé aucun modifié voir requerida obligatoria olvidada caducada oculta ninguna igual
obbligatoria richiesta scaduta dimenticata nascosta nessuna vereist verplicht vergeten verlopen geen zelfde zie
obrigatória esquecida expirada nenhuma krävs glömt saknas ändrat samma påkrævet påkrevd glemt udløbet utløpt
vaaditaan unohtunut wymagane zapomniane wygasło brak povinné zapomenuté žádné gerekli unutulan
"""
STATES = frozenset(_STATES.split())
