"""Writes down how a playbook went: outputs, how much has changed, and why it failed."""
import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
    name: formwork
    type: aggregate
    short_description: outputs for Formwork
    description: Writes what a playbook gives with set_stats, and its recap, to where Formwork reads them.
"""

LONGEST_REASON = 1500


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "formwork"

    def v2_playbook_on_stats(self, stats):
        scratch = os.environ["FORMWORK_ANSIBLE"]
        recap = {}
        for host in sorted(stats.processed):
            recap[host] = {
                "ok": stats.ok.get(host, 0),
                "changed": stats.changed.get(host, 0),
                "unreachable": stats.dark.get(host, 0),
                "failed": stats.failures.get(host, 0),
                "skipped": stats.skipped.get(host, 0),
                "rescued": stats.rescued.get(host, 0),
                "ignored": stats.ignored.get(host, 0),
            }
        if not recap:
            return
        changed = sum(counts["changed"] for counts in recap.values())
        with open(os.path.join(scratch, "types.json"), encoding="utf-8") as file:
            types = json.load(file)
        given = {"recap": recap, "changed": changed}
        # What a task gives for its host only is what it gives: one playbook has one of each output.
        for host in sorted(stats.custom, key=lambda name: (name == "_run", name)):
            given.update(stats.custom[host])
        for name, value in given.items():
            if name in types:
                self.output(name, types[name], value)
        self.reason(scratch, recap)
        # Last: without it nothing of this counts.
        self.write(os.path.join(scratch, "changed"), str(changed))

    def reason(self, scratch, recap):
        unreachable = [host for host, counts in recap.items() if counts["unreachable"]]
        failed = [host for host, counts in recap.items() if counts["failed"]]
        parts = []
        if failed:
            parts.append("a task failed on " + ", ".join(failed))
        if unreachable:
            parts.append("could not reach " + ", ".join(unreachable))
        if parts:
            code = "ansible.task-failed" if failed else "ansible.unreachable"
            self.write(os.path.join(scratch, "reason"), code + "\n" + "; ".join(parts)[:LONGEST_REASON] + "\n")

    def output(self, name, kind, value):
        """A text as it is; anything else as JSON, also where a template has made a text of it."""
        if kind == "string":
            # One line's end is taken away again.
            text = (value if isinstance(value, str) else json.dumps(value, default=str)) + "\n"
        elif isinstance(value, str):
            text = self.parsed(value)
        else:
            text = json.dumps(value, default=str)
        self.write(os.path.join(os.environ["FORMWORK_OUTPUTS"], name), text)

    @staticmethod
    def parsed(text):
        if text in ("True", "False"):
            return text.lower()
        try:
            json.loads(text)
            return text
        except ValueError:
            return json.dumps(text)

    @staticmethod
    def write(path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
