"""A page that asks what-if: one HTML file that solves the program where it is looked at."""

from taskonomy_kedro.core.what_if.page import what_if_page

__all__ = ["what_if_page"]
