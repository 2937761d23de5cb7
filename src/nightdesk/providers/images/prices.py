"""What a picture costs: credits by model, and dollars where an answer lets us know them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

_CREDITS = (
    ("gpt-image-1-mini", 2),
    ("gpt-image-2.5-sunburst", 4),
    ("gpt-image-2.6-sunburst", 4),
    ("gpt-image", 3),
    ("chatgpt-image", 3),
    ("dall-e-3", 3),
    ("dall-e-2", 2),
    ("runware:100@", 1),
    ("runware:", 2),
    ("civitai:", 2),
    ("openai:", 4),
    ("google:", 4),
    ("bfl:", 4),
    ("bytedance:", 3),
    ("ideogram:", 3),
)


class Tokens(BaseModel):
    """Tokens of a picture, as OpenAI's `usage` tells them."""

    class Parts(BaseModel):
        image_tokens: int = 0
        text_tokens: int = 0

    input_tokens: int = 0
    output_tokens: int = 0
    input_tokens_details: Parts | None = None
    output_tokens_details: Parts | None = None


def credits_for(model: str, otherwise: int, options: Mapping[str, Any]) -> int:
    """Credits for one picture: the option `credits`, or by the model's name; always 1 to 4."""
    known = next((credits for start, credits in _CREDITS if model.startswith(start)), otherwise)
    return min(max(int(options.get("credits", known)), 1), 4)


def dollars(tokens: Tokens | None, model: str, api_url: str) -> Decimal | None:
    """The price of the tokens by genai-prices, or None where it does not know the model at that address."""
    if tokens is None:
        return None
    from genai_prices import Usage, calc_price  # noqa: PLC0415

    into, out = tokens.input_tokens_details, tokens.output_tokens_details
    usage = Usage(
        input_tokens=tokens.input_tokens,
        output_tokens=tokens.output_tokens,
        input_image_tokens=into.image_tokens if into else None,
        output_image_tokens=out.image_tokens if out else tokens.output_tokens,
    )
    try:
        return calc_price(usage, model, provider_api_url=api_url).total_price
    except LookupError:
        return None
