import numpy as np
import pytest
from tests.label_examples import arrays

from taskonomy_kedro.core.labels.custom_tasks import custom_task
from taskonomy_kedro.core.labels.summary import summarise_domains
from taskonomy_kedro.core.labels.summary_rows import PERCENTILES


def _values(rows, domain, item=""):
    return {row["measure"]: row["value"] for row in rows if (row["domain"], row["item"]) == (domain, item)}


def test_depths_are_in_metres_of_the_pixels_with_geometry():
    depth = np.array([[[512, 1024], [1536, 65535]]], dtype=np.uint16)
    rows = summarise_domains({"depth_zbuffer": depth})
    # of 1, 2 and 3 m, the least that reaches the share
    wanted = {"valid share of pixels": 0.75, "p1": 1, "p25": 1, "p50": 2, "p75": 3, "p99": 3}
    assert _values(rows, "depth_zbuffer") == wanted
    assert {row["unit"] for row in rows if row["measure"].startswith("p")} == {"m"}
    depth = np.random.default_rng(0).integers(0, 64000, (3, 11, 11)).astype(np.uint16)
    found = _values(summarise_domains({"depth_euclidean": depth}), "depth_euclidean")
    for share in PERCENTILES:
        assert found[f"p{share}"] == np.percentile(depth, share, method="inverted_cdf") / 512


def test_semantic_classes_have_a_share_of_pixels_and_of_images():
    ids = np.array([[[1, 1], [1, 4]], [[0, 1], [1, 1]]], dtype=np.uint8)
    rows = summarise_domains({"segment_semantic": ids})
    assert _values(rows, "segment_semantic", "uncertain") == {
        "share of pixels": 1 / 8,
        "share of images": 1 / 2,
    }
    assert _values(rows, "segment_semantic", "background") == {"share of pixels": 6 / 8, "share of images": 1}
    assert _values(rows, "segment_semantic", "couch") == {"share of pixels": 1 / 8, "share of images": 1 / 2}
    assert _values(rows, "segment_semantic", "vase") == {"share of pixels": 0, "share of images": 0}
    assert len(rows) == 2 * 18


def test_classes_of_images_have_a_mean_probability():
    logits = np.log(np.array([[0.5, 0.5], [0.25, 0.75]], dtype=np.float32))
    rows = summarise_domains({"class_object": logits}, {"class_object": ("cat", "dog")})
    assert _values(rows, "class_object", "dog")["mean probability"] == pytest.approx(0.625)
    assert _values(rows, "class_object", "cat")["share of images where likeliest"] == 0.5
    unnamed = summarise_domains({"class_object": logits})
    assert [row["item"] for row in unnamed[::2]] == ["class 0", "class 1"]


def test_an_image_has_as_many_regions_as_ids():
    ids = np.array([[[0, 0], [0, 0]], [[0, 1], [9, 9]]], dtype=np.uint8)
    found = _values(summarise_domains({"segment_unsup2d": ids}), "segment_unsup2d")
    assert found == {"mean": 2, "p1": 1, "p25": 1, "p50": 1, "p75": 3, "p99": 3}


def test_responses_and_curvature_have_their_units():
    edges = np.array([[[0, 0], [0, 65535]]], dtype=np.uint16)
    found = _values(summarise_domains({"edge_texture": edges}), "edge_texture")
    assert (found["share of pixels without response"], found["p75"], found["p99"]) == (0.75, 0, 1)
    curvature = np.full((1, 2, 2, 3), (254, 0, 0), dtype=np.uint8)
    rows = summarise_domains({"principal_curvature": curvature})
    assert _values(rows, "principal_curvature", "k1")["p50"] == pytest.approx(1 / 0.03)
    assert _values(rows, "principal_curvature", "k2")["p50"] == pytest.approx(-1 / 0.03)


def _split(n_images=7):
    images = [arrays(seed=k) for k in range(n_images)]
    return {name: np.stack([image[name] for image in images]) for name in images[0]}


def test_memory_mapped_arrays_are_read_in_blocks(tmp_path):
    class Watched(np.memmap):
        def __getitem__(self, key):
            part = super().__getitem__(key)
            read.append(part.size)
            return part

    read = []
    depth = _split()["depth_zbuffer"]
    depth.tofile(tmp_path / "depth")
    watched = Watched(tmp_path / "depth", dtype=np.uint16, mode="r", shape=depth.shape)
    rows = summarise_domains({"depth_zbuffer": watched}, block_values=2048)
    assert rows == summarise_domains({"depth_zbuffer": depth})
    assert max(read) == 2048


def test_images_that_lack_a_label_do_not_count():
    stored = _split(5)
    has_it = np.array([True, False, True, False, False])
    present = dict.fromkeys(stored, has_it)
    kept = summarise_domains({name: array[has_it] for name, array in stored.items()})
    assert summarise_domains(stored, is_present=present, block_values=1500) == kept
    assert {row["n_images"] for row in kept} == {2}
    stored["class_scene"][0] = np.nan
    rows = summarise_domains({"class_scene": stored["class_scene"]}, is_present=present)
    assert {row["n_images"] for row in rows} == {1}
    assert summarise_domains(stored, is_present=dict.fromkeys(stored, ~has_it & has_it)) == []


def test_the_size_of_a_block_changes_nothing():
    rng = np.random.default_rng(0)
    entries = {
        "heat": ({"kind": "regression_map", "range": [0, 999]}, rng.integers(0, 1000, (7, 5, 5), np.uint16)),
        "tile": ({"kind": "class_map", "classes": 9}, rng.integers(0, 10, (7, 5, 5), np.uint8)),
        "wind": ({"kind": "vector", "length": 2}, rng.normal(size=(7, 2)).astype(np.float32)),
        "place": ({"kind": "class", "classes": 4}, rng.integers(0, 4, 7)),
    }
    tasks = {name: custom_task(name, entry) for name, (entry, _) in entries.items()}
    stored = _split() | {name: array for name, (_, array) in entries.items()}
    whole = summarise_domains(stored, tasks=tasks)
    assert {row["domain"] for row in whole} == set(stored) - {"rgb", "normal"}
    for block_values in (1, 2000, 5000):
        assert summarise_domains(stored, tasks=tasks, block_values=block_values) == whole
    assert {row["domain"] for row in summarise_domains(stored)}.isdisjoint(tasks)
