"""Imports run one way: app -> page -> index -> corpus, and inside `index` from the top down."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]

# From the top down; a module imports only what stands below it.
ORDER = [
    "index.__main__",
    "index.mcp_server",
    "index.tools",
    "index.versions",
    "index.doctor",
    "index.report",
    "index.evaluation",
    "index.progress",
    "index.default",
    "index.current",
    "index.engine",
    "index.asking",
    "index.saved",
    "index.soundness",
    "index.building",
    "index.shared",
    "index.sections",
    "index.feedback",
    "index.conversation",
    "index.about",
    "index.suggestions",
    "index.lead",
    "index.answer",
    "index.decision",
    "index.announcing",
    "index.citing",
    "index.asked_for",
    "index.phrases",
    "index.retriever",
    "index.answer_kinds",
    "index.precedents",
    "index.samples",
    "index.selection",
    "index.message",
    "index.scope",
    "index.coordination",
    "index.tables",
    "index.candidates",
    "index.grouped",
    "index.bridge",
    "index.spelling",
    "index.homophones",
    "index.rerank",
    "index.dense",
    "index.lexical",
    "index.dictionary",
    "index.centering",
    "index.encoder",
    "index.model",
    "index.packaged.transformer",
    "index.packaged.tokenizer",
    "index.packaged.charsmap",
    "index.packaged.weights",
    "index.packaged.pieces",
    "index.sbert",
    "index.tokens",
    "index.together",
    "index.threads",
    "index.openmp",
    "index.storage",
    "index.journal",
    "index.collection",
    "index.documents",
    "index.segmentation",
    "index.script",
    "index.trace",
    "index.steps",
    "index.spread",
    "index.ports",
    "index.hosts",
    "index.inert",
    "index.project",
    "index.config",
    "index.errors",
]


def imports_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def test_inside_the_engine_imports_run_downward() -> None:
    modules = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): file
        for file in (ROOT / "index").rglob("*.py")
        if file.name != "__init__.py"
    }
    assert sorted(modules) == sorted(ORDER), "name a new module in ORDER, where it belongs"
    for place, name in enumerate(ORDER):
        upward = imports_of(modules[name]) & set(ORDER[: place + 1])
        assert not upward, f"{name} imports {upward}"


def test_the_corpus_knows_nothing_of_the_engine_and_the_engine_nothing_of_the_page() -> None:
    for folder, forbidden in (("corpus", ("index", "page", "app", "gradio")), ("index", ("page", "app", "gradio"))):
        for file in (ROOT / folder).rglob("*.py"):
            roots = {name.split(".")[0] for name in imports_of(file)}
            assert not roots & set(forbidden), file


def test_the_project_names_no_host_of_a_package_registry() -> None:
    hosts = [
        ".".join(parts)
        for parts in (("pypi", "org"), ("pythonhosted", "org"), ("download", "pytorch", "org"), ("npmjs", "com"))
    ]
    for file in ROOT.rglob("*"):
        inside = file.relative_to(ROOT).parts
        if file.suffix in {".py", ".md", ".txt", ".toml", ".css", ".js"} and not inside[0].startswith("."):
            text = file.read_text("utf-8")
            assert not [host for host in hosts if host in text], file


def test_pytorch_and_faiss_are_loaded_in_one_place() -> None:
    for folder in ("index", "page", "corpus"):
        for file in (ROOT / folder).rglob("*.py"):
            assert "faiss" not in imports_of(file) or file.name == "openmp.py", file
    lines = (ROOT / "index" / "openmp.py").read_text("utf-8").splitlines()
    [torch] = [number for number, line in enumerate(lines) if line.startswith("import torch")]
    [faiss] = [number for number, line in enumerate(lines) if line.startswith("import faiss")]
    assert torch < faiss


def test_nothing_is_unpickled_evaluated_or_run_from_a_model() -> None:
    """What would run what a file says: none of it stands in the project, but the one place that turns it off."""
    calls = {"eval", "exec", "compile", "__import__", "system", "popen", "load_module"}
    allowed_in = {
        "page/memory.py": {"ctypes"},  # asks the C library that is loaded, and loads none (below)
        "corpus/front_matter.py": {"yaml"},  # with the loader that makes strings alone (test_front_matter.py)
    }
    modules = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "yaml", "xml", "subprocess", "ctypes"}
    for folder in ("index", "page", "corpus"):
        for file in (ROOT / folder).rglob("*.py"):
            allowed = allowed_in.get(file.relative_to(ROOT).as_posix(), set())
            assert not {name.split(".")[0] for name in imports_of(file)} & (modules - allowed), file
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                assert name not in calls, (file, node.lineno)
                attribute = ast.unparse(node.func)
                assert attribute not in ("torch.load", "os.system", "os.popen", "np.fromregex"), (file, node.lineno)
                given = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                if attribute.startswith("ctypes."):
                    assert ast.unparse(node) == "ctypes.CDLL(None)", (file, node.lineno)
                if attribute in ("np.load", "np.save"):
                    assert given["allow_pickle"] == "False", (file, node.lineno)
                if attribute == "SentenceTransformer" and "modules" not in given:
                    assert given["trust_remote_code"] == "False", (file, node.lineno)
