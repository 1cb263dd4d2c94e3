from types import SimpleNamespace

from taskonomy_kedro.tracking.step_times import (
    Span,
    StepTimes,
    gpu_metrics,
    images_per_second,
    seconds_by_step,
)


def test_spans_of_a_step_that_overlap_count_once():
    spans = [Span("b", 4, 5), Span("a", 0, 3), Span("a", 1, 2), Span("a", 2, 6), Span("a", 8, 9)]
    assert seconds_by_step(spans) == {"a": 7, "b": 1}


def test_the_rate_of_a_step_is_over_the_seconds_of_work_on_images():
    assert images_per_second({"a": [(30, 1), (0, 0), (10, 3)], "b": [(0, 0)]}) == {"a": 10}


def test_a_span_reaches_from_the_first_input_to_the_last_output(monkeypatch):
    now = iter(range(10))
    monkeypatch.setattr("time.time", lambda: next(now))
    times = StepTimes()
    for _ in range(2):
        times.begin("train")
        times.end("train", "a")
    assert times.spans == {"train": Span("a", 0, 3)}


def test_a_step_on_the_gpu_has_a_mean_load_and_the_most_memory_of_its_time():
    loads = {"0": [(1, 0), (2, 50), (4, 100), (7, 10)], "1": [(2, 10)]}
    history = {
        "system/gpu_0_utilization_percentage": loads["0"],
        "system/gpu_1_utilization_percentage": loads["1"],
        "system/gpu_0_memory_usage_megabytes": [(2, 2**30 / 1e6), (4, 5 * 2**30 / 1e6), (7, 9e9)],
        "system/cpu_utilization_percentage": [(2, 3)],
    }
    client = SimpleNamespace(
        get_run=lambda run_id: SimpleNamespace(data=SimpleNamespace(metrics=history)),
        get_metric_history=lambda run_id, name: [
            SimpleNamespace(timestamp=1000 * moment, value=value) for moment, value in history[name]
        ],
    )
    spans = [Span("data_preparation", 0, 1.5), Span("task_modeling", 1.5, 3), Span("task_modeling", 3, 5)]
    assert gpu_metrics(client, "run", spans) == {
        "gpu_utilization_percentage/task_modeling": 75,
        "gpu_peak_memory_gib/task_modeling": 5,
    }
    history.clear()
    assert gpu_metrics(client, "run", spans) == {}
