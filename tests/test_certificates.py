"""TLS on loopback: a certificate that nobody vouches for is refused, and one that somebody does is not."""

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sovwatch.model import SourceRun
from sovwatch.settings import CrawlSettings, Settings, SourceSettings
from spiders.trial import try_source
from tests import hostile as h

NOW = datetime.now(UTC)
FEED = h.feed(("https://localhost/a/1", "Petition counted", "Sat, 21 Nov 2026 10:00:00 HNE"))


class Feed(BaseHTTPRequestHandler):
    """Answers the feed whatever is asked, and notes that it was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200 if self.path == "/feed" else 404)
        self.send_header("Content-Length", str(len(FEED)))
        self.end_headers()
        self.wfile.write(FEED)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, signed by its own key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    path = tmp_path / "localhost.pem"
    path.write_bytes(
        made.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    return path


@pytest.fixture
def server(certificate: Path) -> Iterator[ThreadingHTTPServer]:
    Feed.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a handshake that is broken off
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def _read(server: ThreadingHTTPServer) -> SourceRun:
    limits = CrawlSettings(allow_private=("localhost",), delay=timedelta())
    source = SourceSettings(id="s", url=f"https://localhost:{server.server_port}/feed", outlet="S", fetch="never")
    return try_source(Settings(home=Path("/nowhere"), crawl=limits), source, now=NOW).run


def test_a_self_signed_certificate_is_refused(server: ThreadingHTTPServer) -> None:
    run = _read(server)
    assert (run.outcome, run.entries) == ("failed", 0)
    assert "certificate verify failed" in run.detail
    assert Feed.asked == []


def test_a_certificate_that_the_system_trusts_is_taken(
    server: ThreadingHTTPServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    run = _read(server)
    assert (run.outcome, run.entries, run.detail) == ("fetched", 1, "")
