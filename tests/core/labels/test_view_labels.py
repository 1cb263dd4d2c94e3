import dataclasses

import numpy as np
import pytest

from taskonomy_kedro.core.labels import quantise
from taskonomy_kedro.core.labels.stored import STORED_DOMAINS
from taskonomy_kedro.core.labels.view_labels import label_view, point_info_of, points_in_view
from taskonomy_kedro.rooms import RoomSettings, make_room, make_views, render, rotation_from_euler

SETTINGS = RoomSettings(views_per_room=16)


@pytest.fixture(scope="module")
def seen():
    room = make_room(seed=5, index=2)
    views = make_views(room, seed=5, settings=SETTINGS)
    return room, views, render(room, views[0].camera, size=64)


@pytest.fixture(scope="module")
def stored(seen):
    room, views, rendering = seen
    return label_view(room, views[0], rendering, nonfixated_points_in_view=points_in_view(room, views, 64)[0])


def test_every_domain_has_its_type_and_shape(seen, stored):
    assert set(stored.domains) == set(STORED_DOMAINS) == set(stored.present)
    assert stored.image_id == f"{seen[0].name}/0/0"
    assert stored.image_size == 64
    assert stored.domains["class_object"].shape == (16,)
    assert stored.domains["class_scene"].shape == (8,)


def test_stored_numbers_are_those_of_the_rendering(seen, stored):
    rendering = seen[2]
    valid = rendering.valid
    depth = quantise.depth_in_metres(stored.domains["depth_zbuffer"])
    np.testing.assert_allclose(depth[valid], rendering.depth_z[valid], atol=0.5 / 512 + 1e-5)
    np.testing.assert_array_equal(stored.domains["mask_valid"] == 255, valid)
    semantic = stored.domains["segment_semantic"]
    assert (semantic[rendering.is_mixed] == 0).all()  # uncertain
    np.testing.assert_array_equal(semantic[~rendering.is_mixed], rendering.semantic[~rendering.is_mixed])
    assert (stored.domains["depth_euclidean"] >= stored.domains["depth_zbuffer"])[valid].all()


def test_stored_curvature_is_exact_except_at_creases(seen, stored):
    exact = quantise.stored_curvature(seen[2].curvature)[..., :2].astype(int)
    difference = stored.domains["principal_curvature"][..., :2].astype(int) - exact
    assert (difference[..., 0] >= 0).all()
    assert (difference[..., 1] <= 0).all()
    assert 0.02 < (difference != 0).any(axis=-1).mean() < 0.5


def test_facts_agree_with_the_camera(seen, stored):
    room, views, _ = seen
    view, info = views[0], stored.point_info
    rotation = rotation_from_euler(info.camera_rotation_final)
    np.testing.assert_allclose(rotation, view.camera.rotation, atol=1e-12)
    local = rotation.T @ (np.array(info.point_location) - info.camera_location)
    np.testing.assert_allclose(local, [0, 0, -info.camera_distance], atol=1e-9)
    assert info.bounding_box_ranges == (room.box[1], room.box[0], room.box[2])  # x and y swapped
    turn = rotation_from_euler(info.camera_rotation_from_original_to_final)
    np.testing.assert_allclose(
        turn @ rotation_from_euler(info.camera_rotation_original), rotation, atol=1e-12
    )


def test_vanishing_points_of_the_file_are_right_back_and_up(seen):
    room, views, _ = seen
    for view in views:
        x, y, z = np.array(point_info_of(room, view, 64).vanishing_points_gaussian_sphere)
        assert y[0] > 0.7 - 1e-9  # to the right, within half a right angle
        assert z[1] > 0.7
        np.testing.assert_allclose(np.cross(x, y), z, atol=1e-12)
        axes = np.abs(np.stack([x, y, z]) @ view.camera.rotation.T)  # back in the world: its axes
        np.testing.assert_allclose(np.sort(axes, axis=1), [[0, 0, 1]] * 3, atol=1e-12)


def test_points_in_view_project_into_the_image_and_exclude_the_fixated_one(seen):
    room, views, _ = seen
    listed = points_in_view(room, views, 64)
    assert any(listed)
    places = {view.point_id: view.point_location for view in views}
    for view, points in zip(views, listed, strict=True):
        assert view.point_id not in points
        for point in points:
            place, depth = view.camera.project(places[point][None], 64)
            assert depth[0] > 0
            assert ((place >= 0) & (place < 64)).all()


def test_missing_labels_are_filled_with_unknown():
    assert (STORED_DOMAINS["segment_semantic"].empty(8) == 0).all()
    assert np.isnan(STORED_DOMAINS["class_object"].empty(8, 16)).all()
    assert (quantise.valid_mask(STORED_DOMAINS["depth_zbuffer"].empty(8)) == 0).all()


NORMAL = {"normal": np.zeros((32, 32, 3), np.uint8)}


@pytest.mark.parametrize(
    ("more", "without", "changes", "message"),
    [
        ({"normal": np.zeros((64, 64, 3), int)}, (), {}, "'normal' must be uint8 .*got int64"),
        (NORMAL, (), {}, r"'normal' must be uint8 of shape \(64, 64, 3\), got"),
        ({}, ("normal",), {}, "'normal' is said to be present"),
        ({}, ("normal",), {"present": frozenset()}, "domain 'normal' is missing"),
        ({}, (), {"image_id": "x"}, "image id must be 'room_00002/0/0', got 'x'"),
    ],
)
def test_wrong_arrays_and_ids_are_refused(stored, more, without, changes, message):
    domains = {name: array for name, array in {**stored.domains, **more}.items() if name not in without}
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(stored, domains=domains, **changes)
