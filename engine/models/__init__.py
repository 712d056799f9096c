"""Networks: image-text encoders, and the classifier that is trained on their labels."""

import os

# Nothing is fetched unless a person asks for a download. The hub's clients read this when they are first imported,
# also those inside other libraries, which would otherwise look for newer files of what is already here.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
