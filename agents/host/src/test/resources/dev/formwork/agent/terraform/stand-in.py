#!/usr/bin/env python3
"""Stands in for terraform where it can't be had: its commands, exit codes, JSON, state and lock, as HashiCorp documents them.

It knows configurations in JSON with variables, outputs, and resources of three kinds: `local_file` (filename, content), `stand_in_wait`
(until: a file) and `stand_in_broken`. Backends are `local` and `stand_in` (path); both leave a lock that is in the way until it is removed, as
remote ones do. $STAND_IN_CALLS gets what it is called with, a line of JSON each.
"""
import glob
import json
import os
import re
import signal
import sys
import time
import uuid

REFERENCE = re.compile(r"\$\{([a-z_]+)\.([A-Za-z0-9_]+)(?:\.([a-z_]+))?\}")
WORDS = {"create": ("Creating", "Creation"), "update": ("Modifying", "Modifications"), "delete": ("Destroying", "Destruction"),
         "replace": ("Replacing", "Replacement")}
told_to_end = False


def resource(address):
    kind, name = address.split(".", 1)
    return {"addr": address, "module": "", "resource": address, "implied_provider": kind.split("_")[0], "resource_type": kind,
            "resource_name": name, "resource_key": None}


def say(kind, message, level="info", **more):
    line = {"@level": level, "@message": message, "@module": "terraform.ui", "@timestamp": "2026-01-01T00:00:00.000000Z", "type": kind}
    print(json.dumps({**line, **more}), flush=True)


class Failure(Exception):
    def __init__(self, summary, detail="", address=None):
        super().__init__(summary)
        self.diagnostic = {"severity": "error", "summary": summary, "detail": detail}
        if address:
            self.diagnostic["address"] = address


def configuration():
    """All files of the folder, with overrides last."""
    whole = {"variable": {}, "resource": {}, "output": {}, "backend": None}
    for path in sorted(glob.glob("*.tf.json"), key=lambda name: ("_override" in name, name)):
        with open(path, encoding="utf-8") as file:
            part = json.load(file)
        for key in ("variable", "output"):
            whole[key].update(part.get(key, {}))
        for kind, resources in part.get("resource", {}).items():
            whole["resource"].update({kind + "." + name: body for name, body in resources.items()})
        whole["backend"] = part.get("terraform", {}).get("backend", whole["backend"])
    return whole


def variables(whole):
    given = {}
    for path in sorted(glob.glob("*.auto.tfvars.json")):
        with open(path, encoding="utf-8") as file:
            given.update(json.load(file))
    values = {}
    for name, body in whole["variable"].items():
        if name not in given and "default" not in body:
            raise Failure("No value for required variable", f'The root module input variable "{name}" is not set.')
        values[name] = given.get(name, body.get("default"))
    return values


def filled(value, values, resources):
    """A value of the configuration, with what it refers to; what comes from a variable is not looked at again."""
    if not isinstance(value, str):
        return value

    def found(match):
        kind, name, attribute = match.groups()
        return values[name] if kind == "var" else resources[kind + "." + name][attribute]

    whole = REFERENCE.fullmatch(value)
    return found(whole) if whole else REFERENCE.sub(lambda match: str(found(match)), value)


def data(name):
    return os.path.join(os.environ["TF_DATA_DIR"], name)


