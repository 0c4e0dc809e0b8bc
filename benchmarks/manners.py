"""How well a question is answered in whatever manner it is written: the golden questions, each dressed in many ways.

    python benchmarks/manners.py [--cases FILE]

FILE holds cases (index.evaluation.Case); by default tests/golden/nanguan.jsonl; those with a history are left out.
Prints for each language and manner: of the answerable questions the share whose answer begins with a gold sentence
and the share refused, and of the others the share refused.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.documents import shares
from index.default import default_index
from index.evaluation import read_cases
from index.script import HAN

CASES = ROOT / "tests" / "golden" / "nanguan.jsonl"
Manner = Callable[[str], str]

ENGLISH: Mapping[str, Manner] = {
    "capitals": str.upper,
    "small letters": str.lower,
    "a greeting": lambda asked: f"Hi there! {asked}",
    "thanks": lambda asked: f"{asked} Thanks in advance!",
    "polite": lambda asked: f"Could you please tell me: {asked} Thank you very much.",
    "who asks": lambda asked: f"Hello, I'm a student from Leeds. {asked}",
    "who, in one": lambda asked: f"As a student from Leeds, who knows no Chinese: {asked}",
    "why": lambda asked: f"{asked} I need this for a report I'm writing.",
    "a letter": lambda asked: f"Dear all,\n\n{asked}\n\nKind regards,\nMaria",
}
CHINESE: Mapping[str, Manner] = {
    "a greeting": lambda asked: f"您好,{asked}",
    "thanks": lambda asked: f"{asked} 谢谢",
    "polite": lambda asked: f"你好,请问一下,{asked}谢谢!",
    "who asks": lambda asked: f"我是外地来的学生。{asked}",
    "who, in one": lambda asked: f"我是外地来的学生,{asked}",
    "why": lambda asked: f"{asked}我写报告要用。",
    "a letter": lambda asked: f"各位好:\n\n{asked}\n\n此致敬礼\n小王",
    "spaced": lambda asked: HAN.sub(lambda character: f"{character[0]} ", asked),
}
ANY: Mapping[str, Manner] = {
    "as it is": lambda asked: asked,
    "no mark": lambda asked: asked.rstrip("?？"),
    "many marks": lambda asked: f"{asked.rstrip('?？')}???!!",
    "pictures": lambda asked: f"{asked} 🙏😊",
    "quoted": lambda asked: f"“{asked}”",
    "lines": lambda asked: f"\n{asked.replace(' ', '  ')}\n\n",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=CASES)
    cases = [case for case in read_cases(parser.parse_args().cases) if not case.history]
    index = default_index()
    print(f"language  {'manner':14} asked  first  refused  rightly")
    for language in sorted({case.language for case in cases}):
        own = ENGLISH if language == "en" else CHINESE
        for name, manner in (ANY | own).items():
            asked = [case for case in cases if case.language == language]
            found = shares([(case, index.ask(manner(ended(case.question)))) for case in asked])
            figures = f"{found['first']:6.3f}  {found['refused']:7.3f}  {found['unanswerable refused']:7.3f}"
            print(f"{language:8}  {name:14} {len(asked):5} {figures}", flush=True)


def ended(question: str) -> str:
    """A question with a mark at its end, behind which more can be said."""
    return question if question[-1:] in "?？.!。！" else f"{question}{'？' if HAN.search(question) else '?'}"


if __name__ == "__main__":
    main()
