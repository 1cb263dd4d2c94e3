import pytest
from kedro.io import DatasetError

from taskonomy_kedro.errors import MissingNetworksError, one_sentence


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.delenv("TASKONOMY_TRACEBACK", raising=False)


def test_bad_input_is_one_sentence(capsys):
    one_sentence(DatasetError, DatasetError("table 'a' lacks the column 'b'"), None)
    assert capsys.readouterr().err.splitlines()[0] == "Error: table 'a' lacks the column 'b'"


def test_our_own_faults_keep_their_traceback(capsys):
    one_sentence(KeyError, KeyError("a"), None)
    assert capsys.readouterr().err == "KeyError: 'a'\n"


def test_the_traceback_can_be_asked_for(capsys, monkeypatch):
    monkeypatch.setenv("TASKONOMY_TRACEBACK", "1")
    one_sentence(ValueError, ValueError("a"), None)
    assert capsys.readouterr().err == "ValueError: a\n"


def test_missing_networks_are_a_sentence_alone(capsys, monkeypatch):
    one_sentence(MissingNetworksError, MissingNetworksError("a network is missing"), None)
    assert capsys.readouterr().err == "Error: a network is missing\n"
