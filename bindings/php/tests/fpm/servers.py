"""nginx and php-fpm in a temporary folder, on a free port."""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

WORKERS = 8

FPM = """[global]
pid = {folder}/fpm.pid
error_log = {folder}/fpm.log
process_control_timeout = 60s
daemonize = no
[www]
user = {user}
listen = {folder}/fpm.sock
pm = static
pm.max_children = {workers}
catch_workers_output = yes
env[WOTRUS_TEST_OPTIONS] = $WOTRUS_TEST_OPTIONS
php_admin_value[error_log] = {folder}/php.log
php_admin_flag[display_errors] = off
{pool}
"""

NGINX = """worker_processes 1;
daemon off;
{user_line}
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/temp;
    fastcgi_temp_path {folder}/temp;
    proxy_temp_path {folder}/temp;
    scgi_temp_path {folder}/temp;
    uwsgi_temp_path {folder}/temp;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            fastcgi_pass unix:{folder}/fpm.sock;
            fastcgi_read_timeout 120s;
            fastcgi_param SCRIPT_FILENAME {page};
            fastcgi_param QUERY_STRING $query_string;
            fastcgi_param REQUEST_METHOD $request_method;
        }}
    }}
}}
"""


class Servers:
    """nginx and php-fpm. `pool` has more lines for the pool's settings, `flags` more arguments for php-fpm."""

    def __init__(self, fpm, page, pool="", flags=()):
        self.folder = tempfile.mkdtemp(prefix="wotrus-fpm-")
        root = os.getuid() == 0
        user = "root" if root else os.environ.get("USER", "nobody")
        self._write("fpm.conf", FPM.format(folder=self.folder, workers=WORKERS, pool=pool, user=user))
        command = [fpm, "-F", "-y", self._path("fpm.conf"), *(["-R"] if root else []), *flags]
        with open(self._path("fpm.out"), "wb") as out:
            self.fpm = subprocess.Popen(command, stdout=out, stderr=out)
        self.nginx = None
        try:
            self._until(lambda: os.path.exists(self._path("fpm.sock")), self.fpm, "fpm.out")
            self._start_nginx(page, "user root;" if root else "")
            self._until(lambda: len(self.workers()) == WORKERS, self.fpm, "fpm.log")
        except BaseException:
            self.stop()
            raise

    def _start_nginx(self, page, user_line):
        for _ in range(5):  # another process may take the port before nginx does
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
            self._write("nginx.conf", NGINX.format(folder=self.folder, port=self.port, page=page, user_line=user_line))
            command = ["nginx", "-p", self.folder, "-e", self._path("nginx.log"), "-c", self._path("nginx.conf")]
            self.nginx = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            try:
                return self._until(self._nginx_answers, self.nginx, "nginx.log")
            except RuntimeError as failed:
                error = failed
        raise error

    def _nginx_answers(self):
        with socket.socket() as probe:
            return os.path.exists(self._path("nginx.pid")) and probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _until(self, ready, process, log):
        for _ in range(600):
            if process.poll() is not None:
                break
            if ready():
                return
            time.sleep(0.1)
        raise RuntimeError(f"{process.args[0]} did not start: {self.log(log)}")

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, name, text):
        with open(self._path(name), "w") as file:
            file.write(text)

    def log(self, name):
        try:
            with open(self._path(name), errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def master(self):
        return int(self.log("fpm.pid"))

    def workers(self):
        """The worker processes."""
        if not self.log("fpm.pid"):
            return []
        with open(f"/proc/{self.master()}/task/{self.master()}/children") as children:
            return sorted(int(pid) for pid in children.read().split())

    def memory(self):
        """The workers' memory in bytes, with proportional shares of shared pages (PSS)."""
        total = 0
        for pid in self.workers():
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += int(re.search(r"^Pss:\s+(\d+) kB", file.read(), re.M).group(1)) * 1024
        return total

    def reload(self):
        os.kill(self.master(), signal.SIGUSR2)

    def killed(self):
        """The lines of the log about workers that a signal ended."""
        return re.findall(r".*exited on signal.*", self.log("fpm.log"))

    def stop(self):
        masters = [self.fpm.pid] if self.fpm.poll() is None else []
        if self.nginx is not None and self.nginx.poll() is None:
            masters.append(self.nginx.pid)
        for pid in masters:
            os.kill(pid, signal.SIGTERM)
        for process in (self.fpm, self.nginx):
            if process is not None:
                process.wait(60)
        shutil.rmtree(self.folder)
