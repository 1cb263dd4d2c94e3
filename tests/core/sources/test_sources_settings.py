from pathlib import Path

import pytest

from taskonomy_kedro.core.errors import UserError
from taskonomy_kedro.core.readouts.settings import choose_transfers
from taskonomy_kedro.core.sources.settings import SourcesSettings
from taskonomy_kedro.core.tasks import TASKS

IMAGENET = {"kind": "imagenet", "file": "resnet50.pth", "cost": 0.5}


def test_a_frozen_encoder_is_one_entry():
    settings = SourcesSettings(project="/project", imagenet=IMAGENET)
    assert list(settings.frozen) == ["imagenet"]
    assert settings.path(settings.frozen["imagenet"]) == Path("/project/resnet50.pth")
    assert settings.costs == {"imagenet": 0.5}
    assert settings.not_combined == ("random_projection", "imagenet")
    chosen = choose_transfers(TASKS, frozen=settings.frozen, not_combined=settings.not_combined)
    assert (len(chosen.targets), len(chosen.sources), chosen.greatest_order) == (22, 27, 25)


def test_without_entries_the_tasks_train_their_own_encoders():
    settings = SourcesSettings()
    assert settings.entries["task_networks"].kind == "trained"
    assert settings.released_path is None
    assert (settings.frozen, settings.not_combined) == ({}, ("random_projection",))


def test_a_folder_in_the_home_directory_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "bank").mkdir()
    settings = SourcesSettings(project="/project", task_networks={"kind": "released", "file": "~/bank"})
    assert settings.released_path == tmp_path / "bank"


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ({"imagenet": "true"}, r"sources.imagenet must be a table of settings, got 'true'"),
        ({"imagenet": {"kind": "imagnet"}}, "sources.imagenet.kind: unknown kind 'imagnet'.*mean 'imagenet'"),
        ({"imagenet": {**IMAGENET, "fil": "a"}}, "sources.imagenet has no setting 'fil'.*mean 'file'"),
        ({"imagenet": {**IMAGENET, "layer": "layer9"}}, "layer must be one of layer1, .*, got 'layer9'"),
        ({"mine": {"kind": "random"}}, "'random_projection' is the only source of the kind 'random'"),
        ({"mine": {"kind": "trained"}}, "sources.mine.kind must be one of random, imagenet, got 'trained'"),
        ({"task_networks": {"kind": "imagenet"}}, "task_networks.kind must be one of trained, released"),
        ({"task_networks": {"kind": "released"}}, "sources.task_networks.file is not set"),
        (
            {"task_networks": {"kind": "released", "file": "nowhere"}},
            "task_networks.file must be a folder of released weights, got nowhere",
        ),
    ],
)
def test_a_bad_entry_is_refused(entries, message):
    with pytest.raises(UserError, match=message):
        SourcesSettings(**entries)


@pytest.mark.parametrize("cost", [0, -1, "1"])
def test_a_cost_is_a_number_above_zero(cost):
    with pytest.raises(UserError, match="sources.imagenet.cost must be"):
        SourcesSettings(imagenet={**IMAGENET, "cost": cost})


def test_a_frozen_encoder_is_not_named_like_a_task():
    with pytest.raises(UserError, match="sources.normal: 'normal' is a task"):
        choose_transfers(TASKS, frozen=["normal"])
