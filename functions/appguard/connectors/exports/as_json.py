"""A table as JSON, for programs."""

import json

from appguard.connectors.exports.file import Mark
from appguard.connectors.table import Table


def json_of(table: Table, mark: Mark) -> bytes:
    """One object: `export` says who took it and why, `rows` are objects by column name."""
    names = [column.name for column in table.columns]
    document = {
        "export": {
            "by": mark.by,
            "at": mark.at.isoformat(),
            "app": mark.app_id,
            "source": mark.source,
            "class": mark.class_,
            "purpose": mark.purpose,
            "ledger_entry": mark.entry,
        },
        "columns": [{"name": c.name, "label": c.label, "class": c.class_} for c in table.columns],
        "rows": [dict(zip(names, row, strict=True)) for row in table.rows],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1).encode()
