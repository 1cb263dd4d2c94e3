import pickle
from pathlib import Path

import pytest
import torch
from tests.core.sources.released_form import (
    classify,
    decode,
    decoder_state,
    encode,
    encoder_state,
    head_state,
    thin,
)

from taskonomy_kedro.core.networks.heads import FullyConnectedHead
from taskonomy_kedro.core.networks.task_network import TaskNetwork
from taskonomy_kedro.core.sources.released import find_released, load_released_decoder, load_released_encoder

HEX = "0123456789abcdef" * 4


def saved(path: Path, content: object) -> Path:
    torch.save(content, path)
    return path


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(9))


@pytest.mark.parametrize(("has_counters", "is_bare"), [(True, False), (False, True)])
def test_an_encoder_of_the_released_form_round_trips_and_gives_what_theirs_gives(
    tmp_path, has_counters, is_bare
):
    state = encoder_state(has_counters=has_counters)
    assert len(state) == (324 if has_counters else 270)
    path = saved(
        tmp_path / f"normal_encoder-{HEX}.pth", state if is_bare else {"state_dict": state, "epoch": 3}
    )
    encoder = load_released_encoder(path)
    loaded = encoder.state_dict()
    assert all(torch.equal(loaded[key], state[key]) for key in state)
    assert not encoder.training
    pictures = drawn(2, 3, 64, 64)
    with torch.no_grad():
        wanted = encode(state, pictures)
        assert 0.1 < (wanted > 0).float().mean() < 0.9
        torch.testing.assert_close(encoder(pictures), wanted, rtol=1e-4, atol=1e-4 * wanted.max().item())


@pytest.mark.parametrize("in_channels", [1, 3])
def test_colorizations_encoder_may_read_one_channel_or_three(tmp_path, in_channels):
    state = encoder_state(in_channels=in_channels)
    encoder = load_released_encoder(saved(tmp_path / "colorization_encoder-ab.pth", thin(state)))
    assert encoder.in_channels == in_channels
    assert encoder(drawn(1, in_channels, 32, 32)).shape == (1, 8, 2, 2)


@pytest.mark.parametrize(
    ("task", "n_outputs"), [("normal", 3), ("segment_semantic", 17), ("segment_unsup2d", 64)]
)
def test_an_image_decoder_of_the_released_form_gives_what_theirs_gives(tmp_path, task, n_outputs):
    state = decoder_state(n_outputs)
    path = saved(tmp_path / f"{task}_decoder-{HEX}.pth", {"state_dict": state})
    representations = drawn(2, 8, 3, 3).abs()
    wanted = decode(state, representations)
    wanted = wanted if task == "segment_semantic" else torch.tanh(wanted)
    elsewhere = saved(tmp_path / "weights.bin", state)
    with torch.no_grad():
        for decoder in (
            load_released_decoder(path),
            load_released_decoder(elsewhere, task),
            load_released_decoder(elsewhere),
        ):
            ours = decoder(representations[:, None])
            assert ours.shape == (2, n_outputs, 48, 48)
            torch.testing.assert_close(ours, wanted, rtol=1e-4, atol=1e-4 * wanted.abs().max().item())
        loaded = load_released_decoder(path).state_dict()
        assert all(torch.equal(loaded[key], state[key]) for key in state)


def test_a_head_of_the_released_form_gives_what_theirs_gives(tmp_path):
    state = head_state(63, n_features=8 * 3 * 3, hidden=20)
    path = saved(tmp_path / "class_places_decoder.dat", {"state_dict": state})
    representations = drawn(4, 8, 3, 3)
    for head in (load_released_decoder(path), load_released_decoder(path, "class_scene")):
        assert isinstance(head, FullyConnectedHead)
        torch.testing.assert_close(
            head(representations[:, None]), classify(state, representations), rtol=1e-4, atol=1e-4
        )


def test_released_parts_make_a_task_network(tmp_path):
    encoder = load_released_encoder(saved(tmp_path / "e.pth", thin(encoder_state())))
    decoder = load_released_decoder(saved(tmp_path / "d.pth", thin(decoder_state(1))), "rgb2depth")
    assert TaskNetwork(encoder, decoder)(drawn(1, 1, 3, 32, 32)).shape == (1, 1, 32, 32)


def test_loading_leaves_the_global_random_state(tmp_path):
    path = saved(tmp_path / "d.pth", thin(decoder_state(1)))
    before = torch.get_rng_state()
    load_released_decoder(path, "reshading")
    assert torch.equal(torch.get_rng_state(), before)


