"""Numbers written out, in the seven languages whose figures are checked."""

_FROM_TWO = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze",
}
_MORE = {
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "duas": 2,
    "zwanzig": 20,
    "dreißig": 30,
    "veinte": 20,
    "treinta": 30,
    "vingt": 20,
    "trente": 30,
    "venti": 20,
    "trenta": 30,
    "twintig": 20,
    "vinte": 20,
    "trinta": 30,
}
NUMBER_WORDS: dict[str, float] = {
    word: float(number) for words in _FROM_TWO.values() for number, word in enumerate(words.split(), start=2)
} | {word: float(number) for word, number in _MORE.items()}
# Words that mean something else far more often in one of the languages.
for _word in ("once", "elf", "sei", "acht", "due", "tien"):
    NUMBER_WORDS.pop(_word, None)
