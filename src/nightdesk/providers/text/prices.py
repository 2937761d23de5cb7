"""What one answer of a model cost in money, from the price list that ships with genai-prices."""

from decimal import Decimal

from genai_prices import calc_price
from pydantic_ai.messages import ModelResponse

from nightdesk.providers.choice import Choice

# The names that genai-prices has for the services that are reached at their own address.
PRICED = {"openai": "openai", "anthropic": "anthropic", "google": "google"}


def usd(response: ModelResponse, choice: Choice) -> Decimal | None:
    """US dollars, at the prices of the day it was answered; 0 for a model on one's own machine.

    None where the price is not known. A service at another address is looked up by that address alone: a
    model that happens to bear a well-known name there does not have the well-known price.
    """
    if choice.provider == "ollama":
        in_the_cloud = choice.model.endswith("-cloud") or "ollama.com" in (choice.base_url or "")
        return None if in_the_cloud else Decimal(0)
    try:
        if choice.base_url:
            return calc_price(response.usage, choice.model, provider_api_url=choice.base_url).total_price
        if choice.provider in PRICED:
            named = response.model_name or choice.model
            return calc_price(response.usage, named, provider_id=PRICED[choice.provider]).total_price
    except LookupError:
        return None
    return None
