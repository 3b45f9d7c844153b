"""A digest as a mail: plain text and HTML, to one or more addresses, by SMTP.

SMTP cannot be read back. A Message-ID made from the key lets mail programs that drop doubles do so, and lets an
update answer the mail that first told its story.
"""

import hashlib
import smtplib
import socket
import ssl
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from alerts.page import page, text
from alerts.spans import shown
from alerts.way import Later, OneWay, Outcome, Part, Posted, Refused, Unknown
from alerts.words import Words
from sovwatch.model import Digest
from sovwatch.settings import MailSettings

TIMEOUT = 30  # seconds
_PERMANENT = 500  # SMTP's answers from here on are final
_LACKING = (  # by what smtplib says that the server has not
    ("SMTPUTF8", Refused("the mail server takes addresses in ASCII alone", "write `to` and mail.sender so (xn--…)")),
    ("AUTH", Refused("the mail server lets nobody log in so", "check mail.user, mail.security and mail.port")),
    ("", Refused("the mail server lacks what mail.security asks for", "check mail.security and mail.port")),
)


def letter(digest: Digest, sender: str, to: Sequence[str]) -> EmailMessage:
    """Return the digest as a multipart mail."""
    words = Words.of(digest)
    mail = EmailMessage()
    lead = digest.items[0].lead.title if digest.items else words.summary(digest)
    mail["Subject"] = shown(f"{words.heading(digest)} – {lead}", 200)
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(digest.at)
    mail["Message-ID"] = message_id(digest.key, sender)
    mail["Content-Language"] = words.language
    mail["Auto-Submitted"] = "auto-generated"
    if digest.thread_of is not None:
        mail["In-Reply-To"] = mail["References"] = message_id(digest.thread_of, sender)
    mail.set_content(text(digest))
    mail.add_alternative(page(digest), subtype="html")
    return mail


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of a key: the same for the same message."""
    host = sender.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


class MailWay(OneWay):
    """One or more addresses behind an SMTP server."""

    def __init__(self, settings: MailSettings, to: Sequence[str]) -> None:
        self._settings, self._to = settings, tuple(to)

    def parts(self, digest: Digest) -> Sequence[Part]:
        """Return the digest as one mail."""
        return [Part(digest.key, ({"mail": letter(digest, self._settings.sender, self._to)},))]

    def post(self, part: Part, level: int, thread: str | None) -> Outcome:  # noqa: ARG002  (headers tell the thread)
        """Hand the mail to the server."""
        try:
            with self._server() as server:
                refused = server.send_message(part.bodies[level]["mail"])
        except (smtplib.SMTPException, OSError) as error:
            return _outcome(error, f"{self._settings.host}:{self._settings.port}")
        return Posted(part.key) if len(refused) < len(self._to) else Refused(*_nobody(refused))

    def _server(self) -> smtplib.SMTP:
        mail = self._settings
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.host, mail.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT)
        try:
            if mail.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if mail.user and mail.password is not None:
                server.login(mail.user, mail.password.get_secret_value())
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server


def _nobody(refused: Mapping[str, tuple[int, bytes]]) -> tuple[str, str]:
    said = ", ".join(f"{address} ({code})" for address, (code, _) in refused.items())
    return f"the mail server refused every address: {said}", "check the addresses in `to`"


def _outcome(error: Exception, server: str) -> Outcome:
    """Return what a failure stands for."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        passing = any(code < _PERMANENT for code, _ in error.recipients.values())
        return Later("the mail server asks to wait") if passing else Refused(*_nobody(error.recipients))
    if (refused := _refusal(error)) is not None:
        return refused
    if isinstance(error, smtplib.SMTPResponseException):
        return Later(f"the mail server answered {error.smtp_code}")
    if isinstance(error, ConnectionRefusedError | smtplib.SMTPConnectError | socket.gaierror):
        return Later(f"the mail server, {server}, could not be reached")
    return Unknown(f"the mail server: {type(error).__name__}")


def _refusal(error: Exception) -> Refused | None:
    """Say what an operator has to mend, if so. What the server says of a login is left out: it may quote it."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return Refused(f"the mail server refused the login ({error.smtp_code})", "check mail.user and its password")
        case smtplib.SMTPNotSupportedError():
            return next(refused for sign, refused in _LACKING if sign in str(error))
        case ssl.SSLCertVerificationError():
            return Refused("the mail server's certificate is not valid", "check that mail.host is the name it is for")
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER"):
            return Refused("the mail server speaks no TLS there", "check mail.security and mail.port")
        case smtplib.SMTPResponseException() if error.smtp_code >= _PERMANENT:
            return Refused(f"the mail server answered {error.smtp_code}", "check mail.sender and the server's log")
        case _:
            return None
