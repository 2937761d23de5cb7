"""What OpenAI-compatible servers and Runware are asked for, and what their answers are read as."""

from decimal import Decimal

import pytest
from pydantic import SecretStr

from nightdesk.kit.clock import SystemClock
from nightdesk.kit.endings import Later, NeedsPerson, Refused
from nightdesk.providers.calls import ListMeter
from nightdesk.providers.choice import Choice
from nightdesk.providers.images import open_images
from nightdesk.providers.images.contract import ImageProvider, PictureRequest
from nightdesk.providers.images.openai import sized
from nightdesk.providers.images.prices import Tokens, credits_for, dollars
from servers.images_server import base64_of, openai_images, painted, runware, runware_task
from servers.openai_server import Asked, OpenAIServer

REQUEST = PictureRequest("a compost bin", "Compost", width=1200, height=675, seed=0)


async def no_fetch(url: str) -> bytes:
    raise AssertionError(f"nobody asked for {url}")


def opened(kind: str, server: OpenAIServer, model: str = "", **options: object) -> ImageProvider:
    choice = Choice(kind, model, server.base_url, SecretStr("key-7f3a"), timeout=10, options=options)
    return open_images(choice, no_fetch, SystemClock())


@pytest.mark.parametrize(
    ("model", "size", "asked"),
    [
        ("gpt-image-2", (1200, 675), "1200x688"),
        ("gpt-image-2.5-flare", (1080, 1920), "1088x1920"),
        ("gpt-image-1.5", (1200, 675), "1536x1024"),
        ("gpt-image-1-mini", (1080, 1920), "1024x1536"),
        ("gpt-image-1-mini", (1080, 1080), "1024x1024"),
        ("dall-e-3", (1200, 675), "1792x1024"),
        ("dall-e-2", (1200, 675), "1024x1024"),
        ("flux.1-schnell", (1200, 675), "1200x675"),
    ],
)
def test_each_model_is_asked_for_a_size_it_offers(model: str, size: tuple[int, int], asked: str) -> None:
    assert sized(model, *size) == asked


@pytest.mark.parametrize(
    ("model", "has", "has_not"),
    [("gpt-image-2", "output_format", "response_format"), ("sd-turbo", "response_format", "output_format")],
)
async def test_each_family_of_models_gets_its_own_parameters(model: str, has: str, has_not: str) -> None:
    async with OpenAIServer(behaviour=openai_images) as server:
        await opened("openai", server, model, quality="low").make(REQUEST, ListMeter())
    (asked,) = server.asked
    assert asked.path == "/v1/images/generations"
    assert has in asked.body
    assert has_not not in asked.body
    assert asked.body["quality"] == "low"
    assert (asked.body["prompt"], asked.body["n"]) == ("a compost bin", 1)


async def test_tokens_are_counted_and_priced() -> None:
    meter = ListMeter()
    async with OpenAIServer(behaviour=openai_images) as server:
        await opened("openai", server, "gpt-image-2").make(REQUEST, meter)
    assert (meter.calls[0].input_tokens, meter.calls[0].output_tokens) == (40, 1056)
    assert meter.calls[0].usd is None
    tokens = Tokens(input_tokens=40, output_tokens=1056)
    assert dollars(tokens, "gpt-image-1.5", "https://api.openai.com/v1") == Decimal("0.033992")
    assert dollars(tokens, "gpt-image-1.5", "http://127.0.0.1:8080/v1") is None
    assert dollars(None, "gpt-image-1.5", "https://api.openai.com/v1") is None


async def test_a_picture_may_come_as_a_data_address() -> None:
    def behave(_: OpenAIServer, asked: Asked) -> None:
        asked.reply_json({"data": [{"url": f"data:image/png;base64,{base64_of(painted())}"}]})

    async with OpenAIServer(behaviour=behave) as server:
        picture = await opened("openai", server).make(REQUEST, ListMeter())
    assert (picture.width, picture.height) == (1200, 675)


@pytest.mark.parametrize(
    ("status", "error", "ending"),
    [
        (401, {"code": "invalid_api_key", "message": "Incorrect API key provided: key-7f3a"}, NeedsPerson),
        (403, {"message": "organization must be verified"}, NeedsPerson),
        (402, {"message": "pay"}, NeedsPerson),
        (400, {"code": "billing_hard_limit_reached", "message": "Billing hard limit"}, NeedsPerson),
        (429, {"code": "insufficient_quota", "message": "quota"}, NeedsPerson),
        (404, {"code": "model_not_found", "message": "no such model"}, NeedsPerson),
        (400, {"code": "moderation_blocked", "message": "rejected by the safety system"}, Refused),
        (400, {"code": "content_policy_violation", "message": "no"}, Refused),
        (400, {"code": "invalid_value", "message": "size"}, Refused),
        (302, {}, NeedsPerson),
        (408, {}, Later),
        (529, {"type": "overloaded_error"}, Later),
    ],
)
async def test_what_openai_says_went_wrong_decides_the_ending(
    status: int, error: dict[str, str], ending: type
) -> None:
    def behave(_: OpenAIServer, asked: Asked) -> None:
        asked.reply_json({"error": error}, status)

    async with OpenAIServer(behaviour=behave) as server:
        with pytest.raises(ending) as ended:
            await opened("openai", server).make(REQUEST, ListMeter())
    assert "key-7f3a" not in ended.value.why
    assert "key-7f3a" not in str(getattr(ended.value, "kept", ""))


