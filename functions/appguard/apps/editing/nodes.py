"""Where the parts of a YAML text begin and end, in whole lines."""

import yaml

from appguard.apps.yaml_source import Key, ManifestError, Path, load
from appguard.kernel.errors import Conflict


class CannotEdit(Conflict):
    """The text is laid out in a way a form cannot change safely; it stays as it is."""

    code = "edit_as_text"
    remediation = "Change this place in the text; the checks read it like everything else."

    def __init__(self, why: str) -> None:
        """Say what stands in the way."""
        super().__init__(f"The form cannot change this: {why}")


class Nodes:
    """A text that `load` accepts, with the extent of each of its parts. Lines count from 0."""

    def __init__(self, text: str) -> None:
        """Read the text; raises `CannotEdit` for what is not plain data."""
        if "\r" in text:
            raise CannotEdit("its lines end in an unusual way.")
        try:
            self.value = load(text.encode()).value
        except ManifestError as error:
            raise CannotEdit(f"{error.message}.") from None
        self.text = text
        self.lines = text.split("\n")
        self.root: yaml.Node | None = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def at(self, path: Path) -> yaml.Node | None:
        """The node at `path`."""
        node = self.root
        for step in path:
            node = next((value for key, value in children(node) if key == step), None)
        return node

    def extent(self, path: Path) -> tuple[int, int]:
        """First and last line of a list's item or a mapping's entry, comments right above it included."""
        parent, line, column = self._start(path)
        if self.lines[line][:column].strip():
            raise CannotEdit("several parts share a line.")
        indented = " " * column
        while line and self.lines[line - 1].startswith(f"{indented}#"):
            line -= 1
        node = self.at(path)
        return line, self.last_line(node) if node else parent.end_mark.line

    def _start(self, path: Path) -> tuple[yaml.CollectionNode, int, int]:
        """The block collection a part belongs to, and the line and column of the part's dash or key."""
        parent = self.at(path[:-1])
        if not isinstance(parent, yaml.CollectionNode) or parent.flow_style or self.at(path) is None:
            raise CannotEdit("it is not where it was.")
        if isinstance(parent, yaml.MappingNode):
            mark = next(key.start_mark for key, _ in parent.value if key.value == path[-1])
            return parent, mark.line, mark.column
        column, line = parent.start_mark.column, parent.value[path[-1]].start_mark.line
        while not self.lines[line][column:].startswith("-"):
            line -= 1
        return parent, line, column

    def last_line(self, node: yaml.Node) -> int:
        """The line on which the node's own text ends; blank lines and comments after it are not its own."""
        while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            node = last if isinstance(last, yaml.Node) else last[1]
        line = int(node.end_mark.line)
        if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
            line -= node.end_mark.column == 0
            while not self.lines[line].strip():
                line -= 1
        return line


def children(node: yaml.Node | None) -> list[tuple[Key, yaml.Node]]:
    """The parts of a collection by key or index."""
    if isinstance(node, yaml.MappingNode):
        return [(key.value, value) for key, value in node.value]
    return list(enumerate(node.value)) if isinstance(node, yaml.SequenceNode) else []
