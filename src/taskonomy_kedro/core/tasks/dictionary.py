"""The task dictionary: 26 tasks under the names of the dataset folders and released weights."""

from taskonomy_kedro.core.tasks.task import Family, Label, Mask, Reads, Task

_BYTES = (0.0, 255.0)
_RESPONSE = 65535.0  # stored value of a response of 1


def _map(
    channels: int,
    stored_range: tuple[float, float],
    *,
    is_clipped: bool = False,
    blur_sigma: float = 0.0,
) -> Label:
    return Label(
        kind="regression_map",
        size=channels,
        value_map="linear",
        stored_range=stored_range,
        is_clipped=is_clipped,
        blur_sigma=blur_sigma,
    )


def _dense_task(
    name: str,
    family: Family,
    published_name: str,
    label: Label,
    *,
    domain: str = "",
    reads: Reads | None = None,
    mask: Mask = "none",
    is_source_only: bool = False,
) -> Task:
    """Build a task whose label is a map of numbers, learned by L1 beside a discriminator."""
    return Task(
        name=name,
        family=family,
        published_name=published_name,
        label=label,
        domains=(domain or name,),
        reads=reads or Reads(),
        mask=mask,
        loss="l2" if label.value_map == "standardised" else "l1",
        is_adversarial=True,
        decoder="dense",
        is_source_only=is_source_only,
    )


_PICTURE = _map(3, _BYTES)
_LOG_DEPTH = Label(kind="regression_map", size=1, value_map="log")
_REGIONS = Label(kind="region_map", n_outputs=64)
_POSE = Label(kind="vector", size=6, value_map="standardised")

_FLAT = (
    _dense_task("autoencoding", "2d", "autoencoder", _PICTURE, domain="rgb"),
    _dense_task("denoising", "2d", "denoise", _PICTURE, domain="rgb", reads=Reads(transform="noise")),
    Task(
        name="colorization",
        family="2d",
        published_name="colorization",
        is_source_only=True,
        reads=Reads(transform="lightness"),
        domains=("rgb",),
        label=Label(kind="color_bins", size=313),
        mask="color_weight",
        loss="soft_cross_entropy",
        is_adversarial=True,
        decoder="dense_quarter",
    ),
    _dense_task(
        "inpainting",
        "2d",
        "impainting_whole",
        _PICTURE,
        domain="rgb",
        reads=Reads(transform="hole"),
        is_source_only=True,
    ),
    _dense_task("edge_texture", "2d", "edge2d", _map(1, (0.0, 0.08 * _RESPONSE), is_clipped=True)),
    _dense_task("keypoints2d", "2d", "keypoint2d", _map(1, (0.0, 0.005 * _RESPONSE), is_clipped=True)),
    Task(
        name="segment_unsup2d",
        family="2d",
        published_name="segment2d",
        domains=("segment_unsup2d",),
        label=_REGIONS,
        loss="metric",
        decoder="dense",
    ),
)

_SPATIAL = (
    _dense_task("depth_zbuffer", "3d", "rgb2depth", _LOG_DEPTH, mask="valid_depth"),
    _dense_task("depth_euclidean", "3d", "rgb2mist", _LOG_DEPTH, mask="valid_depth"),
    _dense_task("normal", "3d", "rgb2sfnorm", _PICTURE, mask="valid_depth"),
    _dense_task("reshading", "3d", "reshade", _map(1, _BYTES), mask="valid_depth"),
    _dense_task(
        "curvature",
        "3d",
        "curvature",
        Label(kind="regression_map", size=2, value_map="standardised"),
        domain="principal_curvature",
        mask="valid_depth",
    ),
    _dense_task(
        "edge_occlusion",
        "3d",
        "edge3d",
        _map(1, (0.0, 0.00625 * _RESPONSE), blur_sigma=4.0),
        mask="valid_depth",
    ),
    _dense_task("keypoints3d", "3d", "keypoint3d", _map(1, (0.0, _RESPONSE)), mask="valid_depth"),
    Task(
        name="segment_unsup25d",
        family="3d",
        published_name="segment25d",
        domains=("segment_unsup25d",),
        label=_REGIONS,
        loss="metric",
        decoder="dense",
    ),
)

