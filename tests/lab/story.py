"""What a story is: a function of a Scene whose name is the sentence, and whose result are its figures."""

STORIES = []


def story(function):
    STORIES.append(function)
    return function


def waits(function):
    """One that is mostly asleep, and may be told beside others that are not."""
    function.waits = True
    return function


def sentence(function):
    return function.__name__.replace("_", " ")
