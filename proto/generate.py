"""Generates everything that is made from the proto files.

    python proto/generate.py           writes, and removes what is no longer made
    python proto/generate.py --check   writes nothing; names what differs, and exits 1

Made: client_sdk/onward/v1/, schemas/ and docs/reference.md. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
SDK = Path("client_sdk/onward")
# What is wholly ours to write; anything else found there is an orphan.
OWNED = (SDK / "v1", Path("schemas"), Path("docs/reference.md"))
SPEC_VERSION = "1.0"

# Old on purpose: code made by a newer protoc refuses older protobuf and grpcio, and with them
# every partner who can't upgrade.
TOOLS = "grpcio-tools==1.71.2"
CACHE = ROOT / ".cache"

V1_INIT = '"""The messages and services of the protocol, generated from proto/onward/v1."""\n'


def tools() -> Path:
    """The folder of the old protoc, installed at the first use.

    It is kept apart: its requirements would pull the environment's protobuf back. Protoc itself
    needs none of them.
    """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    target = CACHE / f"{TOOLS.replace('==', '-')}-py{version}"
    if not (target / "grpc_tools").is_dir():
        CACHE.mkdir(exist_ok=True)
        (CACHE / ".gitignore").write_text("*\n")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*command, "--target", str(target), TOOLS], check=True)
    return target


def protoc(out: Path, descriptors: Path) -> None:
    """Python modules into `out`, and a descriptor set with the comments."""
    names = sorted(str(path.relative_to(PROTO)) for path in (PROTO / "onward/v1").glob("*.proto"))
    arguments = [f"-I{PROTO}", f"--descriptor_set_out={descriptors}", "--include_source_info"]
    arguments += [f"--{plugin}_out={out}" for plugin in ("python", "pyi", "grpc_python")]
    env = os.environ | {"PYTHONPATH": str(tools())}
    command = [sys.executable, "-m", "grpc_tools.protoc", *arguments, *names]
    subprocess.run(command, check=True, env=env)
    for stub in (out / "onward/v1").glob("*_pb2_grpc.py"):
        if "Stub(object)" not in stub.read_text():
            stub.unlink()  # The file declares no service.
    (out / "onward/v1/__init__.py").write_text(V1_INIT)


def comments(descriptors: Path) -> dict[str, str]:
    """The comment above each message, field, enum, service and RPC, by full name."""
    from google.protobuf import descriptor_pb2 as pb

    # Field numbers of the lists within FileDescriptorProto and the others.
    lists = {
        pb.FileDescriptorProto: {4: "message_type", 5: "enum_type", 6: "service"},
        pb.DescriptorProto: {2: "field", 3: "nested_type", 4: "enum_type"},
        pb.EnumDescriptorProto: {2: "value"},
        pb.ServiceDescriptorProto: {2: "method"},
    }
    result: dict[str, str] = {}
    for file in pb.FileDescriptorSet.FromString(descriptors.read_bytes()).file:
        for location in file.source_code_info.location:
            path, node, name = list(location.path), file, file.package
            while len(path) > 1 and (inner := lists.get(type(node), {}).get(path[0])):
                node = getattr(node, inner)[path[1]]
                name, path = f"{name}.{node.name}", path[2:]
            if node is not file and not path and location.leading_comments:
                result[name] = " ".join(location.leading_comments.split())
    return result


def render(out: Path, descriptors: Path) -> None:
    """Schemas, OpenAPI and tables. Runs in a process of its own, on the new modules."""
    from onward.core import openapi, schema, spec
    from reference import reference

    said = comments(descriptors)
    messages = [spec.messages()[name] for name in sorted(spec.messages())]
    documents = {
        f"v1/{schema.short_name(one)}.json": schema.message_schema(one, comments=said)
        for one in messages
    }
    # Not in v1/, where a message Bundle would be the same file on some systems.
    documents["bundle.json"] = schema.bundle(messages, said)
    documents["openapi.json"] = openapi.document(SPEC_VERSION, said)
    (out / "schemas/v1").mkdir(parents=True)
    for name, value in documents.items():
        text = json.dumps(value, indent=1, ensure_ascii=False) + "\n"
        (out / "schemas" / name).write_text(text, encoding="utf-8")
    (out / "docs").mkdir()
    (out / "docs/reference.md").write_text(reference(), encoding="utf-8")


def generate(work: Path) -> Path:
    """Everything, into a new tree shaped like the repository."""
    out, descriptors = work / "out", work / "descriptors.bin"
    sdk = out / SDK
    # The modules that read the specification work on a copy, beside the new messages.
    library = work / "library"
    shutil.copytree(ROOT / SDK / "core", library / "onward/core")
    shutil.copy(ROOT / SDK / "__init__.py", library / "onward")
    protoc(library, descriptors)
    shutil.copytree(library / "onward/v1", sdk / "v1")
    env = os.environ | {"PYTHONPATH": str(library), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, str(PROTO / "generate.py"), "--render", str(out), str(descriptors)]
    subprocess.run(command, check=True, env=env)
    return out


def owned(root: Path) -> dict[Path, bytes]:
    """Every generated file under a root, with its bytes."""
    found: dict[Path, bytes] = {}
    for place in OWNED:
        base = root / place
        for path in [base] if base.is_file() else sorted(base.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                found[path.relative_to(root)] = path.read_bytes()
    return found


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if not current")
    parser.add_argument("--render", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.render:
        render(*options.render)
        return 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            new = owned(generate(Path(folder)))
    except subprocess.CalledProcessError:
        return 1  # The program that failed has said why.
    old = owned(ROOT)
    differing = sorted(path for path in {*new, *old} if new.get(path) != old.get(path))
    for path in differing:
        print(("missing" if path not in old else "orphan" if path not in new else "differs"), path)
        if options.check:
            continue
        if path in new:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_bytes(new[path])
        else:
            (ROOT / path).unlink()
    if options.check and differing:
        print("Run: python proto/generate.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
