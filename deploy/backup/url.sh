# Takes mysql://user:password@host:port/database apart, for backup.sh and restore.sh.
rest=${TEMPLOG_DATABASE_URL#mysql://}
database=${rest##*/}
database=${database%%\?*}
rest=${rest%/*}
address=${rest##*@}
account=${rest%@*}
host=${address%%:*}
port=${address#"$host"}
port=${port#:}
port=${port:-3306}
user=${account%%:*}
# %40 and the like; the client reads the password from here and not from its arguments, which everybody can see.
MYSQL_PWD=$(printf '%b' "$(printf '%s' "${account#*:}" | sed 's/%\([0-9A-Fa-f][0-9A-Fa-f]\)/\\0\1/g; s/\\0/\\x/g')")
export MYSQL_PWD
