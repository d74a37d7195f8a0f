"""One module for each sub-command: it reads its settings, calls one function of another package, shows the result."""
