from dataclasses import replace

from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.core.training.products import TaskLosses, TrainedNetwork
from taskonomy_kedro.tracking.work import Work, training_work

NETWORK = TrainedNetwork(task="normal", outcome={"seconds": 4.0, "images_per_second": 25.0, "curve": []})
READOUTS = TransferLosses(
    task="normal/order_1",
    outcome={
        "seconds": 9.0,
        "facts": [
            {"seconds": 1.5, "pictures": 60, "failure": ""},
            {"seconds": 1.5, "pictures": 20, "failure": "the training loss was nan at step 5"},
        ],
    },
)
SCRATCH = TransferLosses(task="normal/scratch", outcome={"facts": [{"seconds": 3.0, "steps": 9}]})


def test_networks_and_readouts_count_the_images_they_were_trained_on():
    assert training_work(NETWORK) == Work(100, 4)
    assert training_work(READOUTS) == Work(80, 3)


def test_where_nothing_was_trained_nothing_is_counted():
    untrained = replace(NETWORK, outcome={"content": "1"})
    others = (untrained, SCRATCH, TaskLosses(task="normal"), "no product")
    assert [training_work(other) for other in others] == [None] * 4
