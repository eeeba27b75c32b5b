"""How good the word lists of reports/topics are: `python -m tests.reports.labelled` prints the table of its README."""

import tomllib
from pathlib import Path
from typing import NamedTuple

from reports.topics import topics

SENTENCES: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""Language -> text -> its topics."""


class Score(NamedTuple):
    found: int
    """Of the topics that a reader names."""
    of: int
    wrong: int
    """Topics that no reader names."""

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.wrong)

    @property
    def recall(self) -> float:
        return self.found / self.of


def misread(language: str) -> list[tuple[str, set[str], set[str]]]:
    """Each text whose topics are not those that a reader names: with those missed, and those that are wrong."""
    both = [
        (text, set(true), {topic.key for topic in topics(text, language)}) for text, true in SENTENCES[language].items()
    ]
    return [(text, true - told, told - true) for text, true, told in both if true != told]


def score(language: str) -> Score:
    found = misread(language)
    named, missed, wrong = (
        sum(map(len, SENTENCES[language].values())),
        sum(len(m) for _, m, _ in found),
        sum(len(w) for _, _, w in found),
    )
    return Score(named - missed, named, wrong)


if __name__ == "__main__":
    print("| language | texts | topics | found | wrong | precision | recall |\n|---|---|---|---|---|---|---|")
    for each, texts in SENTENCES.items():
        s = score(each)
        print(f"| {each} | {len(texts)} | {s.of} | {s.found} | {s.wrong} | {s.precision:.2f} | {s.recall:.2f} |")
    for each in SENTENCES:
        for text, missed, wrong in misread(each):
            print(each, text, "missed:", *missed, "wrong:", *wrong)
