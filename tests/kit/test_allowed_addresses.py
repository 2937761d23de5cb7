"""What the operator lets feeds and pages be fetched from although it is not public."""

import pytest
from pydantic import ValidationError

from nightdesk.settings import Settings


def test_nothing_private_is_allowed_unless_somebody_says_so() -> None:
    assert Settings(_env_file=None).allowed_addresses == []


def test_hosts_and_ports_are_read_one_by_one() -> None:
    settings = Settings(allow_addresses="feeds.local:8080, 10.0.0.5:80,[::1]:8090,", _env_file=None)
    assert settings.allowed_addresses == [("feeds.local", 8080), ("10.0.0.5", 80), ("::1", 8090)]


@pytest.mark.parametrize("spelled", ["feeds.local", "10.0.0.0/8", ":80", "a:0", "a:70000", "a:b"])
def test_what_names_no_host_and_port_is_refused(spelled: str) -> None:
    with pytest.raises(ValidationError, match="host:port"):
        Settings(allow_addresses=spelled, _env_file=None)
