"""NanoDet-g, a small detector of COCO's 80 things: a second witness beside an encoder, which learnt from other photos.

    weights    the file that comes with the program, checked
    nanodet    the network, for whatever computes it
    in_torch, in_openvino    what computes it
    boxes      from its answers to boxes
    things     the 80 things, and which label is one of them
    detector   photos in, log odds and boxes out
"""

from engine.models.detector.boxes import DetectedThing
from engine.models.detector.detector import Detector
from engine.models.detector.things import THINGS, thing_of

__all__ = ["THINGS", "DetectedThing", "Detector", "thing_of"]
