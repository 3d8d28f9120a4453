"""An nginx of our own before one or more copies of the site, wholly without privileges."""

from contextlib import contextmanager

from civic_forum.cluster.nginx import command, frame

from . import processes

OWNER = "nobody"

# The cookie is empty on a first visit, and hashing "" would go round: the address stands in.
PROXY = """
  client_max_body_size 30m;
  map $http_upgrade $connection_header {{ default upgrade; '' ''; }}
  map $cookie_session $stick {{ default $cookie_session; '' $remote_addr; }}
  upstream site {{ hash $stick consistent; {servers} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://site;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_header;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_read_timeout 60s;
    }}
  }}
"""


@contextmanager
def running(upstreams, configuration=PROXY):
    """The URL of an nginx that hands requests to the ports `upstreams`.

    `configuration` is what stands inside `http {}`: `{port}`, `{servers}` and `{home}` are filled
    in, so its own braces are doubled.
    """
    with processes.room(OWNER) as home:
        port = processes.free_port()
        servers = " ".join(f"server 127.0.0.1:{upstream};" for upstream in upstreams)
        http = configuration.format(port=port, servers=servers, home=home)
        (home / "nginx.conf").write_text(frame(home, http))
        log = home / "output"
        server = processes.start(command(home), log, OWNER, cwd="/")
        try:
            processes.wait_until(lambda: processes.answers(port), server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            processes.stop(server)