def changed(state: dict, **changes: object) -> dict:
    """Return a state dict with entries replaced, or left out where None; `__` stands for a dot."""
    new = dict(state)
    for name, value in changes.items():
        key = name.replace("__", ".")
        if value is None:
            del new[key]
        else:
            new[key] = value
    return new


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"compress1__weight": None, "compress.weight": torch.zeros(8, 2048, 3, 3)},
            "1 key is missing, first 'compress1.weight'; did you mean 'compress.weight'",
        ),
        (
            {"layer3__6__bn1__bias": torch.zeros(256)},
            "1 key is unknown, first 'layer3.6.bn1.bias'; did you mean 'layer3",
        ),
        (
            {"layer2__0__conv2__weight": torch.zeros(64, 64, 3, 3)},
            "'layer2.0.conv2.weight' must be 128×128×3×3, got 64×64×3×3",
        ),
        ({"conv1__weight": torch.zeros(64, 4, 7, 7)}, "'conv1.weight' must read 1 or 3 channels, got 4"),
        ({"conv1__weight": torch.zeros(64)}, "'conv1.weight' must have 4 axes, got 64"),
        ({"conv1__weight": None}, "'conv1.weight' is missing; did you mean"),
        ({"bn1__bias": "text"}, "must hold a tensor under every key, got a str under 'bn1.bias'"),
    ],
)
def test_an_encoder_of_another_architecture_says_what_differs(tmp_path, changes, message):
    path = saved(tmp_path / "normal_encoder-ab.pth", changed(thin(encoder_state()), **changes))
    with pytest.raises(ValueError, match=message) as caught:
        load_released_encoder(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("make_state", "task", "message"),
    [
        (
            lambda: thin(decoder_state(128)),
            "segment_unsup2d",
            "'decoder_output.0.weight' must be 64×16×3×3, got 128×16×3×3",
        ),
        (lambda: thin(decoder_state(1)), "class_scene", "the head of class_scene: 'fc0.weight' is missing"),
        (
            lambda: head_state(9, n_features=16, hidden=4),
            "normal",
            "the image decoder of normal: 'decoder_output.0.weight' is missing",
        ),
        (lambda: thin(decoder_state(3)), "colorization", "no decoder was released for task colorization"),
        (lambda: thin(decoder_state(3)), "normals", "unknown task 'normals'; did you mean 'normal'"),
        (lambda: thin(encoder_state()), "normal", "it holds an encoder .load_released_encoder."),
        (
            lambda: changed(thin(decoder_state(3)), deconv8__1__weight=torch.zeros(64, 128, 3, 3)),
            "normal",
            "'deconv8.1.weight' must be 128×64×3×3",
        ),
    ],
    ids=["outputs", "head wanted", "image wanted", "colorization", "unknown", "encoder", "transposed"],
)
def test_a_decoder_that_does_not_fit_says_what_differs(tmp_path, make_state, task, message):
    with pytest.raises(ValueError, match=message):
        load_released_decoder(saved(tmp_path / "d.pth", make_state()), task)


def test_a_decoder_in_place_of_an_encoder_is_told(tmp_path):
    with pytest.raises(ValueError, match="it holds a decoder .load_released_decoder."):
        load_released_encoder(saved(tmp_path / "e.pth", thin(decoder_state(3))))


class Harmful:
    def __reduce__(self):
        return (Path.touch, (Path("harmed"),))


def test_files_that_are_no_tensors_are_refused_and_never_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    saved(tmp_path / "normal_encoder-ab.pth", {"state_dict": Harmful()})
    (tmp_path / "broken.pth").write_bytes(b"no weights")
    (tmp_path / "empty.pth").touch()
    (tmp_path / "plain.pth").write_bytes(pickle.dumps([1, 2]))
    saved(tmp_path / "list.pth", [torch.zeros(2)])
    for name in ("normal_encoder-ab", "broken", "empty", "plain"):
        with pytest.raises(ValueError, match=f"{name}.pth .*(no file of tensors|must hold a dict)"):
            load_released_encoder(tmp_path / f"{name}.pth")
    assert not (tmp_path / "harmed").exists()
    with pytest.raises(ValueError, match="must hold a dict of tensors by key, got a list"):
        load_released_encoder(tmp_path / "list.pth")
    with pytest.raises(ValueError, match="no file of weights .*did you mean 'normal_encoder-ab.pth'"):
        load_released_encoder(tmp_path / "normal_encoder-ac.pth")


def test_released_files_are_found_by_their_names_of_both_times(tmp_path):
    for name in (
        f"normal_encoder-{HEX}.pth",
        f"normal_decoder-{HEX}.pth",
        "rgb2sfnorm_encoder.dat",
        "segmentsemantic_encoder.dat",
        "vanishing_point_encoder.dat",
        "inpainting_whole_encoder-0F.pth",
        "class_1000_decoder.dat",
        "ego_motion_encoder.dat",
        "notes.txt",
        "README",
    ):
        (tmp_path / name).touch()
    found = find_released(tmp_path)
    assert {key: path.name for key, path in found.items()} == {
        "class_object_decoder": "class_1000_decoder.dat",
        "egomotion_encoder": "ego_motion_encoder.dat",
        "inpainting_encoder": "inpainting_whole_encoder-0F.pth",
        "normal_decoder": f"normal_decoder-{HEX}.pth",
        "normal_encoder": f"normal_encoder-{HEX}.pth",
        "segment_semantic_encoder": "segmentsemantic_encoder.dat",
        "vanishing_point_encoder": "vanishing_point_encoder.dat",
    }


def test_a_folder_that_leaves_doubt_is_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no released weights; wanted files such as"):
        find_released(tmp_path)
    with pytest.raises(ValueError, match="must be a folder"):
        find_released(tmp_path / "none")
    (tmp_path / "normal_encoder-ab.pth").touch()
    (tmp_path / "rgb2sfnorm_encoder-cd.pth").touch()
    with pytest.raises(
        ValueError, match="two files for normal_encoder: normal_encoder-ab.pth and rgb2sfnorm"
    ):
        find_released(tmp_path)
    (tmp_path / "rgb2sfnorm_encoder-cd.pth").rename(tmp_path / "curvture_encoder-cd.pth")
    with pytest.raises(ValueError, match="'curvture' in the file name .*did you mean 'curvature'"):
        find_released(tmp_path)
