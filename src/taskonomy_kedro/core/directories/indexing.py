"""Index a directory of images and labels in one pass over its folders."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from pathlib import Path

import numpy as np

from taskonomy_kedro.core.directories.decoding import decode_vector
from taskonomy_kedro.core.directories.exclusion import check_names, known_reasons, nothing_found, why_empty
from taskonomy_kedro.core.directories.files import UnreadableFileError, read_bytes
from taskonomy_kedro.core.directories.formats import (
    ALL_DOMAINS,
    FEWEST_BYTES,
    JSON_FOLDERS,
    NONFIXATED_MATCHES,
    POINT_INFO,
    StoredFormat,
    chosen_formats,
)
from taskonomy_kedro.core.directories.image_selection import choose_images
from taskonomy_kedro.core.directories.index import DirectoryIndex
from taskonomy_kedro.core.directories.splits import SPLITS, Split, read_splits
from taskonomy_kedro.core.directories.walking import (
    FoundFolders,
    LabelFolder,
    find_label_folders,
    list_label_folder,
    number_own_names,
    points_and_views,
)
from taskonomy_kedro.core.labels.class_labels import KEPT_SCENES

_USUAL_LENGTHS = {"class_object": 1000, "class_scene": len(KEPT_SCENES)}
_TRIES = 20  # files looked at to learn the length of a vector domain


@dataclass(frozen=True, kw_only=True, eq=False)
class _BuildingImages:
    """The chosen images of one building."""

    points: np.ndarray
    views: np.ndarray
    has_file: np.ndarray
    folders: dict[str, LabelFolder]
    n_incomplete: int


def index_directory(
    dataset_dir: Path,
    *,
    domains: Iterable[str] = ALL_DOMAINS,
    required: Collection[str] = ("rgb", POINT_INFO),
    split_file: Path | None = None,
    splits: Sequence[Split] = SPLITS,
    buildings: Collection[str] | None = None,
    images_per_building: int | None = None,
    leave_out: Collection[str] = (),
    let_in: Collection[str] = (),
    custom_formats: Collection[StoredFormat] = (),
) -> DirectoryIndex:
    """Find the images of a directory and the labels of each.

    Args:
        dataset_dir: A directory in any known layout, or the folder of one building.
        domains: The labels wanted; `mask_valid` brings `depth_zbuffer` with it, which it is made from.
        required: Images without these are not listed: `rgb`, and `point_info` unless the images are
            one's own. With `rgb` alone, files may have names of their own; they are numbered.
        split_file: Table of buildings; others are not listed. None takes all.
        splits: The splits wanted of it.
        buildings: Take these alone.
        images_per_building: At most so many, chosen by `choose_images`; None takes all.
        leave_out: Buildings not to take.
        let_in: Buildings of `KNOWN_BAD_BUILDINGS` to take all the same.
        custom_formats: A user's own label folders; name them in `domains` too.

    Raises:
        FileNotFoundError: No such directory or split file.
        ValueError: An unknown name, a limit below 1, a split file that names none of the buildings,
            or no building left; the message says what to do. A building without images is left out,
            and `left_out` says why.
    """
    dataset_dir = Path(dataset_dir)
    formats = _formats(domains, custom_formats, images_per_building, required)
    found = find_label_folders(dataset_dir, _domain_of_folder(formats))
    split_of = read_splits(split_file) if split_file else {}
    check_names(dataset_dir, found, split_file, split_of, buildings, leave_out, let_in)
    wanted = [
        name
        for name in sorted({*found.folders, *found.bare})
        if (not split_file or split_of.get(name) in splits) and (buildings is None or name in buildings)
    ]
    left_out = known_reasons(wanted, leave_out, let_in)
    is_chosen = split_file is not None or buildings is not None
    per_building: dict[str, _BuildingImages] = {}
    for name in wanted:
        if name in left_out or not (is_chosen or _may_be_building(name, found)):
            continue
        images = _list_building(name, found, formats, required)
        if isinstance(images, str):
            left_out[name] = images
            continue
        if images_per_building:
            images = _fewer(name, images, images_per_building)
        per_building[name] = images
    if not per_building:
        raise ValueError(nothing_found(dataset_dir, found, left_out, required))
    return _gather(dataset_dir, found, formats, per_building, split_of, left_out)


def _formats(
    domains: Iterable[str],
    custom_formats: Collection[StoredFormat],
    images_per_building: int | None,
    required: Collection[str],
) -> dict[str, StoredFormat]:
    """Check the plain arguments and return the formats to read."""
    if images_per_building is not None and images_per_building < 1:
        raise ValueError(f"images_per_building must be at least 1, got {images_per_building}")
    names = list(domains)
    if "mask_valid" in names:
        names.append("depth_zbuffer")
    formats = chosen_formats(names, custom_formats)
    for name in required:
        if name not in formats and name != POINT_INFO:
            raise ValueError(f"required names {name!r}, which is none of the domains read; add it to them")
    if "rgb" not in required:
        raise ValueError("required must name 'rgb': every image needs its pixels")
    return formats


def _domain_of_folder(formats: Mapping[str, StoredFormat]) -> dict[str, str]:
    """Return every folder name that is looked for; a folder read under no name is still no building."""
    table = {folder: name for name, folders in JSON_FOLDERS.items() for folder in folders}
    everything = chosen_formats(ALL_DOMAINS, ()) | dict(formats)
    return table | {folder: form.name for form in everything.values() for folder in form.folders}


def _may_be_building(name: str, found: FoundFolders) -> bool:
    """Tell a building, maybe an empty one, from a folder of something else."""
    if name in found.folders:
        return True
    return "building/domain" in found.layouts and not any(Path(found.bare[name]).iterdir())


def _list_building(
    name: str,
    found: FoundFolders,
    formats: Mapping[str, StoredFormat],
    required: Collection[str],
) -> _BuildingImages | str:
    """List the folders of one building and match their images, or say why there are none."""
    paths = found.folders.get(name, {})
    extensions = {**{domain: form.extensions for domain, form in formats.items()}, POINT_INFO: (".json",)}
    stems = None
    if set(required) == {"rgb"} and "rgb" in paths:
        listed = list_label_folder(paths["rgb"], extensions["rgb"])
        stems = None if len(listed.codes) else number_own_names(paths["rgb"], extensions["rgb"])
    folders = {
        domain: list_label_folder(paths[domain], ends, stems)
        for domain, ends in extensions.items()
        if domain in paths
    }
    needed = [
        folders[domain].codes if domain in folders else np.empty(0, dtype=np.int64) for domain in required
    ]
    codes = reduce(partial(np.intersect1d, assume_unique=True), needed)
    n_any = len(np.unique(np.concatenate(needed)))
    if not len(codes):
        return why_empty(found.bare.get(name), required, folders)
    has_file = np.zeros((len(codes), len(extensions)), dtype=bool)
    for k, domain in enumerate(extensions):
        if domain in folders:
            has_file[:, k] = np.isin(codes, folders[domain].codes, assume_unique=True)
    points, views = points_and_views(codes)
    kept = {domain: folder.without_codes() for domain, folder in folders.items()}
    if NONFIXATED_MATCHES in paths:
        kept[NONFIXATED_MATCHES] = LabelFolder(
            path=paths[NONFIXATED_MATCHES],
            pattern=("", "", ""),
            codes=np.empty(0, dtype=np.int64),
            exceptions={},
        )
    return _BuildingImages(
        points=points, views=views, has_file=has_file, folders=kept, n_incomplete=n_any - len(codes)
    )


def _fewer(name: str, images: _BuildingImages, n_images: int) -> _BuildingImages:
    rows = choose_images(name, images.points, n_images)
    return replace(
        images, points=images.points[rows], views=images.views[rows], has_file=images.has_file[rows]
    )


def _gather(
    dataset_dir: Path,
    found: FoundFolders,
    formats: Mapping[str, StoredFormat],
    per_building: Mapping[str, _BuildingImages],
    split_of: Mapping[str, Split],
    left_out: Mapping[str, str],
) -> DirectoryIndex:
    images = list(per_building.values())
    counts = [len(one.points) for one in images]
    index = DirectoryIndex(
        dataset_dir=dataset_dir,
        layouts=tuple(sorted(found.layouts)),
        formats=dict(formats),
        buildings=tuple(per_building),
        building=np.repeat(np.arange(len(images), dtype=np.int32), counts),
        point=np.concatenate([one.points for one in images]),
        view=np.concatenate([one.views for one in images]),
        columns=(*formats, POINT_INFO),
        has_file=np.concatenate([one.has_file for one in images]),
        folders={name: one.folders for name, one in per_building.items()},
        splits={name: split_of[name] for name in per_building if name in split_of},
        left_out=left_out,
        vector_lengths={},
        n_incomplete=sum(one.n_incomplete for one in images),
    )
    lengths = {name: _vector_length(index, form) for name, form in formats.items() if form.kind == "vector"}
    return replace(index, vector_lengths=lengths)


def _vector_length(index: DirectoryIndex, form: StoredFormat) -> int:
    """Read the first good file of a vector domain to learn how many numbers it holds, if nobody says."""
    if form.length is not None:
        return form.length
    column = index.columns.index(form.name)
    for row in np.flatnonzero(index.has_file[:, column])[:_TRIES]:
        path = index.files(index.key(int(row))).paths[form.name]
        try:
            content = read_bytes(path)
            if len(content) >= FEWEST_BYTES:
                return len(decode_vector(content, form, path))
        except UnreadableFileError:
            continue
    return _USUAL_LENGTHS.get(form.name, 1)
