"""Cross-entropy of one class per pixel or item."""

from torch import Tensor
from torch.nn import functional

from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses.class_shares import log_shares
from taskonomy_kedro.core.training.losses.loss import GuessedTask, Loss, LossConstants, Terms, exact, summed


class _CrossEntropy(Loss):
    def terms(self, output: Tensor, target: TargetTensors, constants: LossConstants) -> Terms:
        errors = functional.cross_entropy(exact(output), target.values, reduction="none")
        return summed(errors, target.weights)

    def guess(self, of: GuessedTask) -> Tensor:
        return log_shares(of)


LOSS = _CrossEntropy()
