"""Stories one after another, a line each, and the count that ends a program of the suites."""
import time

from program import NotSo

results = []


def told(sentence, function):
    """Whether what the sentence says is so: `function` throws otherwise, and may return figures."""
    began = time.monotonic()
    try:
        figures = function()
        results.append(True)
        print(f"   ok      {sentence} ({time.monotonic() - began:.0f} s){': ' + figures if figures else ''}", flush=True)
    except Exception as error:  # told as a failure
        results.append(False)
        print(f"   FAILED  {sentence}: {error}", flush=True)
    return results[-1]


def check(holds, otherwise):
    if not holds:
        raise NotSo(otherwise)


def count():
    """Says it; the exit status that goes with it."""
    print(f"{results.count(True)} passed, {results.count(False)} failed, 0 skipped")
    return 0 if all(results) else 1
