"""How text that gives orders to a machine is phrased; in each pattern a space stands for any white space."""

import re
from collections.abc import Set
from dataclasses import dataclass
from operator import itemgetter

_ORDERS = (
    "(?:instructions?|prompts?|rules?|directives?|guidelines?|context|messages?|commands?"
    "|anweisung(?:en)?|vorgaben|befehle?|instrucciones|órdenes|reglas|consignes|règles"
    "|istruzioni|regole|instructies|opdrachten|regels|instruções|regras)"
)
_DROP = (
    "(?:ignor[a-zé]*|disregard[a-z]*|forget|override|bypass|vergiss|vergessen|missachte[nt]?|olvid[ae]n?"
    "|oubli[a-z]+|dimentica[a-z]*|negeer|vergeet|esque[cç]a)"
)
_EARLIER = (
    "(?:previous|prior|above|earlier|preceding|existing|foregoing|other|all|any|your|system|these"
    "|bisherigen?|vorherigen?|vorigen?|obigen?|alle[ns]?|deine|anterior(?:es|i)?|previ[ao]s|todas|suas"
    "|précédentes?|toutes|tes|vos|precedenti|tutte|vorige|eerdere|bovenstaande)"
)
_SECRETS = (
    r"(?:system prompt|api[\s_-]?keys?|passwords?|secrets?|credentials?|access tokens?|hidden instructions)"
)
_MODEL = "(?:ai|llms?|language model|chatbot|gpt|claude|gemini|assistant|bot|crawler)s?"
_MODE = "(?:developer|god|dan|jailbreak|debug|admin) mode"
_PERSON = "(?:user|reader|editor|reviewer|human|owner|operator|person|instruction|prompt)s?"
_PLATFORM = r"(?:twitter|x\.com|tiktok|instagram|youtube|facebook|wordpress|linkedin)"

_DROPS = "tells its reader to drop earlier orders"
_SPEAKS = "speaks to a language model"
_WRAPS = "looks like the wrapping of a prompt"
_ROLE = "asks its reader to play another part"
_TOOL = "asks for a tool to be called"

_DROP_WORDS = (
    "ignor disre forge overr bypas vergi verge missa olvid oubli dimen negee esque",
    "instr promp rules rule direc guide conte messa comma anwei vorga befeh órden regla consi règle istru "
    "regol opdra regel regra",
)
_MODEL_WORDS = "ai ais llm llms llmss langu chatb gpt gpts claud gemin assis bot bots crawl"

