"""The files of the corpus: how each is made, and what is true of it by the way it is made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TypedDict

import damage
from picture import draw, write_raw
from PIL import Image
from programs import ffmpeg

RATE = 25.0
FRAMES = 50

# Which decoders the browsers' own WebCodecs have, and in which containers mediabunny finds them.
WEB_CODECS = ("h264", "vp8", "vp9", "av1")
WEB_CONTAINERS = ("mp4", "mov", "3gp", "matroska", "webm", "mpegts")
PICTURES = ("gif", "webp", "avif", "png", "jpeg")

# Containers without presentation times: the n-th picture takes the n-th smallest decoding time.
UNTIMED = ("avi", "es")


@dataclass(frozen=True)
class Recipe:
    """One file. What is not said is as in the scene: 50 pictures of 160x120, 25 a second."""

    name: str
    title: str
    container: str | None
    codec: str | None
    args: tuple[str, ...] = ()
    """Of ffmpeg, between the pictures and the name of the file."""
    needs: str | None = None
    """Another file of the corpus that it is made from; else from drawn pictures."""
    inputs: tuple[str, ...] = ()
    """More of ffmpeg's arguments for its input: before the file that is needed, or of sound."""
    change: damage.Change | None = None
    write: Callable[[Path], None] | None = None
    """Makes the file without ffmpeg."""

    width: int = 160
    height: int = 120
    """Of the upright picture, before it is stretched to its pixel aspect."""
    rate: float = RATE
    frames: int = FRAMES
    rotation: int = 0
    flip: bool = False
    pixel_aspect: float = 1.0

    features: tuple[str, ...] = ()
    family: str | None = None
    error: str | None = None
    ends_early: bool | None = False
    numbers: tuple[int, ...] | None = None
    """Of the pictures that are in the file; 0 to frames - 1 where not said."""
    times: tuple[float, ...] | None = None
    """From the start of the clip; number / rate where not said."""
    lead: float = 0.0
    """Seconds that the sound begins before the picture, where the container does not tell of the
    encoder's priming."""
    damaged_from: int | None = None
    """From this picture on, nothing is sure."""
    duration: float | None = None
    """frames / rate where not said."""
    duration_known: bool = True
    duration_tolerance: float = 0.001
    time_tolerance: float = 0.001
    read: bool = True
    """Whether native ffmpeg 5.1 can read it, so that the index is made from its reading."""
    sources: tuple[str, ...] | None = None

    @property
    def drawn(self) -> tuple[int, ...]:
        """Numbers of the pictures in the file."""
        return self.numbers if self.numbers is not None else tuple(range(self.frames))

    @property
    def starts(self) -> tuple[float, ...]:
        """When each begins."""
        if self.times is not None:
            return self.times
        return tuple(self.lead + n / self.rate for n in self.drawn)

    @property
    def length(self) -> float:
        """Seconds of the clip."""
        return self.duration if self.duration is not None else self.frames / self.rate

    def turned(self, size: tuple[int, int]) -> tuple[int, int]:
        """A size after the rotation, or before it."""
        return size[::-1] if self.rotation % 180 else size

    @property
    def stored(self) -> tuple[int, int]:
        """Pixels in the file."""
        return self.turned((self.width, self.height))

    @property
    def displayed(self) -> tuple[int, int]:
        """After pixel aspect, before rotation."""
        width, height = self.stored
        return round(width * self.pixel_aspect), height

    @property
    def untimed(self) -> bool:
        """Whether the container holds no presentation times."""
        return self.container in UNTIMED

    @property
    def module(self) -> str:
        """What the FFmpeg module can do with it."""
        if self.container in PICTURES:
            return "none"
        if self.error is not None:
            return "refuses"
        if self.codec == "hevc":
            return "hevc"
        return "demuxes" if self.codec in WEB_CODECS else "decodes"

    @property
    def chosen(self) -> tuple[str, ...]:
        """The sources that the page may choose."""
        if self.error is not None:
            return ()
        if self.sources is not None:
            return self.sources
        if self.container in PICTURES:
            return ("image-decoder",)
        if self.codec not in WEB_CODECS:
            return ("ffmpeg-module",)
        return ("webcodecs",) if self.container in WEB_CONTAINERS else ("ffmpeg-webcodecs",)


class Facts(TypedDict, total=False):
    """What several recipes have in common."""

    width: int
    height: int
    rate: float
    frames: int
    rotation: int
    pixel_aspect: float
    features: tuple[str, ...]
    ends_early: bool | None
    numbers: tuple[int, ...]
    times: tuple[float, ...]
    damaged_from: int
    duration: float
    duration_known: bool
    duration_tolerance: float
    time_tolerance: float
    change: damage.Change
    read: bool


