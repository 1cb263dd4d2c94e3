from taskonomy_kedro.reporting.network_report import failure_sentence, network_line, summary_lines

OUTCOME = {"best_validation": 0.01234, "steps": 160, "seconds": 3.94, "images_per_second": 1312.4}


def sanity(average: float, random: float) -> dict[str, float]:
    return {"beats_average_guess": average, "beats_random_readout": random}


def line(part: str, outcome: dict, failure: str = "", *, is_reused: bool = False) -> str | None:
    return network_line("normal", part, {"outcome": outcome, "failure": failure}, is_reused=is_reused)


def test_a_finished_network_is_a_line():
    expected = "network normal: validation loss 0.01234 after 160 steps, 3.9 s, 1,312 images/s"
    assert line("network", OUTCOME) == expected
    assert line("network", OUTCOME, is_reused=True) == f"{expected}, reused"
    assert line("random_readout", OUTCOME).startswith("random readout normal: validation loss")
    assert line("losses", {"loss": 0.5, "n_items": 576, **sanity(0.93, 0.875)}) == (
        "network normal: test loss 0.5, beats the average guess on 93% and the random network on 88% of "
        "576 test items"
    )


def test_what_failed_or_was_never_trained_has_no_line():
    assert line("network", {}, "nan") is None
    assert line("network", {"content": "a"}) is None
    assert line("losses", {}, "nan") is None


def test_the_summary_names_the_tasks_below_either_goal():
    lines = summary_lines({"a": sanity(0.9, 0.74), "b": sanity(0.8, 0.75), "c": sanity(0.797, 0.91)})
    assert lines == [
        "networks beat the average guess on 83% and the random network on 80% of the test items, on average over 3 tasks",
        "below 80% or 75%: a (90.0% and 74.0%), c (79.7% and 91.0%)",
    ]
    assert len(summary_lines({"b": sanity(0.8, 0.75)})) == 1
    assert summary_lines({}) == []


def test_every_missing_network_has_its_reason():
    assert failure_sentence({"a": "x"}).startswith("a network is missing: a (x); ")
    assert failure_sentence({"a": "x", "random readout of b": "x"}).startswith(
        "2 networks are missing: a (x); random readout of b (x); "
    )
