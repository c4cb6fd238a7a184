# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks of the broadcast share: a private network, the program, its peers, a stream, and processor time.

Every script runs itself again in a network namespace of its own, with cubic: nobody else's traffic is in the way, and
nothing leaves the machine. The program runs on the first processor, whatever loads it on the second.
"""
import atexit
import contextlib
import os
import pathlib
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

SERVER, CLIENT = 0, 1
HTTP, HTTPS, RTMP, SRT = 8070, 8470, 1937, 8890
KEY = "a-key-for-the-benchmark"


def private_network():
    """Goes on in a network namespace with nothing but loopback in it, and as many open files as are allowed."""
    if os.environ.get("SANYAN_BENCHMARK") != "inside":
        command = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--user", "--map-root-user"]
        words = command + [sys.executable, *sys.argv]
        os.execvpe(words[0], words, {**os.environ, "SANYAN_BENCHMARK": "inside", "PYTHONUNBUFFERED": "1"})
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    try:
        pathlib.Path("/proc/sys/net/ipv4/tcp_congestion_control").write_text("cubic")
    except PermissionError:
        preload_cubic()  # Some machines let only their first namespace choose it.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


CUBIC = """#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
int listen(int file, int backlog) {
    setsockopt(file, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5);
    return ((int (*)(int, int))dlsym(RTLD_NEXT, "listen"))(file, backlog);
}
"""


def preload_cubic():
    """Every server that is started from here asks for cubic where it listens: ours and its peers alike."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sanyan-cubic-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "cubic.c").write_text(CUBIC)
    words = ["cc", "-O2", "-shared", "-fPIC", "-o", folder / "cubic.so", folder / "cubic.c"]
    subprocess.run(words, check=True)
    os.environ["LD_PRELOAD"] = str(folder / "cubic.so")