def workspace():
    try:
        with open(data("environment"), encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return "default"


def state_path():
    with open(data("terraform.tfstate"), encoding="utf-8") as file:
        backend = json.load(file)["backend"]["config"]
    if workspace() == "default":
        return backend["path"]
    return os.path.join(backend.get("workspace_dir", "terraform.tfstate.d"), workspace(), "terraform.tfstate")


def read_state():
    try:
        with open(state_path(), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {"version": 4, "serial": 0, "outputs": {}, "resources": {}}


def write_state(state):
    state["serial"] += 1
    path = state_path() if os.environ.get("STAND_IN_SAVES") != "no" else "errored.tfstate"
    if os.path.dirname(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(state, file)
    os.replace(path + ".new", path)
    if path == "errored.tfstate":
        raise Failure("Failed to save state", "Error saving state: no space left on device")


class Lock:
    def __init__(self, operation):
        folder, name = os.path.split(state_path())
        self.path = os.path.join(folder, f".{name}.lock.info")
        self.info = {"ID": str(uuid.uuid4()), "Operation": operation, "Who": "somebody@somewhere", "Version": "1.9.0",
                     "Created": "2026-01-01 00:00:00 +0000 UTC", "Path": state_path()}

    def __enter__(self):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        try:
            with open(self.path, "x", encoding="utf-8") as file:
                json.dump(self.info, file)
        except FileExistsError:
            with open(self.path, encoding="utf-8") as file:
                held = json.load(file)
            fields = "".join(f"  {name + ':':<10} {held[name]}\n" for name in ("ID", "Path", "Operation", "Who", "Version", "Created"))
            raise Failure("Error acquiring the state lock",
                          f"Error message: the state is locked\nLock Info:\n{fields}  Info:      \n\n\n"
                          "Terraform acquires a state lock to protect the state from being written\nby multiple users at the same time.") from None

    def __exit__(self, *_):
        os.remove(self.path)


def init(_):
    backend = configuration()["backend"]
    if backend:
        kind, config = next(iter(backend.items()))
        if kind not in ("local", "stand_in"):
            print(f'\nError: Unsupported backend type\n\n  on main.tf.json line 1, in terraform:\n\nThere is no explicit backend type named "{kind}".\n',
                  file=sys.stderr)
            return 1
        with open(data("terraform.tfstate"), "w", encoding="utf-8") as file:
            json.dump({"version": 3, "backend": {"type": kind, "config": config}}, file)
    else:
        # Beside the configuration.
        with open(data("terraform.tfstate.usual"), "w", encoding="utf-8") as file:
            file.write("")
    print("Terraform has been successfully initialized!")
    return 0


def select(options):
    assert "-or-create" in options
    with open(data("environment"), "w", encoding="utf-8") as file:
        file.write(options[-1])
    print(f'Switched to workspace "{options[-1]}".')
    return 0


def refreshed(attributes):
    """What there really is of a resource."""
    if "filename" not in attributes:
        return attributes
    try:
        with open(attributes["filename"], encoding="utf-8") as file:
            return {**attributes, "content": file.read()}
    except FileNotFoundError:
        return None


def changes(options, whole, state):
    values = variables(whole)
    wanted = {}
    if "-destroy" not in options:
        for address, body in whole["resource"].items():
            wanted[address] = {name: filled(value, values, wanted) for name, value in body.items()}
    targets = [option[len("-target="):] for option in options if option.startswith("-target=")]
    changed = {}
    for address in sorted(set(wanted) | set(state["resources"])):
        before = state["resources"].get(address) and refreshed(state["resources"][address])
        after = wanted.get(address)
        if targets and address not in targets:
            actions = ["no-op"]
        elif before is None:
            actions = ["create"] if after is not None else ["no-op"]
        elif after is None:
            actions = ["delete"]
        elif before == after:
            actions = ["no-op"]
        else:
            moved = before.get("filename") != after.get("filename")
            actions = ["delete", "create"] if moved else ["update"]
        changed[address] = {"actions": actions, "before": before, "after": after}
    outputs = {}
    if "-destroy" not in options:
        for name, body in whole["output"].items():
            outputs[name] = {"sensitive": body.get("sensitive", False), "value": filled(body["value"], values, wanted)}
    return changed, outputs


def counted(changed):
    flat = [action for change in changed.values() for action in change["actions"]]
    return flat.count("create"), flat.count("update"), flat.count("delete")


def verb(change):
    """One word for its actions, as the machine-readable UI has it."""
    actions = change["actions"]
    return "replace" if len(actions) == 2 else {"no-op": "noop"}.get(actions[0], actions[0])


def output_change(name, new, old):
    before, after = old.get(name), new.get(name)
    action = "create" if before is None else "delete" if after is None else "no-op" if before == after else "update"
    sensitive = (before or after)["sensitive"] or (after or before)["sensitive"]
    return {"actions": [action], "before": before and before["value"], "after": after and after["value"], "after_unknown": False,
            "before_sensitive": sensitive, "after_sensitive": sensitive}


def kind_of(value):
    """A type as Terraform writes it in JSON."""
    return "bool" if isinstance(value, bool) else "number" if isinstance(value, (int, float)) else "string" if isinstance(value, str) else "dynamic"


def typed(outputs):
    return {name: {"sensitive": each["sensitive"], "type": kind_of(each["value"]), "value": each["value"]} for name, each in outputs.items()}


def plan(options):
    assert {"-input=false", "-json", "-detailed-exitcode"} <= set(options), options
    say("version", "Terraform 1.9.0", terraform="1.9.0", ui="1.2")
    whole = configuration()
    if "-lock=false" in options:
        state = read_state()
        changed, outputs = changes(options, whole, state)
    else:
        with Lock("OperationTypePlan"):
            state = read_state()
            changed, outputs = changes(options, whole, state)
    for address, recorded in state["resources"].items():
        if recorded != refreshed(recorded):
            action = "update" if refreshed(recorded) else "delete"
            say("resource_drift", f"{address}: Drift detected ({action})", change={"resource": resource(address), "action": action})
    for address, change in changed.items():
        if change["actions"] != ["no-op"]:
            action = verb(change)
            say("planned_change", f"{address}: Plan to {action}", change={"resource": resource(address), "action": action})
    add, change, remove = counted(changed)
    say("change_summary", f"Plan: {add} to add, {change} to change, {remove} to destroy.",
        changes={"add": add, "change": change, "import": 0, "remove": remove, "operation": "plan"})
    if outputs:
        say("outputs", f"Outputs: {len(outputs)}",
            outputs={name: {"sensitive": each["sensitive"], "action": verb(output_change(name, outputs, state["outputs"]))}
                     for name, each in outputs.items()})
    out = next(option[len("-out="):] for option in options if option.startswith("-out="))
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"changed": changed, "outputs": outputs, "old": state["outputs"], "serial": state["serial"]}, file)
    return 2 if add + change + remove or outputs != state["outputs"] else 0


def show(options):
    assert options[0] == "-json"
    with open(options[1], encoding="utf-8") as file:
        planned = json.load(file)
    names = set(planned["outputs"]) | set(planned["old"])
    managed = {}
    for address in planned["changed"]:
        kind, name = address.split(".", 1)
        managed[address] = {"address": address, "mode": "managed", "type": kind, "name": name,
                            "provider_name": "registry.terraform.io/hashicorp/" + kind.split("_")[0]}
    json.dump({
        "format_version": os.environ.get("STAND_IN_FORMAT", "1.2"),
        "terraform_version": "1.9.0",
        "planned_values": {
            "outputs": typed(planned["outputs"]),
            "root_module": {"resources": [{**managed[address], "schema_version": 0, "values": change["after"], "sensitive_values": {}}
                                          for address, change in planned["changed"].items() if change["after"] is not None]},
        },
        "resource_changes": [{**managed[address], "change": {**change, "after_unknown": {}, "before_sensitive": False, "after_sensitive": False}}
                             for address, change in planned["changed"].items()],
        "output_changes": {name: output_change(name, planned["outputs"], planned["old"]) for name in names},
        "configuration": {"root_module": {}},
        "timestamp": "2026-01-01T00:00:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
    }, sys.stdout)
    return 0


def apply_one(address, change):
    before, after = change["before"], change["after"]
    if before and "filename" in before and (after is None or before["filename"] != after["filename"]):
        os.remove(before["filename"])
    if after is None:
        return
    if address.startswith("stand_in_broken."):
        raise Failure("creating the thing: it is broken", "The provider said so.", address)
    if address.startswith("stand_in_wait."):
        print(f"{address} is under way", flush=True)
        while not os.path.exists(after["until"]) and not told_to_end:
            time.sleep(0.01)
        if told_to_end:
            say("log", "\nInterrupt received.\nPlease wait for Terraform to exit or data loss may occur.\nGracefully shutting down...\n")
            raise Failure("execution halted", "", address)
    if "filename" in after:
        with open(after["filename"], "w", encoding="utf-8") as file:
            file.write(after["content"])


def apply(options):
    assert "-input=false" in options and "-json" in options, options
    with open(options[-1], encoding="utf-8") as file:
        planned = json.load(file)
    with Lock("OperationTypeApply"):
        state = read_state()
        if state["serial"] != planned["serial"]:
            raise Failure("Saved plan is stale")
        try:
            for address, change in planned["changed"].items():
                if change["actions"] == ["no-op"]:
                    continue
                hook = {"resource": resource(address), "action": verb(change)}
                begun, ended = WORDS[verb(change)]
                say("apply_start", f"{address}: {begun}...", hook=hook)
                try:
                    apply_one(address, change)
                except Failure:
                    say("apply_errored", f"{address}: {ended} errored after 0s", hook={**hook, "elapsed_seconds": 0})
                    raise
                if change["after"] is None:
                    del state["resources"][address]
                else:
                    state["resources"][address] = change["after"]
                say("apply_complete", f"{address}: {ended} complete after 0s", hook={**hook, "elapsed_seconds": 0})
            state["outputs"] = planned["outputs"]
        finally:
            write_state(state)
    add, change, remove = counted(planned["changed"])
    say("change_summary", f"Apply complete! Resources: {add} added, {change} changed, {remove} destroyed.",
        changes={"add": add, "change": change, "import": 0, "remove": remove, "operation": "apply"})
    say("outputs", f"Outputs: {len(planned['outputs'])}", outputs=typed(planned["outputs"]))
    return 0


def output(options):
    assert options == ["-json"]
    json.dump(typed(read_state()["outputs"]), sys.stdout)
    return 0


def end(_signal, _frame):
    global told_to_end
    told_to_end = True


def main():
    signal.signal(signal.SIGTERM, end)
    words = sys.argv[1:]
    if "STAND_IN_CALLS" in os.environ:
        modes = {path: oct(os.stat(path).st_mode & 0o777) for path in glob.glob("*.auto.tfvars.json")}
        known = {name: value for name, value in os.environ.items() if name.startswith("TF_")}
        with open(os.environ["STAND_IN_CALLS"], "a", encoding="utf-8") as file:
            file.write(json.dumps({"words": words, "modes": modes, "environment": known, "folder": os.getcwd()}) + "\n")
    commands = {"init": init, "plan": plan, "show": show, "apply": apply, "output": output}
    if words[:2] == ["workspace", "select"]:
        return select(words[2:])
    try:
        return commands[words[0]](words[1:])
    except Failure as failure:
        diagnostic = failure.diagnostic
        say("diagnostic", "Error: " + diagnostic["summary"], level="error", diagnostic=diagnostic)
        return 1


if __name__ == "__main__":
    sys.exit(main())
