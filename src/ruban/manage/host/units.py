"""The texts of systemd's units. `{…}` is filled in for each group; systemd.service(5) and systemd.exec(5) explain."""

SERVICE = """\
[Unit]
Description=Ruban, {domain}
Wants=network-online.target
After=network-online.target

[Service]
User={user}
Environment=RUBAN_DATA={data}
ExecStart={ruban} serve --no-link
Restart=always
RestartSec=2
TimeoutStopSec=60

# It reads the system, and writes its folder and its backups alone.
ProtectSystem=strict
ReadWritePaths={data} {backups}
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectProc=invisible
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
LockPersonality=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
SystemCallFilter=@system-service
SystemCallArchitectures=native
UMask=0077

# Keys and codes in its memory must not reach a disk.
LimitCORE=0
MemorySwapMax=0

[Install]
WantedBy=multi-user.target
"""

BACKUP_SERVICE = """\
[Unit]
Description=Backup of Ruban, {domain}
After=ruban-{domain}.service

[Service]
Type=oneshot
User={user}
Environment=RUBAN_DATA={data}
# Where the server runs, it writes the file itself, right after its next release.
ExecStart={ruban} backup --keep {kept} {backups}
ProtectSystem=strict
ReadWritePaths={data} {backups}
ProtectHome=yes
PrivateTmp=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
UMask=0077
LimitCORE=0
MemorySwapMax=0
"""

BACKUP_TIMER = """\
[Unit]
Description=Backup of Ruban, {domain}, every day

[Timer]
OnCalendar=*-*-* 03:00:00
RandomizedDelaySec=1h
Persistent=true

[Install]
WantedBy=timers.target
"""

CADDY_DROP_IN = """\
[Service]
ExecStart=
ExecStart=/usr/bin/caddy run --config /etc/ruban/caddy.json
ExecReload=
ExecReload=/usr/bin/caddy reload --config /etc/ruban/caddy.json --address unix//run/caddy/admin.sock --force
RuntimeDirectory=caddy
RuntimeDirectoryMode=0700
Restart=always
RestartSec=2
LimitCORE=0
MemorySwapMax=0
"""
