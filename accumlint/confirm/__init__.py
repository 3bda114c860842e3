"""Confirms findings: runs the flagged routine in real torch, behind a fence, and judges what was measured by the same rules."""
