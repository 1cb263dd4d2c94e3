"""What a task is, as data: what it reads, what its label looks like, how it is learned."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from taskonomy_kedro.core.tasks.loss_entries import LOSS_ENTRIES

Family = Literal["2d", "3d", "geometric", "semantic", "other"]
FAMILIES: tuple[Family, ...] = get_args(Family)

Sampling = Literal["images", "fixated_pairs", "nonfixated_pairs", "matching_pairs", "fixated_triplets"]
ValueMap = Literal["linear", "log", "standardised", "none"]
Mask = Literal["none", "valid_depth", "known_class", "label_present", "color_weight"]
Decoder = Literal["dense", "dense_quarter", "fc2_2048", "fc3_2048", "fc2_256", "fc3_1024_twice", "none"]
Role = Literal["source_and_target", "source_only", "published_extra"]

_INPUTS: dict[Sampling, int] = {
    "images": 1,
    "fixated_pairs": 2,
    "nonfixated_pairs": 2,
    "matching_pairs": 2,
    "fixated_triplets": 3,
}
_PICTURES = {"tiles": 9}  # of an image, by transform
_CHANNELS = {"lightness": 1}


@dataclass(frozen=True, kw_only=True)
class Reads:
    """What a task's network reads.

    Attributes:
        sampling: Single images, or a list of pairs or triplets.
        transform: What is done to each image first: noise is added, only its lightness remains, its
            middle is blanked, or it is cut into nine shuffled tiles.
    """

    sampling: Sampling = "images"
    transform: str = "none"

    @property
    def n_inputs(self) -> int:
        """How many pictures go through the encoder for one label: 1, 2, 3, or 9 tiles."""
        return _PICTURES.get(self.transform, self.n_images)

    @property
    def n_images(self) -> int:
        """How many images belong to one label: 1, 2 or 3."""
        return _INPUTS[self.sampling]

    @property
    def n_channels(self) -> int:
        """Channels of each picture."""
        return _CHANNELS.get(self.transform, 3)


@dataclass(frozen=True, kw_only=True)
class Label:
    """What a task's label looks like and how stored numbers become it.

    Attributes:
        kind: Which arrays it has, see `shape`.
        size: Channels of a regression map, classes, or numbers of a vector; None if the
            prepared images decide, as for the classes of whole images.
        n_outputs: Numbers the network puts out per pixel or image where that differs from `size`.
        value_map: How stored numbers become the values learned: a linear map of `stored_range`
            onto [-1, 1], the logarithm that takes 0..65535 to [0, 1], or (x - mean) / std with
            constants from the training split.
        stored_range: For the linear map.
        is_clipped: Values beyond [-1, 1] are cut off.
        blur_sigma: The learned map is smoothed, pixels of a 256-pixel image; 0 = not.
        file_bits: Bits of a number in the image files of a custom map; None if the data set decides.
    """

    kind: str
    size: int | None = None
    n_outputs: int | None = None
    value_map: ValueMap = "none"
    stored_range: tuple[float, float] | None = None
    is_clipped: bool = False
    blur_sigma: float = 0.0
    file_bits: Literal[8, 16] | None = None

    @property
    def known_outputs(self) -> int | None:
        """Numbers a network puts out per pixel or image; None if the prepared labels decide."""
        return self.size if self.n_outputs is None else self.n_outputs


@dataclass(frozen=True, kw_only=True)
class Task:
    """One task of the dictionary.

    Attributes:
        name: Name of the dataset folder and of the released weights, such as `depth_zbuffer`.
        family: The kind of knowledge it asks for; figures are grouped and coloured by it.
        published_name: Its name in the tables published with the paper, such as `rgb2depth`; empty
            for custom tasks.
        is_source_only: Feeds other tasks and is no target by default.
        is_published_extra: Occurs in the published tables but is none of the project's 26 tasks.
        reads: What its network reads.
        domains: Stored domains its label is made from; empty where ids or draws make it.
        label: What the label looks like.
        mask: Which pixels or images count: those with geometry, those of a known class, images that
            have the label; or all, with a weight that favours rare colours.
        loss: Name of the loss.
        is_adversarial: The released networks were trained with a discriminator too.
        decoder: Name of the network behind the encoder.

    Example:
        An entry of the dictionary:

        >>> from taskonomy_kedro.core.tasks import TASKS
        >>> normal = TASKS["normal"]
        >>> normal.family, normal.domains, normal.loss, normal.label.size
        ('3d', ('normal',), 'l1', 3)
    """

    name: str
    family: Family
    published_name: str
    is_source_only: bool = False
    is_published_extra: bool = False
    reads: Reads = field(default_factory=Reads)
    domains: tuple[str, ...] = ()
    label: Label
    mask: Mask = "none"
    loss: str
    is_adversarial: bool = False
    decoder: Decoder

    @property
    def is_custom(self) -> bool:
        """Whether a user added it to the dictionary."""
        return not self.published_name

    @property
    def compares_pixels(self) -> bool:
        """Whether its loss compares drawn pixels of a map."""
        return self.loss in LOSS_ENTRIES and LOSS_ENTRIES[self.loss].compares_pixels

    @property
    def role(self) -> Role:
        """What the task may be in a taxonomy."""
        if self.is_published_extra:
            return "published_extra"
        return "source_only" if self.is_source_only else "source_and_target"

    @property
    def needed_domains(self) -> tuple[str, ...]:
        """All stored domains that training on the task reads, the image and the mask included."""
        masks = ("mask_valid",) if self.mask == "valid_depth" else ()
        return tuple(dict.fromkeys(("rgb", *self.domains, *masks)))
