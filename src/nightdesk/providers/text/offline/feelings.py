"""Words by which a text moves its readers, in English and German: feelings, cues to go on, ways to open."""

import re

from nightdesk.providers.text.offline.words import cues
from nightdesk.providers.text.topic_questions import Emotion, HookKind, Trigger

OPENINGS: tuple[tuple[HookKind, re.Pattern[str]], ...] = (
    ("question", re.compile(r"\?[\"”']?$")),
    ("promise", re.compile(r"^(?:how to|here(?:'s| is| are)|this is (?:how|why)|learn|discover)\b", re.I)),
    ("figure", re.compile(r"\d")),
    ("address", cues(r"you|your|du|dein\w*|ihr|sie")),
    ("story", cues(r"i|we|my|our|ich|wir|mein\w*|one (?:day|night|morning)|once|eines tages")),
)
"""How a first sentence opens, the most telling first."""

FEELINGS: dict[Emotion, re.Pattern[str]] = {
    "joy": cues(r"joy\w*|happ(?:y|i\w+)|delight\w*|lov(?:e|ed|ely|ing)|fun|smil\w+|laugh\w*|beautiful\w*"
                r"|glad|freu\w+|glück\w*|lieb\w*|schön\w*"),
    "surprise": cues(r"surpris\w+|unexpected\w*|sudden\w*|astonish\w*|amaz\w+|incredibl\w+"
                     r"|überrasch\w+|plötzlich"),
    "fear": cues(r"fear\w*|afraid|danger\w*|risk\w*|threat\w*|warn\w*|scar(?:y|ed)|worr\w+|panic\w*"
                 r"|angst|gefahr\w*|gefährlich\w*|risik\w+"),
    "anger": cues(r"anger|angry|outrag\w+|fur(?:y|ious)|scandal\w*|unfair\w*|blam\w+"
                  r"|wut|wütend|zorn\w*|skandal\w*"),
    "sadness": cues(r"sad\w*|loss|lost|grie[fv]\w*|mourn\w*|trag(?:ic|edy)\w*|lonel\w+"
                    r"|trau(?:er|rig)\w*|verlust\w*"),
    "trust": cues(r"trust\w*|prove[dn]|reliabl\w+|honest\w*|safe\w*|guarant\w+|tested"
                  r"|bewährt|geprüft|ehrlich\w*"),
    "curiosity": cues(r"secret\w*|hidden|myster\w+|strange\w*|curious\w*|unknown|puzzl\w+|why"
                      r"|geheim\w*|rätsel\w*|warum|seltsam\w*"),
    "disgust": cues(r"disgust\w*|gross|foul|rott\w+|stink\w*|stench|vile|ekel\w*|faulig\w*"),
}  # fmt: skip

TRIGGERS: dict[Trigger, re.Pattern[str]] = {
    "curiosity": cues(r"secrets?|hidden|the reason|what happened|nobody|never knew|why|warum|geheim\w*"),
    "urgency": cues(r"now|today|tonight|before it|last chance|deadline|immediately|jetzt|heute|sofort"),
    "scarcity": cues(r"only \d+|limited|rare|few left|while stocks|nur noch|selten|begrenzt"),
    "authority": cues(r"stud(?:y|ies)|research\w*|scientists?|experts?|university|professor|according to"
                      r"|studien?|forscher\w*|laut"),
    "social_proof": cues(r"everyone|millions?|most people|thousands?|customers|viral|millionen|kunden"),
    "contrast": cues(r"but|however|instead|yet|unlike|versus|vs|aber|jedoch|statt|dagegen"),
    "usefulness": cues(r"how to|tips?|steps?|guide|avoid|save|mistakes?|tipps?|schritte?|fehler|sparen"),
    "identity": cues(r"people like you|parents|beginners?|if you are|for those who|anfänger\w*|eltern"),
}  # fmt: skip
