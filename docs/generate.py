"""Write the generated pages of this folder anew: ``python docs/generate.py``."""

from __future__ import annotations

import json
import os

from okb_incident.cli.reference import pages
from okb_incident.cli.schemas import schema

HERE = os.path.dirname(os.path.abspath(__file__))

for name, text in pages().items():
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        file.write(text)

with open(os.path.join(HERE, "schemas", "answers.schema.json"), "w", encoding="utf-8") as file:
    json.dump(schema(), file, indent=1)
    file.write("\n")
