from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.directory_trees import LAYOUTS, OFFICIAL, OLD, stored_arrays, write, write_tree

from taskonomy_kedro.core.directories import ImageKey, index_directory
from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.labels.domains import STORED_DOMAINS, Domain

Tree = Callable[..., Path]
IMAGES = [("hanson", 0, 0), ("hanson", 0, 2), ("hanson", 12, 1), ("merom", 3, 0)]
ONLY_HANSON = IMAGES[:3]


@pytest.mark.parametrize("names", [OFFICIAL, OLD], ids=["official", "old"])
@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_every_layout_and_name_set_gives_the_same_index(tree: Tree, layout: str, names: dict) -> None:
    images = ONLY_HANSON if layout == "single building" else IMAGES
    index = index_directory(tree(images, layout=layout, names=names))
    keys = index.keys()
    assert keys == images
    assert index.has_file.all()
    assert index.layouts == (
        {
            "2018": "building/domain",
            "single building": "domain",
            "downloader": "domain/taskonomy/building",
            "flat": "domain/building",
            "flat with split": "domain/split/building",
        }[layout],
    )
    for key in keys:
        paths = index.files(key).paths
        assert set(paths) == {*STORED_DOMAINS, "point_info"}
        assert all(Path(path).is_file() for path in paths.values())


def test_the_top_level_may_be_the_split(tree: Tree) -> None:
    root = tree([IMAGES[0]])
    (root.parent / "data").mkdir()
    root.rename(root.parent / "data" / "train")
    write_tree(root.parent / "data" / "val", [IMAGES[3]])
    assert index_directory(root.parent / "data").buildings == ("hanson", "merom")


def test_names_may_have_no_domain_or_any_other(tree: Tree) -> None:
    root = tree(ONLY_HANSON, layout="flat", has_domain_in_name=False)
    odd = root / "normal" / "hanson"
    (odd / "point_0_view_2.png").rename(odd / "point_0_view_2_domain_surface_normals.png")
    (odd / "point_12_view_1.png").rename(odd / "point_012_view_01.png")
    index = index_directory(root)
    keys = index.keys()
    assert keys == ONLY_HANSON
    assert [Path(index.files(key).paths["normal"]).name for key in keys] == [
        "point_0_view_0.png",
        "point_0_view_2_domain_surface_normals.png",
        "point_012_view_01.png",
    ]
    assert all(Path(p).is_file() for key in keys for p in index.files(key).paths.values())


def test_class_files_may_be_named_by_two_numbers(tree: Tree) -> None:
    root = tree([IMAGES[0]], layout="2018", names=OLD)
    folder = root / "hanson" / "softmax_1000"
    (folder / "point_0_view_0.npy").rename(folder / "0_0.npy")
    assert index_directory(root).files(ImageKey(*IMAGES[0])).paths["class_object"].endswith("/0_0.npy")


def test_images_without_a_required_file_are_counted_and_other_labels_may_be_missing(tree: Tree) -> None:
    root = tree(IMAGES)
    assert "more images" not in index_directory(root).describe()
    (root / "point_info/taskonomy/hanson/point_0_view_2_domain_point_info.json").unlink()
    (root / "normal/taskonomy/merom/point_3_view_0_domain_normal.png").unlink()
    index = index_directory(root)
    assert index.keys() == [IMAGES[0], IMAGES[2], IMAGES[3]]
    assert index.has_file[:, index.columns.index("normal")].tolist() == [True, True, False]
    assert "normal" not in index.files(ImageKey(*IMAGES[3])).paths
    assert index.label_counts()["normal"] == 2
    (root / "rgb/taskonomy/hanson/point_12_view_1_domain_rgb.png").unlink()
    description = index_directory(root).describe()
    assert description.endswith("; 2 more images lack rgb or point_info and are skipped")


def test_other_components_of_the_download_are_ignored(tree: Tree) -> None:
    root = tree(IMAGES)
    write(root / "rgb/hypersim/ai_001/point_1_view_1_domain_rgb.png", stored_arrays(8, 0)["rgb"])
    (root / "fragments/taskonomy/other").mkdir(parents=True)
    (root / "semantic").mkdir()
    assert index_directory(root).buildings == ("hanson", "merom")


