"""Checks what is neither code nor test: secrets in the files, known weaknesses of what is installed, the container and
the workflows. What cannot be checked here is said aloud, and fails nothing.

    python -m tests.audit
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
HASH = r"\b[0-9a-f]{40}([0-9a-f]{24})?\b"  # of a commit or a file: no secret


def main() -> None:
    failed = [check.__name__ for check in (secrets, weaknesses, container, workflows) if not check()]
    if failed:
        sys.exit(f"FAILED: {', '.join(failed)}")


def secrets() -> bool:
    """No password, key or token in any file that git keeps."""
    files = run("git", "ls-files").stdout.split("\n")
    files = [name for name in files if name and Path(name).suffix not in (".png", ".jsonl", ".woff2")]
    done = run(tool("detect-secrets"), "scan", "--exclude-lines", HASH, *files)
    found = json.loads(done.stdout)["results"]
    for file, secrets in found.items():
        for secret in secrets:
            say(f"{file}:{secret['line_number']}: {secret['type']}; where it is none: # pragma: allowlist secret")
    return not found


def weaknesses() -> bool:
    """No known weakness in what requirements.txt pins."""
    command = ("--requirement", "requirements.txt", "--no-deps", "--disable-pip", "--format", "json")
    done = run(tool("pip-audit"), *command, "--progress-spinner", "off")
    try:
        audited = json.loads(done.stdout)["dependencies"]
    except ValueError:
        return skipped("pip-audit", done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it says nothing")
    unknown = [each["name"] for each in audited if "skip_reason" in each]
    if len(unknown) == len(audited):
        return skipped("pip-audit", "the database of weaknesses is not to be had from here; NOTHING was audited")
    if unknown:
        skipped("pip-audit", f"not in the database: {', '.join(unknown)}")
    weak = [each for each in audited if each.get("vulns")]
    for each in weak:
        for weakness in each["vulns"]:
            say(f"{each['name']} {each['version']}: {weakness['id']}, mended in {weakness['fix_versions']}")
    return not weak


def container() -> bool:
    """The Dockerfile, by hadolint."""
    if not (found := shutil.which("hadolint", path=str(Path(sys.executable).parent))):
        return skipped("hadolint", "it has no package for this system")
    return passed(run(found, "Dockerfile"))


def workflows() -> bool:
    """The workflows of continuous integration, by zizmor."""
    return passed(run(tool("zizmor"), "--offline", "--no-progress", "--quiet", ".github/workflows"))


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, timeout=300, check=False)


def passed(done: subprocess.CompletedProcess[str]) -> bool:
    if done.returncode:
        say(done.stdout + done.stderr)
    return not done.returncode


def skipped(name: str, why: str) -> bool:
    say(f"SKIPPED {name}: {why}")
    return True


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
