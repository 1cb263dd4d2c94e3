"""Index a directory of images and labels in one pass over its folders."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from pathlib import Path

import numpy as np

from taskonomy_kedro.core.directories.data_format import DataFormat
from taskonomy_kedro.core.directories.exclusion import (
    check_names,
    known_reasons,
    nothing_found,
    why_empty,
)
from taskonomy_kedro.core.directories.files import UnreadableFileError, read_bytes
from taskonomy_kedro.core.directories.formats import (
    ALL_DOMAINS,
    JSON_FOLDERS,
    NONFIXATED_MATCHES,
    POINT_INFO,
    chosen_formats,
)
from taskonomy_kedro.core.directories.image_selection import choose_images
from taskonomy_kedro.core.directories.index import DirectoryIndex
from taskonomy_kedro.core.directories.label_folders import LabelFolder, points_and_views
from taskonomy_kedro.core.directories.readers import data_format_of
from taskonomy_kedro.core.directories.splits import SPLITS, Split, read_splits
from taskonomy_kedro.core.directories.walking import FoundFolders
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.class_labels import KEPT_SCENES
from taskonomy_kedro.core.labels.domains import Domain

_USUAL_LENGTHS = {"class_object": 1000, "class_scene": len(KEPT_SCENES)}
_TRIES = 20  # files read to learn the length of a vector domain


@dataclass(frozen=True, kw_only=True, eq=False)
class _BuildingImages:
    """The selected images of one building."""

    points: np.ndarray
    views: np.ndarray
    has_file: np.ndarray
    folders: dict[str, LabelFolder]
    n_incomplete: int

    def select(self, building: str, n_images: int) -> "_BuildingImages":
        rows = choose_images(building, self.points, n_images)
        return replace(self, points=self.points[rows], views=self.views[rows], has_file=self.has_file[rows])


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
    custom_formats: Collection[Domain] = (),
) -> DirectoryIndex:
    """Find the images of a directory and the labels of each.

    Args:
        dataset_dir: A directory in any known format, or the folder of one building.
        domains: The labels to read; `mask_valid` adds `depth_zbuffer`, from which it is computed.
        required: Images without these are not listed: `rgb`, and `point_info` unless the images are
            the user's own. With `rgb` alone, files may have any names; they are numbered.
        split_file: Table of buildings; others are not listed. None takes all.
        splits: The splits of it to take.
        buildings: Take only these.
        images_per_building: Upper limit, applied by `choose_images`; None takes all.
        leave_out: Buildings to exclude.
        let_in: Buildings of `KNOWN_BAD_BUILDINGS` not to exclude.
        custom_formats: A user's own label folders; list them in `domains` too.

    Raises:
        UserError: No such directory or split file, an unknown name, a limit below 1, a split file
            that lists none of the buildings, or no building left; the message says what to do. A
            building without images is excluded, with its reason in `excluded`.
    """
    dataset_dir = Path(dataset_dir)
    formats = _formats(domains, custom_formats, images_per_building, required)
    if not dataset_dir.is_dir():
        raise UserError(f"there is no directory {dataset_dir}; set dataset_dir to the folder of the data")
    data_format = data_format_of(dataset_dir, required)
    found = data_format.find_folders(dataset_dir, _domain_of_folder(formats))
    split_of = read_splits(split_file) if split_file else {}
    check_names(dataset_dir, found, split_file, split_of, buildings, leave_out, let_in)
    requested = [
        name
        for name in sorted({*found.folders, *found.bare})
        if (not split_file or split_of.get(name) in splits) and (buildings is None or name in buildings)
    ]
    excluded = known_reasons(requested, leave_out, let_in)
    is_named = split_file is not None or buildings is not None
    per_building: dict[str, _BuildingImages] = {}
    for name in requested:
        if name in excluded or not (is_named or _may_be_building(name, found)):
            continue
        images = _list_building(name, found, formats, required, data_format)
        if isinstance(images, str):
            excluded[name] = images
        else:
            per_building[name] = images.select(name, images_per_building) if images_per_building else images
    if not per_building:
        raise UserError(nothing_found(dataset_dir, found, excluded, required))
    return _gather(dataset_dir, data_format, found, formats, per_building, split_of, excluded)


def _formats(
    domains: Iterable[str],
    custom_formats: Collection[Domain],
    images_per_building: int | None,
    required: Collection[str],
) -> dict[str, Domain]:
    """Check the plain arguments and return the formats to read."""
    if images_per_building is not None and images_per_building < 1:
        raise UserError(f"images_per_building must be at least 1, got {images_per_building}")
    names = list(domains)
    if "mask_valid" in names:
        names.append("depth_zbuffer")
    formats = chosen_formats(names, custom_formats)
    for name in required:
        if name not in formats and name != POINT_INFO:
            raise UserError(f"required has {name!r}, which is not among the domains to read; add it to them")
    if "rgb" not in required:
        raise UserError("required must have 'rgb': every image needs its pixels")
    return formats


def _domain_of_folder(formats: Mapping[str, Domain]) -> dict[str, str]:
    """Return every known folder name, also of domains that are not read: none of them is a building."""
    table = {folder: name for name, folders in JSON_FOLDERS.items() for folder in folders}
    everything = chosen_formats(ALL_DOMAINS, ()) | dict(formats)
    return table | {folder: form.name for form in everything.values() for folder in form.folders}


def _may_be_building(name: str, found: FoundFolders) -> bool:
    """Return whether a folder is a building, perhaps an empty one."""
    if name in found.folders:
        return True
    return "building/domain" in found.layouts and not any(Path(found.bare[name]).iterdir())


def _list_building(
    name: str,
    found: FoundFolders,
    formats: Mapping[str, Domain],
    required: Collection[str],
    data_format: DataFormat,
) -> _BuildingImages | str:
    """List the files of one building and match them, or return why there are no images."""
    paths = found.folders.get(name, {})
    extensions = {**{domain: form.extensions for domain, form in formats.items()}, POINT_INFO: (".json",)}
    folders = data_format.list_building(paths, extensions)
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
    usable = {domain: folder.without_codes() for domain, folder in folders.items()}
    if NONFIXATED_MATCHES in paths:
        usable[NONFIXATED_MATCHES] = LabelFolder(path=paths[NONFIXATED_MATCHES])
    return _BuildingImages(
        points=points, views=views, has_file=has_file, folders=usable, n_incomplete=n_any - len(codes)
    )


def _gather(
    dataset_dir: Path,
    data_format: DataFormat,
    found: FoundFolders,
    formats: Mapping[str, Domain],
    per_building: Mapping[str, _BuildingImages],
    split_of: Mapping[str, Split],
    excluded: Mapping[str, str],
) -> DirectoryIndex:
    images = list(per_building.values())
    counts = [len(one.points) for one in images]
    index = DirectoryIndex(
        dataset_dir=dataset_dir,
        data_format=data_format,
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
        excluded=excluded,
        vector_lengths={},
        n_incomplete=sum(one.n_incomplete for one in images),
    )
    lengths = {name: _vector_length(index, form) for name, form in formats.items() if form.kind == "vector"}
    return replace(index, vector_lengths=lengths)


def _vector_length(index: DirectoryIndex, form: Domain) -> int:
    """Return how many numbers a vector domain holds: as its task says, or read from the first good file."""
    if form.length is not None:
        return form.length
    column = index.columns.index(form.name)
    for row in np.flatnonzero(index.has_file[:, column])[:_TRIES]:
        path = index.files(index.key(int(row))).paths[form.name]
        try:
            vector = index.data_format.decode(read_bytes(path), form, path)
        except UnreadableFileError:
            continue
        if vector is not None:
            return len(vector)
    return _USUAL_LENGTHS.get(form.name, 1)
