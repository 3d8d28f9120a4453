"""An nginx of our own before one or more copies of the site, wholly without privileges."""

from contextlib import contextmanager

from . import processes

OWNER = "nobody"

FRAME = """
daemon off;
pid {home}/pid;
error_log {home}/log warn;
worker_processes 1;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  types {{ text/html html; text/css css; text/javascript js mjs; image/svg+xml svg; font/woff2 woff2; }}
{http}
}}
"""

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
        chosen = home / "nginx.conf"
        chosen.write_text(FRAME.format(home=home, http=http))
        log = home / "output"
        server = processes.start(
            ["nginx", "-p", home, "-e", home / "log", "-c", chosen], log, OWNER, cwd="/")
        try:
            processes.wait_until(lambda: processes.answers(port), server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            processes.stop(server)
