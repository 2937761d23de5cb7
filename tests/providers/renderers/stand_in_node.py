"""Speaks as Node.js does that runs Remotion's command line (4.0.527), and draws plain pictures by ffmpeg.

How it misbehaves is told by the composition's name.
"""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ASKED = (
    "--codec=h264",
    "--crf=21",
    "--log=info",
    "--overwrite",
    "--bundle-cache=false",
    "--color-space=bt709",
)
ERROR = """
An error occurred while rendering frame 0:

at src/Video.tsx:12
12 | return (
"""


def drawn(
    ffmpeg: str, props: dict[str, Any], public: Path, out: Path, frames: int, width: int, height: int
) -> None:
    inputs, graph = [], ""
    for number, scene in enumerate(props["scenes"]):
        loop = ["-loop", "1"] if scene["kind"] == "picture" else ["-stream_loop", "-1"]
        inputs += [
            *loop,
            "-framerate" if loop[0] == "-loop" else "-r",
            "30",
            "-i",
            str(public / scene["file"]),
        ]
        shape = f"scale={width}:{height}:out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p"
        graph += f"[{number}:v]{shape},trim=end_frame={scene['frames']},setpts=PTS-STARTPTS[s{number}];"
    graph += "".join(f"[s{n}]" for n in range(len(props["scenes"]))) + f"concat=n={len(props['scenes'])}[v];"
    tags = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    graph += f"[v]fps=30,trim=end_frame={frames},{tags}[out]"
    sound = []
    if props["narration"]:
        inputs += ["-i", str(public / props["narration"])]
        sound = ["-map", f"{len(props['scenes'])}:a", "-c:a", "aac", "-af", "apad"]
    how = ["-map", "[out]", "-c:v", "libx264", "-preset", "ultrafast", "-t", str(frames / 30)]
    words = [ffmpeg, "-loglevel", "error", "-y", *inputs, "-filter_complex", graph, *how, *sound, str(out)]
    subprocess.run(words, check=True, stdin=subprocess.DEVNULL)


def main(ffmpeg: str, cli: str, command: str, composition: str, target: str, *flags: str) -> int:
    given = dict(flag.removeprefix("--").split("=", 1) for flag in flags if "=" in flag)
    missing = [flag for flag in ASKED if flag not in flags]
    if command != "render" or missing or not cli.endswith("remotion-cli.js"):
        print(f"Error: not asked as agreed: {command} {missing}", file=sys.stderr)
        return 1
    props = json.loads(Path(given["props"]).read_text(encoding="utf-8"))
    public, out = Path(given["public-dir"]), Path(target)
    Path("out/asked.json").write_text(json.dumps({"given": given, "props": props}), encoding="utf-8")
    Path("out/seen.txt").write_text("\n".join(str(one.relative_to(public)) for one in public.rglob("*.*")))
    frames, width, height = (int(given[name]) for name in ("duration", "width", "height"))
    print("Bundling 6%\nBundling 100%\nGetting composition", flush=True)
    if composition in ("Hangs", "Detaches"):
        subprocess.Popen(["sleep", "300"], start_new_session=composition == "Detaches")
        Path("out/hanging").touch()
        time.sleep(300 if composition == "Hangs" else 0)
    if composition == "Missing":
        print(ERROR, flush=True)
        said = "Error: Could not find composition with ID Missing. Available compositions: Nightdesk"
        print(f"\x1b[41m Error \x1b[49m {said}", file=sys.stderr)
        return 1
    if composition == "NoBrowser":
        print(
            "Error: Failed to launch the browser process!\nError: Closed with 1 signal: null", file=sys.stderr
        )
        return 1
    if composition == "FullDisk":
        print("Error: ENOSPC: no space left on device, write", file=sys.stderr)
        return 1
    if composition == "Calls":
        host, port = Path("out/server.txt").read_text().split(":")
        with socket.create_connection((host, int(port)), timeout=5):
            pass
    for frame in range(frames + 1):
        print(f"Rendered {frame}/{frames}, time remaining: 1s", flush=True)
    frames -= 3 if composition == "Short" else 0
    width //= 2 if composition == "Small" else 1
    if composition != "Nothing":
        drawn(ffmpeg, props, public, out, frames, width // 2 * 2, height)
    if composition == "Half":
        out.write_bytes(out.read_bytes()[: out.stat().st_size // 2])
    print(f"Encoded {frames}/{frames}\n+                    {target} 63 kB", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
