"""What is handed to the desk to be kept: the words and limits that all such inputs share."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

LARGEST = 2**63 - 1
"""Of a number in the database."""

Intent = Literal["informational", "commercial", "transactional", "navigational"]
Structure = Literal["guide", "comparison", "list", "how_to", "review", "faq"]


class Input(BaseModel):
    """An input: nothing but its fields, and no value taken for another kind's."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """The fields that were given, and no others."""
        return self.model_dump(exclude_unset=True)


def storable(text: str) -> str:
    """The text, if the database can keep it. Raises `ValueError`."""
    if "\0" in text:
        raise ValueError("it holds a NUL character, which cannot be kept")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("it holds half of a pair of characters, which cannot be kept")
    return text


KEPT = AfterValidator(storable)
"""Marks a text that is to be kept."""


def upto(most: int, least: int = 0) -> StringConstraints:
    """A text of so many characters, the blanks around it not counted and not kept."""
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


Number = Annotated[int, Field(ge=1, le=LARGEST)]
"""The number of a row."""

Title = Annotated[str, upto(160, 8), KEPT]
Words = Annotated[int, Field(ge=300, le=5000, description="words asked for")]
