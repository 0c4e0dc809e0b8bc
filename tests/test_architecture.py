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
    "index.report",
    "index.evaluation",
    "index.progress",
    "index.default",
    "index.engine",
    "index.sections",
    "index.feedback",
    "index.conversation",
    "index.about",
    "index.suggestions",
    "index.answer",
    "index.asked_for",
    "index.scope",
    "index.phrases",
    "index.retriever",
    "index.samples",
    "index.candidates",
    "index.grouped",
    "index.bridge",
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
    "index.tokens",
    "index.together",
    "index.threads",
    "index.storage",
    "index.collection",
    "index.documents",
    "index.segmentation",
    "index.script",
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
