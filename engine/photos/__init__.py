"""Finding, decoding and cropping photos, in parallel and only ever reading."""
