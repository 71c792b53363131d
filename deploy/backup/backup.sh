#!/bin/bash
# Writes a consistent copy of everything TempLog knows into a new folder, while it goes on serving:
#   TEMPLOG_DATABASE_URL=… TEMPLOG_DATA_DIR=… backup.sh /backups
# The copy holds secrets (the server's key, people's addresses): keep it like a key.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
umask 077
into=${1:?the folder for backups}/templog-$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$into.part"
case ${TEMPLOG_DATABASE_URL:-} in
    mysql://*)
        . "$here/url.sh"
        mariadb-dump --no-defaults --host="$host" --port="$port" --protocol=tcp --user="$user" \
            --single-transaction --quick --routines=false "$database" | gzip >"$into.part/database.sql.gz"
        ;;
    *)
        "${TEMPLOG:-templog}" backup "$into.part/templog.db"
        ;;
esac
# Without this key no session and no sealed secret can be read again.
key=${TEMPLOG_DATA_DIR:-./data}/secret.key
if [ -f "$key" ]; then cp "$key" "$into.part/secret.key"; fi
# Only whole copies have their final name.
mv "$into.part" "$into"
echo "$into"
