"""Everything that storage promises holds on both engines."""

import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request):
    return request.param
