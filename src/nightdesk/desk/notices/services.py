"""Which of Apprise's services notices may go to: those that speak HTTPS or SMTP to somebody else's machine.

An address with any other schema is refused, so what Apprise learns to do in a later release is closed until
it is listed here. Left out are its services that start programs, open devices or write to this machine's
desktop or log, those that need a listener, and those that only reach a device at home.
"""

import re

from nightdesk.desk.errors import Invalid

LONGEST = 2000

SCHEMAS = frozenset(
    (
        *("mailto", "mailtos", "mailgun", "mailersend", "postmark", "sendgrid", "sparkpost", "brevo"),
        *("resend", "smtp2go", "sendpulse", "ses", "sns"),
        *("slack", "discord", "guilded", "revolt", "tgram", "workflow", "workflows", "gchat", "webex"),
        *("wxteams", "mmost", "mmosts", "rocket", "rockets", "matrix", "matrixs", "zulip", "ryver", "twist"),
        *("flock", "cliq", "zcliq", "zohocliq", "zoom", "line", "viber", "whatsapp", "wecombot", "feishu"),
        *("lark", "dingtalk", "nctalk", "nctalks", "ncloud", "nclouds", "synology", "synologys", "humhub"),
        *("signals", "threema"),
        *("ntfy", "ntfys", "gotify", "gotifys", "pover", "pbul", "prowl", "psafer", "psafers", "bark"),
        *("barks", "push", "pushed", "pushy", "pushdeer", "pushme", "pushplus", "schan", "simplepush"),
        *("spush", "join", "onesignal", "spugpush", "wxpusher", "chanify", "notica", "noticas", "ifttt"),
        *("hassio", "hassios"),
        *("opsgenie", "pagerduty", "pagertree", "signl4", "splunk", "victorops", "squadcast", "spike"),
        *("betterstack", "ilert", "incidentio", "firehydrant", "goalert", "goalerts", "xmatters", "jira"),
        *("twilio", "vonage", "nexmo", "plivo", "sinch", "msgbird", "clicksend", "clickatell", "bulksms"),
        *("seven", "freemobile", "voipms", "infobip", "telnyx", "d7sms", "46elks", "elks"),
        *("mastodon", "mastodons", "toot", "toots", "bluesky", "bsky", "misskey", "misskeys", "notifiarr"),
        *("json", "jsons", "xml", "xmls", "form", "forms", "apprise", "apprises"),
    )
)

FILES = frozenset(
    (
        *("template", "pgp", "pgppub", "pgpprv", "wkd", "keyfile", "subfile", "attach", "attach-as"),
        *("filename", "store", "include", "blocks", "cache"),
    )
)
"""Parameters of an address by which Apprise would read a file of this machine, or keep one."""

_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9+.-]*://\S+")
_PARAMETER = re.compile(r"[?&;]([^=&?;]*)")


def looked_at(address: str) -> str:
    """The address as it is kept. Raises `Invalid` (`address`) where its form alone says no."""
    address = address.strip()
    if len(address) > LONGEST or not address.isprintable() or not _ADDRESS.fullmatch(address):
        raise Invalid(
            "address",
            "Paste the address of a service, such as slack://…, mailto://… or a web hook's https://…",
        )
    if "," in address and "://" in address.partition("://")[2]:
        raise Invalid("address", "Add one address at a time.")
    for name in _PARAMETER.findall(address):
        if name.lower().lstrip("+-:") in FILES:
            raise Invalid("address", f"`{name}` is closed here: it would have this machine read a file.")
    return address
