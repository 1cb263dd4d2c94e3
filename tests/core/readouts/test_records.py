"""Each setting makes anew what depends on it, and nothing else."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from tests.core.readouts.conftest import TRAINING, Transfers

from taskonomy_kedro.core.readouts import readout_training
from taskonomy_kedro.core.readouts.settings import TransferSettings
from taskonomy_kedro.datasets import AverageGuessDataset

TARGET = "room_layout"
READOUTS, TRAINED = {"first", "second"}, {"first", "second", "scratch"}
EVERYTHING = {"guess", *TRAINED}
# Setting: another value, and the products that depend on it.
CHANGES = {
    "seed": (1, EVERYTHING),
    "training": ({**TRAINING, "steps": 4}, TRAINED),
    "higher_orders": ({"weight_decay": 0.1}, {"second"}),
    "overrides": ({TARGET: {"weight_decay": 0.1}}, TRAINED),
    "segmentation_factor": (3.0, set()),  # this target's label is no map
    "decoder": ({"decoder_width": 16}, READOUTS),
    "training_cells": (4, READOUTS),
    "training_pixels": (20, READOUTS),
    "scratch": ("pixels", {"scratch"}),
    # what is trained is told by its sources, whatever chose them
    "max_order": (4, set()),
    "beam_widths": ({2: 3}, set()),
    "max_per_order": (10, set()),
    "targets": ([TARGET], set()),
    "sources": (["normal", "reshading"], set()),
    "stack_size": (1, set()),
}


class MadeAnewError(Exception):
    """A step began to work."""


@pytest.fixture(scope="module")
def finished(transfer_splits, tmp_path_factory):
    """Return the steps of a target with a guess and a first order that are kept, as all else is."""
    transfers = Transfers(transfer_splits, tmp_path_factory.mktemp("records"))
    dataset = AverageGuessDataset(filepath=str(transfers.folder / "transfer_guesses" / TARGET))
    dataset.save(transfers.guess(TARGET))
    first = transfers.keep(transfers.first(TARGET))
    for product in (transfers.higher(TARGET, first, 2), transfers.scratch(TARGET)):
        transfers.keep(product)
    return SimpleNamespace(transfers=transfers, guess=dataset.load(), first=first)


@pytest.fixture
def made_anew(finished, monkeypatch):
    """Return a function that names the products that would be made anew; nothing is trained."""

    def begin(*_, **__):
        raise MadeAnewError

    for name in ("average_guess", "StackWork", "scratch_network"):
        monkeypatch.setattr(readout_training, name, begin)

    def names(*, guess=None, content=None, splits=None, dropout=0.3, **settings) -> set[str]:
        transfers = finished.transfers
        used = {**transfers.splits, **(splits or {})}
        guess = guess or finished.guess
        sources = transfers.sources()
        sources = replace(sources, content={**sources.content, **(content or {})})
        of = transfers.modeling(TARGET, dropout=dropout, **settings)
        steps = {
            "guess": lambda: readout_training.guess_for_transfers(of, used["transfer"]),
            "first": lambda: readout_training.train_first_order(of, used, sources, guess),
            "second": lambda: readout_training.train_higher_order(
                of, used, sources, guess, finished.first, 2
            ),
            "scratch": lambda: readout_training.train_scratch(of, used, guess),
        }
        return {name for name, step in steps.items() if not _is_kept(step)}

    return names


def _is_kept(step) -> bool:
    try:
        return step().is_kept
    except MadeAnewError:
        return False


def test_every_setting_stands_in_this_file():
    assert set(CHANGES) == set(TransferSettings.model_fields)


@pytest.mark.parametrize("setting", CHANGES)
def test_a_setting_makes_anew_what_depends_on_it_and_nothing_else(made_anew, setting):
    value, expected = CHANGES[setting]
    assert made_anew() == set()
    assert made_anew(**{setting: value}) == expected


def test_the_settings_of_other_targets_make_nothing_anew(made_anew):
    assert made_anew(overrides={"normal": {"steps": 3}}) == set()


def test_what_products_are_made_from_makes_them_anew(made_anew, finished, transfer_splits):
    other = replace(finished.guess, outcome={**finished.guess.outcome, "content": "other"})
    assert made_anew(guess=other) == TRAINED
    assert made_anew(content={"normal": "other"}) == READOUTS
    assert made_anew(content={"random_projection": "other"}) == {"first"}  # it is in no combination
    assert made_anew(dropout=0.1) == EVERYTHING
    for split, expected in (("transfer", EVERYTHING), ("validation", TRAINED), ("test", TRAINED)):
        assert made_anew(splits={split: transfer_splits["train"]}) == expected
