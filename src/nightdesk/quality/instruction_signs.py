"""How text that gives orders to a machine is phrased; in each pattern a space stands for any white space."""

import re

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

_PHRASES: tuple[tuple[str, str], ...] = (
    (_DROPS, rf"\b{_DROP}\W+(?:\w+\W+){{0,4}}?{_EARLIER}\W+(?:\w+\W+){{0,3}}?{_ORDERS}\b"),
    (
        _DROPS,
        rf"\b{_DROP}\W+(?:\w+\W+){{0,2}}?{_ORDERS} (?:précédentes|anteriores|precedenti|above|before)\b",
    ),
    (
        _DROPS,
        r"\b(?:ignore|disregard|forget) (?:everything|anything|all) (?:\w+ ){0,3}(?:above|before|told)\b",
    ),
    ("gives new orders", r"\b(?:new|updated|real|actual) (?:system )?instructions?(?: ?:| follow\b)"),
    (
        _SPEAKS,
        rf"\b(?:dear|attention|hey|note to|message (?:to|for)|if you are) (?:an? |the |any |all )?{_MODEL}"
        r"\b\W+(?:(?:reading|summari[sz]ing|processing)|(?:you )?(?:must|should|please|will|now|ignore))\b",
    ),
    (
        _SPEAKS,
        r"\b(?:from now on,? you (?:are|will|must)|you are (?:now|no longer) "
        r"(?:bound|dan|chatgpt|jailbroken|free (?:of|from)|acting|in \w+ mode"
        rf"|(?:an? |the )(?:\w+ ){{0,3}}?(?:{_MODEL}|pirate|hacker|unrestricted))\b)",
    ),
    (
        _SPEAKS,
        r"\b(?:du bist (?:jetzt|nun) ein|tu es maintenant un|ahora eres un|je bent nu een|adesso sei un)",
    ),
    (
        _ROLE,
        r"\b(?:act|behave|respond|pretend) (?:as|like) if you (?:are|were) (?:an? )?(?:\w+ )?(?:ai|model)\b",
    ),
    (_ROLE, r"\b(?:act|behave|respond) as an? (?:unrestricted|uncensored|evil|jailbroken|developer)\b"),
    (_ROLE, rf"\b(?:enter|enable|activate|switch to) {_MODE}\b|\b{_MODE} (?:on|enabled|activated)\b"),
    (
        "asks for secrets",
        r"\b(?:reveal|print|output|repeat|show|send|leak|tell me|include|exfiltrate|append|return) "
        rf"(?:\w+ ){{0,4}}?(?:your|the|its|all|any) (?:\w+ ){{0,2}}?{_SECRETS}",
    ),
    (
        "asks to hide something from a person",
        r"\b(?:do not|don't|never|without) "
        r"(?:mention|reveal|tell(?:ing)?|inform(?:ing)?|alert(?:ing)?|disclos\w+|notify(?:ing)?) "
        rf"(?:\w+ ){{0,3}}?(?:the|your|any|these|this) {_PERSON}\b",
    ),
    (
        "asks for something to be posted",
        r"(?:^|[.!?:;,] |\b(?:and|then|must|should|please|now) )(?:post|publish|tweet|upload) (?:\S+ ){0,6}?"
        rf"(?:to|on|from|via|using) (?:(?:the )?account\b|(?:\S+ ){{0,2}}?{_PLATFORM} account\b|@\w{{3,}})",
    ),
    (_TOOL, r"\b(?:call|invoke|execute) the (?:[\w-]+ )?(?:tool|function|plugin|shell command)\b"),
    (_TOOL, r"\b(?:tool_call|function_call|tool_use)\b"),
    (_WRAPS, r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id)\|>"),
    (_WRAPS, r"\[/?INST\]|<</?SYS>>|</?(?:system|system_prompt|instructions?|important|tool_call)>"),
    (_WRAPS, r"^[ \t]*#{2,}[ \t]*(?:system|instruction|assistant)s?[ \t]*:?[ \t]*$"),
    (
        _WRAPS,
        r"^[ \t]*(?:system|assistant)[ \t]*:[ \t]+\S|\b(?:begin|end) (?:of )?system (?:prompt|message)\b",
    ),
)

SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (why, re.compile(re.sub(r"(?<!\[) (?![\\?])", r"\\s+", phrase), re.IGNORECASE | re.MULTILINE))
    for why, phrase in _PHRASES
)
"""What a sign means, as the end of a sentence that begins `Part of this text …`, and its pattern."""
