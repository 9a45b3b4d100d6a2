"""Figures: each file computes one section of a report from a history, and from nothing else."""
