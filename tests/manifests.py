#!/usr/bin/python3
"""Check the examples for Kubernetes and Compose in docs/deploy, and run their commands.

    tests/throwaway.sh tests/manifests.py BUILD

The models of Kubernetes' own client say which fields an object has, of which types, and which it needs. docker-compose
reads its file. Both must refuse an unknown field. Each command then runs with its variables,
on the throwaway server: its host, and no TLS, take the place of those in the example.
"""

import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import yaml
from kubernetes import client

BUILD = pathlib.Path(sys.argv[1]).resolve()
DEPLOY = pathlib.Path(__file__).resolve().parent.parent / "docs" / "deploy"
SERVER = {name: os.environ[name] for name in ("PGHOST", "PATH")}
VERSION = subprocess.check_output([BUILD / "fitsdb-schema", "version"], text=True).split()[1]
IMAGE = f"registry.example/fitsdb-schema:{VERSION}"
HOOKS = {"pre-install", "post-install", "pre-upgrade", "post-upgrade"}


class Response:
    """A response that the client deserializes."""

    def __init__(self, document):
        self.data = json.dumps(document)


def fault_of(document):
    """Say why Kubernetes' models do not accept a document; None: they do."""
    api = client.ApiClient()
    try:
        found = api.deserialize(Response(document), "V1" + document["kind"])
    except (ValueError, AttributeError, TypeError) as error:
        return str(error)
    # A field that the model does not have is lost.
    if api.sanitize_for_serialization(found) != document:
        return "the models have other fields"
    return None


def check_models(documents):
    for name, document in documents.items():
        fault = fault_of(document)
        assert fault is None, f"{name}: {fault}"
        for field, value in (("unknown", 1), ("containers", [{"image": "nameless"}])):
            broken = copy.deepcopy(document)
            broken["spec"]["template"]["spec"][field] = value
            assert fault_of(broken), f"{name}: a wrong field {field} is not noticed"


def check_pod(name, pod):
    context = pod["securityContext"]
    assert context["runAsNonRoot"] and context["runAsUser"] == 65532, f"{name} runs as another user"
    assert pod["automountServiceAccountToken"] is False, f"{name} has a token that it does not need"
    for container in pod["containers"] + pod.get("initContainers", []):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }, f"{name}: {container['name']} may do more than it needs"
        for variable in container.get("env", []):
            secret = variable.get("valueFrom", {}).get("secretKeyRef")
            assert ("PASSWORD" in variable["name"]) == bool(secret), f"{name}: {variable['name']} is no secret"


def run(arguments, variables, status=0):
    """Run the executable as a container does; a password is not needed on this server."""
    environment = {name: value for name, value in variables.items() if not name.startswith("PGSSL")}
    done = subprocess.run(
        [BUILD / "fitsdb-schema", *arguments], env={**environment, **SERVER}, capture_output=True, text=True
    )
    assert done.returncode == status, f"{arguments}: exit status {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def command_of(container):
    return container["args"], {entry["name"]: entry.get("value", "secret") for entry in container["env"]}


def try_kubernetes():
    documents = {path.name: yaml.safe_load(path.read_text()) for path in DEPLOY.glob("kubernetes/*.yaml")}
    check_models(documents)
    for name, document in documents.items():
        check_pod(name, document["spec"]["template"]["spec"])
        assert IMAGE in (DEPLOY / "kubernetes" / name).read_text(), f"{name} has not {IMAGE}"
    job = documents["upgrade.yaml"]
    annotations = job["metadata"]["annotations"]
    assert annotations["helm.sh/hook"] in HOOKS and annotations["helm.sh/hook-delete-policy"] == "before-hook-creation"
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never"

    upgrade, variables = command_of(job["spec"]["template"]["spec"]["containers"][0])
    wait, reader = command_of(documents["wait.yaml"]["spec"]["template"]["spec"]["initContainers"][0])
    assert wait[-1] == "--wait=10min"
    # The empty database is refused; then the first installation, and an upgrade from an older version.
    run(upgrade, variables, 3)
    run(["init", *upgrade[1:]], variables)
    run(["downgrade", "36", "--yes"], variables)
    assert run([*wait[:-1], "--wait=1s"], reader, 1).startswith("BEHIND - ")
    run(upgrade, variables)
    assert run(wait, reader).startswith("OK - ")


def read_compose(path, **variables):
    return subprocess.run(
        ["docker-compose", "-f", path, "config"],
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **variables},
        capture_output=True,
        text=True,
    )


def try_compose():
    path = DEPLOY / "compose.yaml"
    read = read_compose(path, FITSDATA_PASSWORD="secret")
    assert read.returncode == 0, read.stderr
    services = yaml.safe_load(read.stdout)["services"]
    schema = services["schema"]
    assert schema["user"] == "65532:65532" and schema["read_only"] and schema["cap_drop"] == ["ALL"]
    assert schema["image"] == IMAGE, f"the image is not {IMAGE}"
    assert services["server"]["depends_on"]["schema"]["condition"] == "service_completed_successfully"
    run(["downgrade", "36", "--yes"], schema["environment"])
    run(schema["command"], schema["environment"])
    run(["status"], schema["environment"])

    without = read_compose(path)
    assert without.returncode != 0 and "FITSDATA_PASSWORD" in without.stderr, "no password is asked for"
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as broken:
        broken.write(path.read_text().replace("read_only:", "readonly:"))
        broken.flush()
        assert read_compose(broken.name, FITSDATA_PASSWORD="secret").returncode != 0, "a wrong field is not noticed"


try_kubernetes()
try_compose()
print("manifests: the examples for Kubernetes and Compose are valid, and their commands do what they say")
