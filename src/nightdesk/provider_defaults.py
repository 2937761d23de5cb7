"""Reads from the settings which providers and limits hold where nobody chose others."""

from typing import Any

from nightdesk import __version__
from nightdesk.desk.chosen import Chosen
from nightdesk.desk.studio import StudioMeans
from nightdesk.kit.clock import Clock
from nightdesk.kit.http.fetch import Fetcher, FetchLimits
from nightdesk.kit.http.guard import Guard
from nightdesk.providers.choice import Choice
from nightdesk.providers.limits import Limits
from nightdesk.settings import Settings
from nightdesk.stage import Seconds


def defaults(settings: Settings) -> Chosen:
    """The providers of a workspace that named none. Raises `ValueError` where a setting cannot be read."""
    limits: dict[str, Any] = {
        "timeout": settings.provider_timeout,
        "concurrency": settings.provider_concurrency,
    }
    text = Choice.parse(
        settings.text, base_url=settings.text_base_url, api_key=settings.text_api_key, **limits
    )
    second = settings.text_fallback and Choice.parse(
        settings.text_fallback, api_key=settings.text_api_key, **limits
    )
    return Chosen(
        text=text,
        embeddings=Choice.parse(
            settings.embeddings,
            base_url=settings.embeddings_base_url,
            api_key=settings.embeddings_api_key,
            **limits,
        ),
        images=Choice.parse(
            settings.images, base_url=settings.images_base_url, api_key=settings.images_api_key, **limits
        ),
        speech=Choice.parse(
            settings.speech,
            base_url=settings.speech_base_url,
            api_key=settings.speech_api_key,
            **limits | {"timeout": settings.speech_seconds},
        ),
        clips=Choice.parse(
            settings.clips,
            base_url=settings.clips_base_url,
            api_key=settings.clips_api_key,
            **limits | {"timeout": settings.clip_seconds},
        ),
        renderer=Choice.parse(
            settings.renderer,
            **limits | {"timeout": settings.render_seconds},
            options={
                "threads": settings.render_threads,
                "project": settings.remotion_project,
                "node": settings.remotion_node,
                "chromium": settings.remotion_chromium or settings.browser,
            },
        ),
        second=second or None,
    )


def large_files(settings: Settings, clock: Clock) -> Fetcher:
    """For files that the operator's catalogues name: no deadline as a whole, only for each wait."""
    limits = FetchLimits(raw=4 << 30, seconds=60.0)
    guard = Guard(allow=settings.allowed_addresses)
    return Fetcher(guard, clock, limits=limits, agent=f"Nightdesk/{__version__}")


def studio(settings: Settings, clock: Clock, limits: Limits) -> StudioMeans:
    """What videos are made with here."""
    return StudioMeans(
        settings.data_dir.expanduser().resolve(),
        clock,
        limits,
        Seconds(
            settings.script_seconds, settings.speech_seconds, settings.clip_seconds, settings.render_seconds
        ),
        agent=f"Nightdesk/{__version__}",
        timestamps=settings.timestamps,
        whisper=settings.whisper.expanduser().resolve() if settings.whisper else None,
    )