@pytest.mark.parametrize(
    ("status", "code", "ending"),
    [
        (401, "invalidApiKey", NeedsPerson),
        (400, "insufficientCredits", NeedsPerson),
        (400, "invalidModel", NeedsPerson),
        (200, "timeoutProvider", Later),
        (400, "providerRateLimitExceeded", Later),
        (400, "nsfwContentDetected", Refused),
        (400, "invalidPositivePrompt", Refused),
        (500, "", Later),
    ],
)
async def test_what_runware_says_went_wrong_decides_the_ending(status: int, code: str, ending: type) -> None:
    def behave(_: OpenAIServer, asked: Asked) -> None:
        asked.reply_json({"data": [], "errors": [{"code": code, "message": "as told"}]}, status)

    async with OpenAIServer(behaviour=behave) as server:
        with pytest.raises(ending, match="as told"):
            await opened("runware", server).make(REQUEST, ListMeter())


async def test_runware_gets_sides_it_takes_and_tells_the_cost() -> None:
    meter = ListMeter()
    async with OpenAIServer(behaviour=runware) as server:
        await opened("runware", server, "runware:100@1", steps=4, secret="no").make(REQUEST, meter)
    task = runware_task(server.asked[0])
    assert (task["width"], task["height"], task["seed"], task["steps"]) == (1216, 704, 1, 4)
    assert (task["taskType"], task["outputType"], task["includeCost"]) == (
        "imageInference",
        "base64Data",
        True,
    )
    assert "secret" not in task
    assert meter.calls[0].usd == Decimal("0.0013")


async def test_an_answer_to_another_task_is_not_taken() -> None:
    def behave(_: OpenAIServer, asked: Asked) -> None:
        asked.reply_json({"data": [{"taskUUID": "other", "imageBase64Data": base64_of(painted())}]})

    async with OpenAIServer(behaviour=behave) as server:
        with pytest.raises(Refused, match="another task"):
            await opened("runware", server).make(REQUEST, ListMeter())


async def test_an_unsafe_picture_is_refused_and_its_cost_kept() -> None:
    def behave(_: OpenAIServer, asked: Asked) -> None:
        task = runware_task(asked)["taskUUID"]
        asked.reply_json(
            {"data": [{"taskUUID": task, "imageBase64Data": "", "NSFWContent": True, "cost": 0.01}]}
        )

    meter = ListMeter()
    async with OpenAIServer(behaviour=behave) as server:
        with pytest.raises(Refused, match="unsafe"):
            await opened("runware", server).make(REQUEST, meter)
    assert (meter.calls[0].ok, meter.calls[0].usd) == (False, Decimal("0.01"))


async def test_an_answer_over_the_cap_is_not_read_to_its_end() -> None:
    def behave(_: OpenAIServer, asked: Asked) -> None:
        asked.reply(b" " * 26_000_000)

    async with OpenAIServer(behaviour=behave) as server:
        with pytest.raises(Refused, match="more than 25 MB"):
            await opened("openai", server).make(REQUEST, ListMeter())


@pytest.mark.parametrize(
    "content", [b"<html>gone</html>", b"", painted()[:500]], ids=["HTML", "empty", "cut"]
)
async def test_what_is_no_picture_inside_a_good_answer_is_bad_media(content: bytes) -> None:
    def behave(_: OpenAIServer, asked: Asked) -> None:
        asked.reply_json({"data": [{"b64_json": base64_of(content)}]})

    async with OpenAIServer(behaviour=behave) as server:
        with pytest.raises(Refused, match="bad media"):
            await opened("openai", server).make(REQUEST, ListMeter())


@pytest.mark.parametrize(
    ("model", "options", "credits"),
    [
        ("gpt-image-1-mini", {}, 2),
        ("gpt-image-2.5-sunburst", {}, 4),
        ("runware:100@1", {}, 1),
        ("sd-turbo", {}, 2),
        ("sd-turbo", {"credits": 1}, 1),
        ("sd-turbo", {"credits": 99}, 4),
    ],
)
def test_a_picture_costs_one_to_four_credits(model: str, options: dict[str, int], credits: int) -> None:
    assert credits_for(model, 2, options) == credits
