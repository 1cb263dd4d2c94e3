import collections
import pickle
from pathlib import Path

import numpy as np
import pytest

from taskonomy_kedro.core.affinity.safe_pickle import load_plain_pickle


class Hostile:
    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return (Path.touch, (self.trace,))


def write(path: Path, content: object, protocol: int = 4) -> Path:
    path.write_bytes(pickle.dumps(content, protocol=protocol))
    return path


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_things_come_back(tmp_path, protocol):
    plain = {"a": [1, 2.5, ("x", None, True)], "b": np.float64(0.25), "c": np.int32(7), "d": np.float32(0.1)}
    assert load_plain_pickle(write(tmp_path / "plain.pkl", plain, protocol)) == plain


def test_a_big_endian_scalar_keeps_its_value(tmp_path):
    scalar = np.array([1.5], dtype=">f8")[0]
    assert load_plain_pickle(write(tmp_path / "big.pkl", np.array(1.5, dtype=">f8")[()])) == scalar


def test_a_hostile_file_leaves_no_trace_and_gives_one_sentence(tmp_path):
    trace = tmp_path / "trace"
    path = write(tmp_path / "hostile.pkl", {"normal__reshade": Hostile(trace)})
    with pytest.raises(
        ValueError, match=r"hostile\.pkl: refused as a plain pickle: it asks for \S+"
    ) as refusal:
        load_plain_pickle(path)
    assert not trace.exists()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "content",
    [
        print,
        collections.OrderedDict(a=1),
        np.zeros(3),
        np.array([None], dtype=object),
        np.dtype([("a", "f8")]),
        np.str_("text"),
        Path("x"),
    ],
)
def test_anything_else_is_refused(tmp_path, content):
    with pytest.raises(ValueError, match="refused as a plain pickle"):
        load_plain_pickle(write(tmp_path / "other.pkl", content))


@pytest.mark.parametrize("damage", [lambda raw: raw[:-5], lambda raw: b"", lambda raw: b"plain text\n"])
def test_a_damaged_file_is_named(tmp_path, damage):
    path = tmp_path / "damaged.pkl"
    path.write_bytes(damage(pickle.dumps({"a": 1.0})))
    with pytest.raises(ValueError, match=r"damaged\.pkl: refused"):
        load_plain_pickle(path)


@pytest.mark.parametrize(
    "stream",
    [
        b"\x80\x02c_codecs\nencode\nN}U\x0c__defaults__X\x06\x00\x00\x00latin1\x85s\x86b.",
        b"\x80\x02cnumpy\ndtype\n}U\x04evilK\x01sb.",
    ],
)
def test_a_pickle_cannot_change_the_reader(tmp_path, stream):
    (tmp_path / "sly.pkl").write_bytes(stream)
    with pytest.raises(ValueError, match="it tries to change the reader"):
        load_plain_pickle(tmp_path / "sly.pkl")


def test_a_small_file_cannot_ask_for_gigabytes(tmp_path):
    (tmp_path / "big.pkl").write_bytes(b"\x80\x02}r\xff\xff\xff\x03.")
    with pytest.raises(ValueError, match="more memory than a file of its size can need"):
        load_plain_pickle(tmp_path / "big.pkl")


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_plain_pickle(tmp_path / "nowhere.pkl")
