"""The few words that we add to an article ourselves, in the languages they are known in."""

SOURCES = {
    "en": "Sources",
    "de": "Quellen",
    "es": "Fuentes",
    "fr": "Sources",
    "it": "Fonti",
    "nl": "Bronnen",
    "pt": "Fontes",
}
QUESTIONS = {
    "en": "Frequently asked questions",
    "de": "Häufige Fragen",
    "es": "Preguntas frecuentes",
    "fr": "Questions fréquentes",
    "it": "Domande frequenti",
    "nl": "Veelgestelde vragen",
    "pt": "Perguntas frequentes",
}
BACK = {
    "en": "Back to the text",
    "de": "Zurück zum Text",
    "es": "Volver al texto",
    "fr": "Retour au texte",
    "it": "Torna al testo",
    "nl": "Terug naar de tekst",
    "pt": "Voltar ao texto",
}
SOURCE_HEADINGS = frozenset(
    {text.casefold() for text in SOURCES.values()}
    | {
        "references",
        "citations",
        "footnotes",
        "bibliography",
        "works cited",
        "notes",
        "sources and references",
    }
    | {"literatur", "einzelnachweise", "quellenverzeichnis", "referencias", "références", "riferimenti"}
    | {"referenties", "referências", "bibliographie", "bibliografía", "bibliografia"}
)
"""Headings of a list of sources that a writer made up: ours is made from the documents."""
QUESTION_HEADINGS = frozenset({text.casefold() for text in QUESTIONS.values()} | {"faq", "faqs"})


def label(words: dict[str, str], language: str) -> str:
    """The label in the site's language, in English where we do not have it."""
    return words.get(language.lower().replace("_", "-").split("-")[0], words["en"])
