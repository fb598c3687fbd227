"""The constants of the model package, as `model.json` states them.

Everything here is fixed by the package's format or is written into `model.json`; both training
and the page's C++ read the same values.
"""

from dataclasses import dataclass

INPUT_SIZE = 224
"""Width and height of the backbone's picture, in pixels."""

MEAN = (0.485, 0.456, 0.406)
"""Mean of the channels R, G, B, on values of 0..1."""

STD = (0.229, 0.224, 0.225)
"""Standard deviation of the channels R, G, B, on values of 0..1."""

FEATURE_SIZE = 1280
"""Numbers that the backbone gives for a frame."""

RATE = 10
"""Frames looked at in a second of video."""

FRAMES = 20
"""Frames in a window."""

HOP = 10
"""Frames between the starts of two windows."""

RECIPE: dict[str, object] = {
    "input": {
        "width": INPUT_SIZE,
        "height": INPUT_SIZE,
        "resize": "stretch",
        "filter": "bilinear",
        "antialias": True,
        "channel_order": "rgb",
        "mean": list(MEAN),
        "std": list(STD),
    },
    "sampling": {"mode": "by_time", "rate": RATE},
    "window": {"frames": FRAMES, "hop": HOP, "short_clips": "stretch"},
    "feature_size": FEATURE_SIZE,
}
"""What `model.json` says of the way from a clip to windows, for every package trained here."""

NONE = "none"
"""The label that means "none of the actions"."""


@dataclass(frozen=True)
class Label:
    """One thing the model can say."""

    id: str
    title: str
    description: str


LABELS = (
    Label("basketball", "Basketball", "Shooting, dribbling or passing a basketball."),
    Label("biking", "Biking", "Riding a bicycle."),
    Label("diving", "Diving", "Diving into water from a board, a platform or a cliff."),
    Label("golf_swing", "Golf swing", "Swinging a golf club."),
    Label("horse_riding", "Horse riding", "Riding a horse."),
    Label("soccer_juggling", "Soccer juggling", "Keeping a football in the air."),
    Label("swing", "Swing", "Swinging on a swing."),
    Label("tennis_swing", "Tennis swing", "Hitting a tennis ball: a serve or a stroke."),
    Label("trampoline_jumping", "Trampoline jumping", "Jumping on a trampoline."),
    Label("volleyball_spiking", "Volleyball spiking", "Spiking a volleyball over the net."),
    Label("walking", "Walking", "Walking, with or without a dog."),
    Label(NONE, "None of these", "Something else, or nobody doing any of these."),
)
"""The labels of the model `ucf11`, in the order of its logits."""
