"""Leads three of four questions of schemathesis to warnings that there are (openapi-centre.js)."""

import itertools
import os

import requests
import schemathesis

ROOT, TOKEN = os.environ["CENTRE"], os.environ["TOKEN"]
ACTIONS = itertools.cycle(["draft", "approve", "update", "withdraw", "cancel", "approve", "all-clear", "send"])
turns = itertools.count()


def state():
    """All warnings of the centre, as the releaser sees them."""
    answer = requests.get(f"{ROOT}api/v1/warnings", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10)
    return answer.json()


@schemathesis.hook
def before_call(context, case, kwargs):
    """Names a warning, what is done to it in turn, and the message that somebody would have in view."""
    if "/warnings/{name}/" not in case.path or next(turns) % 4 == 3:
        return
    now = state()
    if "action" in case.path_parameters:
        case.path_parameters["action"] = next(ACTIONS)
    if case.path_parameters.get("action") == "draft" and now["unwarned"]:
        case.path_parameters["name"] = "-"
        case.body = {"number": 0, "is_draft": False, "object": now["unwarned"][0]}
        return
    going_on = [one for one in now["warnings"] if one["state"] in ("draft", "on")] or now["warnings"]
    if not going_on:
        return
    newest = going_on[0]["messages"][-1]
    case.path_parameters["name"] = going_on[0]["name"]
    if "number" in case.path_parameters:
        case.path_parameters["number"] = newest["number"]
    elif isinstance(case.body, dict):
        case.body |= {"number": newest["number"], "is_draft": newest["state"] == "draft"}
        case.body |= {"reason": "error", "channel": "file"}
