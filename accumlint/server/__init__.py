"""The language server: the same judgement as on the command line, in the editor, while the code is being written."""
