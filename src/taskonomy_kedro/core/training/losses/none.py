"""No loss: the random projection learns nothing."""

from taskonomy_kedro.core.training.losses.loss import Loss

LOSS = Loss()
