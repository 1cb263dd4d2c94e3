"""Small trees in every known layout, written without the code under test."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

# Folder, suffix: as the official download names them, and as the code of 2018 did.
OFFICIAL = {
    "rgb": ("rgb", "rgb"),
    "mask_valid": ("mask_valid", "mask_valid"),
    "depth_zbuffer": ("depth_zbuffer", "depth_zbuffer"),
    "depth_euclidean": ("depth_euclidean", "depth_euclidean"),
    "normal": ("normal", "normal"),
    "principal_curvature": ("principal_curvature", "principal_curvature"),
    "edge_texture": ("edge_texture", "edge_texture"),
    "edge_occlusion": ("edge_occlusion", "edge_occlusion"),
    "keypoints2d": ("keypoints2d", "keypoints2d"),
    "keypoints3d": ("keypoints3d", "keypoints3d"),
    "reshading": ("reshading", "reshading"),
    "segment_unsup2d": ("segment_unsup2d", "segment_unsup2d"),
    "segment_unsup25d": ("segment_unsup25d", "segment_unsup25d"),
    "segment_semantic": ("segment_semantic", "segmentsemantic"),
    "class_object": ("class_object", "class_object"),
    "class_scene": ("class_scene", "class_places"),
    "point_info": ("point_info", "point_info"),
}
OLD = {
    "rgb": ("rgb", "rgb"),
    "mask_valid": ("mask", "mask"),
    "depth_zbuffer": ("depth", "depth"),
    "depth_euclidean": ("mist", "mist"),
    "normal": ("normal", "normal"),
    "principal_curvature": ("curvature", "curvature"),
    "edge_texture": ("edge2d", "edge2d"),
    "edge_occlusion": ("edge", "edge"),
    "keypoints2d": ("keypoint_2d", "keypoint2d"),
    "keypoints3d": ("keypoint", "keypoint"),
    "reshading": ("reshade", "reshade"),
    "segment_unsup2d": ("segment2d", "segment2d"),
    "segment_unsup25d": ("segment25d", "segment25d"),
    "segment_semantic": ("segmentsemantic", "segmentsemantic"),
    "class_object": ("softmax_1000", None),
    "class_scene": ("places", None),
    "point_info": ("points", "fixatedpose"),
}
LAYOUTS = {
    "2018": "{building}/{folder}",
    "single building": "{folder}",
    "downloader": "{folder}/taskonomy/{building}",
    "flat": "{folder}/{building}",
    "flat with split": "{folder}/train/{building}",
}


def point_info(point: int, view: int, in_view: Iterable[int] = ()) -> dict[str, Any]:
    """The fields of a real file, with round numbers: the camera 2 m from the point, level."""
    return {
        "point_uuid": str(point),
        "view_id": view,
        "camera_uuid": f"camera{view}",
        "room": "0",
        "camera_location": [0.0, -2.0, 1.5],
        "camera_rotation_final": [1.5707963267948966, 0.0, 0.0],
        "camera_rotation_original": [1.5, 0.0, 0.0],
        "camera_rotation_from_original_to_final": [0.07, 0.0, 0.0],
        "field_of_view_rads": 1.0,
        "resolution": 512,
        "point_location": [0.1 * point, 0.0, 1.5],
        "point_normal": [0.0, -1.0, 0.0],
        "camera_distance": 2.0,
        "obliqueness_angle": 0.0,
        "point_pitch": 0.0,
        "bounding_box_ranges": {"x": [-3.0, 3.0], "y": [-2.0, 2.0], "z": [0.0, 2.7]},
        "vanishing_points_gaussian_sphere": {
            "x": [0.0, 0.0, 1.0],
            "y": [1.0, 0.0, 0.0],
            "z": [0.0, 1.0, 0.0],
        },
        "nonfixated_points_in_view": list(in_view),
    }


def stored_arrays(size: int, seed: int) -> dict[str, np.ndarray]:
    """One array a domain, random within what the format allows."""
    rng = np.random.default_rng(seed)

    def noise(high: int, dtype: type, *channels: int) -> np.ndarray:
        return rng.integers(0, high, size=(size, size, *channels)).astype(dtype)

    curvature = noise(255, np.uint8, 3)
    curvature[..., 2] = 0
    depth = rng.integers(300, 9000, size=(size, size)).astype(np.uint16)
    depth[0, :2] = 65535
    scene = rng.random(8).astype(np.float32)
    return {
        "rgb": noise(256, np.uint8, 3),
        "mask_valid": np.where(depth == 65535, 0, 255).astype(np.uint8),
        "depth_zbuffer": depth,
        "depth_euclidean": depth + np.where(depth == 65535, 0, 7).astype(np.uint16),
        "normal": noise(256, np.uint8, 3),
        "principal_curvature": curvature,
        "edge_texture": noise(7300, np.uint16),
        "edge_occlusion": noise(3300, np.uint16),
        "keypoints2d": noise(1000, np.uint16),
        "keypoints3d": noise(65536, np.uint16),
        "reshading": noise(256, np.uint8),
        "segment_unsup2d": noise(256, np.uint8),
        "segment_unsup25d": noise(256, np.uint8),
        "segment_semantic": noise(18, np.uint8),
        "class_object": rng.normal(size=16).astype(np.float32),
        "class_scene": scene / scene.sum(),
    }


def write(path: Path, value: Any) -> Path:
    """Write a JSON record, an image or a vector, by the file's extension."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".json":
        path.write_text(json.dumps(value))
    elif path.suffix == ".npy":
        np.save(path, value)
    else:
        Image.fromarray(value).save(path)
    return path


def write_tree(
    root: Path,
    images: Iterable[tuple[str, int, int]],
    *,
    layout: str = "downloader",
    names: dict[str, tuple[str, str | None]] = OFFICIAL,
    domains: Iterable[str] | None = None,
    size: int = 8,
    has_domain_in_name: bool = True,
) -> None:
    """Write images (building, point, view); arrays are drawn from their place in the list."""
    wanted = list(domains) if domains is not None else list(names)
    for seed, (building, point, view) in enumerate(images):
        arrays = stored_arrays(size, seed)
        for domain in wanted:
            folder, suffix = names[domain]
            extension = {"point_info": ".json"}.get(domain, ".npy" if "class" in domain else ".png")
            is_marked = suffix is not None and has_domain_in_name
            tail = f"_domain_{suffix}{extension}" if is_marked else extension
            place = root / LAYOUTS[layout].format(building=building, folder=folder)
            value = point_info(point, view) if domain == "point_info" else arrays[domain]
            write(place / f"point_{point}_view_{view}{tail}", value)


def end_process(*_: object, **__: object) -> None:
    """Die as a process does that the system kills; here, where a fresh process can import it from."""
    os._exit(1)