H264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "16", "-pix_fmt", "yuv420p", "-g", "12")
H264_B = (*H264, "-bf", "2")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "14", "-g", "12")
HEVC_LOG = "log-level=error:pools=none:frame-threads=1"
HEVC_B = (*HEVC, "-pix_fmt", "yuv420p", "-x265-params", f"{HEVC_LOG}:bframes=2")
VP8 = ("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M", "-g", "12")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "1M", "-g", "12")
AV1 = ("-c:v", "libaom-av1", "-usage", "realtime", "-cpu-used", "8", "-b:v", "800k", "-g", "25")
MPEG4 = ("-c:v", "mpeg4", "-q:v", "3", "-g", "12")
MPEG4_B = (*MPEG4, "-bf", "2")
MPEG1 = ("-c:v", "mpeg1video", "-q:v", "3", "-g", "12")
MPEG2 = ("-c:v", "mpeg2video", "-q:v", "3", "-g", "12")
MPEG2_B = (*MPEG2, "-bf", "2")
MJPEG = ("-c:v", "mjpeg", "-q:v", "3")
COPY = ("-c", "copy")
ANNEX_B_STREAM = (*COPY, "-bsf:v", "h264_mp4toannexb", "-f", "vob")
PLAYABLE = ("-movflags", "+faststart")

BIG_DV: Facts = {"width": 720, "height": 576, "frames": 8, "pixel_aspect": 16 / 15}


def raw_input(path: Path, width: int, height: int, rate: float) -> tuple[str | Path, ...]:
    """Arguments of ffmpeg for pictures as write_raw writes them."""
    shape = ("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{width}x{height}")
    exact = Fraction(rate).limit_denominator(1001)
    return (*shape, "-framerate", str(exact), "-i", path)


def sound(seconds: float) -> tuple[str, ...]:
    """A tone, as another input."""
    return ("-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}")


# Uneven distances: of every seven pictures, three are left out.
UNEVEN = ("-vf", "select='not(between(mod(n,7),2,4))'", "-fps_mode", "vfr")
KEPT = tuple(n for n in range(FRAMES) if not 2 <= n % 7 <= 4)


def growing(*args: str) -> Callable[[Path], None]:
    """A file whose picture is larger from its middle on: two files one after the other."""

    def write(path: Path) -> None:
        parts = []
        for index, (width, height) in enumerate([(160, 120), (240, 180)]):
            raw = path.with_name(f"part{index}-{path.name}.raw")
            part = path.with_name(f"part{index}-{path.name}")
            write_raw(raw, range(25 * index, 25 * index + 25), (width, height), (0, False))
            ffmpeg(
                *raw_input(raw, width, height, RATE), *args, "-output_ts_offset", str(index), part
            )
            parts.append(part.read_bytes())
            raw.unlink()
            part.unlink()
        path.write_bytes(b"".join(parts))

    return write


def scene() -> list[Recipe]:
    """One scene in many containers: the very same coded pictures, or lossless copies of them."""
    copies = [
        Recipe("scene.mp4", "H.264 in MP4", "mp4", "h264", (*H264_B, *PLAYABLE)),
        Recipe("scene.mov", "H.264 in QuickTime", "mov", "h264", COPY),
        Recipe("scene.mkv", "H.264 in Matroska", "matroska", "h264", COPY),
        Recipe("scene.ts", "H.264 in a transport stream", "mpegts", "h264", COPY),
        Recipe("scene.avi", "H.264 with B-frames in AVI", "avi", "h264", COPY),
        Recipe("scene.flv", "H.264 in Flash video", "flv", "h264", COPY),
        Recipe("scene.wmv", "H.264 in ASF", "asf", "h264", COPY, duration_tolerance=0.1),
        Recipe("scene.3gp", "H.264 in 3GP", "3gp", "h264", COPY),
        Recipe("scene.mpg", "H.264 in a program stream", "mpeg", "h264", ANNEX_B_STREAM),
        Recipe("scene.h264", "H.264 without a container", "es", "h264", COPY),
        Recipe("scene_ffv1.mkv", "FFV1 in Matroska", "matroska", "ffv1", ("-c:v", "ffv1")),
        Recipe("scene_ffv1.avi", "FFV1 in AVI", "avi", "ffv1", ("-c:v", "ffv1")),
        Recipe("scene_raw.avi", "raw pictures in AVI", "avi", "rawvideo", ("-c:v", "rawvideo")),
        Recipe("scene_ffvhuff.avi", "FFVHuff in AVI", "avi", "ffvhuff", ("-c:v", "ffvhuff")),
    ]
    return [
        replace(
            recipe,
            needs=None if recipe.name == "scene.mp4" else "scene.mp4",
            features=("b-frames",) if recipe.codec == "h264" else ("lossless",),
            family="scene",
        )
        for recipe in copies
    ]


