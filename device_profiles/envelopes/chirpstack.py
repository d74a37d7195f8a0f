"""ChirpStack v4 over MQTT (JSON marshaler): `application/{id}/device/{devEui}/event/up`.

It leaves out what is 0 and identifies an uplink by its `deduplicationId`.
Format: https://www.chirpstack.io/docs/chirpstack/integrations/events.html
"""

from base64 import b64encode
from typing import Any
from uuid import NAMESPACE_OID, uuid5

import orjson

from device_profiles.envelopes import tree
from domain.messages import Message, Reason, Uplink

NAME = "chirpstack"


def parse(message: Message, steps: list[str]) -> Uplink:
    """Read an uplink; see `device_profiles.envelopes.parse`."""
    if steps[5] != "up":
        raise tree.fail(Reason.NOT_AN_UPLINK, f"ChirpStack says {steps[5][:60]!a}, which is no uplink")
    content = tree.load(message)
    device = tree.branch(content, "deviceInfo")
    rssi_dbm, snr_db = tree.radio(content.get("rxInfo"))
    return Uplink(
        envelope=NAME,
        device_key=tree.dev_eui(tree.text(device, "devEui") or steps[3], "deviceInfo.devEui"),
        payload=tree.base64(content, "data") or b"",
        f_port=tree.whole(content, "fPort", 255),
        f_cnt=tree.whole(content, "fCnt") or 0,
        dedup=tree.text(content, "deduplicationId", 64),
        network_time=tree.instant(content, "time"),
        rssi_dbm=rssi_dbm,
        snr_db=snr_db,
    )


def wrap(uplink: Uplink, *, session: str, application: str = "landpuls") -> tuple[str, bytes]:
    """Write the uplink as ChirpStack publishes it; the deduplication id follows from device, session and counter."""
    assert isinstance(uplink.payload, bytes)
    assert uplink.network_time is not None
    eui = uplink.device_key.lower()
    application_id = str(uuid5(NAMESPACE_OID, application))
    gateway = {"rssi": uplink.rssi_dbm, "snr": uplink.snr_db}
    message: dict[str, Any] = {
        "deduplicationId": str(uuid5(NAMESPACE_OID, f"{eui}/{session}/{uplink.f_cnt or 0}")),
        "time": uplink.network_time.isoformat(timespec="microseconds"),
        "deviceInfo": {"applicationId": application_id, "applicationName": application, "devEui": eui},
        "fPort": uplink.f_port,
        "fCnt": uplink.f_cnt,
        "data": b64encode(uplink.payload).decode(),
        "rxInfo": [
            {"gatewayId": "0000000000000000", **{key: value for key, value in gateway.items() if value}}
        ],
    }
    content = {key: value for key, value in message.items() if value}
    return f"application/{application_id}/device/{eui}/event/up", orjson.dumps(content)
