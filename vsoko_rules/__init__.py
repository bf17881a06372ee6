"""A rules-based expert system for studying how effective a school's internal quality assessment (ВСОКО) is."""

__version__ = "0.1.0"