def test_known_bad_buildings_are_excluded_unless_let_in(tree: Tree) -> None:
    root = tree([*IMAGES, ("rough", 1, 1)])
    index = index_directory(root)
    assert index.buildings == ("hanson", "merom")
    assert index.excluded == {"rough": "some of its viewpoints are wrong"}
    assert "excluded: rough" in index.describe()
    assert index_directory(root, let_in=["rough"]).buildings == ("hanson", "merom", "rough")
    with pytest.raises(ValueError, match=r"let_in has 'rouh', which is not .* did you mean 'rough'"):
        index_directory(root, let_in=["rouh"])
    with pytest.raises(ValueError, match=r"all requested buildings .* excluded \(rough: some .*let_in"):
        index_directory(root, buildings=["rough"])


def test_a_split_file_selects_buildings_and_splits(tree: Tree, tmp_path: Path) -> None:
    root = tree([*IMAGES, ("ihlen", 5, 5)])
    path = tmp_path / "splits.csv"
    path.write_bytes(b"id,train,val,test\rhanson,1,0,0\rmerom,0,1,0\relsewhere,0,0,1")
    index = index_directory(root, split_file=path)
    assert index.splits == {"hanson": "train", "merom": "val"}
    assert index.keys("train") == ONLY_HANSON
    assert index.keys("val") == [IMAGES[3]]
    assert index.keys("test") == []
    assert index_directory(root, split_file=path, splits=["val"]).buildings == ("merom",)
    path.write_bytes(b"id,train,val,test\rnowhere,1,0,0\r")
    with pytest.raises(ValueError, match=r"splits.csv lists 1 building, none of which is in .*hanson"):
        index_directory(root, split_file=path)


def test_an_empty_building_is_excluded_with_the_reason(tree: Tree, tmp_path: Path) -> None:
    root = tree(IMAGES)
    (root / "rgb/taskonomy/empty").mkdir()
    index = index_directory(root)
    assert index.buildings == ("hanson", "merom")
    assert index.excluded == {
        "empty": f"no image with rgb and point_info (rgb: 0 in {root}/rgb/taskonomy/empty; "
        "point_info: no such folder)"
    }
    assert index_directory(root, leave_out=["empty"]).excluded == {
        "empty": "excluded by data.directory.leave_out"
    }
    with pytest.raises(ValueError, match=r"leave_out has 'emty', which is not in .*did you mean 'empty'"):
        index_directory(root, leave_out=["emty"])
    with pytest.raises(
        ValueError, match=r"all requested buildings of .* are excluded \(empty: no image with"
    ):
        index_directory(root, buildings=["empty"])
    old = tmp_path / "old"
    write_tree(old, IMAGES, layout="2018")
    (old / "ihlen").mkdir()
    assert f"no image with rgb and point_info in {old}/ihlen" in index_directory(old).excluded["ihlen"]
    (old / "ihlen" / "notes.txt").touch()  # not a building at all
    assert index_directory(old).excluded == {}
    splits = tmp_path / "splits.csv"
    splits.write_text("id,train,val,test\nhanson,1,0,0\nihlen,0,1,0\n")
    index = index_directory(old, split_file=splits)
    assert (index.buildings, list(index.excluded)) == (("hanson",), ["ihlen"])


def test_a_directory_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="holds no images in a known layout"):
        index_directory(tmp_path)
    with pytest.raises(UserError, match=r"no directory .*set dataset_dir"):
        index_directory(tmp_path / "nowhere")


