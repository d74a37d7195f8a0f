"""The Things Stack v3 over MQTT: `v3/{application}@{tenant}/devices/{device}/up`.

It leaves out fields that are 0, false or empty; times have nanoseconds. An uplink is identified for good by DevEUI,
session key id and frame counter. Format: https://www.thethingsindustries.com/docs/integrations/data-formats/
"""

from base64 import b64encode
from typing import Any

import orjson

from device_profiles.envelopes import tree
from domain.messages import Message, Reason, Uplink

NAME = "things_stack"


def parse(message: Message, steps: list[str]) -> Uplink:
    """Read an uplink; see `device_profiles.envelopes.parse`."""
    if steps[4:] != ["up"]:
        event = "/".join(steps[4:])[:60] or "nothing"
        raise tree.fail(Reason.NOT_AN_UPLINK, f"The Things Stack says {event!a}, which is no uplink")
    content = tree.load(message)
    if "uplink_message" not in content:
        known = ", ".join(sorted(content)[:8])
        raise tree.bad(f"uplink_message is missing (there is: {ascii(known)[:160]})")
    uplink, device = tree.branch(content, "uplink_message"), tree.branch(content, "end_device_ids")
    rssi_dbm, snr_db = tree.radio(uplink.get("rx_metadata"))
    f_cnt = tree.whole(uplink, "f_cnt") or 0
    session = tree.text(uplink, "session_key_id") or tree.text(device, "dev_addr")
    return Uplink(
        envelope=NAME,
        device_key=tree.dev_eui(tree.text(device, "dev_eui"), "end_device_ids.dev_eui"),
        payload=tree.base64(uplink, "frm_payload") or b"",
        f_port=tree.whole(uplink, "f_port", 255),
        f_cnt=f_cnt,
        dedup=f"{session}/{f_cnt}" if session else None,
        network_time=tree.instant(uplink, "received_at") or tree.instant(content, "received_at"),
        rssi_dbm=rssi_dbm,
        snr_db=snr_db,
        simulated=content.get("simulated") is True,
    )


def wrap(
    uplink: Uplink,
    *,
    session: str,
    application: str = "landpuls",
    tenant: str = "demo",
    device_id: str | None = None,
) -> tuple[str, bytes]:
    """Write the uplink as The Things Stack publishes it; `session` stands for the device's session key."""
    assert isinstance(uplink.payload, bytes)
    assert uplink.network_time is not None
    device_id = device_id or f"eui-{uplink.device_key.lower()}"
    received = uplink.network_time.strftime("%Y-%m-%dT%H:%M:%S.%f000Z")
    gateway = _without_zeros({"rssi": uplink.rssi_dbm, "channel_rssi": uplink.rssi_dbm, "snr": uplink.snr_db})
    message: dict[str, Any] = {
        "end_device_ids": {
            "device_id": device_id,
            "application_ids": {"application_id": application},
            "dev_eui": uplink.device_key,
        },
        "received_at": received,
        "uplink_message": {
            "session_key_id": session,
            **_without_zeros({"f_port": uplink.f_port, "f_cnt": uplink.f_cnt}),
            "frm_payload": b64encode(uplink.payload).decode(),
            "rx_metadata": [{"gateway_ids": {"gateway_id": "simulated"}, **gateway}],
            "received_at": received,
        },
    }
    if uplink.simulated:
        message["simulated"] = True
    return f"v3/{application}@{tenant}/devices/{device_id}/up", orjson.dumps(message)


def _without_zeros(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value}
