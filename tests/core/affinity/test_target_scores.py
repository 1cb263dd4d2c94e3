import numpy as np
import pytest

from taskonomy_kedro.core.affinity import NormalizationSettings, score_target, tabulate_targets
from taskonomy_kedro.core.affinity.affinity_tables import left_out_of
from taskonomy_kedro.core.affinity.target_scores import TargetScores, check_candidates
from taskonomy_kedro.core.candidates import ImageLosses

KNOWN = ("normal", "reshading", "curvature", "imagenet")


def losses(*transfer_ids: str) -> ImageLosses:
    values = np.random.default_rng(0).random((len(transfer_ids), 20)).astype(np.float32)
    return ImageLosses(values=values, transfer_ids=transfer_ids, image_ids=tuple(map(str, range(20))))


def score(*origins: str) -> TargetScores:
    given = losses(*(f"{origin}->normal" for origin in origins))
    return score_target(given, "normal", NormalizationSettings(), KNOWN)


@pytest.mark.parametrize(
    ("origins", "found"),
    [
        (("full_supervision",), "only full_supervision->normal remains"),
        (("scratch", "reshading"), "only reshading->normal remains"),
        (("scratch",), "no candidate remains"),
        ((), "no candidate remains"),
    ],
)
def test_a_target_without_two_candidates_is_left_out_with_the_reason(origins, found):
    scores = score(*origins)
    assert (scores.scores, scores.left_out) == ([], f"a tournament needs two candidates, but {found}")


@pytest.mark.parametrize("missing", ["scratch", "full_supervision"])
def test_without_a_yardstick_its_measure_alone_is_unknown(missing):
    kept = [
        origin for origin in ("full_supervision", "scratch", "reshading", "imagenet") if origin != missing
    ]
    affinities, win_rates = tabulate_targets([score(*kept)])
    assert affinities["affinity"].sum() == pytest.approx(1)
    unknown, known = ("gain", "quality") if missing == "scratch" else ("quality", "gain")
    assert win_rates[unknown].isna().all()
    assert win_rates[known].notna().all()


def test_other_targets_are_scored_and_the_tables_list_excluded_ones():
    lost = TargetScores(target="curvature", scores=[], left_out="nothing to compare")
    affinities, win_rates = tabulate_targets([lost, score("full_supervision", "scratch", "reshading")])
    assert set(affinities["target"]) == set(win_rates["target"]) == {"normal"}
    assert left_out_of(affinities) == left_out_of(win_rates) == {"curvature": "nothing to compare"}


def test_tables_of_all_targets_have_no_note():
    affinities, _ = tabulate_targets([score("full_supervision", "reshading")])
    assert (affinities.attrs, left_out_of(affinities)) == ({}, {})


def test_no_target_at_all_is_refused_with_every_reason():
    lost = [TargetScores(target=name, scores=[], left_out="it diverged") for name in ("normal", "curvature")]
    with pytest.raises(ValueError, match=r"no target remains .*normal \(it diverged\); curvature \(it"):
        tabulate_targets(lost)


@pytest.mark.parametrize(
    ("transfer_id", "message"),
    [
        ("reshadng->normal", "the unknown source 'reshadng' .*; did you mean 'reshading'"),
        ("bar+foo->normal", "the unknown source 'bar' .*; known: curvature, imagenet"),
        ("curvature+reshadng->normal", "the unknown source 'reshadng'"),
        ("reshading+scratch->normal", "the unknown source 'scratch'"),
        ("nonsense", "'nonsense' must have the form 'source.source->normal'"),
        (
            "reshading+curvature->normal",
            "must have the form 'source.source->normal' with sorted, distinct sources",
        ),
        ("reshading->curvature", "must end with '->normal'"),
    ],
)
def test_an_unknown_candidate_is_named_with_its_target(transfer_id, message):
    with pytest.raises(ValueError, match=f"image_losses of the target 'normal': the candidate.*{message}"):
        check_candidates(["full_supervision->normal", transfer_id], "normal", KNOWN)
