"""What Anthropic's and Google's servers answer around the same words, where OpenAI's wire is not spoken."""

import json
from typing import Any

Json = dict[str, Any]


def anthropic_message(body: Json, said: str, cut: bool) -> Json:
    """A message that says `said`, by the tool where the request has one."""
    content: list[Json] = [{"type": "text", "text": said}]
    if body.get("tools"):
        name = body["tools"][0]["name"]
        content = [{"type": "tool_use", "id": "toolu_1", "name": name, "input": json.loads(said)}]
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": "max_tokens" if cut else "tool_use" if body.get("tools") else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 120, "output_tokens": len(said) // 4},
    }


def google_content(body: Json, said: str, cut: bool) -> Json:
    """A candidate that says `said`, by the function where the request declares one."""
    part: Json = {"text": said}
    if body.get("tools"):
        name = body["tools"][0]["functionDeclarations"][0]["name"]
        part = {"functionCall": {"name": name, "args": json.loads(said)}}
    return {
        "candidates": [
            {
                "content": {"role": "model", "parts": [part]},
                "finishReason": "MAX_TOKENS" if cut else "STOP",
                "index": 0,
            }
        ],
        "usageMetadata": {
            "promptTokenCount": 120,
            "candidatesTokenCount": len(said) // 4,
            "totalTokenCount": 120 + len(said) // 4,
        },
        "modelVersion": "gemini",
    }
