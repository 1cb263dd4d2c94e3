"""Products found by their recipe: what each is made of, computed before anything runs."""

from taskonomy_kedro.recipes.declaring import recipe
from taskonomy_kedro.recipes.recipe_parts import Plan, Recipe, changes, joined

__all__ = ["Plan", "Recipe", "changes", "joined", "recipe"]