def codecs() -> list[Recipe]:
    """Containers by codecs."""
    yuv = ("-pix_fmt", "yuv420p")
    return [
        Recipe(
            "hevc.mp4", "HEVC, as an iPhone tags it", "mp4", "hevc", (*HEVC_B, "-tag:v", "hvc1")
        ),
        Recipe(
            *("hevc10.mkv", "HEVC of 10 bits", "matroska", "hevc"),
            (*HEVC, "-pix_fmt", "yuv420p10le", "-x265-params", f"{HEVC_LOG}:bframes=2"),
            features=("10-bit",),
        ),
        Recipe("hevc.ts", "HEVC in a transport stream", "mpegts", "hevc", COPY, "hevc.mp4"),
        Recipe(
            "hevc.mov", "HEVC in QuickTime", "mov", "hevc", (*COPY, "-tag:v", "hvc1"), "hevc.mp4"
        ),
        Recipe("av1.mp4", "AV1 in MP4", "mp4", "av1", (*AV1, *yuv)),
        Recipe("av1.webm", "AV1 in WebM", "webm", "av1", COPY, "av1.mp4"),
        Recipe("vp9.webm", "VP9 in WebM", "webm", "vp9", (*VP9, *yuv)),
        Recipe("vp9.mp4", "VP9 in MP4", "mp4", "vp9", COPY, "vp9.webm"),
        Recipe("vp8.webm", "VP8 in WebM", "webm", "vp8", (*VP8, *yuv)),
        Recipe("vp8.avi", "VP8 in AVI", "avi", "vp8", COPY, "vp8.webm"),
        Recipe(
            "theora.ogv", "Theora in Ogg", "ogg", "theora", ("-c:v", "libtheora", "-q:v", "9", *yuv)
        ),
        Recipe("mpeg4.mp4", "MPEG-4 Part 2 in MP4", "mp4", "mpeg4", MPEG4),
        Recipe("mpeg4.avi", "MPEG-4 Part 2 in AVI", "avi", "mpeg4", MPEG4),
        Recipe(
            *("mpeg4_b.avi", "MPEG-4 Part 2 with B-frames in AVI", "avi", "mpeg4", MPEG4_B),
            features=("b-frames",),
        ),
        Recipe("mpeg4.mkv", "MPEG-4 Part 2 in Matroska", "matroska", "mpeg4", MPEG4),
        Recipe(
            "mpeg4.m4v", "MPEG-4 Part 2 without a container", "es", "mpeg4", (*MPEG4, "-f", "m4v")
        ),
        Recipe(
            "msmpeg4v2.avi",
            "Microsoft MPEG-4 v2",
            "avi",
            "msmpeg4v2",
            ("-c:v", "msmpeg4v2", "-q:v", "3"),
        ),
        Recipe(
            "msmpeg4v3.avi",
            "Microsoft MPEG-4 v3",
            "avi",
            "msmpeg4v3",
            ("-c:v", "msmpeg4", "-q:v", "3"),
        ),
        Recipe(
            *("msmpeg4v3.asf", "Microsoft MPEG-4 v3 in ASF", "asf", "msmpeg4v3"),
            ("-c:v", "msmpeg4", "-q:v", "3"),
        ),
        Recipe("wmv1.wmv", "Windows Media Video 7", "asf", "wmv1", ("-c:v", "wmv1", "-q:v", "3")),
        Recipe("wmv2.wmv", "Windows Media Video 8", "asf", "wmv2", ("-c:v", "wmv2", "-q:v", "3")),
        Recipe(
            "wmv2.avi", "Windows Media Video 8 in AVI", "avi", "wmv2", ("-c:v", "wmv2", "-q:v", "3")
        ),
        Recipe("mjpeg.avi", "Motion JPEG in AVI", "avi", "mjpeg", (*MJPEG, "-pix_fmt", "yuvj420p")),
        Recipe(
            "mjpeg.mov",
            "Motion JPEG in QuickTime",
            "mov",
            "mjpeg",
            (*MJPEG, "-pix_fmt", "yuvj422p"),
        ),
        Recipe(
            *("mjpeg.mjpeg", "Motion JPEG without a container", "es", "mjpeg"),
            (*MJPEG, "-pix_fmt", "yuvj420p"),
        ),
        Recipe(
            "huffyuv.avi", "HuffYUV", "avi", "huffyuv", ("-c:v", "huffyuv", "-pix_fmt", "yuv422p")
        ),
        Recipe(
            "rgb.avi",
            "raw RGB in AVI",
            "avi",
            "rawvideo",
            ("-c:v", "rawvideo", "-pix_fmt", "bgr24"),
        ),
        Recipe("cinepak.avi", "Cinepak", "avi", "cinepak", ("-c:v", "cinepak"), frames=20),
        Recipe("msvideo1.avi", "Microsoft Video 1", "avi", "msvideo1", ("-c:v", "msvideo1")),
        Recipe("dv.dv", "DV", "dv", "dvvideo", ("-c:v", "dvvideo", *yuv), **BIG_DV),
        Recipe("dv.avi", "DV in AVI", "avi", "dvvideo", COPY, "dv.dv", **BIG_DV),
        Recipe("mpeg1.mpg", "MPEG-1 program stream", "mpeg", "mpeg1video", MPEG1),
        Recipe(
            *("mpeg2.mpg", "MPEG-2 program stream", "mpeg", "mpeg2video", (*MPEG2_B, "-f", "vob")),
            features=("b-frames", "open-gop"),
        ),
        Recipe(
            *("mpeg2.ts", "MPEG-2 transport stream", "mpegts", "mpeg2video", MPEG2_B),
            features=("b-frames", "open-gop"),
        ),
        Recipe("mpeg1.m1v", "MPEG-1 without a container", "es", "mpeg1video", MPEG1),
        Recipe(
            *("mpeg2.m2v", "MPEG-2 without a container", "es", "mpeg2video", MPEG2_B),
            features=("b-frames",),
        ),
        Recipe(
            "flv1.flv", "Sorenson H.263 in Flash video", "flv", "flv1", ("-c:v", "flv", "-q:v", "3")
        ),
        Recipe(
            *("h263.3gp", "H.263 in 3GP", "3gp", "h263", ("-c:v", "h263", "-q:v", "3")),
            width=176,
            height=144,
            pixel_aspect=12 / 11,
        ),
        Recipe(
            "svq1.mov", "Sorenson Video 1", "mov", "svq1", ("-c:v", "svq1", "-q:v", "3"), frames=20
        ),
        Recipe("qtrle.mov", "QuickTime Animation", "mov", "qtrle", ("-c:v", "qtrle"), frames=20),
        Recipe(
            "rpza.mov",
            "Apple Video",
            "mov",
            "rpza",
            ("-c:v", "rpza", "-skip_frame_thresh", "0"),
            frames=20,
            width=176,
            height=144,
        ),
        Recipe(
            "prores.mov",
            "ProRes",
            "mov",
            "prores",
            ("-c:v", "prores", "-profile:v", "1", "-pix_fmt", "yuv422p10le"),
            frames=20,
        ),
    ]


