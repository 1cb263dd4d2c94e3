"""Cross-entropy of distributions: over classes, or over the nearest bins of a colour."""

from torch import Tensor
from torch.nn import functional

from taskonomy_kedro.core.training.batch_tensors import TargetTensors
from taskonomy_kedro.core.training.losses.class_shares import log_shares
from taskonomy_kedro.core.training.losses.loss import GuessedTask, Loss, LossConstants, Terms, exact, summed


class _SoftCrossEntropy(Loss):
    def terms(self, output: Tensor, target: TargetTensors, constants: LossConstants) -> Terms:
        log_chance = functional.log_softmax(exact(output), dim=1)
        if target.shares is None:
            return summed(-(target.values * log_chance).sum(dim=1), target.weights)
        errors = -(target.shares * log_chance.gather(1, target.values)).sum(dim=1)
        return summed(errors, target.weights)

    def guess(self, of: GuessedTask) -> Tensor:
        return log_shares(of)


LOSS = _SoftCrossEntropy()
