"""The language of cues: words of a ruleset found in a text, all at once and in linear time."""
