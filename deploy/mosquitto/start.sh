#!/bin/sh
# Starts Mosquitto in a container: the configuration from its template, the account of the server on the first start.
set -eu
accounts="$TEMPLOG_MQTT_DATA/dynamic-security.json"
if [ ! -s "$accounts" ]; then
    mosquitto_ctrl dynsec init "$accounts" server "$TEMPLOG_MQTT_PASSWORD"
    # Mosquitto gives up root, and must be able to write its own file.
    chown mosquitto:mosquitto "$accounts" 2>/dev/null || true
fi
# The image has no envsubst.
sed -e "s|\${TEMPLOG_MQTT_PORT}|$TEMPLOG_MQTT_PORT|g" \
    -e "s|\${TEMPLOG_MQTT_DATA}|$TEMPLOG_MQTT_DATA|g" \
    -e "s|\${TEMPLOG_MQTT_PLUGIN}|$TEMPLOG_MQTT_PLUGIN|g" \
    -e "s|\${TEMPLOG_CERTIFICATES}|$TEMPLOG_CERTIFICATES|g" \
    "${TEMPLOG_MQTT_TEMPLATE:-/mosquitto.conf.template}" >/tmp/mosquitto.conf
exec mosquitto -c /tmp/mosquitto.conf
