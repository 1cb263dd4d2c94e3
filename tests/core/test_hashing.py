import numpy as np
import torch

from taskonomy_kedro.core.hashing import array_hash, files_hash, weights_hash


def test_hashes_of_arrays_depend_on_values_type_shape_and_labels():
    array = np.arange(6, dtype=np.float32)
    changed = [array + 1, array.astype(np.float64), array.reshape(2, 3)]
    hashes = {array_hash(array), array_hash(array, ["a"]), *map(array_hash, changed)}
    assert len(hashes) == 5
    assert array_hash(array[::-1]) == array_hash(array[::-1].copy())


def test_hashes_of_weights_depend_on_names_values_types_and_shapes_not_on_order_or_layout():
    one, two = torch.zeros(2, 3, 4, 4), torch.ones(1, dtype=torch.bfloat16)
    expected = weights_hash({"a": one, "b": two})
    assert weights_hash({"b": two, "a": one.to(memory_format=torch.channels_last)}) == expected
    others = [{"a": one}, {"a": one + 1, "b": two}, {"a": one.int(), "b": two}, {"a": one[0], "b": two}]
    assert len({expected, *map(weights_hash, others), weights_hash({"a": one, "c": two})}) == 6


def test_hashes_of_files_depend_on_names_and_bytes(tmp_path):
    for name, content in (("a", b"1"), ("b", b"1"), ("c", b"2")):
        (tmp_path / name).write_bytes(content)
    hashes = {files_hash([tmp_path / name]) for name in "abc"}
    assert len(hashes) == 3
