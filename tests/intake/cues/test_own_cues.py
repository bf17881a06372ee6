"""A region adds cues, changes them and leaves them out; what is wrong with them is told at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vsoko_rules.cli.app import app
from vsoko_rules.errors import RulesetError
from vsoko_rules.intake.cues.checking import cue_faults
from vsoko_rules.intake.cues.cue_trials import try_cues
from vsoko_rules.ruleset.load import load, load_folder
from vsoko_rules.ruleset.ruleset import Ruleset

HEAD = "id: oblast\nversion: 1\ntitle: Наша\nextends: bashkortostan-2022\n"
OWN = """\
claims:
  - id: our-control
    requirement: control
    kinds: [order]
    phrases: ["исполнение .. на личном контроле"]
    examples: ["Исполнение приказа держу на личном контроле."]
    counter_examples: ["Контроль знаний"]
    measured: {right: 9, wrong: 0}
    origin: proposed
"""


def region(folder: Path, cues: str = OWN, head: str = HEAD) -> Ruleset:
    (folder / "cues").mkdir(parents=True)
    (folder / "ruleset.yml").write_text(head, encoding="utf-8")
    (folder / "cues" / "our.yml").write_text(cues, encoding="utf-8")
    return load_folder(folder)


def test_a_region_adds_a_cue(tmp_path: Path) -> None:
    parent, own = load("bashkortostan-2022"), region(tmp_path / "oblast")
    assert [cue.id for cue in own.cues.claims] == [*(cue.id for cue in parent.cues.claims), "our-control"]
    assert own.cues.kinds == parent.cues.kinds
    assert own.cues.proposes(own.cues.claims[-1])
    assert own.sha256 != load_folder(_changed(tmp_path / "other")).sha256, "cues are a part of the ruleset"


def _changed(folder: Path) -> Path:
    region(folder, OWN.replace("right: 9", "right: 8"))
    return folder


def test_a_region_changes_a_cue_and_leaves_one_out(tmp_path: Path) -> None:
    changed = 'claims:\n  - id: control-order\n    phrases: ["контроль беру на себя"]\n'
    own = region(tmp_path / "o", changed, HEAD + "exclude:\n  - {id: kind-page, reason: Страниц не присылают}\n")
    control = next(cue for cue in own.cues.claims if cue.id == "control-order")
    assert (control.phrases, control.requirement) == (("контроль беру на себя",), "control")
    assert "kind-page" not in {cue.id for cue in own.cues.kinds}
    assert "kind-page" in {cue.id for cue in load("core").cues.kinds}


def test_cues_of_what_a_region_leaves_out_are_left_out_too(tmp_path: Path) -> None:
    head = HEAD + "exclude:\n  - {id: C-10, reason: Изучает отдельно}\n  - {id: exchange, reason: Изучает отдельно}\n"
    own = region(tmp_path / "o", OWN, head)
    assert cue_faults(own) == []
    assert {code for cue in own.cues.serves for code in cue.elements} == {
        code for cue in load("core").cues.serves for code in cue.elements if code != "C-10"
    }
    assert "exchange" not in {cue.requirement for cue in own.cues.claims}
    assert all(trial.passed for trial in try_cues(own))


def test_what_is_left_out_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(RulesetError, match="в родительской методике нет такого кода"):
        region(tmp_path / "o", OWN, HEAD + "exclude:\n  - {id: kind-pages, reason: нет такого}\n")


def test_cues_that_are_not_measured_propose_nothing(tmp_path: Path) -> None:
    own = region(tmp_path / "o", OWN.replace("    measured: {right: 9, wrong: 0}\n", ""))
    assert not own.cues.proposes(own.cues.claims[-1])
    low = region(tmp_path / "low", OWN.replace("wrong: 0", "wrong: 9"))
    assert not low.cues.proposes(low.cues.claims[-1])


def test_a_ruleset_is_used_without_reading_its_cues(tmp_path: Path) -> None:
    own = region(tmp_path / "o", "claims: [this is no cue")
    assert own.elements
    with pytest.raises(RulesetError, match="не читается как YAML"):
        _ = own.cues


@pytest.mark.parametrize(
    ("old", "new", "place", "message", "found"),
    [
        ("requirement: control", "requirement: kontrol", "3:18", "с таким кодом нет", "kontrol"),
        ("requirement: control", "requirement: number", "3:18", "с таким кодом нет", "number"),
        ("kinds: [order]", "kinds: [orders]", "4:13", "вида документа с таким кодом нет", "orders"),
        ("на личном", "на (личном)", "5:15", "знак 18 образца", "(личном)"),
        ("our-control", "control-order-1", "", "", ""),
        ("our-control", "kind-page", "2:9", "код признака повторяется", "kind-page"),
        ("origin: proposed", "origin: public\n    sources: [nowhere]", "10:15", "источника с таким кодом", "nowhere"),
        ("    requirement: control\n", "", "2:9", "не сказано, что узнаётся", "our-control"),
    ],
)  # fmt: skip
def test_a_fault_is_told_at_its_place(tmp_path: Path, old: str, new: str, place: str, message: str, found: str) -> None:
    assert old in OWN
    problems = cue_faults(region(tmp_path / "o", OWN.replace(old, new)))
    if not place:
        assert problems == []
        return
    assert [(str(p.place), p.found) for p in problems] == [(f"{tmp_path / 'o' / 'cues' / 'our.yml'}:{place}", found)]
    assert message in problems[0].message


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, arguments, standalone_mode=False)
    if isinstance(result.exception, RulesetError):
        return 3, str(result.exception)
    assert result.exception is None, result.exception
    return result.return_value, result.output


def test_rules_check_names_what_is_wrong_with_a_cue(tmp_path: Path) -> None:
    region(tmp_path / "o", OWN.replace("на личном", "на (личном)"))
    code, said = run("rules", "check", str(tmp_path / "o"))
    assert code == 3
    assert "our.yml:5:15" in said
    assert "образец не читается" in said


def test_rules_check_names_a_threshold_that_no_cue_reaches(tmp_path: Path) -> None:
    limits = "thresholds: {kinds: 100, requisites: 0, claims: 0, serves: 0, related: 0, origin: proposed}\n"
    only = "kinds:\n" + "".join(
        f"  - {{id: {cue.id}, measured: {{right: 9, wrong: 1}}}}\n" for cue in load("core").cues.kinds
    )
    region(tmp_path / "o", limits + only)
    code, said = run("rules", "check", str(tmp_path / "o"))
    assert code == 3
    assert "порог недостижим" in said
    assert "90" in said


def test_rules_test_runs_the_sentences_of_cues(tmp_path: Path) -> None:
    region(tmp_path / "o", OWN.replace('["Контроль знаний"]', '["Исполнение плана на личном контроле"]'))
    code, said = run("rules", "test", str(tmp_path / "o"), "--engine", "plain")
    assert code == 3
    assert "our-control: Исполнение плана на личном контроле" in said
    assert "our.yml:7:24" in said
    assert "получено: найдено «Исполнение плана на личном контроле»" in said
    answer = tmp_path / "answer.json"
    assert run("rules", "test", str(tmp_path / "o"), "--engine", "plain", "--json", "-o", str(answer))[0] == 3
    (told,) = json.loads(answer.read_text(encoding="utf-8"))["results"]
    assert [(lost["cue"], lost["expected"]) for lost in told["failed_sentences"]] == [("our-control", False)]


@pytest.mark.parametrize("name", ["core", "bashkortostan-2022", "tver-2022"])
def test_every_sentence_of_a_shipped_cue_ends_as_it_should(name: str) -> None:
    results = try_cues(load(name))
    assert len(results) > 300
    assert [(str(trial.place), trial.text, trial.found) for trial in results if not trial.passed] == []


def test_every_shipped_cue_is_measured() -> None:
    """`python benchmarks/measure_cues.py --write` counts; a cue found in no document needs one that shows it."""
    assert [cue.id for cue in load("core").cues.all if cue.measured is None] == []
