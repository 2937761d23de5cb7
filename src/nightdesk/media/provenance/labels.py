"""The visible label for media that a model took part in, in the language of its viewers.

Regulation (EU) 2024/1689, article 50 (4), in force since 2 August 2026, wants synthetic pictures, sound and
video that seem real to be labelled, clearly, when somebody first sees them. Platforms that are told so show a
label of their own; elsewhere, and where a platform cannot be told, the label has to be text.
"""

from collections.abc import Mapping

from nightdesk.media.provenance.origins import Origin

LABELS: Mapping[str, str] = {
    "ar": "صُنع بالذكاء الاصطناعي",
    "bg": "Създадено с ИИ",
    "cs": "Vytvořeno s pomocí AI",
    "da": "Lavet med AI",
    "de": "Mit KI erstellt",
    "el": "Δημιουργήθηκε με ΤΝ",
    "en": "Made with AI",
    "es": "Hecho con IA",
    "et": "Loodud tehisaru abil",
    "fi": "Tehty tekoälyn avulla",
    "fr": "Créé avec l’IA",
    "ga": "Déanta le hintleacht shaorga",
    "he": "נוצר בעזרת בינה מלאכותית",
    "hi": "एआई की मदद से बनाया गया",
    "hr": "Izrađeno pomoću umjetne inteligencije",
    "hu": "MI segítségével készült",
    "id": "Dibuat dengan AI",
    "it": "Creato con l’IA",
    "ja": "AIを使用して制作",
    "ko": "AI로 제작",
    "lt": "Sukurta naudojant DI",
    "lv": "Veidots ar MI",
    "mt": "Magħmul bl-IA",
    "nl": "Gemaakt met AI",
    "no": "Laget med KI",
    "pl": "Stworzono z użyciem AI",
    "pt": "Feito com IA",
    "ro": "Creat cu ajutorul IA",
    "ru": "Создано с помощью ИИ",
    "sk": "Vytvorené pomocou AI",
    "sl": "Ustvarjeno z UI",
    "sv": "Skapad med AI",
    "tr": "Yapay zekâ ile yapıldı",
    "uk": "Створено за допомогою ШІ",
    "vi": "Được tạo bằng AI",
    "zh": "由人工智能生成",
}
"""By primary subtag of BCP 47: the 24 languages of the Union, and others widely used."""

_ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}


def made_with_ai(language: str) -> str:
    """The label in a language (`pt-BR`), in English where the table has none."""
    primary = language.replace("_", "-").split("-")[0].lower()
    return LABELS.get(_ALIASES.get(primary, primary), LABELS["en"])


def visible_label(origin: Origin, language: str, flag: str = "") -> str:
    """The text to add for viewers, empty where none is due.

    `flag`: the name under which a platform is told and then shows a label of its own; empty without one.
    """
    return made_with_ai(language) if origin.synthetic and not flag else ""
