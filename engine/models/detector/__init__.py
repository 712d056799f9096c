"""NanoDet-g, a small detector of COCO's 80 things: a second witness beside an encoder, which learnt from other photos.

`weights` reads and checks the file that comes with the program, `nanodet` is the network for whatever computes it,
`in_torch` and `in_openvino` compute it, `boxes` makes boxes of its answers, `things` tells which label is one of the
80 things, and `detector` puts them together: photos in, log odds and boxes out.
"""

from engine.models.detector.boxes import DetectedThing
from engine.models.detector.detector import Detector
from engine.models.detector.things import THINGS, says_no_more_than_a_thing, thing_of

__all__ = ["THINGS", "DetectedThing", "Detector", "says_no_more_than_a_thing", "thing_of"]
