"""Small tables of candidates, made by hand or drawn from a seed."""

import math

import numpy as np

from taskonomy_kedro.core.affinity import CandidateScore
from taskonomy_kedro.core.candidates import Candidate


def score(
    target: str,
    *sources: str,
    affinity: float,
    gain: float = 0.5,
    quality: float = 0.5,
    kind: str = "transfer",
) -> CandidateScore:
    return CandidateScore(
        candidate=Candidate(target=target, sources=tuple(sorted(sources)), kind=kind),  # type: ignore[arg-type]
        affinity=affinity,
        gain=gain,
        quality=quality,
        n_images=10,
    )


def random_scores(
    rng: np.random.Generator, *, n_tasks: int, n_targets: int, n_higher: int
) -> list[CandidateScore]:
    """Draw full supervision, all first-order transfers and some of higher order for each target."""
    tasks = [f"task{number}" for number in range(n_tasks)]
    scores = []
    for target in tasks[:n_targets]:
        candidates = [Candidate(target=target, sources=(target,), kind="full_supervision")]
        candidates += [Candidate(target=target, sources=(source,)) for source in tasks]
        seen = set()
        for _ in range(n_higher):
            size = int(rng.integers(2, n_tasks))
            sources = tuple(sorted(rng.choice(tasks, size=size, replace=False).tolist()))
            if sources not in seen:
                seen.add(sources)
                candidates.append(Candidate(target=target, sources=sources))
        affinity = rng.dirichlet(np.ones(len(candidates)))
        scores += [
            CandidateScore(
                candidate=candidate,
                affinity=float(share),
                gain=float(rng.random()),
                quality=float(rng.random()),
                n_images=10,
            )
            for candidate, share in zip(candidates, affinity, strict=True)
        ]
    return scores


def scratch(target: str) -> CandidateScore:
    return score(target, affinity=math.nan, kind="scratch")
