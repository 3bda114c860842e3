"""Fixes: what they change, what they leave, and how they are written."""
