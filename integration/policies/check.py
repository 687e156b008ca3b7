"""Reads policies, {name: document}, from standard input, and prints what the tools find in them, a line each."""

import json
import re
import sys
import warnings

warnings.filterwarnings("ignore")

from cloudsplaining.scan.policy_document import PolicyDocument
from parliament import analyze_policy_string
from policy_sentry.querying.actions import get_action_data

# Keys that every request has, whatever the action. See "AWS global condition context keys" in the IAM User Guide.
GLOBAL = {
    "aws:calledvia", "aws:calledvialast", "aws:currenttime", "aws:principalaccount", "aws:principalarn", "aws:principaltag",
    "aws:principaltype", "aws:requestedregion", "aws:resourceaccount", "aws:securetransport", "aws:sourceip", "aws:userid",
    "aws:username", "aws:viaawsservice",
}


def listed(value):
    return value if isinstance(value, list) else [value]


def kinds(action):
    """The (ARN, keys) of each resource type that an action has; the keys of the action itself go for all of them."""
    service, name = action.split(":")
    data = get_action_data(service, name)
    if not data:
        return None
    rows = [(row["resource_arn_format"], {k.lower() for k in row["condition_keys"]}) for row in data[service]]
    own = set().union(*(keys for arn, keys in rows if arn == "*"))
    return [(arn, keys | own) for arn, keys in rows]


def fits(pattern, arn):
    """Whether some resource of a type, whose ARN has ${Variables}, can be one that the pattern names."""
    if pattern == "*" or arn == "*":
        return pattern == "*"
    mine, theirs = pattern.split(":", 5), arn.split(":", 5)
    if len(mine) < 6:
        return False
    for i in (2, 3, 4):
        if theirs[i] == "" and mine[i] not in ("", "*") or theirs[i] and "$" not in theirs[i] and mine[i] not in ("*", theirs[i]):
            return False
    return meet(mine[5], re.sub(r"\$\{[^}]*\}", "*", theirs[5]))


def meet(a, b):
    """Whether two patterns with * have a text in common."""
    if not a or not b:
        return not a.strip("*") and not b.strip("*")
    if a[0] == "*":
        return meet(a[1:], b) or meet(a, b[1:])
    if b[0] == "*":
        return meet(a, b[1:]) or meet(a[1:], b)
    return (a[0] == b[0] or "?" in (a[0], b[0])) and meet(a[1:], b[1:])


def has(keys, key):
    """Whether a call has a condition key; in the reference, tags are written as aws:RequestTag/${TagKey}."""
    key = key.lower()
    stem = key.split("/")[0]
    return stem in GLOBAL or key in keys or any(k.split("/")[0] == stem and "/" in k for k in keys)


def needs(operator, value):
    """Whether a condition is false where the call lacks its key. See "IAM JSON policy elements: Condition operators"."""
    if operator == "Null":
        return "false" in listed(value)
    return not (operator.startswith("ForAllValues:") or operator.endswith("IfExists") or "Not" in operator)


def reference(statement):
    """What the Service Authorization Reference says against a statement."""
    if statement["Effect"] != "Allow" or "Action" not in statement:
        return
    conditions = [key for test, keys in statement.get("Condition", {}).items() for key in keys if needs(test, keys[key])]
    used = set()
    for action in listed(statement["Action"]):
        if "*" in action:
            yield f"{action} names more than one action"
            continue
        types = kinds(action)
        if types is None:
            yield f"there is no action {action}"
            continue
        met = [(p, arn, keys) for p in listed(statement["Resource"]) for arn, keys in types if fits(p, arn) or p == "*"]
        used |= {p for p, _, _ in met}
        if not met:
            yield f"{action} has no resource among those of the statement"
        for key in conditions:
            if met and not any(has(keys, key) for _, _, keys in met):
                yield f"{action} never has the key {key} there, so that it is never allowed"
    for pattern in listed(statement["Resource"]):
        if pattern not in used:
            yield f"no action of the statement has a resource {pattern}"


# Keys whose type, ArrayOfARN, parliament does not know: it fails where it meets one.
UNJUDGED = {"autoscaling:TargetGroupARNs"}


def judged(document):
    """A document without the conditions that parliament can't read."""
    document = json.loads(json.dumps(document))
    for statement in document["Statement"]:
        for test, keys in list(statement.get("Condition", {}).items()):
            left = {key: value for key, value in keys.items() if key not in UNJUDGED}
            statement["Condition"][test] = left
            if not left:
                del statement["Condition"][test]
        if not statement.get("Condition", True):
            del statement["Condition"]
    return document


def parliament(document):
    """What parliament finds, with its details where they are short enough to be a name."""
    for f in analyze_policy_string(json.dumps(judged(document)), include_community_auditors=True).findings:
        detail = "" if f.issue == "RESOURCE_MISMATCH" else json.dumps(f.detail, sort_keys=True, default=str)
        yield f"parliament: {f.issue} {detail}".strip()


def cloudsplaining(document):
    """What cloudsplaining finds."""
    scan = PolicyDocument(document)
    for name, found in {
        "privilege escalation": scan.allows_privilege_escalation,
        "data exfiltration": scan.allows_data_exfiltration_actions,
        "resource exposure": scan.permissions_management_without_constraints,
        "credentials exposure": scan.credentials_exposure,
        "service wildcard": scan.service_wildcard,
        "infrastructure modification": scan.infrastructure_modification,
    }.items():
        for item in found:
            yield f"cloudsplaining: {name}: {item if isinstance(item, str) else json.dumps(item, sort_keys=True)}"


def findings(document):
    """What is found in each statement, and what is found in all of them together."""
    alone = set()
    for i, statement in enumerate(document["Statement"]):
        sid = statement.get("Sid", i)
        yield from (f"{sid}: {line}" for line in reference(statement))
        for line in parliament({**document, "Statement": [statement]}):
            alone.add(line)
            yield f"{sid}: {line}"
    yield from (line for line in parliament(document) if line not in alone)
    yield from cloudsplaining(document)


def main():
    for name, document in json.load(sys.stdin).items():
        for line in dict.fromkeys(findings(document)):
            print(f"{name}: {line}")


main()