_PHRASES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        _DROPS,
        rf"\b{_DROP}\W+(?:\w+\W+){{0,4}}?{_EARLIER}\W+(?:\w+\W+){{0,3}}?{_ORDERS}\b",
        _DROP_WORDS,
    ),
    (
        _DROPS,
        rf"\b{_DROP}\W+(?:\w+\W+){{0,2}}?{_ORDERS} (?:précédentes|anteriores|precedenti|above|before)\b",
        _DROP_WORDS,
    ),
    (
        _DROPS,
        r"\b(?:ignore|disregard|forget) (?:everything|anything|all) (?:\w+ ){0,3}(?:above|before|told)\b",
        ("ignor disre forge", "above befor told"),
    ),
    (
        "gives new orders",
        r"\b(?:new|updated|real|actual) (?:system )?instructions?(?: ?:| follow\b)",
        ("instr",),
    ),
    (
        _SPEAKS,
        rf"\b(?:dear|attention|hey|note to|message (?:to|for)|if you are) (?:an? |the |any |all )?{_MODEL}"
        r"\b\W+(?:(?:reading|summari[sz]ing|processing)|(?:you )?(?:must|should|please|will|now|ignore))\b",
        (_MODEL_WORDS, "dear atten hey note messa if"),
    ),
    (
        _SPEAKS,
        r"\b(?:from now on,? you (?:are|will|must)|you are (?:now|no longer) "
        r"(?:bound|dan|chatgpt|jailbroken|free (?:of|from)|acting|in \w+ mode"
        rf"|(?:an? |the )(?:\w+ ){{0,3}}?(?:{_MODEL}|pirate|hacker|unrestricted))\b)",
        ("you", "now no"),
    ),
    (
        _SPEAKS,
        r"\b(?:du bist (?:jetzt|nun) ein|tu es maintenant un|ahora eres un|je bent nu een|adesso sei un)",
        ("jetzt nun maint ahora nu adess",),
    ),
    (
        _ROLE,
        r"\b(?:act|behave|respond|pretend) (?:as|like) if you (?:are|were) (?:an? )?(?:\w+ )?(?:ai|model)\b",
        ("ai model",),
    ),
    (
        _ROLE,
        r"\b(?:act|behave|respond) as an? (?:unrestricted|uncensored|evil|jailbroken|developer)\b",
        ("unres uncen evil jailb devel",),
    ),
    (
        _ROLE,
        rf"\b(?:enter|enable|activate|switch to) {_MODE}\b|\b{_MODE} (?:on|enabled|activated)\b",
        ("mode",),
    ),
    (
        "asks for secrets",
        r"\b(?:reveal|print|output|repeat|show|send|leak|tell me|include|exfiltrate|append|return) "
        rf"(?:\w+ ){{0,4}}?(?:your|the|its|all|any) (?:\w+ ){{0,2}}?{_SECRETS}",
        ("syste api api_k apike apis passw secre crede acces hidde",),
    ),
    (
        "asks to hide something from a person",
        r"\b(?:do not|don't|never|without) "
        r"(?:mention|reveal|tell(?:ing)?|inform(?:ing)?|alert(?:ing)?|disclos\w+|notify(?:ing)?) "
        rf"(?:\w+ ){{0,3}}?(?:the|your|any|these|this) {_PERSON}\b",
        ("do don never witho", "menti revea tell telli infor alert discl notif"),
    ),
    (
        "asks for something to be posted",
        r"(?:^|[.!?:;,] |\b(?:and|then|must|should|please|now) )(?:post|publish|tweet|upload) (?:\S+ ){0,6}?"
        rf"(?:to|on|from|via|using) (?:(?:the )?account\b|(?:\S+ ){{0,2}}?{_PLATFORM} account\b|@\w{{3,}})",
        ("post publi tweet uploa",),
    ),
    (
        _TOOL,
        r"\b(?:call|invoke|execute) the (?:[\w-]+ )?(?:tool|function|plugin|shell command)\b",
        ("call invok execu",),
    ),
    (_TOOL, r"\b(?:tool_call|function_call|tool_use)\b", ("tool_ funct",)),
    (
        _WRAPS,
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|>",
        ("im_st im_en syste user assis endof eot_i start",),
    ),
    (
        _WRAPS,
        r"\[/?INST\]|<</?SYS>>|</?(?:system|system_prompt|instructions?|important|tool_call)>",
        ("inst sys syste instr impor tool_",),
    ),
    (
        _WRAPS,
        r"^[ \t]*#{2,}[ \t]*(?:system|instruction|assistant)s?[ \t]*:?[ \t]*$",
        ("syste instr assis",),
    ),
    (
        _WRAPS,
        r"^[ \t]*(?:system|assistant)[ \t]*:[ \t]+\S|\b(?:begin|end) (?:of )?system (?:prompt|message)\b",
        ("syste assis",),
    ),
)


_BEGINNING = itemgetter(slice(5))
_WORD = re.compile(r"\w+")
# What a pattern that leaves case aside takes for an i or an s, and `lower` does not.
_AS_ASKED = str.maketrans("ıİſ", "iis")


@dataclass(frozen=True)
class Sign:
    """A pattern, and what it means as the end of a sentence that begins `Part of this text …`.

    `needs`: of each of these sets a text that it matches holds a word, each known by its first letters.
    """

    why: str
    pattern: re.Pattern[str]
    needs: tuple[frozenset[str], ...]

    def may_be_in(self, beginnings: Set[str]) -> bool:
        """Whether a text whose words begin so can hold it at all; what is innocent is known by this alone."""
        return all(not needed.isdisjoint(beginnings) for needed in self.needs)


def beginnings_of(text: str) -> set[str]:
    """The first letters of its words, as `needs` has them."""
    plain = text if text.isascii() else text.translate(_AS_ASKED)
    return set(map(_BEGINNING, _WORD.findall(plain.lower())))


SIGNS: tuple[Sign, ...] = tuple(
    Sign(
        why,
        re.compile(re.sub(r"(?<!\[) (?![\\?])", r"\\s+", phrase), re.IGNORECASE | re.MULTILINE),
        tuple(frozenset(words.split()) for words in needs),
    )
    for why, phrase, needs in _PHRASES
)
