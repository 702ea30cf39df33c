"""The vendor's OpenAPI document: what each response must look like, and where it is older than the API.

An exception names what differs from the document, since when and why: {"kind", "pointer", "date", "reason"} and, where it
is not the same everywhere, "operation". Its pointer is matched like a file's name against the end of one into a
response, in which `*` is any element of a list. One that nothing needed is told, so that the list stays true.
"""
import fnmatch
import json
import re

import jsonschema

METHODS = {"get", "post", "put", "delete"}


def closed(schema):
    """The schema, with `nullable` as a type and no more fields than it names: one that it does not know is a slip."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items() if key not in ("example", "description", "default")}
    if isinstance(schema.get("properties"), dict):
        made["properties"] = {name: closed(each) for name, each in schema["properties"].items()}
        made.setdefault("additionalProperties", False)
    if made.pop("nullable", False) is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made and None not in made["enum"]:
            made["enum"] = [*made["enum"], None]
    return made


def plain(route):
    """`/servers/{id}/actions/{action_id}` and `/servers/{id}/actions/{id}` are one."""
    return re.sub(r"\{\w+\}", "{id}", route)


class Spec:
    def __init__(self, document, exceptions):
        with open(document, encoding="utf-8") as file:
            paths = json.load(file)["paths"]
        self.operations = {(method.upper(), plain(path)): operation for path, each in paths.items()
                           for method, operation in each.items() if method in METHODS}
        with open(exceptions, encoding="utf-8") as file:
            self.exceptions = json.load(file)
        self.needed = set()
        self.validators = {}
        self.differences = {}

    def differs(self, asked, kind, pointer, why):
        """Notes a difference, once for each operation and place, unless an exception knows it."""
        for number, exception in enumerate(self.exceptions):
            is_there = asked.startswith(exception.get("operation", "") + " ") or "operation" not in exception
            if is_there and exception["kind"] == kind and fnmatch.fnmatchcase(pointer, "*" + exception["pointer"]):
                self.needed.add(number)
                return
        self.differences.setdefault((asked, kind, pointer), why)

    def unneeded(self):
        return [each for number, each in enumerate(self.exceptions) if number not in self.needed]

    def _validator(self, method, route, status):
        key = (method, route, status)
        if key not in self.validators:
            responses = self.operations[method, route]["responses"]
            response = responses.get(str(status)) or responses.get(f"{status // 100}xx")
            schema = response and response.get("content", {}).get("application/json", {}).get("schema")
            checker = jsonschema.Draft4Validator.FORMAT_CHECKER
            known = schema and jsonschema.Draft4Validator(closed(schema), format_checker=checker)
            self.validators[key] = (response is not None, known)
        return self.validators[key]

    def check(self, method, route, status, body):
        """Compares a response with the document; `body` is None when there was none."""
        asked = f"{method} {route} {status}"
        if (method, route) not in self.operations:
            return self.differs(asked, "route", route, "the document has no such operation")
        is_known, validator = self._validator(method, route, status)
        if not is_known:
            return self.differs(asked, "status", f"/{status}", "the document has no such status")
        if validator is None or body is None:
            if (validator is None) != (body is None):
                self.differs(asked, "body", "", "a body where there should be none, or none where there should be one")
            return None
        for error in validator.iter_errors(body):
            self._note(asked, error)
        return None

    def _note(self, asked, error):
        pointer = "".join("/*" if isinstance(step, int) else f"/{step}" for step in error.absolute_path)
        if error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    self.differs(asked, "missing", f"{pointer}/{name}", "a field that the document requires is missing")
        elif error.validator == "additionalProperties":
            for name in error.instance:
                if name not in error.schema.get("properties", {}):
                    self.differs(asked, "unknown", f"{pointer}/{name}", "the document has no such field")
        else:
            self.differs(asked, error.validator, pointer, error.message[:200])
