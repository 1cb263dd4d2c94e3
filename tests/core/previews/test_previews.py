"""What kedro-viz shows of the program and of networks."""

import re
import subprocess
import sys

import pytest
import torch

from taskonomy_kedro.core.networks.settings import NetworkSettings
from taskonomy_kedro.core.networks.task_network import make_task_network
from taskonomy_kedro.core.previews.network_layers import layer_table
from taskonomy_kedro.core.previews.program_text import program_text
from taskonomy_kedro.core.tasks import TASKS
from taskonomy_kedro.core.taxonomy import ProgramSettings

BESIDE_A_GRAPH = 50  # characters that kedro-viz's panel has room for


def rows_of(table: str) -> list[list[str]]:
    return [re.split(r"\s{2,}", line) for line in table.splitlines() if line]


def test_the_program_has_the_numbers_of_the_run():
    text = program_text(
        ProgramSettings(
            budgets=[1, 2.5], max_orders=3, importance={"normal": 3}, label_cost={"jigsaw": 0.5},
            source_only=["jigsaw"], exclude=["egomotion"], allow_full_supervision=False, solver="HiGHS",
            time_limit_seconds=60,
        )
    )  # fmt: skip
    facts = dict(line.split("  ", 1) for line in text.split("\n\n")[-1].splitlines())
    assert {name.strip(): fact.strip() for name, fact in facts.items()} == {
        "budget": "1, 2.5",
        "order cap": "3 sources a candidate",
        "r_t": "3 for normal, 1 for the others",
        "ℓ_s": "0.5 for jigsaw, 1 for the others",
        "source only": "jigsaw",
        "target only": "none",
        "excluded": "egomotion",
        "own labels": "never solve their own target",
        "solver": "HiGHS, at most 60 s a program",
    }
    default = program_text(ProgramSettings())
    assert "\norder cap    each order that candidates have\n" in default
    assert max(map(len, default.splitlines())) <= BESIDE_A_GRAPH


@pytest.mark.parametrize("encoder", ["small", "taskonomy_resnet50"])
@pytest.mark.parametrize("name", ["normal", "jigsaw", "egomotion", "edge_texture", "colorization"])
def test_the_layers_learn_what_the_network_learns_and_end_in_its_output(name, encoder):
    settings, size = NetworkSettings(encoder=encoder), 64 if encoder == "small" else 256
    task = TASKS[name]
    network = make_task_network(settings, task, image_size=size, generator=torch.Generator())
    total = sum(parameter.numel() for parameter in network.parameters())
    rows = rows_of(layer_table(task, settings, image_size=size))
    assert rows[0][0].endswith(f"learns {total:,} numbers")
    learned = [int(row[3].replace(",", "")) for row in rows[2:] if len(row) == 4]
    n_outputs = (task.label.n_outputs or task.label.size) // (2 if name == "egomotion" else 1)  # two heads
    assert sum(learned) == total
    assert rows[-1][2].split("×")[0] == str(n_outputs)


def test_it_fits_beside_a_graph():
    for task in TASKS.values():
        table = layer_table(task, NetworkSettings(), image_size=64)
        assert max(map(len, table.splitlines())) <= BESIDE_A_GRAPH, task.name


def test_a_network_without_decoder_has_its_encoder_alone():
    table = layer_table(TASKS["random_projection"], NetworkSettings(), image_size=64)
    assert "decoder" not in table
    assert "8×8×8" in table


def test_an_unknown_number_of_classes_has_a_placeholder():
    assert "(10 classes here; the images determine it)" in layer_table(
        TASKS["class_object"], NetworkSettings(), image_size=64
    )


def test_a_size_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="must be a multiple of 8 pixels, got 60"):
        layer_table(TASKS["normal"], NetworkSettings(), image_size=60)


def test_looking_moves_no_random_state_and_asking_for_the_module_brings_no_torch():
    before = torch.random.get_rng_state()
    layer_table(TASKS["normal"], NetworkSettings(), image_size=64)
    assert torch.equal(torch.random.get_rng_state(), before)
    code = "import sys, taskonomy_kedro.core.previews.network_layers; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
