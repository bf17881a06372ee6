"""Formats of a report, one module each.

`files(assessments, reader, template)` of a module gives what one report becomes: the ends of file names, and contents.
A new format is a module here and an entry in `vsoko_rules.report.render`.
"""
