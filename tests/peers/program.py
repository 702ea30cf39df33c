"""Programs as child processes: started, paused, killed, and gone with us."""
import os
import signal
import subprocess
import time


class NotSo(Exception):
    """What a story expected and did not find."""


def until(found, seconds, what, pause=0.05):
    """What `found` returns, once it is neither None nor False; NotSo(what) when it takes longer."""
    end = time.monotonic() + seconds
    while True:
        result = found()
        if result is not None and result is not False:
            return result
        if time.monotonic() > end:
            raise NotSo(f"{what}: not within {seconds} s")
        time.sleep(pause)


class Program:
    """One process with /dev/null at its input and its output in a log; it never outlives this one."""

    def __init__(self, words, log, environment=None):
        self.log = log
        with open(log, "ab") as out:
            self.start_of_log = out.tell()
            self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *words], stdin=subprocess.DEVNULL,
                                            stdout=out, stderr=out, env={**os.environ, **(environment or {})})
        self.pid = self.process.pid

    def output(self):
        with open(self.log, "rb") as log:
            log.seek(self.start_of_log)
            return log.read().decode(errors="replace")

    def until_it_says(self, text, seconds=10):
        """The first line of its output that holds `text`."""
        def line():
            for each in self.output().splitlines(keepends=True):
                if text in each and each.endswith("\n"):
                    return each.strip()
            if self.has_ended():
                raise NotSo(f"{self.log} ended with {self.process.returncode}: {self.output()[-2000:]}")
            return None
        return until(line, seconds, f'"{text}" in {self.log}')

    def has_ended(self):
        return self.process.poll() is not None

    def until_ended(self, seconds=10):
        """Its exit code, negative when a signal ended it."""
        return until(self.process.poll, seconds, f"the end of {self.log}")

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=20):
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
