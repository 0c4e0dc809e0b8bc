"""sentence-transformers, without what it loads and never uses here; whoever needs it imports it from this place.

It takes one function from scikit-learn (util/similarity.py, for distances that nothing here asks for), and transformers
another. With pandas and SciPy's statistics behind it, scikit-learn takes a quarter of the time of that import, and 70
MB. So both get stand-ins, which import scikit-learn when they are called.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


@contextmanager
def deferred(module: str) -> Iterator[None]:
    """Within the block, functions that are imported from a module are stand-ins; what is loaded already is left.

    The module itself can be imported as ever when the block has ended.
    """

    def stand_in(name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return getattr(import_module(module), name)(*args, **kwargs)

        return call

    parts = module.split(".")
    names = [".".join(parts[:length]) for length in range(1, len(parts) + 1)]
    placed = {name: ModuleType(name) for name in names if name not in sys.modules}
    for name, stub in placed.items():
        stub.__spec__, stub.__path__ = ModuleSpec(name, None), []
        stub.__getattr__ = stand_in  # type: ignore[method-assign]
    sys.modules.update(placed)
    try:
        yield
    finally:
        for name, stub in placed.items():
            if sys.modules.get(name) is stub:
                del sys.modules[name]


with deferred("sklearn.metrics"):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules.input_module import InputModule
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

__all__ = ["InputModule", "Normalize", "Pooling", "SentenceTransformer", "deferred"]
