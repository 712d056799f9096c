"""Makes the icons for desktops of resources/icons/cdul.svg, in the sizes in which they want them; see `make icons`."""

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

TOP = Path(__file__).parent.parent
DRAWN = TOP / "resources" / "icons" / "cdul.svg"
ICONS = TOP / "packaging" / "share" / "icons" / "hicolor"
SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def main() -> None:
    application = QGuiApplication(["icons", "-platform", "offscreen"])
    drawn = QSvgRenderer(str(DRAWN))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawn.render(painter)
        painter.end()
        file = ICONS / f"{size}x{size}" / "apps" / "cdul.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        image.save(str(file))
    scalable = ICONS / "scalable" / "apps" / "cdul.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(DRAWN, scalable)
    application.quit()


if __name__ == "__main__":
    main()
