import pytest

from taskonomy_kedro.core.candidates import Candidate


@pytest.mark.parametrize(
    ("transfer_id", "order", "kind"),
    [
        ("curvature+normal->reshading", 2, "transfer"),
        ("normal->normal", 1, "transfer"),
        ("full_supervision->normal", 1, "full_supervision"),
        ("scratch->normal", 0, "scratch"),
        ("imagenet->normal", 1, "imagenet"),
        ("random_projection->normal", 1, "random"),
    ],
)
def test_label_and_candidate_are_inverse(transfer_id, order, kind):
    candidate = Candidate.from_transfer_id(transfer_id)
    assert (candidate.transfer_id, candidate.order, candidate.kind) == (transfer_id, order, kind)


def test_own_encoder_and_own_network_have_different_labels():
    own_encoder = Candidate(target="normal", sources=("normal",))
    own_network = Candidate(target="normal", sources=("normal",), kind="full_supervision")
    assert own_encoder.transfer_id != own_network.transfer_id


@pytest.mark.parametrize("label", ["normal", "->normal", "normal->"])
def test_a_label_without_two_ends_is_refused(label):
    with pytest.raises(ValueError, match=r"'source\+source->target'.*" + label):
        Candidate.from_transfer_id(label)


@pytest.mark.parametrize(
    ("sources", "kind", "message"),
    [
        (("b", "a"), "transfer", r"sorted and distinct, got \['b', 'a'\]"),
        (("a", "a"), "transfer", r"sorted and distinct, got \['a', 'a'\]"),
        ((), "transfer", "at least one source, got none"),
        (("a",), "full_supervision", r"one source \['t'\], got \['a'\]"),
        (("a",), "scratch", r"no sources, got \['a'\]"),
        (("a",), "random", r"'random' and the only source \['random_projection'\] require each other, got"),
        (("random_projection",), "transfer", "require each other, got kind 'transfer'"),
        (("a",), "guess", "kind must be one of .* got 'guess'"),
    ],
)
def test_what_is_no_candidate_is_refused(sources, kind, message):
    with pytest.raises(ValueError, match=message):
        Candidate(target="t", sources=sources, kind=kind)
