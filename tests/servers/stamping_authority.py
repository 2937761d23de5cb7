"""A time-stamping authority on loopback (RFC 3161): openssl stamps, with a certificate that nobody has."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from cryptography.x509.oid import ExtendedKeyUsageOID

from media.made_up_certificate import certificate

RULES = """
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
certs = {folder}/chain.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""
END = b"-----END CERTIFICATE-----\n"


@contextmanager
def stamping(folder: Path, status: int = 200) -> Iterator[str]:
    """Its address while it runs. `folder` is empty and its own; `status` is what it answers with."""
    chain, key = certificate(purpose=ExtendedKeyUsageOID.TIME_STAMPING, purpose_alone=True)
    (folder / "rules").write_text(RULES.format(folder=folder))
    (folder / "serial").write_text("01\n")
    (folder / "signer.pem").write_bytes(chain.split(END)[0] + END)
    (folder / "chain.pem").write_bytes(chain)
    (folder / "key.pem").write_bytes(key)

    class Stamps(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (folder / "query").write_bytes(self.rfile.read(int(self.headers["content-length"])))
            asked = ["-config", "rules", "-queryfile", "query", "-out", "reply"]
            subprocess.run(["openssl", "ts", "-reply", *asked], cwd=folder, check=True, capture_output=True)
            reply = (folder / "reply").read_bytes()
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stamps)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
