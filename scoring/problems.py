"""A problem that people can mend is a value; exceptions are left for bugs."""

from typing import NamedTuple


class Problem(NamedTuple):
    """What is wrong, where, and the way out; the three texts are Chinese, the code is for programs."""

    code: str
    where: str
    message: str
    mend: str = ""

    def __str__(self):
        head = f"{self.where}：{self.message}" if self.where else self.message
        return f"{head}。{self.mend}" if self.mend else head
