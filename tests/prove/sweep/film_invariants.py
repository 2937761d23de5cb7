"""What must hold of videos whatever was interrupted: each comes to the gate once, whole and paid once."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sweep.invariants import COMPLETED, Found

PART = re.compile(r"[0-9a-f]{64}\.(mp4|m4a|json)")
AT_WORK = (".making-", "video-", "checks-", "thumbnails-")
"""How the folders begin in which something is being made."""

_FILES = ("narration", "srt", "vtt", "file", "cover")
_ASSETS = " union all ".join(
    [f"select id, '{name}' as what, {name} as sha256 from videos" for name in _FILES]
    + ["select v.id, 'thumbnail', t->>'asset' from videos v, jsonb_array_elements(v.thumbnails) t"]
    + [f"select video_id, '{name}', {name} from scenes" for name in ("sound", "picture")]
)

ALWAYS = {
    "a scene came twice": """
        select video_id, position, count(*) from scenes group by 1, 2 having count(*) > 1
    """,
    "scenes are not numbered from nought without a gap": """
        select video_id, array_agg(position order by position) from scenes group by 1
        having max(position) - min(position) + 1 <> count(*) or min(position) not in (0, 1)
    """,
    "a video went on before its scenes": """
        select v.id, v.status, s.position, s.status from videos v join scenes s on s.video_id = v.id
        where v.status in ('filmed', 'rendered', 'checked', 'finished', 'review') and s.status <> 'filmed'
           or v.status in ('narrated', 'captioned') and s.sound is null
    """,
    "a video names a file that was not stored": f"""
        select f.id, f.what from ({_ASSETS}) f where f.sha256 is not null
        and not exists (select from assets a where a.sha256 = f.sha256)
    """,
    "a video came to the gate more than once": """
        select data->>'job_id', count(*) from events
        where type = 'job_completed' and data->>'status' = 'ready_for_review'
        group by 1, data->>'revision' having count(*) > 1
    """,
    "one topic serves two videos": """
        select topic_id, count(distinct ordered) from videos where topic_id is not null
        group by 1 having count(distinct ordered) > 1
    """,
}
"""Holds in every instant, also right after a kill."""

AT_THE_GATE = {
    **{name: COMPLETED[name] for name in COMPLETED if name.startswith("a step's")},
    "a run did not complete": "select id, status, error_message from runs where status <> 'completed'",
    "a video is not at the gate": "select id, state, error from videos where state <> 'review'",
    "a scene was left": "select id, state, error from scenes where state <> 'filmed'",
    "a video lacks a file": f"select id, what from ({_ASSETS}) f where sha256 is null",
    "a video has not three thumbnails": (
        "select id, thumbnails from videos where jsonb_array_length(thumbnails) <> 3"
    ),
    "a video was not told to be at the gate": """
        select v.id from videos v where not exists (
            select from events e where e.type = 'job_completed' and (e.data->>'job_id')::bigint = v.id)
    """,
    "a stage's items were charged twice": """
        select b.step, i, count(*) from batches b, jsonb_array_elements(b.items) i
        where b.charged > 0 group by b.run_id, 1, 2 having count(*) > 1
    """,
    **{
        f"result {field} is not the number of rows": f"""
            select id, results->'{stage}'->>'{field}' from runs
            where (results->'{stage}'->>'{field}')::bigint <> ({rows})
        """
        for stage, field, rows in (
            (2, "scripts_written", "select count(*) from videos"),
            (2, "scenes_planned", "select count(*) from scenes"),
            (3, "scenes_spoken", "select count(*) from scenes"),
            (4, "videos_captioned", "select count(*) from videos"),
            (5, "scenes_filmed", "select count(*) from scenes"),
            (6, "videos_rendered", "select count(*) from videos"),
            (6, "videos_checked", "select count(*) from videos"),
            (7, "thumbnails_made", "select 3 * count(*) from videos"),
            (8, "ready_for_review", "select count(*) from videos"),
        )
    },
}
"""Holds once a run has completed by itself."""

OUTCOME = {
    "results": """
        select s.key, s.value - 'time_elapsed' - 'parts_rendered' - 'parts_reused',
               coalesce((s.value->>'parts_rendered')::int, 0) + coalesce((s.value->>'parts_reused')::int, 0)
        from runs, jsonb_each(results) s order by 1
    """,
    "spent": "select kind, balance from credit_accounts order by 1",
    "videos": """
        select title, state, progress, script, narration, srt, vtt, file, cover, seconds, width, height,
               label, notes, marks, (select jsonb_agg(t->'asset') from jsonb_array_elements(thumbnails) t)
        from videos order by 1
    """,
    "scenes": """
        select position, heading, says, speaker, prompt, cites, sound, words, seconds, picture, footage, move
        from scenes order by video_id, 1
    """,
    "log": """
        select regexp_replace(message, '[0-9]+ parts.*', ''), count(*) from events
        where message <> '' and level = 'info' and type in ('run_log', 'job_log') group by 1 order by 1
    """,
}
"""What a run made, without numbers and times: equal for two runs over the same input."""


def at_any_time(connection: psycopg.Connection, parts: Path) -> list[str]:
    """The violations of what holds at every instant."""
    found = Found()
    found.ask(connection, ALWAYS)
    found.note(_strange(parts))
    return found.violations


def at_the_gate(connection: psycopg.Connection, parts: Path, usual: dict[str, str] | None) -> list[str]:
    """The violations once the run is over; `usual` are the parts of a run that nothing disturbed."""
    found = Found()
    found.ask(connection, ALWAYS | AT_THE_GATE)
    found.note(_strange(parts))
    now = parts_in(parts)
    if usual is not None and now != usual:
        found.violations.append(f"the parts are not as usual: {sorted(now.items() ^ usual.items())[:3]}")
    return found.violations


def parts_in(parts: Path) -> dict[str, str]:
    """The finished parts that are kept: their names, and what is in them."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in parts.glob("*/*/*")
        if path.is_file()
    }


def outcome_of(connection: psycopg.Connection) -> str:
    told = {name: connection.execute(query).fetchall() for name, query in OUTCOME.items()}
    return json.dumps(told, default=str)


def differences(expected: str, found: str) -> Iterator[str]:
    theirs, ours = json.loads(expected), json.loads(found)
    for name, rows in theirs.items():
        was, now = (Counter(json.dumps(row) for row in some) for some in (rows, ours[name]))
        if was != now:
            yield f"{name} differ: lacking {list(was - now)[:2]}, beyond {list(now - was)[:2]}"


def _strange(parts: Path) -> Iterator[str]:
    """What lies among the parts and is neither a part nor a folder in which one is being made."""
    for path in parts.glob("*/*/*"):
        if not (path.name.startswith(AT_WORK) if path.is_dir() else PART.fullmatch(path.name)):
            yield f"no part: {path.name}"
