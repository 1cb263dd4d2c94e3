import numpy as np
import pytest
from kedro.io import DataCatalog, MemoryDataset
from kedro.runner import SequentialRunner

from taskonomy_kedro.core.affinity import NormalizationSettings
from taskonomy_kedro.core.candidates import ImageLosses
from taskonomy_kedro.core.gathered import Gathered
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.pipelines.normalization import create_pipeline


def losses(target: str, n_images: int = 40) -> ImageLosses:
    ids = tuple(
        f"{origin}->{target}" for origin in ("full_supervision", "scratch", "jigsaw", "curvature+jigsaw")
    )
    values = np.random.default_rng(0).random((4, n_images)).astype(np.float32) + [[0.0], [1.0], [0.5], [0.2]]
    return ImageLosses(
        values=values.astype(np.float32), transfer_ids=ids, image_ids=tuple(map(str, range(n_images)))
    )


def test_there_is_a_node_for_each_of_the_22_targets_and_one_that_gathers():
    pipeline = create_pipeline()
    assert len(pipeline.nodes) == 23
    assert pipeline.outputs() == {"affinities", "win_rates"}
    targets = {task.name for task in TASKS.values() if not task.is_source_only}
    assert pipeline.inputs() == {"image_losses", "params:normalization"}
    scored = {node.name.rpartition(".")[2] for node in pipeline.nodes if ".score." in node.name}
    assert scored == targets


def run(targets, read):
    catalog = DataCatalog(
        {
            "image_losses": MemoryDataset(Gathered(targets, read), copy_mode="assign"),
            "params:normalization": MemoryDataset(NormalizationSettings()),
        }
    )
    outputs = SequentialRunner().run(create_pipeline(targets), catalog)
    return [outputs[name].load() for name in ("affinities", "win_rates")]


def test_a_target_whose_readouts_diverged_leaves_the_others_alone(caplog):
    def read(target):
        whole = losses(target)
        if target == "reshading":
            return whole
        return ImageLosses(
            values=whole.values[:1], transfer_ids=whole.transfer_ids[:1], image_ids=whole.image_ids
        )

    affinities, win_rates = run(("normal", "reshading"), read)
    assert set(affinities["target"]) == set(win_rates["target"]) == {"reshading"}
    assert (
        "normal is excluded from affinities and taxonomies: a tournament needs two candidates" in caplog.text
    )


def test_losses_of_an_unknown_source_are_refused_before_any_table_is_stored():
    def read(target):
        whole = losses(target)
        ids = tuple(name.replace("jigsaw->", "jigsw->") for name in whole.transfer_ids)
        return ImageLosses(values=whole.values, transfer_ids=ids, image_ids=whole.image_ids)

    with pytest.raises(ValueError, match="the target 'normal': .*'jigsw->normal'.* did you mean 'jigsaw'"):
        run(("normal",), read)


def test_a_source_that_is_a_task_of_the_runs_own_is_known():
    pipeline = create_pipeline(("normal",), (*TASKS, "heat", "imagenet"))
    (node,) = [node for node in pipeline.nodes if ".score." in node.name]
    assert {"heat", "imagenet", "normal", "random_projection"} <= set(node.func.keywords["known"])


def test_losses_become_the_two_tables():
    targets = ("normal", "reshading")
    affinities, win_rates = run(targets, losses)
    assert affinities.groupby("target")["affinity"].sum().round(12).eq(1).all()
    assert len(affinities) == 6
    assert len(win_rates) == 8
    scratch = win_rates[win_rates["kind"] == "scratch"]
    assert scratch["gain"].eq(0.5).all()
    # the offsets make the order: full supervision, the pair, the single source, scratch
    best = affinities[affinities["target"] == "normal"].sort_values("affinity", ascending=False)
    assert list(best["kind"]) == ["full_supervision", "transfer", "transfer"]
    assert list(best["order"]) == [1, 2, 1]