def test_ambiguous_files_and_folders_are_refused(tree: Tree) -> None:
    root = tree(ONLY_HANSON)
    folder = root / "rgb/taskonomy/hanson"
    (folder / "point_0_view_0.jpg").write_bytes((folder / "point_0_view_0_domain_rgb.png").read_bytes())
    with pytest.raises(ValueError, match=r"point_0_view_0.jpg and .*_rgb.png in .* belong to the same image"):
        index_directory(root)
    (folder / "point_0_view_0.jpg").unlink()
    write(root / "keypoint2d/taskonomy/hanson/point_0_view_0.png", stored_arrays(8, 0)["keypoints2d"])
    with pytest.raises(ValueError, match=r"keypoint2d/.* and .*keypoints2d/.* both hold keypoints2d"):
        index_directory(root)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"domains": ["normals"]}, "unknown domain 'normals'; did you mean 'normal'"),
        ({"buildings": ["hansen"]}, "no building 'hansen' .*did you mean 'hanson'"),
        ({"images_per_building": 0}, "images_per_building must be at least 1, got 0"),
        ({"required": ["point_info"]}, "required must have 'rgb'"),
        ({"domains": ["rgb"], "required": ["rgb", "normal"]}, "required has 'normal', which is not among"),
        ({"custom_formats": [Domain(name="normal", kind="grey")]}, "custom_formats has 'normal'"),
    ],
)
def test_names_that_match_nothing_are_refused(tree: Tree, settings: dict, message: str) -> None:
    root = tree(IMAGES)
    with pytest.raises(ValueError, match=message):
        index_directory(root, **settings)


def test_only_the_requested_domains_are_listed(tree: Tree) -> None:
    index = index_directory(tree(IMAGES), domains=["normal", "mask_valid"])
    assert index.columns == ("rgb", "normal", "mask_valid", "depth_zbuffer", "point_info")


def test_a_limit_keeps_pairs_together(tree: Tree) -> None:
    images = [("hanson", point, view) for point in range(6) for view in range(point % 3 + 1)]
    root = tree(images, domains=["rgb", "point_info"])
    index = index_directory(root, images_per_building=4)
    _, counts = np.unique(index.point, return_counts=True)
    assert len(index) == 4
    assert counts.tolist() == [2, 2]
    assert set(index.keys()) <= set(images)
    assert index_directory(root, images_per_building=4).keys() == index.keys()


def test_rows_and_points_are_found_again(tree: Tree) -> None:
    images = [*IMAGES[:3], ("merom", 12, 0)]
    index = index_directory(tree(images, domains=["rgb", "point_info"]))
    keys = index.keys()
    assert [index.row(key) for key in keys] == [0, 1, 2, 3]
    for wrong in [("hanson", 0, 1), ("hanson", 5, 0), ("ihlen", 0, 0), ("zzz", 0, 0)]:
        with pytest.raises(KeyError, match=f"no image {wrong[0]}/{wrong[1]}/{wrong[2]} in the index"):
            index.row(ImageKey(*wrong))


def test_photographs_need_no_point_info_and_no_numbers(tmp_path: Path) -> None:
    picture = stored_arrays(8, 0)["rgb"]
    for name in ("beach.jpg", "attic.jpeg", "cellar.PNG"):
        write(tmp_path / "rgb/home" / name, picture)
    write(tmp_path / "warmth/home/attic.png", stored_arrays(8, 1)["reshading"])
    own = Domain(name="warmth", kind="grey")
    index = index_directory(tmp_path, domains=["rgb", "warmth"], required=["rgb"], custom_formats=[own])
    keys = index.keys()
    assert keys == [("home", 0, 0), ("home", 1, 0), ("home", 2, 0)]
    files = [index.files(key).paths for key in keys]
    assert [Path(paths["rgb"]).name for paths in files] == ["attic.jpeg", "beach.jpg", "cellar.PNG"]
    assert [set(paths) for paths in files] == [{"rgb", "warmth"}, {"rgb"}, {"rgb"}]
    with pytest.raises(
        ValueError, match=r"home: no image with .*set data.directory.requires_point_info=false"
    ):
        index_directory(tmp_path)


def test_photographs_may_be_in_rgb_itself(tmp_path: Path) -> None:
    write(tmp_path / "rgb" / "attic.png", stored_arrays(8, 0)["rgb"])
    assert index_directory(tmp_path, required=["rgb"]).keys() == [(tmp_path.name, 0, 0)]
