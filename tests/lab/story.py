"""What a story is: a function of a Scene whose name is the sentence, and whose result are its figures."""

STORIES = []


def story(function):
    STORIES.append(function)
    return function


def sentence(function):
    return function.__name__.replace("_", " ")
