"""The network that users get: pictures as bytes in, the output of the trained network out."""

import numpy as np
import pytest
import torch
from tests.small_models import modeling_settings, prepare_splits

from taskonomy_kedro.core.networks.task_network import make_task_network
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.training.batch_assembly import input_parts, pictures_of
from taskonomy_kedro.core.training.picture_network import picture_network
from taskonomy_kedro.core.training.task_dataset import n_outputs


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    return prepare_splits(tmp_path_factory.mktemp("splits"))["validation"]


@pytest.mark.parametrize("name", ["normal", "colorization", "inpainting", "jigsaw", "egomotion"])
def test_the_exported_network_sees_pictures_as_the_trained_one_does(split, name):
    task, settings = TASKS[name], modeling_settings()
    size = settings.tile_size if name == "jigsaw" else split.image_size
    trained = make_task_network(
        settings.network,
        task,
        n_outputs=n_outputs(task, split),
        image_size=size,
        generator=torch.Generator().manual_seed(1),
    ).eval()
    network, example = picture_network(task, settings, split, trained.state_dict())
    assert (example.dtype, len(example)) == (np.uint8, 2)
    shapes = ({0: torch.export.Dim.AUTO},)
    exported = torch.export.export(network, (torch.from_numpy(example),), dynamic_shapes=shapes).module()
    pictures = np.concatenate([example, example[::-1], example[:1]])
    if name == "jigsaw":  # shuffled tiles already
        parts = {"rgb": torch.from_numpy(pictures)}
    else:
        parts = input_parts(task, pictures, [], seed=0, tile_size=None)
    with torch.inference_mode():
        expected = trained(pictures_of(task, parts))
        torch.testing.assert_close(exported(torch.from_numpy(pictures)), expected, rtol=0, atol=1e-5)
