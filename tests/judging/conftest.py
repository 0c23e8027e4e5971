"""Alice, who organises the contest, signed in."""

import pytest


@pytest.fixture
def alice(people, sign_in):
    return sign_in(people.alice)