def pictures() -> list[Recipe]:
    """What ImageDecoder reads. Native ffmpeg 5.1 does not read all of them."""

    def webp(path: Path) -> None:
        drawn = [Image.fromarray(draw(n, 160, 120)) for n in range(10)]
        drawn[0].save(path, save_all=True, append_images=drawn[1:], duration=100, quality=90)

    def still(path: Path) -> None:
        Image.fromarray(draw(3, 160, 120)).save(path, quality=95)

    ten: Facts = {"rate": 10.0, "frames": 10, "features": ("animated",), "read": False}
    one: Facts = {"frames": 1, "numbers": (3,), "times": (0.0,), "duration": 0.0, "read": False}
    return [
        Recipe("animated.gif", "animated GIF", "gif", "gif", ("-f", "gif"), **ten),
        Recipe("animated.webp", "animated WebP", "webp", "webp", write=webp, **ten),
        Recipe(
            "animated.avif", "AVIF sequence", "avif", "av1", (*AV1, "-pix_fmt", "yuv420p"), **ten
        ),
        Recipe("still.png", "PNG", "png", "png", write=still, **one),
        Recipe("still.jpg", "JPEG", "jpeg", "mjpeg", write=still, **one),
        Recipe("still.webp", "WebP", "webp", "webp", write=still, **one),
        Recipe("still.avif", "AVIF", "avif", "av1", write=still, **one),
        Recipe("still.gif", "GIF of one picture", "gif", "gif", write=still, **one),
    ]


def geometry() -> list[Recipe]:
    """Turned, mirrored, odd and stretched pictures, and formats of pixels."""
    turns = [
        Recipe(
            name=f"turned{rotation}{'_mirrored' if flip else ''}.mp4",
            title=f"the phone turned by {rotation} degrees{', mirrored' if flip else ''}",
            container="mp4",
            codec="h264",
            args=H264_B,
            change=damage.turned(rotation, flip=flip),
            rotation=rotation,
            flip=flip,
            width=120 if rotation % 180 else 160,
            height=160 if rotation % 180 else 120,
            features=("rotation", "flip") if flip else ("rotation",),
        )
        for rotation, flip in [(90, False), (180, False), (270, False), (0, True), (90, True)]
    ]
    upright: Facts = {
        "width": 120,
        "height": 160,
        "features": ("rotation",),
        "rotation": 90,
        "change": damage.turned(90, flip=False),
    }
    odd: Facts = {"width": 161, "height": 121, "features": ("odd-size",)}
    aspect: Facts = {"pixel_aspect": 4 / 3, "features": ("pixel-aspect",)}
    stretch = ("-vf", "setsar=4/3")
    high: Facts = {"width": 1280, "height": 720, "frames": 6, "features": ("720-lines",)}
    return [
        *turns,
        Recipe("turned90_hevc.mov", "HEVC, turned", "mov", "hevc", HEVC_B, **upright),
        Recipe("turned90_mpeg4.mov", "MPEG-4, turned", "mov", "mpeg4", MPEG4_B, **upright),
        Recipe("odd.avi", "odd size, MPEG-4", "avi", "mpeg4", MPEG4, **odd),
        Recipe("odd.webm", "odd size, VP9", "webm", "vp9", (*VP9, "-pix_fmt", "yuv420p"), **odd),
        Recipe(
            *("odd_huffyuv.mkv", "odd height, HuffYUV", "matroska", "huffyuv"),
            ("-c:v", "huffyuv", "-pix_fmt", "rgb24"),
            **odd,
        ),
        Recipe("aspect.mp4", "oblong pixels", "mp4", "h264", (*stretch, *H264_B), **aspect),
        Recipe("aspect.mkv", "oblong pixels", "matroska", "h264", COPY, "aspect.mp4", **aspect),
        Recipe("aspect.avi", "oblong pixels, MPEG-4", "avi", "mpeg4", (*stretch, *MPEG4), **aspect),
        Recipe(
            *("aspect.mpg", "oblong pixels, MPEG-2", "mpeg", "mpeg2video"),
            ("-aspect", "16:9", *MPEG2_B, "-f", "vob"),
            **aspect,
        ),
        Recipe(
            *("interlaced.mpg", "interlaced MPEG-2", "mpeg", "mpeg2video"),
            (*MPEG2_B, "-flags", "+ildct+ilme", "-top", "1", "-f", "vob"),
            features=("interlaced",),
            duration_tolerance=0.05,
        ),
        Recipe(
            *("interlaced.mp4", "interlaced H.264", "mp4", "h264"),
            (*H264_B, "-flags", "+ildct+ilme", "-x264-params", "tff=1"),
            features=("interlaced",),
        ),
        Recipe(
            *("yuv422.mp4", "H.264 of 4:2:2", "mp4", "h264", (*H264_B, "-pix_fmt", "yuv422p")),
            features=("4:2:2",),
            sources=("webcodecs", "ffmpeg-webcodecs", "video-element"),
        ),
        Recipe(
            *("yuv444.mp4", "H.264 of 4:4:4", "mp4", "h264", (*H264_B, "-pix_fmt", "yuv444p")),
            features=("4:4:4",),
            sources=("webcodecs", "ffmpeg-webcodecs", "video-element"),
        ),
        Recipe(
            *("full_range.mp4", "H.264 of full range", "mp4", "h264"),
            (*H264_B, "-pix_fmt", "yuvj420p", "-color_range", "pc"),
            features=("full-range",),
        ),
        Recipe(
            *("bt709.mp4", "MPEG-4 that names BT.709 below 720 lines", "mp4", "mpeg4"),
            (
                *("-vf", "scale=out_color_matrix=bt709,format=yuv420p", *MPEG4),
                *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
            ),
            features=("matrix",),
        ),
        Recipe("high.avi", "MPEG-4 of 720 lines", "avi", "mpeg4", MPEG4, **high),
        Recipe("high_mjpeg.avi", "Motion JPEG of 720 lines", "avi", "mjpeg", MJPEG, **high),
        Recipe(
            *("grows.ts", "the picture's size changes", "mpegts", "h264"),
            write=growing(*H264, "-bf", "0"),
            features=("size-change",),
        ),
        Recipe(
            *("grows.mjpeg", "the picture's size changes", "es", "mjpeg"),
            write=growing(*MJPEG, "-pix_fmt", "yuvj420p"),
            features=("size-change",),
        ),
    ]


