"""What a user did wrong, as opposed to a fault of ours."""


class UserError(ValueError):
    """Bad input: a parameter, a table or a file. The message names it, what was expected and what came.

    The command line prints the message alone; every other exception keeps its traceback.
    """
