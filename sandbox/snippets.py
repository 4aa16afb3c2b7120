"""`make check-snippets`: the code of docs/guides/webhooks.md against the published test vector.

The vector is that of the Standard Webhooks libraries' own tests; each language is asked the same
questions about it. What is not installed is skipped, and said so.
https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/python/tests/test_webhook.py
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs" / "guides" / "snippets"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - published, for tests
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
AT = 1614265330
BODY = '{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER_SECRET = "whsec_" + "AAAA" * 8
FORGED = "v1," + "A" * 43 + "="
SECONDS = 60.0

type Case = tuple[str, str, str, str, str, str]

LANGUAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "verify.py": (sys.executable, ()),
    "verify.mjs": ("node", ()),
    "verify.php": ("php", ()),
    "verify.go": ("go", ("run",)),
    "Verify.java": ("java", ()),
}


def _case(
    secrets: str = SECRET,
    at: str = str(AT),
    signed: str = SIGNATURE,
    body: str = BODY,
    late: int = 0,
) -> Case:
    return secrets, ID, at, signed, body, str(AT + late)


CASES: Mapping[str, tuple[Case, bool]] = {
    "the vector as published": (_case(), True),
    "five minutes old": (_case(late=300), True),
    "five minutes ahead": (_case(late=-300), True),
    "too old": (_case(late=301), False),
    "too far ahead": (_case(late=-301), False),
    "another body": (_case(body='{"test": 2432232315}'), False),
    "another secret": (_case(secrets=OTHER_SECRET), False),
    "the newer of two secrets": (_case(secrets=f"{SECRET} {OTHER_SECRET}"), True),
    "the older of two secrets": (_case(secrets=f"{OTHER_SECRET} {SECRET}"), True),
    "the second of two signatures": (_case(signed=f"{FORGED} {SIGNATURE}"), True),
    "of another scheme": (_case(signed=SIGNATURE.replace("v1,", "v1a,")), False),
    "half a signature": (_case(signed=SIGNATURE[:20]), False),
    "no time at all": (_case(at="soon"), False),
}


def tool_of(name: str) -> str | None:
    """Where the tool is that runs a snippet; None: it is not installed."""
    return shutil.which(LANGUAGES[name][0])


def is_valid(name: str, case: Case) -> bool:
    """What a snippet says of a case. Raises ValueError where it says neither."""
    tool, arguments = LANGUAGES[name]
    said = _run([tool, *arguments, str(FOLDER / name), *case])
    if said not in {"valid", "invalid"}:
        raise ValueError(f"{name} said {said!r}")
    return said == "valid"


def wrong(name: str) -> list[str]:
    """The cases that a snippet judges wrongly."""
    return [title for title, (case, expected) in CASES.items() if is_valid(name, case) != expected]


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own files, with our own words
        command, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    return done.stdout.strip() or done.stderr.strip()


def main() -> int:
    failed = False
    for name in LANGUAGES:
        if tool_of(name) is None:
            print(f"skipped  {name}: {LANGUAGES[name][0]} is not installed here")
            continue
        found = wrong(name)
        failed = failed or bool(found)
        print(f"{'wrong' if found else 'good ':8} {name}: {', '.join(found) or len(CASES)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
