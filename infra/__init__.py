"""What is deployed: stacks composed of constructs, and how code becomes assets."""
