"""Calls of native ffmpeg and ffprobe."""

import subprocess
from pathlib import Path


def output_of(*command: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Runs a program to its end, whatever it says."""
    return subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own


def ffmpeg(*arguments: str | Path) -> None:
    """Makes a file, or raises what ffmpeg complains of."""
    done = output_of("ffmpeg", "-nostdin", "-v", "error", "-y", *arguments)
    if done.returncode != 0:
        raise RuntimeError(f"ffmpeg {' '.join(map(str, arguments))}: {done.stderr.decode()}")


def ffmpeg_version() -> str:
    """As ffmpeg tells it: 5.1.9-0+deb12u1."""
    return output_of("ffmpeg", "-version").stdout.split(maxsplit=3)[2].decode()
