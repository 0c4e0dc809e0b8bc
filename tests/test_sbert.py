"""sentence-transformers without what is never used of it, which is there all the same for whoever asks for it."""

from __future__ import annotations

import subprocess
import sys


def run(program: str) -> str:
    """What a Python of its own prints."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_engine_loads_no_scikit_learn_and_what_needs_it_still_has_it() -> None:
    program = """
import sys
import index.engine
print(sorted({"sklearn", "pandas"} & sys.modules.keys()))
import torch
from sentence_transformers.util import manhattan_sim
few = torch.eye(2).to_sparse()
print(abs(manhattan_sim(few, few)).tolist(), "sklearn" in sys.modules)
import sklearn.metrics
print(sklearn.metrics.roc_auc_score([0, 1], [0, 1]), sklearn.__version__ > "1")
"""
    assert run(program).splitlines() == ["[]", "[[0.0, 2.0], [2.0, 0.0]] True", "1.0 True"]


def test_nor_what_pytorch_compiles_and_distributes_with_and_both_work_all_the_same() -> None:
    program = """
import sys
import index.engine
print(sorted({"torch._dynamo", "torch.distributed.tensor", "sympy", "scipy.optimize"} & sys.modules.keys()))
import torch
print(torch.distributed.is_available(), torch.compile(lambda x: x + 1, backend="eager")(torch.ones(2)).tolist())
from transformers.loss.loss_for_object_detection import linear_sum_assignment
print(linear_sum_assignment([[1, 2], [3, 1]])[1].tolist(), "torch._dynamo" in sys.modules)
"""
    assert run(program).splitlines() == ["[]", "True [2.0, 2.0]", "[0, 1] True"]


def test_a_library_that_wants_more_than_stand_ins_have_gets_all_of_it() -> None:
    program = """
import sys, torch
class Wanting:
    def find_spec(self, name, path=None, target=None):
        if name == "sentence_transformers.backend":
            import torch._dynamo.utils
sys.meta_path.insert(0, Wanting())
from index.sbert import SentenceTransformer
print(SentenceTransformer.__name__, "torch._dynamo.utils" in sys.modules)
"""
    assert run(program) == "SentenceTransformer True"


def test_decorators_leave_functions_as_they_are_and_only_within_the_block() -> None:
    program = """
import sys
from index.sbert import undecorated
with undecorated("no_such_library.marks"):
    import no_such_library.marks as marks
    @marks.slow
    def first(): return 1
    @marks.timed(5, reason="long")
    def second(): return 2
print(first(), second(), "no_such_library" in sys.modules)
"""
    assert run(program) == "1 2 False"


def test_stand_ins_are_gone_when_the_block_ends_and_what_was_loaded_is_left() -> None:
    program = """
import sys
from index.sbert import deferred
with deferred("json.tool"):
    from json.tool import main
    during = sys.modules["json.tool"]
import json, json.tool
print(during is json.tool, callable(main), json.loads("1"), sys.modules["json"] is json)
with deferred("json.tool"):
    print(sys.modules["json.tool"] is json.tool)
try:
    with deferred("no_such_library.part"):
        import no_such_library.part
        raise OSError
except OSError:
    print([name for name in sys.modules if name.startswith("no_such_library")])
"""
    assert run(program).splitlines() == ["False True 1 True", "True", "[]"]