def timing() -> list[Recipe]:
    """Rates, gaps, shifts, edit lists, and sound beside the picture."""
    pcm = ("-c:a", "pcm_s16le")
    aac = ("-c:a", "aac")
    trimmed = tuple(range(17, FRAMES))
    rough = 0.05

    def shown(recipe: Recipe) -> Recipe:
        """With what the uneven clips have in common."""
        return replace(
            recipe,
            args=(*UNEVEN, *recipe.args),
            numbers=KEPT,
            duration=(KEPT[-1] + 1) / RATE,
            features=("vfr",),
            duration_tolerance=0.2,
        )

    return [
        Recipe("15.mp4", "15 a second", "mp4", "h264", H264_B, rate=15.0, frames=30),
        Recipe("23_976.mp4", "film", "mp4", "h264", H264_B, rate=24000 / 1001, frames=48),
        Recipe(
            "23_976.mkv",
            "film, in milliseconds",
            "matroska",
            "h264",
            COPY,
            "23_976.mp4",
            rate=24000 / 1001,
            frames=48,
            duration_tolerance=0.05,
        ),
        Recipe(
            "29_97.avi", "29.97 a second", "avi", "mpeg4", MPEG4_B, rate=30000 / 1001, frames=60
        ),
        Recipe(
            "29_97.mpg",
            "29.97 a second",
            "mpeg",
            "mpeg1video",
            MPEG1,
            rate=30000 / 1001,
            frames=60,
            duration_tolerance=0.05,
        ),
        Recipe("60.mp4", "60 a second", "mp4", "h264", H264_B, rate=60.0, frames=120),
        Recipe("60.avi", "60 a second", "avi", "mpeg4", MPEG4, rate=60.0, frames=120),
        shown(Recipe("uneven.mp4", "uneven distances", "mp4", "h264", H264_B)),
        shown(Recipe("uneven.mkv", "uneven distances", "matroska", "mpeg4", MPEG4)),
        shown(Recipe("uneven.avi", "uneven distances: AVI repeats", "avi", "mpeg4", MPEG4)),
        shown(
            Recipe("uneven.wmv", "uneven distances", "asf", "wmv2", ("-c:v", "wmv2", "-q:v", "3"))
        ),
        shown(
            Recipe("uneven.flv", "uneven distances", "flv", "flv1", ("-c:v", "flv", "-q:v", "3"))
        ),
        Recipe(
            *("pyramid.mp4", "a pyramid of B-frames in open groups", "mp4", "h264"),
            (*H264, "-bf", "5", "-x264-params", "open-gop=1:b-pyramid=normal"),
            features=("b-frames", "open-gop"),
        ),
        Recipe(
            "one_key.mp4",
            "one key frame only",
            "mp4",
            "h264",
            (*H264_B, "-g", "250"),
            features=("long-gop",),
        ),
        Recipe(
            "one_key.avi",
            "one key frame only",
            "avi",
            "mpeg4",
            (*MPEG4, "-g", "250"),
            features=("long-gop",),
        ),
        Recipe(
            "all_keys.mp4",
            "key frames only",
            "mp4",
            "h264",
            (*H264, "-g", "1"),
            features=("key-frames-only",),
        ),
        Recipe(
            "fragments.mp4",
            "MP4 in fragments",
            "mp4",
            "h264",
            (*COPY, "-movflags", "frag_keyframe+empty_moov+default_base_moof"),
            "scene.mp4",
            features=("fragments",),
            duration_tolerance=0.1,
        ),
        Recipe(
            "live.webm",
            "WebM that does not tell its length",
            "webm",
            "vp8",
            (*COPY, "-live", "1"),
            "vp8.webm",
            features=("no-duration",),
            duration_tolerance=0.05,
        ),
        Recipe(
            "live.mkv",
            "Matroska that does not tell its length",
            "matroska",
            "mpeg4",
            (*COPY, "-live", "1"),
            "mpeg4.mkv",
            features=("no-duration",),
            duration_tolerance=0.05,
        ),
        Recipe(
            "later.ts",
            "starts at 7 s",
            "mpegts",
            "h264",
            (*COPY, "-output_ts_offset", "7"),
            "scene.mp4",
            features=("late-start", "b-frames"),
        ),
        Recipe(
            "later.mkv",
            "starts at 7 s",
            "matroska",
            "h264",
            (*COPY, "-output_ts_offset", "7"),
            "scene.mp4",
            features=("late-start", "b-frames"),
        ),
        Recipe(
            "later.mpg",
            "starts at 7 s",
            "mpeg",
            "mpeg2video",
            (*COPY, "-output_ts_offset", "7", "-f", "vob"),
            "mpeg2.mpg",
            features=("late-start", "b-frames"),
        ),
        Recipe(
            "wraps.ts",
            "its clock wraps round in the middle",
            "mpegts",
            "mpeg2video",
            (*COPY, "-output_ts_offset", "95441.3"),
            "mpeg2.ts",
            features=("late-start", "wrap"),
        ),
        Recipe(
            "trimmed.mp4",
            "an edit list begins between key frames",
            "mp4",
            "h264",
            COPY,
            "one_key.mp4",
            inputs=("-ss", "0.68"),
            numbers=trimmed,
            times=tuple((n - 17) / RATE for n in trimmed),
            duration=33 / RATE,
            features=("edit-list",),
            duration_tolerance=0.05,
        ),
        Recipe(
            "trimmed_mpeg4.mov",
            "an edit list begins between key frames, MPEG-4",
            "mov",
            "mpeg4",
            COPY,
            "one_key.avi",
            inputs=("-ss", "0.68"),
            numbers=trimmed,
            times=tuple((n - 17) / RATE for n in trimmed),
            duration=33 / RATE,
            features=("edit-list",),
            duration_tolerance=0.05,
        ),
        Recipe(
            "delayed.mp4",
            "the picture begins half a second after the sound",
            "mp4",
            "h264",
            ("-map", "1:v", "-map", "0:a", "-c:v", "copy", *aac),
            "scene.mp4",
            inputs=(*sound(2.5), "-itsoffset", "0.5"),
            times=tuple(0.5 + n / RATE for n in range(FRAMES)),
            duration=2.5,
            features=("edit-list", "sound"),
            duration_tolerance=rough,
        ),
        Recipe(
            "delayed_mpeg4.mov",
            "the picture begins half a second after the sound, MPEG-4",
            "mov",
            "mpeg4",
            ("-map", "1:v", "-map", "0:a", "-c:v", "copy", *aac),
            "mpeg4.mp4",
            inputs=(*sound(2.5), "-itsoffset", "0.5"),
            times=tuple(0.5 + n / RATE for n in range(FRAMES)),
            duration=2.5,
            features=("edit-list", "sound"),
            duration_tolerance=rough,
        ),
        Recipe(
            "sound_longer.mp4",
            "sound goes on after the picture",
            "mp4",
            "h264",
            (*H264_B, *aac),
            inputs=sound(3),
            duration=3.0,
            features=("sound", "sound-longer"),
            duration_tolerance=rough,
        ),
        Recipe(
            "sound_longer.avi",
            "sound goes on after the picture",
            "avi",
            "mpeg4",
            (*MPEG4, *pcm),
            inputs=sound(3),
            duration=3.0,
            features=("sound", "sound-longer"),
            duration_tolerance=rough,
        ),
        Recipe(
            "sound_longer.wmv",
            "sound goes on after the picture",
            "asf",
            "wmv2",
            ("-c:v", "wmv2", "-q:v", "3", "-c:a", "wmav2"),
            lead=0.046,
            inputs=sound(3),
            duration=3.0,
            features=("sound", "sound-longer"),
            duration_tolerance=0.2,
        ),
        Recipe(
            "sound_shorter.mkv",
            "the picture goes on after the sound",
            "matroska",
            "mpeg4",
            (*MPEG4, *aac),
            lead=0.023,
            inputs=sound(1),
            features=("sound", "sound-shorter"),
            duration_tolerance=rough,
        ),
        Recipe(
            "sound_shorter.mpg",
            "the picture goes on after the sound",
            "mpeg",
            "mpeg1video",
            (*MPEG1, "-c:a", "mp2"),
            lead=0.010911,
            inputs=sound(1),
            features=("sound", "sound-shorter"),
            duration_tolerance=rough,
        ),
        Recipe(
            "sound.flv",
            "Flash video with sound",
            "flv",
            "flv1",
            ("-c:v", "flv", "-q:v", "3", "-c:a", "libmp3lame", "-ar", "44100"),
            lead=0.025,
            inputs=sound(2),
            features=("sound",),
            duration_tolerance=rough,
        ),
        Recipe(
            "sound.mov",
            "QuickTime with sound",
            "mov",
            "svq1",
            ("-c:v", "svq1", "-q:v", "3", *pcm),
            inputs=sound(0.8),
            frames=20,
            features=("sound",),
            duration_tolerance=rough,
        ),
        Recipe(
            "long.mp4",
            "longer than a minute",
            "mp4",
            "h264",
            (*H264_B, "-g", "25", "-sc_threshold", "0"),
            rate=5.0,
            frames=320,
            features=("long",),
        ),
        Recipe(
            "long.avi",
            "longer than a minute",
            "avi",
            "mpeg4",
            (*MPEG4, "-g", "25"),
            rate=5.0,
            frames=320,
            features=("long",),
        ),
        Recipe("one_frame.avi", "one picture", "avi", "mpeg4", MPEG4, frames=1),
        Recipe(
            "one_frame.mpg",
            "one picture",
            "mpeg",
            "mpeg1video",
            MPEG1,
            frames=1,
            duration_tolerance=0.05,
        ),
    ]


