"""deploy/nginx.conf before servers of a test.

It is the very file, but for addresses, ports, HTTPS, and how long one that fails is left alone.
"""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

# Debian has it where only root looks.
PROGRAM = shutil.which(os.environ.get("NGINX_PATH") or "nginx") or shutil.which(
    "nginx", path="/usr/sbin"
)
EXAMPLE = (Path(__file__).parent.parent / "deploy" / "nginx.conf").read_text()


def configure(folder: Path, example: str) -> Path:
    """A file for `nginx -p folder -c`, which includes the example and writes only into the folder."""
    (folder / "cairn.conf").write_text(example)
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    path = folder / "nginx.conf"
    path.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} "
        f"http {{ access_log off; {kept} include {folder}/cairn.conf; }}"
    )
    return path


def before(servers: Iterable[str], port: int) -> str:
    """The example without HTTPS, at a port of this machine."""
    named = "\n".join(f"server {server} max_fails=1 fail_timeout=2s;" for server in servers)
    upstream, _, rest = EXAMPLE.partition("\nserver {\n")
    _, _, secure = rest.partition("\nserver {\n")
    plain = re.sub(r"^ *(listen|ssl_).*\n", "", secure, flags=re.MULTILINE)
    return (
        re.sub(r"server 127\.0\.0\.1:3000 .*;", named, upstream)
        + f"\nserver {{\n    listen 127.0.0.1:{port};\n"
        + plain.replace("tasks.example.org", "localhost")
    )
