"""A certificate of this machine, for the servers that speak TLS."""

from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography.x509 import IPAddress

from tests.servers import certify

HERE = "127.0.0.1"
ELSEWHERE = "0.0.0.0"  # this machine too, but nothing says so


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate for both addresses, signed by itself."""
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    certify(file, *(IPAddress(ip_address(address)) for address in (HERE, ELSEWHERE)))
    return file
