"""PyTorch and FAISS in one process: the one place that says in which order they are loaded, and with how many threads.

Each brings an OpenMP runtime of its own. On Linux (x86-64 and ARM) both are GNU's, and get on. On macOS both are LLVM's
libomp: the second to be loaded stops the process ("OMP: Error #15"), and where that is waved through, FAISS crashes as
soon as it runs in parallel (faiss-wheels issues 40 and 73, pytorch issue 149201). What is known to work there, and is
done here:

    1. KMP_DUPLICATE_LIB_OK=TRUE, set before either is loaded;
    2. PyTorch is loaded first;
    3. FAISS keeps to one thread. A single question is answered fastest so, on every system.

Whoever needs FAISS imports it from here: `from index.openmp import faiss`. Windows has had no such trouble, and is
treated as Linux is.
"""

from __future__ import annotations

import os
import sys

if sys.platform == "darwin":
    os.environ.setdefault("KMP_DUPLICATE_LIB_OK", "TRUE")

import torch  # noqa: F401 - before FAISS

import faiss  # isort: skip

if sys.platform == "darwin":
    faiss.omp_set_num_threads(1)

__all__ = ["faiss"]
