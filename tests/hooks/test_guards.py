"""What the command line may set of the task modelling, and what it may not."""

import pytest
from kedro.framework.project import pipelines
from kedro.pipeline import Pipeline
from kedro.validation.exceptions import ParameterValidationError
from tests.tiny_project import TinyProject

from taskonomy_kedro import config
from taskonomy_kedro.hooks.guards import PipelineGuards
from taskonomy_kedro.pipeline_registry import register_pipelines


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> TinyProject:
    return TinyProject(tmp_path_factory.mktemp("guarded"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"task_modeling": {"stepz": 1}}, "task_modeling has no setting 'stepz'"),
        ({"task_modeling": {"trainin": {"steps": 4}}}, "task_modeling has no setting 'trainin'; did you mean 'training'"),
        ({"task_modeling": {"training": {"step": 4}}}, "task_modeling.training has no setting 'step'; did you mean 'steps'"),
        ({"task_modeling": {"network": {"encoder": "smal"}}}, "did you mean 'small'"),
        ({"task_modeling": {"overrides": {"normal": {"steps": "many"}}}}, "overrides.normal.steps must be a whole number"),
        ({"task_modeling": {"overrides": {"norma": {"steps": 4}}}}, "overrides: unknown task 'norma'; did you mean 'normal'"),
        ({"task_modeling": {"tasks": "normal reshadin"}}, "unknown task 'reshadin'; did you mean 'reshading'"),
    ],
)  # fmt: skip
def test_a_name_that_nothing_reads_is_refused_with_the_nearest(project, given, message):
    with pytest.raises((ValueError, ParameterValidationError), match=message):
        project.run("task_modeling", **given)
    assert not (project.root / "data").exists()


@pytest.mark.parametrize(
    ("decoder", "message"),
    [
        ({"hidden": 0}, "transfer_modeling.decoder.hidden must be ≥ 1, got 0"),
        ({"dropout": 1}, "transfer_modeling.decoder.dropout must be < 1, got 1"),
        ({"stride": 4}, "decoder: readouts of the encoder 'small' read cells of 4 pixels, .* have 8"),
    ],
)
def test_readouts_that_cannot_be_built_are_refused_before_any_network_is_trained(project, decoder, message):
    with pytest.raises((ValueError, ParameterValidationError), match=message):
        project.run("__default__", transfer_modeling={"decoder": decoder})
    assert not (project.root / "data").exists()


def test_too_high_an_order_is_refused_where_transfers_run_and_nowhere_else(project):
    given = {"task_modeling": {"tasks": "normal reshading"}, "transfer_modeling": {"max_order": 3}}
    with pytest.raises(ValueError, match="max_order must be at most 2, the number of sources"):
        project.run("transfer_modeling", **given)
    assert "transfer_modeling" not in {tag for node in pipelines["task_modeling"].nodes for tag in node.tags}


@pytest.mark.parametrize("name", ["__default__", "normalization"])
def test_published_tables_are_not_computed(project, name):
    guards, given = PipelineGuards(), {"env": "published", "runtime_params": {}}
    with pytest.raises(
        ValueError, match="'published' reads affinities and win_rates .* run it with --pipelines=taxonomy"
    ):
        guards.before_pipeline_run(given, pipelines[name])
    guards.before_pipeline_run(given, pipelines["taxonomy"])


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"tags": ["normal"]}, ("task_modeling", "transfer_modeling")),
        ({"node_namespaces": ["task_modeling.3d", "transfer_modeling.3d"]}, ("__default__",)),
        ({"node_namespaces": ["transfer_modeling.3d", "normalization"]}, ("__default__",)),
    ],
)
def test_a_part_that_skips_the_gathering_node_is_refused(monkeypatch, filters, names):
    monkeypatch.setattr(config, "_remembered", [])  # the project's own parameters, not those of another test
    pipelines = register_pipelines()
    guards, given = PipelineGuards(), {"runtime_params": {}}
    chosen = sum((pipelines[name] for name in names), Pipeline([]))
    with pytest.raises(
        ValueError, match="makes .*(normal|curvature).* and reads it through '(image_losses|representations)'"
    ):
        guards.before_pipeline_run(given, chosen.filter(**filters))
    guards.before_pipeline_run(given, pipelines["__default__"].filter(tags=["normal"]))
    guards.before_pipeline_run(
        given, pipelines["__default__"].filter(node_namespaces=["transfer_modeling.3d"])
    )