def cut_short() -> list[Recipe]:
    """Broken files of which something can be read."""
    half = damage.kept(0.55)
    early: Facts = {
        "change": half,
        "ends_early": True,
        "features": ("fault", "truncated"),
        "damaged_from": 20,
    }
    # Streams announce no length: what is there is the whole of it.
    stream: Facts = {
        **early,
        "ends_early": False,
        "duration_known": False,
    }
    hit: Facts = {
        "features": ("fault", "garbage"),
        "damaged_from": 20,
        "ends_early": None,
        "duration_known": False,
        "change": damage.garbage(0.6, 400),
    }
    # What comes before the first key frame that is there cannot be shown; whether it counts as the
    # start of the clip is open.
    front: Facts = {
        "features": ("fault", "front-missing"),
        "numbers": tuple(range(24, FRAMES)),
        "times": tuple(n / RATE for n in range(FRAMES - 24)),
        "time_tolerance": 0.6,
        "duration_known": False,
        "change": damage.from_part(0.3),
    }
    return [
        Recipe(
            "truncated.mp4",
            "the second half is missing",
            "mp4",
            "h264",
            (*COPY, *PLAYABLE),
            "scene.mp4",
            **early,
        ),
        Recipe(
            "truncated_mpeg4.mp4",
            "the second half is missing",
            "mp4",
            "mpeg4",
            (*COPY, *PLAYABLE),
            "mpeg4.mp4",
            **early,
        ),
        Recipe(
            "truncated.avi",
            "the second half is missing, with the index",
            "avi",
            "mpeg4",
            COPY,
            "mpeg4.avi",
            **(early | {"duration_known": False}),
        ),
        Recipe(
            "truncated.mkv",
            "the second half is missing, with the cues",
            "matroska",
            "mpeg4",
            COPY,
            "mpeg4.mkv",
            **early,
        ),
        Recipe(
            "truncated.wmv", "the second half is missing", "asf", "wmv2", COPY, "wmv2.wmv", **early
        ),
        Recipe(
            "truncated.flv", "the second half is missing", "flv", "flv1", COPY, "flv1.flv", **early
        ),
        Recipe(
            "truncated.mpg",
            "the second half is missing",
            "mpeg",
            "mpeg1video",
            COPY,
            "mpeg1.mpg",
            **stream,
        ),
        Recipe(
            "truncated.ts",
            "the second half is missing",
            "mpegts",
            "mpeg2video",
            COPY,
            "mpeg2.ts",
            **stream,
        ),
        Recipe(
            "front_missing.mpg",
            "the first third is missing",
            "mpeg",
            "mpeg1video",
            COPY,
            "mpeg1.mpg",
            **front,
        ),
        Recipe(
            "front_missing.ts",
            "the first third is missing",
            "mpegts",
            "mpeg2video",
            COPY,
            "mpeg2.ts",
            **front,
        ),
        Recipe(
            "index_zeroed.avi",
            "the index is all zeros",
            "avi",
            "mpeg4",
            COPY,
            "mpeg4.avi",
            change=damage.index_zeroed,
            features=("fault", "broken-index"),
        ),
        Recipe(
            "index_missing.avi",
            "the index is missing",
            "avi",
            "mpeg4",
            COPY,
            "mpeg4_b.avi",
            change=damage.index_removed,
            duration_tolerance=0.05,
            features=("fault", "broken-index", "b-frames"),
        ),
        Recipe(
            "no_rate.avi",
            "0 frames a second in its headers",
            "avi",
            "mpeg4",
            COPY,
            "mpeg4.avi",
            change=damage.without_rate,
            features=("fault", "no-rate"),
            duration_tolerance=0.1,
        ),
        Recipe(
            "lies.mp4",
            "announces ten times its length",
            "mp4",
            "h264",
            COPY,
            "scene.mp4",
            change=damage.announcing(10),
            features=("fault", "lies"),
            duration_known=False,
            ends_early=None,
        ),
        Recipe(
            "lies_mpeg4.mp4",
            "announces ten times its length, MPEG-4",
            "mp4",
            "mpeg4",
            COPY,
            "mpeg4.mp4",
            change=damage.announcing(10),
            features=("fault", "lies"),
            duration_known=False,
            ends_early=None,
        ),
        Recipe(
            "lies.avi",
            "announces ten times its frames",
            "avi",
            "mpeg4",
            COPY,
            "mpeg4.avi",
            change=damage.announcing_frames(500),
            features=("fault", "lies"),
            duration_known=False,
            ends_early=None,
        ),
        Recipe("hit.avi", "noise in the middle", "avi", "mpeg4", COPY, "mpeg4.avi", **hit),
        Recipe("hit.mpg", "noise in the middle", "mpeg", "mpeg1video", COPY, "mpeg1.mpg", **hit),
        Recipe(
            "hit.mp4", "noise in the middle", "mp4", "h264", (*COPY, *PLAYABLE), "scene.mp4", **hit
        ),
        Recipe("hit.mkv", "noise in the middle", "matroska", "mpeg4", COPY, "mpeg4.mkv", **hit),
        Recipe("hit.wmv", "noise in the middle", "asf", "wmv2", COPY, "wmv2.wmv", **hit),
    ]


