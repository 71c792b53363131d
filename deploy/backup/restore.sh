#!/bin/bash
# Puts a copy made by backup.sh back. Stop TempLog first; the database must be there and empty.
#   TEMPLOG_DATABASE_URL=… TEMPLOG_DATA_DIR=… restore.sh /backups/templog-20260101T000000Z
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
umask 077
from=${1:?the folder that backup.sh has made}
data=${TEMPLOG_DATA_DIR:-./data}
mkdir -p "$data"
case ${TEMPLOG_DATABASE_URL:-} in
    mysql://*)
        . "$here/url.sh"
        client=(mariadb --no-defaults --host="$host" --port="$port" --protocol=tcp --user="$user")
        tables=$("${client[@]}" --batch --skip-column-names --execute "SHOW TABLES" "$database")
        if [ -n "$tables" ]; then
            echo "restore.sh: the database $database is not empty: nothing was changed" >&2
            exit 1
        fi
        gzip --decompress --stdout "$from/database.sql.gz" | "${client[@]}" "$database"
        ;;
    *)
        if [ -e "$data/templog.db" ]; then
            echo "restore.sh: $data/templog.db is there already: nothing was changed" >&2
            exit 1
        fi
        cp "$from/templog.db" "$data/templog.db"
        ;;
esac
if [ -f "$from/secret.key" ]; then cp "$from/secret.key" "$data/secret.key"; fi
