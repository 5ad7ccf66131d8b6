"""Names of a class list's columns in the languages of course sites, and their English names.

Moodle writes its exports in the language of the person who downloads them. The words are those of
Moodle's public language packs. A word that means different columns in two languages is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: By the English name of a column, its names in Arabic, Basque, Catalan, Chinese, Dutch, French,
#: Galician, German, Greek, Italian, Japanese, Korean, Lithuanian, Portuguese, Romanian, Russian,
#: Spanish, Swedish, Turkish, Ukrainian and Urdu, as far as they differ from other names here.
TRANSLATED: Mapping[str, tuple[str, ...]] = {
    "identifier": (
        "المُعرَّف", "Identifikatzailea", "Identificador", "标识符", "Identificatie", "Identifiant",
        "Αναγνωριστικό", "Identificativo", "식별자", "Identifikatorius", "Identificator",
        "Идентификатор", "Identifierare", "Tanımlayıcı", "Ідентифікатор", "شناخت کنندہ",
    ),
    "full name": (
        "الاسم كاملا", "ًالاسم كاملا", "Izen osoa", "Nom complet", "全名", "用户全名",
        "Volledige naam", "Nome completo", "Vollständiger Name", "Πλήρες όνομα",
        "Nome completo dell'utente", "フルネーム", "전체 이름", "Visas pavadinimas",
        "Visas naudotojo vardas", "Nume complet", "Полное имя", "Nombre completo",
        "Fullständigt namn", "Tam adı", "Повна назва", "Повне ім'я", "پورا نام",
    ),
    "first name": (
        "الاسم الأول", "Izena", "Voornaam", "Prénom", "Nome", "Vorname", "Όνομα",
        "Μικρό/Βαπτιστικό όνομα", "名", "이름", "Vardas", "Prenume", "Имя", "Nombre", "Förnamn",
        "Adı", "Ім'я", "پہلا نام",
    ),
    "last name": (
        "الاسم الأخير", "Abizena(k)", "Cognoms", "姓", "Achternaam", "Nom de famille", "Apelidos",
        "Nachname", "Επίθετο", "Cognome", "성", "Pavardė", "Apelido", "Nume de familie", "Фамилия",
        "Apellido(s)", "Efternamn", "Soyadı", "Прізвище", "نام کا آخری حصہ",
    ),
    "id number": (
        "رقم المُعرَّف", "ID zenbakia", "Número ID", "学号", "Nummer (ID)",
        "Numéro d'identification", "ID-Nummer", "Αναγνωριστικός αριθμός", "Codice identificativo",
        "IDナンバ", "id 번호", "ID numeris", "Número de identificação (ID)", "Număr ID",
        "Индивидуальный номер", "Número de ID", "ID nummer", "ID numarası", "Індивідуальний номер",
        "آئی ڈی نمبر",
    ),
    "email address": (
        "عنوان البريد الإلكتروني", "Helbide elektronikoa", "Adreça electrònica", "电子邮件地址",
        "E-mailadres", "Adresse de courriel", "Enderezo de correo", "E-Mail-Adresse",
        "Διεύθυνση ηλε.ταχυδρομείου", "Indirizzo email", "メールアドレス", "이메일 주소",
        "El. pašto adresas", "E-mail", "Adresa de e-mail", "Адрес электронной почты",
        "Dirección de correo", "E-postadress", "E-posta adresi", "Електронна пошта", "ای میل اڈریس",
    ),
    "username": (
        "اسم المستخدم", "Erabiltzaile-izena", "Nom d'usuari", "用户名", "Gebruikersnaam",
        "Nom d'utilisateur", "Nome de usuario", "Anmeldename", "Όνομα χρήστη", "ユーザ名",
        "사용자 아이디", "Naudotojo vardas", "Nome de utilizador", "Nume de utilizator", "Логин",
        "Nombre de usuario", "Användarnamn", "Kullanıcı adı", "Ім'я входу", "صارف نام",
    ),
}  # fmt: skip
#: What Moodle writes before a participant's number, in these languages.
PARTICIPANT = (
    "Participant", "المشارك", "Partaidea", "参与人", "参与者", "Deelnemer", "Participante",
    "Teilnehmer/in", "Teilnehmer*in", "Συμμετέχων", "Partecipante", "参加者", "참가자", "Dalyvis",
    "Участник", "Deltagare", "Katılımcı", "Учасник", "شریک",
)  # fmt: skip
_NUMBERED = re.compile(rf"(?:{'|'.join(map(re.escape, PARTICIPANT))})\s*([0-9]+)", re.IGNORECASE)


def column_key(column: str) -> str:
    """A column's name in lower case and English, with spaces in the place of punctuation."""
    plain = _plain(column)
    return _ENGLISH.get(plain, plain)


def participant_number(cell: str) -> str:
    """The number in "Participant 12345", in any of the languages; empty for other texts."""
    found = _NUMBERED.fullmatch(cell.strip())
    return found[1] if found else ""


def means_participant(name: str) -> bool:
    """Whether a name stands for any participant, as in a blind download's names of files."""
    return _plain(name).replace(" ", "") in _PARTICIPANTS


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


_ENGLISH = {_plain(name): english for english, names in TRANSLATED.items() for name in names}
_PARTICIPANTS = frozenset(_plain(word).replace(" ", "") for word in PARTICIPANT)
