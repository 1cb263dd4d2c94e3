"""The what-if page: one HTML file that solves the program in the browser."""

from taskonomy_kedro.core.what_if.page import what_if_page

__all__ = ["what_if_page"]