def refused() -> list[Recipe]:
    """Files that give an error, each by its own code."""

    def text(path: Path) -> None:
        path.write_text("This is a letter, not a film.\n" * 100)

    def empty(path: Path) -> None:
        path.write_bytes(b"")

    def senseless(path: Path) -> None:
        path.write_bytes(damage.noise(3, 50_000))

    def hollow(path: Path) -> None:
        path.write_bytes(b"RIFF\xff\xff\0\0AVI LIST" + damage.noise(5, 20_000))

    key = (
        "-encryption_scheme",
        "cenc-aes-ctr",
        "-encryption_key",
        "00112233445566778899aabbccddeeff",
        "-encryption_kid",
        "ffeeddccbbaa99887766554433221100",
    )

    def fault(
        name: str,
        title: str,
        error: str,
        container: str | None,
        codec: str | None,
        args: tuple[str, ...] = (),
        needs: str | None = None,
    ) -> Recipe:
        return Recipe(name, title, container, codec, args, needs, error=error, features=("fault",))

    song = ("-map", "1:a")
    return [
        replace(fault("text.mp4", "a letter", "not-a-video", None, None), write=text),
        replace(fault("noise.mpg", "noise", "not-a-video", None, None), write=senseless),
        replace(fault("empty.mp4", "nothing", "file-empty", None, None), write=empty),
        replace(fault("empty.avi", "nothing", "file-empty", None, None), write=empty),
        replace(
            fault("hollow.avi", "noise behind AVI's first letters", "file-corrupt", "avi", None),
            write=hollow,
        ),
        replace(
            fault(
                "no_moov.mp4",
                "the index at its end is missing",
                "file-corrupt",
                "mp4",
                "h264",
                COPY,
                "scene.mp4",
            ),
            change=damage.kept(0.6),
        ),
        fault(
            "encrypted.mp4",
            "encrypted",
            "file-encrypted",
            "mp4",
            "h264",
            (*COPY, *key),
            "scene.mp4",
        ),
        replace(
            fault(
                "no_frames.avi",
                "no picture at all",
                "clip-empty",
                "avi",
                "mpeg4",
                COPY,
                "mpeg4.avi",
            ),
            change=damage.without_frames,
        ),
        replace(
            fault(
                "wide.avi", "8208 pixels wide", "frame-too-large", "avi", "ffv1", ("-c:v", "ffv1")
            ),
            width=8208,
            height=16,
            frames=2,
        ),
        replace(
            fault("wide.mp4", "8208 pixels wide, H.264", "frame-too-large", "mp4", "h264", H264),
            width=8208,
            height=64,
            frames=2,
        ),
        fault(
            "zmbv.avi",
            "a codec that is not in the module",
            "codec-unsupported",
            "avi",
            "zmbv",
            ("-c:v", "zmbv"),
        ),
        fault("png.mov", "PNG in QuickTime", "codec-unsupported", "mov", "png", ("-c:v", "png")),
        fault(
            "snow.mkv",
            "Snow in Matroska",
            "codec-unsupported",
            "matroska",
            "snow",
            ("-c:v", "snow", "-q:v", "3", "-strict", "-2"),
        ),
        fault(
            "rv10.rm",
            "RealMedia, a container that is not in the module",
            "codec-unsupported",
            "rm",
            "rv10",
            ("-vf", "scale=176:144", "-c:v", "rv10", "-q:v", "3"),
        ),
        *[
            replace(
                fault(
                    f"song.{extension}",
                    f"sound only: {extension}",
                    "no-video-track",
                    container,
                    None,
                    (*song, "-c:a", codec),
                ),
                inputs=sound(1),
            )
            for extension, container, codec in [
                ("mp4", "mp4", "aac"),
                ("avi", "avi", "pcm_s16le"),
                ("wmv", "asf", "wmav2"),
                ("mkv", "matroska", "aac"),
                ("ts", "mpegts", "mp2"),
                ("mp3", "mp3", "libmp3lame"),
                ("wav", "wav", "pcm_s16le"),
            ]
        ],
    ]


def all_recipes() -> list[Recipe]:
    """Every file of the corpus."""
    return [*scene(), *codecs(), *pictures(), *geometry(), *timing(), *cut_short(), *refused()]
