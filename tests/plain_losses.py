"""The losses once more, in plain NumPy and loops, from the written definitions alone."""

import math

import numpy as np


def masked_errors(output, values, weights, power):
    """Sums and counts of |error|^power over channels and pixels, (n,) each."""
    sums, counts = np.zeros(len(output)), np.zeros(len(output))
    for n, c, *place in np.ndindex(*output.shape):
        weight = weights[(n, 0, *place)] if place else weights[n]
        sums[n] += weight * abs(output[(n, c, *place)] - values[(n, c, *place)]) ** power
        counts[n] += weight != 0
    return sums, counts


def log_softmax(logits):
    return logits - logits.max() - math.log(sum(math.exp(x - logits.max()) for x in logits))


def class_errors(output, classes, weights):
    """Of class maps (n, H, W), or classes (n,)."""
    sums, counts = np.zeros(len(output)), np.zeros(len(output))
    for place in np.ndindex(*classes.shape):
        logits = output[(place[0], slice(None), *place[1:])]
        sums[place[0]] -= weights[place] * log_softmax(logits)[classes[place]]
        counts[place[0]] += weights[place] != 0
    return sums, counts


def distribution_errors(output, distributions, weights):
    """Of distributions (n, k), or (n, k, H, W), all k of them given."""
    sums, counts = np.zeros(len(output)), np.zeros(len(output))
    for place in np.ndindex(*weights.shape):
        along = (place[0], slice(None), *place[1:])
        sums[place[0]] -= weights[place] * (distributions[along] * log_softmax(output[along])).sum()
        counts[place[0]] += weights[place] != 0
    return sums, counts


def pair_errors(embeddings, ids):
    """The metric loss as it is written, of one item: (p, k) and (p,)."""
    total = 0.0
    for one, id_one in zip(embeddings, ids, strict=True):
        for two, id_two in zip(embeddings, ids, strict=True):
            distance = min(max(((one - two) ** 2).sum(), 0.0), 80.0)
            chance = min(max(2 / (1 + math.exp(distance)), 1e-7), 1 - 1e-7)
            total -= math.log(chance if id_one == id_two else 1 - chance)
    return total
