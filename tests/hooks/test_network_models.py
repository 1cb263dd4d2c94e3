"""Networks as models of MLflow: logged once, found again by later runs."""

import shutil
import subprocess
import sys
from pathlib import Path


def test_a_trained_network_is_a_model_that_predicts_in_a_fresh_process(told, tmp_path):
    project, runs, _ = told
    first, second, third = (runs.below(parent) for parent in runs.parents)
    outputs = [[run.outputs.model_outputs for run in below.values()] for below in (first, second, third)]
    assert [sum(map(len, models)) for models in outputs] == [1, 1, 0]  # those that were trained, once
    (model,) = first["normal"].outputs.model_outputs
    code = (
        "import sys, mlflow, numpy as np\n"
        "sys.modules['kedro'] = None\n"
        f"mlflow.set_tracking_uri({project.store!r})\n"
        f"model = mlflow.pyfunc.load_model('models:/{model.model_id}')\n"
        "example = model.input_example\n"
        "assert example.shape == (1, 32, 32, 3) and example.dtype == np.uint8, (example.shape, example.dtype)\n"
        "output = model.predict(np.repeat(example, 3, axis=0))\n"
        "assert output.shape == (3, 3, 32, 32) and output.dtype == np.float32, (output.shape, output.dtype)\n"
        "assert np.ptp(output) > 0 and np.abs(output).max() <= 1\n"
        "print(model.metadata.signature)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "uint8" in done.stdout


def test_a_kept_network_leads_to_the_model_of_the_run_that_trained_it(told):
    _, runs, _ = told
    first, second, third = (runs.below(parent) for parent in runs.parents)
    (model,) = first["normal"].outputs.model_outputs
    for children in (first, second, third):
        assert children["normal"].data.tags["model"] == f"models:/{model.model_id}"
    whole = [runs.client.get_run(children["normal"].info.run_id) for children in (first, second, third)]
    inputs = [[found.model_id for found in run.inputs.model_inputs] for run in whole]
    assert inputs == [[], [model.model_id], [model.model_id]]
    assert [sum(len(run.outputs.model_outputs) for run in below.values()) for below in (second, third)] == [
        1,
        0,
    ]
    mended = second["edge_texture"].data.tags["model"]
    assert third["edge_texture"].data.tags["model"] == mended != f"models:/{model.model_id}"
    assert "model" not in first["edge_texture"].data.tags
    assert "model" not in second["random_projection"].data.tags


def test_a_kept_network_whose_model_is_gone_is_logged_anew(told):
    project, runs, _ = told
    (gone,) = runs.below(runs.parents[0])["normal"].outputs.model_outputs
    place = Path(runs.client.get_logged_model(gone.model_id).artifact_location.removeprefix("file:"))
    shutil.move(place, place.with_name("away"))
    try:
        project.train(tasks="normal")
    finally:
        shutil.move(place.with_name("away"), place)
    child = (now := runs.again()).below(now.parents[-1])["normal"]
    (made,) = child.outputs.model_outputs
    assert child.data.tags["network"] == "kept"
    assert child.data.tags["model"] == f"models:/{made.model_id}" != f"models:/{gone.model_id}"
