"""The words of dates and times in the languages that chats are written in: months, weekdays, days near by, halves of the day.

Letters are compared casefolded. Two words that mean different things in two languages are given to the one that has more text.
"""

from __future__ import annotations

__all__ = ["AFTERNOON", "FORENOON", "JOINERS", "MONTHS", "NEAR_DAYS", "WEEKDAYS"]

# For each month its names and short forms: en de fr es it pt nl da sv no fi pl cs tr ru uk el hu
_MONTH_LINES = (
    "january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuuta tammik tammi stycznia sty styczeń ledna "
    "led leden ocak oca января янв январь січня січ ιανουαρίου ιαν jänner",
    "february feb februar februari février févr fév febrero febbraio fevereiro fev helmikuuta helmik helmi lutego lut luty "
    "února úno únor şubat şub февраля фев февр февраль лютого лют φεβρουαρίου φεβ",
    "march mar märz mär mrz mars marzo março maart mrt marts maaliskuuta maalisk maalis marca marzec března bře březen mart "
    "марта мар март березня бер μαρτίου μαρ március márc",
    "april apr avril avr abril abr aprile huhtikuuta huhtik huhti kwietnia kwi kwiecień dubna dub duben nisan nis апреля апр "
    "апрель квітня кві απριλίου απρ április ápr",
    "may mai mayo maggio mag maio mei maj toukokuuta toukok touko maja května kvě květen mayıs мая май травня тра μαΐου μαΐ május máj",
    "june jun juni juin junio giugno giu junho kesäkuuta kesäk kesä czerwca cze czerwiec června čvn červen haziran haz июня июн "
    "июнь червня чер ιουνίου ιουν június jún",
    "july jul juli juillet juil julio luglio lug julho heinäkuuta heinäk heinä lipca lip lipiec července čvc červenec temmuz "
    "tem июля июл июль липня лип ιουλίου ιουλ július júl",
    "august aug août aoû agosto ago augustus augusti elokuuta elok elo sierpnia sie sierpień srpna srp srpen ağustos ağu августа "
    "авг август серпня сер αυγούστου αυγ augusztus",
    "september sep sept septembre septiembre settembre set setembro syyskuuta syysk syys września wrz wrzesień září zář eylül "
    "eyl сентября сен сент сентябрь вересня вер σεπτεμβρίου σεπ szeptember szept",
    "october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta lokak loka października paź październik října "
    "říj říjen ekim eki октября окт октябрь жовтня жов οκτωβρίου οκτ október",
    "november nov novembre noviembre novembro marraskuuta marrask marras listopada lis listopad listopadu kasım kas ноября ноя "
    "нояб ноябрь листопада лис νοεμβρίου νοε",
    "december dec dezember dez décembre déc diciembre dic dicembre dezembro joulukuuta jouluk joulu grudnia gru grudzień "
    "prosince pro prosinec aralık ara декабря дек декабрь грудня гру δεκεμβρίου δεκ",
)
MONTHS = {word: number for number, line in enumerate(_MONTH_LINES, 1) for word in line.split()}

# For each weekday, from Monday, its names.
_WEEKDAY_LINES = (
    "monday mon montag lundi lunes lunedì segunda-feira segunda maandag mandag måndag maanantaina maanantai poniedziałek pondělí "
    "pazartesi понедельник понеділок δευτέρα 月曜日 월요일 星期一 周一 週一",
    "tuesday tues tue dienstag mardi martes martedì terça-feira terça dinsdag tirsdag tisdag tiistaina tiistai wtorek úterý salı "
    "вторник вівторок τρίτη 火曜日 화요일 星期二 周二 週二",
    "wednesday wed mittwoch mercredi miércoles mercoledì quarta-feira quarta woensdag onsdag keskiviikkona keskiviikko środa "
    "středa çarşamba среда середа τετάρτη 水曜日 수요일 星期三 周三 週三",
    "thursday thurs thur thu donnerstag jeudi jueves giovedì quinta-feira quinta donderdag torsdag torstaina torstai czwartek "
    "čtvrtek perşembe четверг четвер πέμπτη 木曜日 목요일 星期四 周四 週四",
    "friday fri freitag vendredi viernes venerdì sexta-feira sexta vrijdag fredag perjantaina perjantai piątek pátek cuma пятница "
    "п'ятниця παρασκευή 金曜日 금요일 星期五 周五 週五",
    "saturday sat samstag sonnabend samedi sábado sabato zaterdag lørdag lördag lauantaina lauantai sobota cumartesi суббота субота "
    "σάββατο 土曜日 토요일 星期六 周六 週六",
    "sunday sun sonntag dimanche domingo domenica zondag søndag söndag sunnuntaina sunnuntai niedziela neděle pazar воскресенье "
    "неділя κυριακή 日曜日 일요일 星期日 周日 週日",
)
WEEKDAYS = {word: number for number, line in enumerate(_WEEKDAY_LINES) for word in line.split()}

# Days counted back from the day of the update.
NEAR_DAYS = {
    word: back
    for back, words in enumerate(
        (
            "today|heute|aujourd'hui|aujourd’hui|hoy|oggi|hoje|vandaag|i dag|idag|tänään|dzisiaj|dziś|dnes|bugün|сегодня|сьогодні|"
            "σήμερα|今日|今天|오늘",
            "yesterday|gestern|hier|ayer|ieri|ontem|gisteren|i går|igår|eilen|wczoraj|včera|dün|вчера|вчора|χθες|昨日|昨天|어제",
        )
    )
    for word in words.split("|")
}

# Before or after a time of day on a clock of twelve hours.
FORENOON = (
    r"[aA]\.?[ \u00a0\u202f]?[mM]\b\.?",
    "上午", "凌晨", "清晨", "早上", "午前", "오전", r"π\.?[ \u00a0]?μ\.?", "ÖÖ", r"dop\.", r"de\.", "ص", r"SA\b", "पूर्वाह्न",
    r"пр\. ?об\.", "ق.ظ.", "לפנה״צ", "ДП", r"PG\b",
)  # fmt: skip
AFTERNOON = (
    r"[pP]\.?[ \u00a0\u202f]?[mM]\b\.?",
    "下午", "中午", "晚上", "午後", "오후", r"μ\.?[ \u00a0]?μ\.?", "ÖS", r"odp\.", r"du\.", "م", r"CH\b", "अपराह्न",
    r"сл\. ?об\.", "ب.ظ.", "אחה״צ", "ПП", r"PTG\b",
)  # fmt: skip

# What may stand between a date and a time: "at", "um", "kl.", "klo", "a las", "à", "às", "om", "o", "в", "г.".
JOINERS = r"(?:at|um|kl\.?|klo|a las?|alle|à|às|om|os|ore|o|saat|в|о|г\.,?|στις|time|den|\||·|•)"
