"""What all readers of YAML share: dates that stay texts, as they are in JSON, and the places of what a file says."""

from __future__ import annotations

from collections.abc import Sequence

import yaml


class TextLoader(yaml.CSafeLoader):
    """Safe, and dates stay texts."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def line_at(node: yaml.Node, path: Sequence[str | int]) -> int:
    """The line (from 0) of what stands at ``path`` below ``node``, keys and numbers of entries, or of the nearest thing around it."""
    line = int(node.start_mark.line)
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return line
