"""How many images a finished product took, and how long; nothing where the work was kept from earlier."""

from typing import Any, NamedTuple

from taskonomy_kedro.core.readouts.transfer_losses import TransferLosses
from taskonomy_kedro.core.training.products import TrainedNetwork


class Work(NamedTuple):
    """Images made, or trained on once for each network that learns from them, and the seconds it took."""

    images: float
    seconds: float


def training_work(product: Any) -> Work | None:
    """Return the training that a product took.

    Args:
        product: What a node gave. A network counts the images it was trained on; the readouts of a
            target and order those that each of them was trained on, though they were trained together.

    Returns:
        None where nothing was trained: it was kept, failed, or is of another kind.
    """
    if not isinstance(product, TrainedNetwork | TransferLosses):
        return None
    if isinstance(product, TrainedNetwork):
        seconds = float(product.outcome.get("seconds") or 0.0)
        images = float(product.outcome.get("images_per_second") or 0.0) * seconds
    else:
        readouts = [fact for fact in product.outcome.get("facts", ()) if fact.get("pictures")]
        seconds = sum(float(fact["seconds"]) for fact in readouts)
        images = sum(float(fact["pictures"]) for fact in readouts)
    return Work(images, seconds) if images > 0 and seconds > 0 else None
