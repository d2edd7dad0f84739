"""Writes the hashed constraint files beside this one from `pyproject.toml`; run by `make constraints`.

`dev.txt` is resolved first: what runs the project, its tests and its checks, together. The others are
resolved under it, so that one environment can hold them all. Pins that are there already are
kept as long as they satisfy `pyproject.toml`; `make constraints UPGRADE=1` moves everything to the newest.

Needs pip-tools in the interpreter that runs it. No index, host or path of this machine gets into the files.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
HEADER = "# Written by `make constraints` from pyproject.toml. Do not edit.\n"
COMPILE = [sys.executable, "-m", "piptools", "compile"]
EDITABLE = ["editables>=0.5"]
"""What hatchling needs beyond the build system's requirements for an editable install."""
OPTIONS = [
    "--quiet",
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-emit-options",
]


def main(*options: str) -> None:
    """Compiles all files; `options` go to pip-compile."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime = project["project"]["dependencies"]
    groups = project["dependency-groups"]
    build = project["build-system"]["requires"] + EDITABLE
    compile_file("dev.txt", runtime + groups["dev"] + build, None, *options)
    compile_file("runtime.txt", runtime, "dev.txt", *options)
    compile_file("build.txt", build, "dev.txt", *options)
    compile_file("docs.txt", groups["docs"], "dev.txt", *options)
    compile_file("ansible.txt", groups["ansible"], "dev.txt", *options)
    compile_file("clients.txt", groups["clients"], "dev.txt", *options)


def compile_file(name: str, requirements: list[str], under: str | None, *options: str) -> None:
    """Resolves `requirements` into `name`, with the pins of the file `under` if there is one."""
    constraint = [] if under is None else ["--constraint", under]
    command = [*COMPILE, *OPTIONS, *options, *constraint, "--output-file", name, "-"]
    subprocess.run(  # noqa: S603, the arguments are ours and the maintainer's
        command, cwd=HERE, input="\n".join(requirements), text=True, check=True, stdout=subprocess.DEVNULL
    )
    target = HERE / name
    target.write_text(HEADER + target.read_text())


if __name__ == "__main__":
    main(*sys.argv[1:])
