"""The bounded run: a skeleton is executed over a few short, concrete epochs, and what it does to gradients is written down."""
