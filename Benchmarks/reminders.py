#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How late reminders reach the carrier's door when very many are due together, with the program killed in the middle.

usage: Benchmarks/reminders.py [COUNT [SECONDS]]     (default: 10000 due within 60 s; the release build of `ringer`)

A real archive, the house's own outbox, postman, LINE carrier and post office, and a door (door.py) that knows every
message by its retry key. Half way through the program is killed with SIGKILL and started again. Afterwards every
reminder must have come, none under two keys; what had been on its way when it was killed comes again under its own.
Prints the lateness in milliseconds (due until the door has it), processor seconds and memory. Loopback only.
"""
import pathlib
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

here = pathlib.Path(__file__).parent
build = sys.argv[3] if len(sys.argv) > 3 else here.parent / ".build/release"
count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60


def cpu(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def peak(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024


def waiting(database):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        errands = db.execute("SELECT count(*) FROM errand WHERE id LIKE 'ring/%' AND fate IS NULL").fetchone()[0]
        out = db.execute("SELECT count(*) FROM delivery WHERE way = 'line' AND fate IS NULL").fetchone()[0]
    return errands + out


with tempfile.TemporaryDirectory() as place:
    folder, log = f"{place}/office", f"{place}/door.log"
    door = subprocess.Popen([sys.executable, here / "door.py", "0", log], stdout=subprocess.PIPE, text=True)
    port = int(door.stdout.readline())
    began = time.time()
    # The seed takes a while to write: 10 ms a reminder are allowed for it.
    delay = max(2000, count * 10)
    subprocess.run(
        [f"{build}/ringer", "seed", folder, f"http://127.0.0.1:{port}", str(count), str(int(seconds * 1000)), str(delay)],
        check=True)
    print(f"{count} reminders written in {time.time() - began:.1f} s; due within {seconds:.0f} s")
    spent, most = 0.0, 0.0
    process = subprocess.Popen([f"{build}/ringer", "run", folder])
    time.sleep(max(0.1, began + delay / 1000 + seconds / 2 - time.time()))
    spent, most = spent + cpu(process), max(most, peak(process))
    process.send_signal(signal.SIGKILL)
    process.wait()
    killed = time.time()
    process = subprocess.Popen([f"{build}/ringer", "run", folder])
    database = f"{folder}/sanyan.sqlite"
    time.sleep(max(1, began + delay / 1000 + seconds - time.time()))
    end = time.time() + 60
    while waiting(database) and time.time() < end:
        time.sleep(0.2)
    spent, most = spent + cpu(process), max(most, peak(process))
    process.kill()
    door.kill()
    came, again = {}, 0
    for line in open(log):
        at, what, number, _ = line.split(" ", 3)
        assert what != "bad", line
        if what == "new":
            came[number] = int(at)
        else:
            again += 1
    db = sqlite3.connect(database)
    rows = db.execute("SELECT due, reference, fate FROM delivery WHERE way = 'line'").fetchall()
    due = {reference: due for due, reference, _ in rows}
    late = sorted(at - due[number] for number, at in came.items())
    near = sorted(at - due[n] for n, at in came.items() if not killed * 1000 - 2000 < due[n] < killed * 1000 + 2000)
    fates = statistics.multimode(fate for _, _, fate in rows)
    assert len(rows) == len(came) == len(due) == count, (len(rows), len(came), len(due))


def at(part, values):
    return values[min(len(values) - 1, int(len(values) * part))]


print(f"came {len(came)} of {count}, lost 0, under two keys 0; asked again under its own key after the kill: {again}")
print(f"fate of most: {fates[0]}")
for name, values in (("all", late), ("without the two seconds around the kill", near)):
    print(f"late, {name}: median {at(.5, values)} ms, 99 % {at(.99, values)} ms, longest {values[-1]} ms")
print(f"processor {spent:.1f} s ({spent / count * 1000:.2f} ms a reminder), memory {most:.0f} MB")
