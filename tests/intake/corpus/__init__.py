"""The invented documents on which the intake is measured."""
