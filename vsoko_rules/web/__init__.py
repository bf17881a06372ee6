"""The page on one's own machine: what a school meets in a browser. It stands on the use cases of `workspace`."""