_GEOMETRIC = (
    Task(
        name="vanishing_point",
        family="geometric",
        published_name="vanishing_point_well_defined",
        domains=("point_info",),
        label=Label(kind="vector", size=9),
        loss="mse",
        decoder="fc2_2048",
    ),
    Task(
        name="room_layout",
        family="geometric",
        published_name="room_layout",
        domains=("point_info",),
        label=Label(kind="vector", size=9, value_map="standardised"),
        mask="label_present",
        loss="mse",
        decoder="fc2_2048",
    ),
    Task(
        name="fixated_pose",
        family="geometric",
        published_name="fix_pose",
        reads=Reads(sampling="fixated_pairs"),
        domains=("point_info",),
        label=_POSE,
        loss="norm",
        decoder="fc2_2048",
    ),
    Task(
        name="nonfixated_pose",
        family="geometric",
        published_name="non_fixated_pose",
        reads=Reads(sampling="nonfixated_pairs"),
        domains=("point_info",),
        label=_POSE,
        loss="norm",
        decoder="fc3_2048",
    ),
    Task(
        name="egomotion",
        family="geometric",
        published_name="ego_motion",
        reads=Reads(sampling="fixated_triplets"),
        domains=("point_info",),
        label=Label(kind="vector", size=18, n_outputs=12, value_map="standardised"),
        loss="cycle_norm",
        decoder="fc3_1024_twice",
    ),
    Task(
        name="point_matching",
        family="geometric",
        published_name="point_match",
        reads=Reads(sampling="matching_pairs"),
        label=Label(kind="class", size=2),
        loss="cross_entropy",
        decoder="fc2_256",
    ),
)

_SOFT_CLASS = Label(kind="soft_class")
_SEMANTIC = (
    Task(
        name="class_object",
        family="semantic",
        published_name="class_1000",
        domains=("class_object",),
        label=_SOFT_CLASS,
        mask="label_present",
        loss="soft_cross_entropy",
        decoder="fc2_2048",
    ),
    Task(
        name="class_scene",
        family="semantic",
        published_name="class_places",
        domains=("class_scene",),
        label=_SOFT_CLASS,
        mask="label_present",
        loss="soft_cross_entropy",
        decoder="fc2_2048",
    ),
    Task(
        name="segment_semantic",
        family="semantic",
        published_name="segmentsemantic_rb",
        domains=("segment_semantic",),
        label=Label(kind="class_map", size=17),
        mask="known_class",
        loss="cross_entropy",
        decoder="dense",
    ),
)

_OTHER = (
    Task(
        name="jigsaw",
        family="other",
        published_name="jigsaw",
        is_source_only=True,
        reads=Reads(transform="tiles"),
        label=Label(kind="class", size=100),
        loss="cross_entropy",
        decoder="fc3_2048",
    ),
    Task(
        name="random_projection",
        family="other",
        published_name="random",
        is_source_only=True,
        label=Label(kind="none"),
        loss="none",
        decoder="none",
    ),
)

TASKS: dict[str, Task] = {task.name: task for task in (*_FLAT, *_SPATIAL, *_GEOMETRIC, *_SEMANTIC, *_OTHER)}
"""The 26 tasks by name: 22 targets, 26 sources.

Source: Zamir et al. 2018, figure 3; roles and names from the released tables and weights; labels,
masks, losses and decoders from the released configurations. Standardisation constants and numbers
of classes of whole images are those of the prepared images.
"""

_PUBLISHED_EXTRA = Task(
    name="class_object_100",
    family="semantic",
    published_name="class_selected",
    is_published_extra=True,
    domains=("class_object",),
    label=Label(kind="soft_class", size=100),
    mask="label_present",
    loss="soft_cross_entropy",
    decoder="fc2_2048",
)


def published_name_to_task() -> dict[str, Task]:
    """Return the task behind every name that the published tables use, `class_object_100` included.

    Example:
        >>> published_name_to_task()["rgb2sfnorm"].name
        'normal'
    """
    return {task.published_name: task for task in (*TASKS.values(), _PUBLISHED_EXTRA)}


def family_of(source: str) -> Family:
    """Return the family a source is drawn in; `other` for sources that are not in the dictionary.

    Example:
        >>> family_of("normal"), family_of("imagenet")
        ('3d', 'other')
    """
    if source == _PUBLISHED_EXTRA.name:
        return _PUBLISHED_EXTRA.family
    return TASKS[source].family if source in TASKS else "other"