def congestion_control(port):
    """What a server's connections really use."""
    with socket.create_connection(("127.0.0.1", port)):
        time.sleep(0.1)
        words = ["ss", "-tinH", f"sport = :{port}"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return "/".join(sorted(set(re.findall(r"\b(cubic|bbr|reno)\b", said)))) or "unknown"


def need(*tools):
    lacking = [tool for tool in tools if not shutil.which(tool)]
    if lacking:
        sys.exit(f"not here: {', '.join(lacking)}")


def conditions(program):
    """The first lines of a report: on what, and how quiet it was."""
    load = pathlib.Path("/proc/loadavg").read_text().split()[0]
    return f"{program} ({pathlib.Path(program).stat().st_size / 1e6:.0f} MB), {os.cpu_count()} processors, load {load}"


@contextlib.contextmanager
def running(command, cpu=None, quiet=True):
    """A child that is gone afterwards. One that ended before its time is told."""
    pinned = (["taskset", "-c", str(cpu)] if cpu is not None else []) + [str(word) for word in command]
    out = subprocess.DEVNULL if quiet else None
    child = subprocess.Popen(pinned, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        yield child
    finally:
        if child.poll() is not None:
            print(f"{pathlib.Path(str(command[0])).name} ended by itself, with {child.returncode}")
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def get(address, seconds=10):
    """The address one ends at, and the text."""
    with urllib.request.urlopen(address, timeout=seconds) as answer:
        return answer.url, answer.read().decode()


def wait_for(address, seconds=20):
    end = time.monotonic() + seconds
    while True:
        try:
            return get(address)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > end:
                sys.exit(f"{address} never answered")
            time.sleep(0.1)


@contextlib.contextmanager
def studio(program, folder, profile="campus", cpu=SERVER, certificate=None, more=()):
    """`sanyan studio` with one broadcast `hall`, from the moment it answers."""
    command = [program, "studio", "--broadcast", f"hall:{KEY}", "--http", f"127.0.0.1:{HTTP}", "--rtmp"]
    command += [f"127.0.0.1:{RTMP}", "--srt", f"127.0.0.1:{SRT}", "--profile", profile, "--data", str(folder), *more]
    if certificate:
        chain, key = certificate
        command += ["--https", f"127.0.0.1:{HTTPS}", "--certificate", chain, "--certificate-key", key]
    with running(command, cpu) as child:
        wait_for(f"http://127.0.0.1:{HTTP}/healthz")
        yield child


def metric(name):
    """One figure of the broadcast, as /metrics says it; None when it does not."""
    text = get(f"http://127.0.0.1:{HTTP}/metrics")[1]
    found = re.search(rf'^sanyan_broadcast_{name}\{{broadcast="hall"[^}}]*\}} (\S+)$', text, re.MULTILINE)
    return float(found.group(1)) if found else None


def loop_file(folder):
    """Forty seconds of 1080p30, 4 Mbit/s, key frames each two seconds, AAC at 128 kbit/s; made once in the folder."""
    file = pathlib.Path(folder) / "loop.flv"
    if file.exists():
        return file
    print("encoding the stream once (about a minute)")
    words = (
        "ffmpeg -v error -f lavfi -i testsrc2=s=1920x1080:r=30,noise=alls=12:allf=t+u -f lavfi"
        " -i sine=frequency=440:sample_rate=48000 -t 40 -c:v libx264 -preset superfast -profile:v high -pix_fmt yuv420p"
        " -b:v 4000k -minrate 4000k -maxrate 4000k -bufsize 4000k"
        " -x264-params keyint=60:min-keyint=60:scenecut=0:bframes=2:nal-hrd=cbr:force-cfr=1 -c:a aac -b:a 128k -ac 2"
    )
    part = file.with_suffix(".part.flv")
    subprocess.run(words.split() + ["-y", str(part)], check=True)
    part.rename(file)
    return file


def publish(file, address, cpu=CLIENT):
    """ffmpeg sends the file in real time, over and over, without encoding."""
    words = ["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "flv", address]
    return running(words, cpu)


def family(pid):
    """A process and all that came of it."""
    members = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():  # Each thread has the children that it started.
        for child in (task / "children").read_text().split():
            members += family(int(child))
    return members


def busy(*pids):
    """Milliseconds of processor time that all threads of these processes have had, those that ended too."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            # The clock of another process, as clock_getcpuclockid(3) names it.
            total += time.clock_gettime_ns(~pid << 3 | 2)
    return total / 1e6


def memory(pid, name="RssAnon"):
    """Kilobytes: RssAnon is what is the program's own, VmRSS everything."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def certificate(folder):
    """A chain and a key for localhost, signed by themselves."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    subprocess.run(words.split() + ["-keyout", key, "-out", chain], check=True, stderr=subprocess.DEVNULL)
    return str(chain), str(key)


def nginx_configuration(folder, pair):
    """Debian's nginx with its RTMP module as it is usually set up: sendfile, TS in two-second pieces, one worker."""
    said = subprocess.run(["nginx", "-V"], capture_output=True, text=True, check=True).stderr
    modules = re.search(r"modules-path=(\S+)", said).group(1)
    tls = f"listen 127.0.0.1:8443 ssl http2; ssl_certificate {pair[0]}; ssl_certificate_key {pair[1]};" if pair else ""
    user = "user root;" if os.geteuid() == 0 else ""
    return f"""load_module {modules}/ngx_rtmp_module.so;
{user} daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 18000; }}
rtmp {{ server {{ listen 127.0.0.1:1935; chunk_size 4096; access_log off;
  application live {{ live on; hls on; hls_path {folder}/www/hls; hls_fragment 2s; hls_playlist_length 12s; }} }} }}
http {{ access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_timeout 75; keepalive_requests 1000000;
  ssl_protocols TLSv1.3; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  types {{ application/vnd.apple.mpegurl m3u8; video/mp2t ts; video/mp4 mp4 m4s; application/octet-stream bin; }}
  server {{ listen 127.0.0.1:8080 backlog=4096; {tls} root {folder}/www;
    add_header Cache-Control no-cache; add_header Access-Control-Allow-Origin *; }} }}
"""


@contextlib.contextmanager
def nginx(folder, pair=None, cpu=SERVER):
    """nginx on 8080, 8443 by TLS, RTMP on 1935; what is in `folder/www` is served."""
    (folder / "www/hls").mkdir(parents=True, exist_ok=True)
    file = folder / "nginx.conf"
    file.write_text(nginx_configuration(folder, pair))
    with running(["nginx", "-c", file, "-p", folder], cpu) as child:
        time.sleep(0.5)
        if child.poll() is not None:
            sys.exit("nginx did not start: " + (folder / "error.log").read_text()[-500:])
        yield child


def quantile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(part * len(values)))] if values else float("nan")


def line(what, ours, goal, unit="", **peers):
    """One line of a report: ours, each peer, the ratio to it, and the goal."""
    text = f"{what:<44} ours {ours:.4g}{unit}"
    for name, value in peers.items():
        text += f" · {name} {value:.4g}{unit} → ×{ours / value:.2f}" if value else f" · {name} none"
    print(f"{text}   (goal {goal})")
