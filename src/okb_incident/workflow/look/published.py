"""What a description of the program takes from outside its tables: the settings of a vault, and the schemas that come with it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from okb_incident.core.settings.settings import Settings
from okb_incident.errors import OkbError
from okb_incident.rendering.locate import shipped
from okb_incident.vault.read.locate import find_root, user_settings
from okb_incident.vault.read.settings_file import SETTINGS_FILE, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator


def settings_in_force(vault: str | None) -> Settings:
    """Return the settings of the vault that is found, the defaults where none was named and none is found.

    Raises:
        OkbError: The vault that was named is none, or its settings cannot be used.
    """
    try:
        root, _ = find_root(vault, user_settings())
        return load_settings(os.path.join(root, SETTINGS_FILE))[0]
    except OkbError:
        if vault is not None:
            raise
        return Settings()


def published_schemas() -> Iterator[dict[str, Any]]:
    """Return the schemas that come with the product, in the order of their file names.

    Raises:
        OkbError: The installation is broken.
    """
    folder = shipped("docs/schemas")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".schema.json"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                yield json.load(file)
