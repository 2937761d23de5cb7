"""What people fill in about themselves, looked at before it is kept."""

import re
import unicodedata

from nightdesk.desk.errors import Invalid, NotFound
from nightdesk.desk.inputs import LARGEST, storable
from nightdesk.desk.people.roles import ROLES, Role
from nightdesk.desk.site_facts import checked

THEMES = ("system", "light", "dark")
LONGEST_EMAIL = 254
"""RFC 5321, 4.5.3.1.3, without the angle brackets."""

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def email_of(text: str) -> str:
    """The address as it is kept and compared: in lower case. Raises `Invalid`."""
    email = folded_email(text)
    if len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise Invalid("email", "This is no e-mail address; one looks like name@example.org.")
    return email


def folded_email(text: str) -> str:
    """However it was typed; empty, and so nobody's, where the database could not hold it."""
    try:
        storable(text)
    except ValueError:
        return ""
    return unicodedata.normalize("NFC", text.strip()).lower()


def name_of(text: str, field: str = "name", most: int = 100) -> str:
    """Raises `Invalid`."""
    name = unicodedata.normalize("NFC", text.strip())
    if not 1 <= len(name) <= most:
        raise Invalid(field, f"This has 1 to {most} characters.")
    if not name.isprintable():
        raise Invalid(field, "This holds a character that cannot be shown.")
    return name


def language_of(text: str) -> str:
    """Raises `Invalid`."""
    if not _LANGUAGE.fullmatch(text):
        raise Invalid("language", "This is no language; one looks like `en` or `pt-BR`.")
    return text


def timezone_of(text: str) -> str:
    """Raises `Invalid`."""
    return str(checked({"timezone": text})["timezone"])


def theme_of(text: str) -> str:
    """Raises `Invalid`."""
    if text not in THEMES:
        raise Invalid("theme", "There are the themes system, light and dark.")
    return text


def role_of(text: str) -> Role:
    """Raises `Invalid`."""
    for role in ROLES:
        if role == text:
            return role
    raise Invalid("role", "There are the roles owner, editor and viewer.")


def number_of(what: str, number: int) -> int:
    """A number that some row may have. Raises `NotFound`."""
    if not 1 <= number <= LARGEST:
        raise NotFound(what)
    return number
