#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Start Debian's Janus with a private configuration folder; print its pid.
# usage: janus-start.sh <work-folder> [event_loops] [ws-port]
set -e
W=${1:?work folder}; LOOPS=${2:-0}; PORT=${3:-18188}
IP=${JANUS_IP:?an address of a namespace of your own; Janus leaves loopback out}
P=/usr/lib/$(gcc -dumpmachine 2>/dev/null || echo x86_64-linux-gnu)/janus
mkdir -p "$W/cfg" "$W/none" "$W/pl" "$W/tr"
ln -sf $P/plugins/libjanus_videoroom.so $P/plugins/libjanus_textroom.so $P/plugins/libjanus_audiobridge.so "$W/pl/"
ln -sf $P/transports/libjanus_websockets.so "$W/tr/"
cat > "$W/cfg/janus.jcfg" <<C
general: {
  configs_folder = "$W/cfg"
  plugins_folder = "$W/pl"
  transports_folder = "$W/tr"
  events_folder = "$W/none"
  loggers_folder = "$W/none"
  debug_level = 3
  $( [ "$LOOPS" != 0 ] && echo "event_loops = $LOOPS" )
}
media: { rtp_port_range = "20000-40000" }
nat: { ice_enforce_list = "$IP"  ipv6 = false }
C
cat > "$W/cfg/janus.transport.websockets.jcfg" <<C
general: { json = "compact"  ws = true  ws_port = $PORT  ws_interface = "lo"  ws_ip = "127.0.0.1" }
admin: { admin_ws = false }
C
cat > "$W/cfg/janus.plugin.videoroom.jcfg" <<C
general: { string_ids = false }
C
nohup janus -F "$W/cfg" > "$W/janus.log" 2>&1 &
echo $! > "$W/pid"
for i in $(seq 50); do (exec 3<>/dev/tcp/127.0.0.1/$PORT) 2>/dev/null && break; sleep 0.1; done
cat "$W/pid"
