"""Use cases over stored cases: what the command line, programs and a browser ask for, in one place."""
