"""sentence-transformers, without what it loads and never uses here; whoever needs it imports it from this place.

More than half of the time of that import, and 160 MB, go to libraries that nothing here calls:

- scikit-learn (with pandas and SciPy's statistics behind it) and SciPy's optimisation, for one function each. They get
  stand-ins, which import the library when they are called.
- PyTorch's compiler, which is loaded to mark functions that it shall leave alone. It gets a stand-in whose decorators
  leave them as they are; whoever compiles something later loads the compiler itself.
- PyTorch's tensors that are spread over processes (with SymPy behind them). transformers does without them where
  PyTorch is built so, as it is told here that it is: in this process it trains no model on several machines.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import scipy  # noqa: F401 - of a package that is not loaded, all would be a stand-in; sparse matrices are needed
import torch


@contextmanager
def deferred(module: str) -> Iterator[None]:
    """Within the block, functions that are imported from a module are stand-ins; what is loaded already is left.

    The module itself can be imported as ever when the block has ended.
    """

    def stand_in(name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            return getattr(import_module(module), name)(*args, **kwargs)

        return call

    with _replaced(module, stand_in):
        yield


@contextmanager
def undecorated(module: str) -> Iterator[None]:
    """Within the block, a module's decorators leave functions as they are; what is loaded already is left."""

    def decorator(function: Any = None, *_: Any, **__: Any) -> Any:
        return function if callable(function) else decorator

    with _replaced(module, lambda _: decorator):
        yield


@contextmanager
def undistributed() -> Iterator[None]:
    """Within the block, PyTorch says that it is built without support for several processes."""
    kept = torch.distributed.is_available
    torch.distributed.is_available = lambda: False
    try:
        yield
    finally:
        torch.distributed.is_available = kept


@contextmanager
def _replaced(module: str, attribute: Callable[[str], Callable[..., Any]]) -> Iterator[None]:
    """Within the block, a module that is not loaded yet, and its packages, have whatever attributes are asked for."""

    def named(name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)
        return attribute(name)

    parts = module.split(".")
    names = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    placed = {name: ModuleType(name) for name in names if name not in sys.modules}
    for name, stub in placed.items():
        stub.__spec__, stub.__path__ = ModuleSpec(name, None), []
        stub.__getattr__ = named  # type: ignore[method-assign]
        package, _, part = name.rpartition(".")
        if package in placed:
            setattr(placed[package], part, stub)
    sys.modules.update(placed)
    try:
        yield
    finally:
        for name, stub in placed.items():
            if sys.modules.get(name) is stub:
                del sys.modules[name]


try:
    with deferred("sklearn.metrics"), deferred("scipy.optimize"), undecorated("torch._dynamo"), undistributed():
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.base.modules.input_module import InputModule
        from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
except ImportError:  # a library that is installed besides wants more of one than a stand-in has
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.input_module import InputModule
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

__all__ = ["InputModule", "Normalize", "Pooling", "SentenceTransformer", "deferred", "undecorated", "undistributed"]
