"""What devices say: declarative profiles, envelopes of network servers, and `interpret` from bytes to an outcome.

A profile is a TOML file (`<vendor>/<device>.toml`) with its own test vectors. It is read once into frozen dataclasses,
compiled to a decoder, and serves as an encoder too, so that simulators speak exactly what decoders read.
`docs/device-profiles.md` and the commented `dingtek/df702.toml` are the manual.
"""
