<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_GB">
<context>
    <name>Actions</name>
    <message>
        <source>Open folder…</source>
        <translation>Ordner öffnen…</translation>
    </message>
    <message>
        <source>Open the sample photos</source>
        <translation>Die Beispielfotos öffnen</translation>
    </message>
    <message>
        <source>Close the photos</source>
        <translation>Die Fotos schließen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Take the labels away, as COCO or as a table</source>
        <translation>Die Labels mitnehmen, als COCO oder als Tabelle</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Labeln</translation>
    </message>
    <message>
        <source>Suggest labels for all photos, as was chosen last</source>
        <translation>Labels für alle Fotos vorschlagen, wie zuletzt gewählt</translation>
    </message>
    <message>
        <source>Label with…</source>
        <translation>Labeln mit…</translation>
    </message>
    <message>
        <source>Choose label set, encoder and grid first</source>
        <translation>Erst Label-Satz, Encoder und Raster wählen</translation>
    </message>
    <message>
        <source>Look for new photos</source>
        <translation>Nach neuen Fotos suchen</translation>
    </message>
    <message>
        <source>Show the photo large</source>
        <translation>Das Foto groß zeigen</translation>
    </message>
    <message>
        <source>Back to the gallery</source>
        <translation>Zurück zur Galerie</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>Voriges Foto</translation>
    </message>
    <message>
        <source>Find a label</source>
        <translation>Ein Label suchen</translation>
    </message>
    <message>
        <source>Add a label…</source>
        <translation>Label hinzufügen…</translation>
    </message>
    <message>
        <source>Show no heatmap</source>
        <translation>Keine Heatmap zeigen</translation>
    </message>
    <message>
        <source>Accept suggestions and go on</source>
        <translation>Vorschläge annehmen und weiter</translation>
    </message>
    <message>
        <source>Confirm what is suggested, mark the photo as reviewed, show the next one</source>
        <translation>Bestätigen, was vorgeschlagen ist, das Foto als geprüft markieren, das nächste zeigen</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Reject the chosen label, or everything suggested where none is chosen</source>
        <translation>Das gewählte Label ablehnen, oder alles Vorgeschlagene, wenn keines gewählt ist</translation>
    </message>
    <message>
        <source>Repeat the labels of the photo before</source>
        <translation>Die Labels des vorigen Fotos wiederholen</translation>
    </message>
    <message>
        <source>Take decisions back</source>
        <translation>Entscheidungen zurücknehmen</translation>
    </message>
    <message>
        <source>Reviewed</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Größer</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Kleiner</translation>
    </message>
    <message>
        <source>Whole photo</source>
        <translation>Ganzes Foto</translation>
    </message>
    <message>
        <source>Every pixel</source>
        <translation>Jedes Pixel</translation>
    </message>
    <message>
        <source>Heatmap</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Lines of the grid</source>
        <translation>Linien des Rasters</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>About CDUL</source>
        <translation>Über CDUL</translation>
    </message>
    <message>
        <source>&amp;Project</source>
        <translation>&amp;Projekt</translation>
    </message>
    <message>
        <source>P&amp;hotos</source>
        <translation>F&amp;otos</translation>
    </message>
    <message>
        <source>&amp;Labels</source>
        <translation>&amp;Labels</translation>
    </message>
    <message>
        <source>&amp;Review</source>
        <translation>P&amp;rüfen</translation>
    </message>
    <message>
        <source>&amp;Queues</source>
        <translation>&amp;Warteschlangen</translation>
    </message>
    <message>
        <source>&amp;Sweep</source>
        <translation>&amp;Durchgang</translation>
    </message>
    <message>
        <source>&amp;Training</source>
        <translation>&amp;Training</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Sort by</source>
        <translation>&amp;Sortieren nach</translation>
    </message>
    <message>
        <source>&amp;Group by</source>
        <translation>&amp;Gruppieren nach</translation>
    </message>
    <message>
        <source>H&amp;elp</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Say which photos to show</source>
        <translation>Sagen, welche Fotos gezeigt werden</translation>
    </message>
    <message>
        <source>Show all photos</source>
        <translation>Alle Fotos zeigen</translation>
    </message>
    <message>
        <source>Apply filter and order again</source>
        <translation>Filter und Ordnung neu anwenden</translation>
    </message>
    <message>
        <source>Photos stay where they are while you review; this puts them where they belong</source>
        <translation>Fotos bleiben beim Prüfen, wo sie sind; das hier bringt sie an ihren Platz</translation>
    </message>
    <message>
        <source>Save this filter…</source>
        <translation>Diesen Filter speichern…</translation>
    </message>
    <message>
        <source>Keep the filter in force under a name</source>
        <translation>Den geltenden Filter unter einem Namen behalten</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>By folder and file name</source>
        <translation>Nach Ordner und Dateiname</translation>
    </message>
    <message>
        <source>Date taken</source>
        <translation>Aufnahmedatum</translation>
    </message>
    <message>
        <source>By the date the camera wrote, photos without one last</source>
        <translation>Nach dem Datum der Kamera, Fotos ohne Datum zuletzt</translation>
    </message>
    <message>
        <source>Score of the chosen label</source>
        <translation>Score des gewählten Labels</translation>
    </message>
    <message>
        <source>By how well the label chosen in the list fits</source>
        <translation>Danach, wie gut das in der Liste gewählte Label passt</translation>
    </message>
    <message>
        <source>Doubt</source>
        <translation>Zweifel</translation>
    </message>
    <message>
        <source>By how near an undecided label is to its threshold</source>
        <translation>Danach, wie nah ein unentschiedenes Label seiner Schwelle ist</translation>
    </message>
    <message>
        <source>Disagreement of the stages</source>
        <translation>Uneinigkeit der Stufen</translation>
    </message>
    <message>
        <source>By how far two stages are apart over an undecided label</source>
        <translation>Danach, wie weit zwei Stufen bei einem unentschiedenen Label auseinanderliegen</translation>
    </message>
    <message>
        <source>When reviewed</source>
        <translation>Wann geprüft</translation>
    </message>
    <message>
        <source>By when a photo was marked as reviewed, the others last</source>
        <translation>Danach, wann ein Foto als geprüft markiert wurde, die übrigen zuletzt</translation>
    </message>
    <message>
        <source>In the other direction</source>
        <translation>In der anderen Richtung</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>The photos of a folder together; again: no longer</source>
        <translation>Die Fotos eines Ordners zusammen; nochmals: nicht mehr</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>The photos of a day together; again: no longer</source>
        <translation>Die Fotos eines Tages zusammen; nochmals: nicht mehr</translation>
    </message>
    <message>
        <source>Label set…</source>
        <translation>Label-Satz…</translation>
    </message>
    <message>
        <source>Add, rename, merge and order labels, and change what they are asked for with</source>
        <translation>Labels hinzufügen, umbenennen, zusammenführen und ordnen, und ändern, wonach gefragt wird</translation>
    </message>
    <message>
        <source>Change keys…</source>
        <translation>Tasten ändern…</translation>
    </message>
    <message>
        <source>Most doubtful</source>
        <translation>Die zweifelhaftesten</translation>
    </message>
    <message>
        <source>Photos with a score near its threshold, the nearest first</source>
        <translation>Fotos mit einem Score nahe der Schwelle, die nächsten zuerst</translation>
    </message>
    <message>
        <source>Stages disagree</source>
        <translation>Stufen uneinig</translation>
    </message>
    <message>
        <source>Photos for which two stages suggest different labels</source>
        <translation>Fotos, für die zwei Stufen verschiedene Labels vorschlagen</translation>
    </message>
    <message>
        <source>Suspected mistakes</source>
        <translation>Vermutete Fehler</translation>
    </message>
    <message>
        <source>Photos with a decision that a confident score speaks against</source>
        <translation>Fotos mit einer Entscheidung, der ein sicherer Score widerspricht</translation>
    </message>
    <message>
        <source>Random audit</source>
        <translation>Zufällige Stichprobe</translation>
    </message>
    <message>
        <source>Photos by chance, so that the share of right suggestions holds for all</source>
        <translation>Zufällige Fotos, damit der Anteil richtiger Vorschläge für alle gilt</translation>
    </message>
    <message>
        <source>New photos</source>
        <translation>Neue Fotos</translation>
    </message>
    <message>
        <source>Photos that are not reviewed, those added last first</source>
        <translation>Fotos, die nicht geprüft sind, die zuletzt hinzugekommenen zuerst</translation>
    </message>
    <message>
        <source>Spread over unlike photos</source>
        <translation>Auf ungleiche Fotos verteilen</translation>
    </message>
    <message>
        <source>Of the most urgent photos take those that are least like one another</source>
        <translation>Von den dringendsten Fotos die nehmen, die einander am wenigsten gleichen</translation>
    </message>
    <message>
        <source>Suggestions right by label</source>
        <translation>Richtige Vorschläge je Label</translation>
    </message>
    <message>
        <source>Leave the queue</source>
        <translation>Die Warteschlange verlassen</translation>
    </message>
    <message>
        <source>Sweep the label</source>
        <translation>Das Label durchgehen</translation>
    </message>
    <message>
        <source>Show the photos by the label's score, highest first, and its threshold</source>
        <translation>Die Fotos nach dem Score des Labels zeigen, die höchsten zuerst, mit seiner Schwelle</translation>
    </message>
    <message>
        <source>Move the threshold</source>
        <translation>Die Schwelle verschieben</translation>
    </message>
    <message>
        <source>Put the keyboard on the line: the left and right arrow move it</source>
        <translation>Die Tastatur auf die Linie setzen: die Pfeile links und rechts verschieben sie</translation>
    </message>
    <message>
        <source>Select what is suggested</source>
        <translation>Das Vorgeschlagene auswählen</translation>
    </message>
    <message>
        <source>Select the photos for which the label is suggested</source>
        <translation>Die Fotos auswählen, für die das Label vorgeschlagen ist</translation>
    </message>
    <message>
        <source>Accept for the label</source>
        <translation>Für das Label annehmen</translation>
    </message>
    <message>
        <source>Confirm the label on all selected photos</source>
        <translation>Das Label auf allen ausgewählten Fotos bestätigen</translation>
    </message>
    <message>
        <source>Reject for the label</source>
        <translation>Für das Label ablehnen</translation>
    </message>
    <message>
        <source>Reject the label on all selected photos</source>
        <translation>Das Label auf allen ausgewählten Fotos ablehnen</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Runs and edits, each of which can be taken back as a whole</source>
        <translation>Läufe und Änderungen, von denen sich jede als Ganzes zurücknehmen lässt</translation>
    </message>
    <message>
        <source>Learn from my corrections</source>
        <translation>Aus meinen Korrekturen lernen</translation>
    </message>
    <message>
        <source>Train a classifier on the labels and your decisions, and let it refine the labels</source>
        <translation>Einen Klassifikator mit den Labels und Ihren Entscheidungen trainieren und die Labels damit verfeinern</translation>
    </message>
    <message>
        <source>Show photos where training turned labels on</source>
        <translation>Fotos zeigen, bei denen das Training Labels eingeschaltet hat</translation>
    </message>
    <message>
        <source>Show photos where training turned labels off</source>
        <translation>Fotos zeigen, bei denen das Training Labels ausgeschaltet hat</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Confirm by key</source>
        <translation>Mit Taste bestätigen</translation>
    </message>
</context>
<context>
    <name>AddLabel</name>
    <message>
        <source>Add a label…</source>
        <translation>Label hinzufügen…</translation>
    </message>
    <message>
        <source>Add a label</source>
        <translation>Label hinzufügen</translation>
    </message>
    <message>
        <source>Let “{label}” join the label set</source>
        <translation>„{label}“ in den Label-Satz aufnehmen</translation>
    </message>
</context>
<context>
    <name>Arrangement</name>
    <message>
        <source>Filtering</source>
        <translation>Filtern</translation>
    </message>
</context>
<context>
    <name>ChipsOfPhoto</name>
    <message>
        <source>Labels of the current photo</source>
        <translation>Labels des aktuellen Fotos</translation>
    </message>
</context>
<context>
    <name>CurrentPhoto</name>
    <message>
        <source>Decoding</source>
        <translation>Dekodieren</translation>
    </message>
    <message>
        <source>Reading the heatmap</source>
        <translation>Die Heatmap wird gelesen</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Open a folder of photos</source>
        <translation>Einen Ordner mit Fotos öffnen</translation>
    </message>
    <message>
        <source>About CDUL</source>
        <translation>Über CDUL</translation>
    </message>
    <message>
        <source>CDUL {version}</source>
        <translation>CDUL {version}</translation>
    </message>
    <message>
        <source>Labels photo collections on your own machine: an image-text encoder proposes several labels a photo, you decide, COCO comes out. Apache License 2.0.</source>
        <translation>Labelt Fotosammlungen auf dem eigenen Rechner: Ein Bild-Text-Encoder schlägt mehrere Labels je Foto vor, Sie entscheiden, COCO kommt heraus. Apache-Lizenz 2.0.</translation>
    </message>
    <message>
        <source>There is no filter to save: type one first.</source>
        <translation>Es gibt keinen Filter zu speichern: Geben Sie zuerst einen ein.</translation>
    </message>
    <message>
        <source>Save this filter</source>
        <translation>Diesen Filter speichern</translation>
    </message>
    <message>
        <source>Name (a saved filter of the same name is replaced):</source>
        <translation>Name (ein gespeicherter Filter gleichen Namens wird ersetzt):</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>All {count} photos</source>
        <translation>Alle {count} Fotos</translation>
    </message>
    <message>
        <source>Only the {count} reviewed ones</source>
        <translation>Nur die {count} geprüften</translation>
    </message>
    <message>
        <source>Only reviewed ones (none yet)</source>
        <translation>Nur geprüfte (noch keine)</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Rejected labels are left out; suggested ones are exported with their score.</source>
        <translation>Abgelehnte Labels bleiben weg; vorgeschlagene werden mit ihrem Score exportiert.</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Browse for a file</source>
        <translation>Eine Datei suchen</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>The file is there already and will be replaced.</source>
        <translation>Die Datei gibt es schon; sie wird ersetzt.</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>Exporting</source>
        <translation>Export läuft</translation>
    </message>
    <message>
        <source>Writing the last edits</source>
        <translation>Die letzten Änderungen werden geschrieben</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>{photos} photos, {written} {counts} written to {file}</source>
        <translation>{photos} Fotos, {written} {counts} nach {file} geschrieben</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Save this filter under a name</source>
        <translation>Diesen Filter unter einem Namen speichern</translation>
    </message>
    <message>
        <source>What the photos are sorted by</source>
        <translation>Wonach die Fotos sortiert sind</translation>
    </message>
    <message>
        <source>What the photos are grouped by</source>
        <translation>Wonach die Fotos gruppiert sind</translation>
    </message>
    <message>
        <source>By now the filter or the order would show something else; nothing moves until you ask for it</source>
        <translation>Inzwischen würden Filter oder Ordnung etwas anderes zeigen; nichts bewegt sich, bis Sie es wünschen</translation>
    </message>
    <message>
        <source>Changed since – apply again</source>
        <translation>Seither geändert – neu anwenden</translation>
    </message>
    <message>
        <source>used before</source>
        <translation>schon benutzt</translation>
    </message>
    <message>
        <source>photos chosen for review</source>
        <translation>Fotos, die zum Prüfen gewählt sind</translation>
    </message>
    <message>
        <source>{what}  ·  {shown} of {total}</source>
        <translation>{what}  ·  {shown} von {total}</translation>
    </message>
    <message>
        <source>Sort: {order}</source>
        <translation>Sortiert: {order}</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppieren</translation>
    </message>
    <message>
        <source>Group: folder</source>
        <translation>Gruppiert: Ordner</translation>
    </message>
    <message>
        <source>Group: day</source>
        <translation>Gruppiert: Tag</translation>
    </message>
    <message>
        <source>score – choose a label</source>
        <translation>Score – Label wählen</translation>
    </message>
    <message>
        <source>highest {label}</source>
        <translation>höchster Score: {label}</translation>
    </message>
    <message>
        <source>lowest {label}</source>
        <translation>niedrigster Score: {label}</translation>
    </message>
    <message>
        <source>name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>name, from Z</source>
        <translation>Name, ab Z</translation>
    </message>
    <message>
        <source>oldest first</source>
        <translation>älteste zuerst</translation>
    </message>
    <message>
        <source>newest first</source>
        <translation>neueste zuerst</translation>
    </message>
    <message>
        <source>least doubtful</source>
        <translation>am wenigsten zweifelhaft</translation>
    </message>
    <message>
        <source>most doubtful</source>
        <translation>am zweifelhaftesten</translation>
    </message>
    <message>
        <source>stages agree</source>
        <translation>Stufen einig</translation>
    </message>
    <message>
        <source>stages disagree</source>
        <translation>Stufen uneinig</translation>
    </message>
    <message>
        <source>reviewed first</source>
        <translation>geprüfte zuerst</translation>
    </message>
    <message>
        <source>reviewed last</source>
        <translation>geprüfte zuletzt</translation>
    </message>
</context>
<context>
    <name>FilterLine</name>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filter: dog, or label:dog -label:cat score(dog)&gt;0.4</source>
        <translation>Filter: dog, oder label:dog -label:cat score(dog)&gt;0.4</translation>
    </message>
</context>
<context>
    <name>GalleryModel</name>
    <message>
        <source>Reviewed</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Confirmed: {labels}</source>
        <translation>Bestätigt: {labels}</translation>
    </message>
    <message>
        <source>Suggested: {labels}</source>
        <translation>Vorgeschlagen: {labels}</translation>
    </message>
    <message>
        <source>Rejected: {labels}</source>
        <translation>Abgelehnt: {labels}</translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>Gallery</source>
        <translation>Galerie</translation>
    </message>
    <message>
        <source>Date unknown</source>
        <translation>Datum unbekannt</translation>
    </message>
</context>
<context>
    <name>HeatmapStrip</name>
    <message>
        <source>Snippet grid</source>
        <translation>Raster der Ausschnitte</translation>
    </message>
    <message>
        <source>The grid whose snippets are shown</source>
        <translation>Das Raster, dessen Ausschnitte gezeigt werden</translation>
    </message>
    <message>
        <source>Opacity of the heatmap</source>
        <translation>Deckkraft der Heatmap</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Not labelled yet</source>
        <translation>Noch nicht gelabelt</translation>
    </message>
    <message>
        <source>Choose a label to see its heatmap</source>
        <translation>Ein Label wählen, um seine Heatmap zu sehen</translation>
    </message>
    <message>
        <source>Heatmap: {label}</source>
        <translation>Heatmap: {label}</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Labels suggested</source>
        <translation>Labels vorgeschlagen</translation>
    </message>
    <message>
        <source>Suggestions refined by a classifier</source>
        <translation>Vorschläge von einem Klassifikator verfeinert</translation>
    </message>
    <message>
        <source>Labels suggested by a classifier</source>
        <translation>Labels von einem Klassifikator vorgeschlagen</translation>
    </message>
    <message>
        <source>Labels imported</source>
        <translation>Labels importiert</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>By</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>{entry} (not in force)</source>
        <translation>{entry} (nicht in Kraft)</translation>
    </message>
    <message>
        <source> with {encoder}</source>
        <translation> mit {encoder}</translation>
    </message>
    <message>
        <source> (not finished)</source>
        <translation> (nicht beendet)</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Reading the history</source>
        <translation>Der Verlauf wird gelesen</translation>
    </message>
    <message>
        <source>Undo this</source>
        <translation>Dies rückgängig machen</translation>
    </message>
    <message>
        <source>Choose an edit or a run to take it back as a whole.</source>
        <translation>Eine Änderung oder einen Lauf wählen, um ihn als Ganzes zurückzunehmen.</translation>
    </message>
    <message>
        <source>Take back what this run suggested</source>
        <translation>Zurücknehmen, was dieser Lauf vorgeschlagen hat</translation>
    </message>
    <message>
        <source>Bring back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>This edit is undone already.</source>
        <translation>Diese Änderung ist schon rückgängig gemacht.</translation>
    </message>
    <message>
        <source>Wait until the work under way has ended.</source>
        <translation>Warten Sie, bis die laufende Arbeit beendet ist.</translation>
    </message>
    <message>
        <source>The project is open to look only: another window or command writes to it.</source>
        <translation>Das Projekt ist nur zum Ansehen offen: Ein anderes Fenster oder ein Befehl schreibt hinein.</translation>
    </message>
    <message>
        <source>Taking back suggestions</source>
        <translation>Vorschläge werden zurückgenommen</translation>
    </message>
    <message>
        <source>Bringing back suggestions</source>
        <translation>Vorschläge werden zurückgeholt</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Scores by stage</source>
        <translation>Scores nach Stufe</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Choose a photo to see its labels.</source>
        <translation>Wählen Sie ein Foto, um seine Labels zu sehen.</translation>
    </message>
    <message>
        <source>✓ reviewed</source>
        <translation>✓ geprüft</translation>
    </message>
    <message>
        <source>What you say here goes for all {count} selected photos.</source>
        <translation>Was Sie hier sagen, gilt für alle {count} ausgewählten Fotos.</translation>
    </message>
    <message>
        <source>This photo cannot be read. {problem}</source>
        <translation>Dieses Foto kann nicht gelesen werden. {problem}</translation>
    </message>
    <message>
        <source>Labels appear here once the photo is labelled.</source>
        <translation>Labels erscheinen hier, sobald das Foto gelabelt ist.</translation>
    </message>
    <message>
        <source>No labels yet: press Label, or add some here.</source>
        <translation>Noch keine Labels: Drücken Sie „Labeln“ oder fügen Sie hier welche hinzu.</translation>
    </message>
    <message>
        <source>No label is suggested for this photo. Add some here.</source>
        <translation>Für dieses Foto ist kein Label vorgeschlagen. Fügen Sie hier welche hinzu.</translation>
    </message>
</context>
<context>
    <name>KeptFilters</name>
    <message>
        <source>Keeping filters</source>
        <translation>Filter werden gespeichert</translation>
    </message>
    <message>
        <source>Reading filters</source>
        <translation>Filter werden gelesen</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Moving</source>
        <translation>Bewegen</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>Pfeile</translation>
    </message>
    <message>
        <source>Move among the photos</source>
        <translation>Zwischen den Fotos wechseln</translation>
    </message>
    <message>
        <source>Shift or Ctrl</source>
        <translation>Umschalt oder Strg</translation>
    </message>
    <message>
        <source>… and select several</source>
        <translation>… und mehrere auswählen</translation>
    </message>
    <message>
        <source>Ctrl + wheel</source>
        <translation>Strg + Mausrad</translation>
    </message>
    <message>
        <source>Size of the thumbnails</source>
        <translation>Größe der Vorschaubilder</translation>
    </message>
    <message>
        <source>Wheel, drag</source>
        <translation>Mausrad, ziehen</translation>
    </message>
    <message>
        <source>Zoom and move a large photo</source>
        <translation>Ein großes Foto vergrößern und verschieben</translation>
    </message>
    <message>
        <source>Click a chip</source>
        <translation>Klick auf ein Label</translation>
    </message>
    <message>
        <source>Confirm a label, or no longer</source>
        <translation>Ein Label bestätigen, oder nicht mehr</translation>
    </message>
    <message>
        <source>Right click</source>
        <translation>Rechtsklick</translation>
    </message>
    <message>
        <source>Reject a label, or no longer</source>
        <translation>Ein Label ablehnen, oder nicht mehr</translation>
    </message>
    <message>
        <source>Labels by key</source>
        <translation>Labels nach Taste</translation>
    </message>
</context>
<context>
    <name>LabelChip</name>
    <message>
        <source>suggested</source>
        <translation>vorgeschlagen</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>bestätigt</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>nicht da</translation>
    </message>
    <message>
        <source>{label}: {state}</source>
        <translation>{label}: {state}</translation>
    </message>
    <message>
        <source>, score {score}</source>
        <translation>, Score {score}</translation>
    </message>
    <message>
        <source>Click confirms, right click rejects</source>
        <translation>Klick bestätigt, Rechtsklick lehnt ab</translation>
    </message>
</context>
<context>
    <name>LabelModel</name>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>The label set; click a heading to sort by it</source>
        <translation>Der Label-Satz; ein Klick auf eine Überschrift sortiert danach</translation>
    </message>
    <message>
        <source>Photos on which the label is confirmed</source>
        <translation>Fotos, auf denen das Label bestätigt ist</translation>
    </message>
    <message>
        <source>Photos for which the label is suggested</source>
        <translation>Fotos, für die das Label vorgeschlagen ist</translation>
    </message>
    <message>
        <source>The key that toggles the label on the selected photos</source>
        <translation>Die Taste, die das Label auf den ausgewählten Fotos umschaltet</translation>
    </message>
    <message>
        <source>{label}: confirmed on {confirmed}, suggested for {suggested} photos</source>
        <translation>{label}: bestätigt auf {confirmed}, vorgeschlagen für {suggested} Fotos</translation>
    </message>
    <message>
        <source>; key {key}</source>
        <translation>; Taste {key}</translation>
    </message>
</context>
<context>
    <name>LabelSetDialog</name>
    <message>
        <source>Label set</source>
        <translation>Label-Satz</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Name of a new label</source>
        <translation>Name eines neuen Labels</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Move up (Alt+Up)</source>
        <translation>Nach oben (Alt+Pfeil hoch)</translation>
    </message>
    <message>
        <source>Move down (Alt+Down)</source>
        <translation>Nach unten (Alt+Pfeil runter)</translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation>Farbe…</translation>
    </message>
    <message>
        <source>Merge…</source>
        <translation>Zusammenführen…</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>What is removed or merged stays in the project and comes back by its name.</source>
        <translation>Was entfernt oder zusammengeführt wird, bleibt im Projekt und kommt mit seinem Namen zurück.</translation>
    </message>
    <message>
        <source>Colour of {label}</source>
        <translation>Farbe von {label}</translation>
    </message>
    <message>
        <source>It is confirmed on {confirmed}, rejected on {rejected} and suggested for {suggested} photos. These decisions stay in the project, but are not exported until the label is added again.</source>
        <translation>Es ist auf {confirmed} Fotos bestätigt, auf {rejected} abgelehnt und für {suggested} vorgeschlagen. Diese Entscheidungen bleiben im Projekt, werden aber nicht exportiert, bis das Label wieder hinzugefügt wird.</translation>
    </message>
    <message>
        <source>Remove {label} from the label set?</source>
        <translation>{label} aus dem Label-Satz entfernen?</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>Merge {label} into</source>
        <translation>{label} zusammenführen mit</translation>
    </message>
    <message>
        <source>{moved} decisions move to {into}, {agreed} are there already.</source>
        <translation>{moved} Entscheidungen gehen zu {into} über, {agreed} sind schon dort.</translation>
    </message>
    <message>
        <source>On {count} photos one is confirmed and the other rejected; there {into} stays as it is: {photos}</source>
        <translation>Auf {count} Fotos ist das eine bestätigt und das andere abgelehnt; dort bleibt {into}, wie es ist: {photos}</translation>
    </message>
    <message>
        <source>Merge {label} into {into}?</source>
        <translation>{label} mit {into} zusammenführen?</translation>
    </message>
    <message>
        <source>Import labels</source>
        <translation>Labels importieren</translation>
    </message>
    <message>
        <source>Export labels</source>
        <translation>Labels exportieren</translation>
    </message>
    <message>
        <source>Text files (*.txt *.tsv);;All files (*)</source>
        <translation>Textdateien (*.txt *.tsv);;Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>LabelSetEditing</name>
    <message>
        <source>Adding a label</source>
        <translation>Ein Label wird hinzugefügt</translation>
    </message>
    <message>
        <source>Renaming a label</source>
        <translation>Ein Label wird umbenannt</translation>
    </message>
    <message>
        <source>Changing prompts</source>
        <translation>Prompts werden geändert</translation>
    </message>
    <message>
        <source>Changing a label</source>
        <translation>Ein Label wird geändert</translation>
    </message>
    <message>
        <source>The key {key} belongs to a command. Choose another one.</source>
        <translation>Die Taste {key} gehört einem Befehl. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>Moving a label</source>
        <translation>Ein Label wird verschoben</translation>
    </message>
    <message>
        <source>Removing a label</source>
        <translation>Ein Label wird entfernt</translation>
    </message>
    <message>
        <source>Merging labels</source>
        <translation>Labels werden zusammengeführt</translation>
    </message>
    <message>
        <source>Importing labels</source>
        <translation>Labels werden importiert</translation>
    </message>
    <message>
        <source>Exporting labels</source>
        <translation>Labels werden exportiert</translation>
    </message>
    <message>
        <source>{count} labels written to {file}</source>
        <translation>{count} Labels nach {file} geschrieben</translation>
    </message>
    <message>
        <source>Comparing labels</source>
        <translation>Labels werden verglichen</translation>
    </message>
    <message>
        <source>Trying prompts</source>
        <translation>Prompts werden probiert</translation>
    </message>
</context>
<context>
    <name>LabelSetModel</name>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>Prompts</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>Press F2 or double click to rename</source>
        <translation>F2 oder Doppelklick zum Umbenennen</translation>
    </message>
    <message>
        <source>The key that toggles the label; empty for one that is handed out</source>
        <translation>Die Taste, die das Label umschaltet; leer für eine, die vergeben wird</translation>
    </message>
    <message>
        <source>What kind of thing it is: COCO's supercategory</source>
        <translation>Was für ein Ding es ist: die „supercategory“ von COCO</translation>
    </message>
    <message>
        <source>What the encoder is asked for</source>
        <translation>Wonach der Encoder gefragt wird</translation>
    </message>
    <message>
        <source>Photos on which the label is confirmed</source>
        <translation>Fotos, auf denen das Label bestätigt ist</translation>
    </message>
    <message>
        <source>Photos for which the label is suggested</source>
        <translation>Fotos, für die das Label vorgeschlagen ist</translation>
    </message>
</context>
<context>
    <name>Labelling</name>
    <message>
        <source>Labelling photos</source>
        <translation>Fotos werden gelabelt</translation>
    </message>
    <message>
        <source>Scoring photos</source>
        <translation>Scores werden berechnet</translation>
    </message>
    <message>
        <source>{count} photos labelled in {seconds:.0f} s</source>
        <translation>{count} Fotos in {seconds:.0f} s gelabelt</translation>
    </message>
    <message>
        <source>{count} photos labelled. {unreadable} could not be read, the first is {path}: {problem} They are marked in the gallery.</source>
        <translation>{count} Fotos gelabelt. {unreadable} konnten nicht gelesen werden, das erste ist {path}: {problem} Sie sind in der Galerie markiert.</translation>
    </message>
</context>
<context>
    <name>LabelsPanel</name>
    <message>
        <source>Find a label</source>
        <translation>Ein Label suchen</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>No labels yet. Press Label to look for the COCO labels, or choose others beside it.</source>
        <translation>Noch keine Labels. Drücken Sie „Labeln“, um nach den COCO-Labels zu suchen, oder wählen Sie daneben andere.</translation>
    </message>
    <message>
        <source>Photos with {label}</source>
        <translation>Fotos mit {label}</translation>
    </message>
    <message>
        <source>Photos without {label}</source>
        <translation>Fotos ohne {label}</translation>
    </message>
    <message>
        <source>Photos with {label} suggested</source>
        <translation>Fotos, für die {label} vorgeschlagen ist</translation>
    </message>
    <message>
        <source>Photos with {label} confirmed</source>
        <translation>Fotos, auf denen {label} bestätigt ist</translation>
    </message>
    <message>
        <source>Photos with {label} rejected</source>
        <translation>Fotos, auf denen {label} abgelehnt ist</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>Durchgang</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Refine</source>
        <translation>Verfeinern</translation>
    </message>
    <message>
        <source>Size of the thumbnails (Ctrl + wheel)</source>
        <translation>Größe der Vorschaubilder (Strg + Mausrad)</translation>
    </message>
    <message>
        <source>Size of the thumbnails</source>
        <translation>Größe der Vorschaubilder</translation>
    </message>
    <message>
        <source>{name} (to look only)</source>
        <translation>{name} (nur ansehen)</translation>
    </message>
    <message>
        <source>{name} – CDUL</source>
        <translation>{name} – CDUL</translation>
    </message>
    <message>
        <source>{photos} photos  ·  {reviewed} reviewed</source>
        <translation>{photos} Fotos  ·  {reviewed} geprüft</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Details…</source>
        <translation>Details…</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Details of what went wrong</source>
        <translation>Details dazu, was schiefging</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>Finding photos</source>
        <translation>Fotos werden gesucht</translation>
    </message>
    <message>
        <source>These photos are open in another window or command. You can look at everything here, but change nothing; close the other one and open the folder again to go on.</source>
        <translation>Diese Fotos sind in einem anderen Fenster oder Befehl offen. Sie können hier alles ansehen, aber nichts ändern; schließen Sie das andere und öffnen Sie den Ordner noch einmal, um weiterzumachen.</translation>
    </message>
    <message>
        <source>There are no photos in this folder or the folders below it. Open another folder.</source>
        <translation>In diesem Ordner und den Ordnern darunter gibt es keine Fotos. Öffnen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{count} photos</source>
        <translation>{count} Fotos</translation>
    </message>
    <message>
        <source>{count} new</source>
        <translation>{count} neu</translation>
    </message>
    <message>
        <source>{count} moved</source>
        <translation>{count} verschoben</translation>
    </message>
    <message>
        <source>{count} changed</source>
        <translation>{count} geändert</translation>
    </message>
    <message>
        <source>{count} no longer there</source>
        <translation>{count} nicht mehr da</translation>
    </message>
</context>
<context>
    <name>Pages</name>
    <message>
        <source>There are no {photos}.
Change the filter, or show all photos again with Ctrl+Shift+A.</source>
        <translation>Es gibt keine {photos}.
Ändern Sie den Filter oder zeigen Sie mit Strg+Umschalt+A wieder alle Fotos.</translation>
    </message>
    <message>
        <source>Looking for photos…</source>
        <translation>Fotos werden gesucht…</translation>
    </message>
    <message>
        <source>There are no photos in this folder or the folders below it.
Open another one with Ctrl+O.</source>
        <translation>In diesem Ordner und den Ordnern darunter gibt es keine Fotos.
Öffnen Sie mit Strg+O einen anderen.</translation>
    </message>
</context>
<context>
    <name>PhotoCanvas</name>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>The current photo</source>
        <translation>Das aktuelle Foto</translation>
    </message>
</context>
<context>
    <name>PhotoPage</name>
    <message>
        <source>Back to the gallery (Esc)</source>
        <translation>Zurück zur Galerie (Esc)</translation>
    </message>
    <message>
        <source>Previous photo (P)</source>
        <translation>Voriges Foto (P)</translation>
    </message>
    <message>
        <source>Next photo (N)</source>
        <translation>Nächstes Foto (N)</translation>
    </message>
    <message>
        <source>{path}  ·  {place} of {total}</source>
        <translation>{path}  ·  {place} von {total}</translation>
    </message>
</context>
<context>
    <name>ProgressPanel</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Pause the work under way</source>
        <translation>Die laufende Arbeit anhalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the work under way</source>
        <translation>Die laufende Arbeit abbrechen</translation>
    </message>
    <message>
        <source>What is done so far stays; the next run goes on from there.</source>
        <translation>Was bisher getan ist, bleibt; der nächste Lauf macht dort weiter.</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{rate} {unit}/s</source>
        <translation>{rate} {unit}/s</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} min {seconds} s</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Stopping; what is done so far stays…</source>
        <translation>Wird beendet; was bisher getan ist, bleibt…</translation>
    </message>
</context>
<context>
    <name>PromptsEditor</name>
    <message>
        <source>Prompts, one a line</source>
        <translation>Prompts, einer je Zeile</translation>
    </message>
    <message>
        <source>One text a line, also synonyms; their mean is what the encoder looks for.</source>
        <translation>Ein Text je Zeile, auch Synonyme; nach ihrem Mittel sucht der Encoder.</translation>
    </message>
    <message>
        <source>Photos with the best scores</source>
        <translation>Fotos mit den besten Scores</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Keep these prompts and score all photos anew</source>
        <translation>Diese Prompts behalten und alle Scores neu berechnen</translation>
    </message>
    <message>
        <source>Back to what is kept</source>
        <translation>Zurück zum Gespeicherten</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>Prompts</translation>
    </message>
    <message>
        <source>The photo you look at</source>
        <translation>Das Foto, das Sie ansehen</translation>
    </message>
    <message>
        <source>Best scores with these prompts</source>
        <translation>Beste Scores mit diesen Prompts</translation>
    </message>
    <message>
        <source>There are no scores yet. Press Label to score the photos first.</source>
        <translation>Es gibt noch keine Scores. Drücken Sie zuerst „Labeln“.</translation>
    </message>
    <message>
        <source>Score {before} → {after}</source>
        <translation>Score {before} → {after}</translation>
    </message>
    <message>
        <source>Score {after}</source>
        <translation>Score {after}</translation>
    </message>
</context>
<context>
    <name>QueueBar</name>
    <message>
        <source>Most doubtful</source>
        <translation>Die zweifelhaftesten</translation>
    </message>
    <message>
        <source>Stages disagree</source>
        <translation>Stufen uneinig</translation>
    </message>
    <message>
        <source>Suspected mistakes</source>
        <translation>Vermutete Fehler</translation>
    </message>
    <message>
        <source>Random audit</source>
        <translation>Zufällige Stichprobe</translation>
    </message>
    <message>
        <source>New photos</source>
        <translation>Neue Fotos</translation>
    </message>
    <message>
        <source>Unlike photos</source>
        <translation>Ungleiche Fotos</translation>
    </message>
    <message>
        <source>Of the most urgent photos take those that are least like one another (Alt+U); begins anew</source>
        <translation>Von den dringendsten Fotos die nehmen, die einander am wenigsten gleichen (Alt+U); beginnt von vorn</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
    <message>
        <source>Leave the queue and show what was shown before (Shift+Esc)</source>
        <translation>Die Warteschlange verlassen und zeigen, was davor gezeigt wurde (Umschalt+Esc)</translation>
    </message>
    <message>
        <source>{left} of {total} left</source>
        <translation>noch {left} von {total}</translation>
    </message>
    <message>
        <source>All {total} done</source>
        <translation>Alle {total} fertig</translation>
    </message>
    <message>
        <source>{rate} photos a minute</source>
        <translation>{rate} Fotos je Minute</translation>
    </message>
    <message>
        <source>{right} of {answered} suggestions right</source>
        <translation>{right} von {answered} Vorschlägen richtig</translation>
    </message>
    <message>
        <source>No suggestion answered yet</source>
        <translation>Noch kein Vorschlag beantwortet</translation>
    </message>
    <message>
        <source>By label, with the 95 % interval (Alt+S)</source>
        <translation>Je Label, mit dem 95-%-Intervall (Alt+S)</translation>
    </message>
</context>
<context>
    <name>Queues</name>
    <message>
        <source>Choosing photos</source>
        <translation>Fotos werden gewählt</translation>
    </message>
    <message>
        <source>This queue needs scores. Press Label first, then start it again.</source>
        <translation>Diese Warteschlange braucht Scores. Drücken Sie zuerst „Labeln“ und starten Sie sie dann noch einmal.</translation>
    </message>
    <message>
        <source>No decision contradicts a confident score: there are no suspected mistakes.</source>
        <translation>Keine Entscheidung widerspricht einem sicheren Score: Es gibt keine vermuteten Fehler.</translation>
    </message>
    <message>
        <source>No photo waits in this queue: all that belong there are reviewed.</source>
        <translation>In dieser Warteschlange wartet kein Foto: Alle, die dazugehören, sind geprüft.</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>{photos} accepted</source>
        <translation>{photos} angenommen</translation>
    </message>
    <message>
        <source>suggestions rejected on {photos}</source>
        <translation>Vorschläge abgelehnt auf {photos}</translation>
    </message>
    <message>
        <source>decisions taken back on {photos}</source>
        <translation>Entscheidungen zurückgenommen auf {photos}</translation>
    </message>
    <message>
        <source>The photo before has no confirmed labels to repeat.</source>
        <translation>Das vorige Foto hat keine bestätigten Labels zum Wiederholen.</translation>
    </message>
    <message>
        <source>labels repeated on {photos}</source>
        <translation>Labels wiederholt auf {photos}</translation>
    </message>
    <message>
        <source>{photos} marked as reviewed</source>
        <translation>{photos} als geprüft markiert</translation>
    </message>
    <message>
        <source>{photos} marked as not reviewed</source>
        <translation>{photos} als nicht geprüft markiert</translation>
    </message>
    <message>
        <source>{label} confirmed on {photos}</source>
        <translation>{label} bestätigt auf {photos}</translation>
    </message>
    <message>
        <source>Adding a label</source>
        <translation>Ein Label wird hinzugefügt</translation>
    </message>
    <message>
        <source>{label} rejected on {photos}</source>
        <translation>{label} abgelehnt auf {photos}</translation>
    </message>
    <message>
        <source>{label} undecided on {photos}</source>
        <translation>{label} unentschieden auf {photos}</translation>
    </message>
    <message>
        <source>{count} photos</source>
        <translation>{count} Fotos</translation>
    </message>
    <message>
        <source>That was the last photo.</source>
        <translation>Das war das letzte Foto.</translation>
    </message>
</context>
<context>
    <name>SavedFilters</name>
    <message>
        <source>Saved filters</source>
        <translation>Gespeicherte Filter</translation>
    </message>
    <message>
        <source>There is a saved filter “{name}” already. Choose another name.</source>
        <translation>Es gibt schon einen gespeicherten Filter „{name}“. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>A saved filter needs a name.</source>
        <translation>Ein gespeicherter Filter braucht einen Namen.</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>ScoreModel</name>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Global</source>
        <translation>Global</translation>
    </message>
    <message>
        <source>Snippet</source>
        <translation>Ausschnitt</translation>
    </message>
    <message>
        <source>Pseudo</source>
        <translation>Pseudo</translation>
    </message>
    <message>
        <source>Refined</source>
        <translation>Verfeinert</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Ab</translation>
    </message>
    <message>
        <source>The labels this photo has or nearly has, best first</source>
        <translation>Die Labels, die dieses Foto hat oder beinahe hat, beste zuerst</translation>
    </message>
    <message>
        <source>Global: the score of the whole photo</source>
        <translation>Global: der Score des ganzen Fotos</translation>
    </message>
    <message>
        <source>Best snippet: the highest score of any snippet</source>
        <translation>Bester Ausschnitt: der höchste Score eines Ausschnitts</translation>
    </message>
    <message>
        <source>Pseudo label: what the label is suggested by, or was before the newest training</source>
        <translation>Pseudo-Label: wonach das Label vorgeschlagen wird, oder vor dem neuesten Training wurde</translation>
    </message>
    <message>
        <source>Refined label: what the label is suggested by since the training; ▲ turned on, ▼ turned off</source>
        <translation>Verfeinertes Label: wonach das Label seit dem Training vorgeschlagen wird; ▲ eingeschaltet, ▼ ausgeschaltet</translation>
    </message>
    <message>
        <source>Threshold: the label is suggested from this score on</source>
        <translation>Schwelle: ab diesem Score wird das Label vorgeschlagen</translation>
    </message>
</context>
<context>
    <name>ScoreTable</name>
    <message>
        <source>Scores by stage</source>
        <translation>Scores nach Stufe</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>Opening</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Closing</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lesen</translation>
    </message>
    <message>
        <source>Undone: {title}</source>
        <translation>Rückgängig gemacht: {title}</translation>
    </message>
    <message>
        <source>Done again: {title}</source>
        <translation>Wiederholt: {title}</translation>
    </message>
</context>
<context>
    <name>SetUpDialog</name>
    <message>
        <source>Label photos</source>
        <translation>Fotos labeln</translation>
    </message>
    <message>
        <source>Label set</source>
        <translation>Label-Satz</translation>
    </message>
    <message>
        <source>File with one label a line</source>
        <translation>Datei mit einem Label je Zeile</translation>
    </message>
    <message>
        <source>Text file with one label a line</source>
        <translation>Textdatei mit einem Label je Zeile</translation>
    </message>
    <message>
        <source>Labels, separated by commas</source>
        <translation>Labels, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>cat, dog, garden party</source>
        <translation>Katze, Hund, Gartenfest</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>Snippet grid</source>
        <translation>Raster der Ausschnitte</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>The labels of this project ({count})</source>
        <translation>Die Labels dieses Projekts ({count})</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei…</translation>
    </message>
    <message>
        <source>Typed here…</source>
        <translation>Hier eingegeben…</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source>Best on real photos</source>
        <translation>Am besten auf echten Fotos</translation>
    </message>
    <message>
        <source>As in the paper</source>
        <translation>Wie in der Veröffentlichung</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Browse for a label set</source>
        <translation>Einen Label-Satz suchen</translation>
    </message>
    <message>
        <source>Label {count} photos</source>
        <translation>{count} Fotos labeln</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>Snippets</source>
        <translation>Ausschnitte</translation>
    </message>
    <message>
        <source>{count} labels: {some}</source>
        <translation>{count} Labels: {some}</translation>
    </message>
    <message>
        <source>Choose a text file.</source>
        <translation>Wählen Sie eine Textdatei.</translation>
    </message>
    <message>
        <source>Type at least one label.</source>
        <translation>Geben Sie mindestens ein Label ein.</translation>
    </message>
    <message>
        <source>Text files (*.txt *.tsv);;All files (*)</source>
        <translation>Textdateien (*.txt *.tsv);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Looking for encoders</source>
        <translation>Encoder werden gesucht</translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation>{size} MB</translation>
    </message>
    <message>
        <source>not on this computer</source>
        <translation>nicht auf diesem Rechner</translation>
    </message>
    <message>
        <source>licence {licence}</source>
        <translation>Lizenz {licence}</translation>
    </message>
</context>
<context>
    <name>Shortcuts</name>
    <message>
        <source>There is no key {key}.</source>
        <translation>Eine Taste {key} gibt es nicht.</translation>
    </message>
    <message>
        <source>{key} belongs to “{command}” already. Choose another key, or take it away there first.</source>
        <translation>{key} gehört schon zu „{command}“. Wählen Sie eine andere Taste oder nehmen Sie sie dort zuerst weg.</translation>
    </message>
    <message>
        <source>{file} cannot be read ({why}).</source>
        <translation>{file} kann nicht gelesen werden ({why}).</translation>
    </message>
    <message>
        <source>{file} is no file of keys. Choose one that was exported here.</source>
        <translation>{file} ist keine Datei mit Tasten. Wählen Sie eine, die hier exportiert wurde.</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Change keys</source>
        <translation>Tasten ändern</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neue Taste</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Setzen</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Keine Taste</translation>
    </message>
    <message>
        <source>Its own key</source>
        <translation>Ihre eigene Taste</translation>
    </message>
    <message>
        <source>All their own keys</source>
        <translation>Alle ihre eigenen Tasten</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>{key} belongs to the label “{label}”. Choose another key.</source>
        <translation>{key} gehört dem Label „{label}“. Wählen Sie eine andere Taste.</translation>
    </message>
    <message>
        <source>Import keys</source>
        <translation>Tasten importieren</translation>
    </message>
    <message>
        <source>Export keys</source>
        <translation>Tasten exportieren</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Label your photos</source>
        <translation>Labeln Sie Ihre Fotos</translation>
    </message>
    <message>
        <source>Open a folder: the photos get labels on this computer, without the network. You see where in each photo a label comes from, correct it, and take the labels away as COCO. The photos themselves stay as they are.</source>
        <translation>Öffnen Sie einen Ordner: Die Fotos bekommen Labels auf diesem Rechner, ohne Netz. Sie sehen, woher im Foto ein Label kommt, verbessern es und nehmen die Labels als COCO mit. Die Fotos selbst bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Open a folder of photos…</source>
        <translation>Einen Ordner mit Fotos öffnen…</translation>
    </message>
    <message>
        <source>Try it on the sample photos</source>
        <translation>Mit den Beispielfotos ausprobieren</translation>
    </message>
    <message>
        <source>Opened before</source>
        <translation>Früher geöffnet</translation>
    </message>
    <message>
        <source>Open {folder}</source>
        <translation>{folder} öffnen</translation>
    </message>
</context>
<context>
    <name>Sweep</name>
    <message>
        <source>Keeping a threshold</source>
        <translation>Eine Schwelle wird gespeichert</translation>
    </message>
    <message>
        <source>No threshold does that on the reviewed photos. Review some that have {label} first.</source>
        <translation>Das leistet auf den geprüften Fotos keine Schwelle. Prüfen Sie zuerst einige, auf denen {label} ist.</translation>
    </message>
</context>
<context>
    <name>SweepPanel</name>
    <message>
        <source>set by hand</source>
        <translation>von Hand gesetzt</translation>
    </message>
    <message>
        <source>set for all labels</source>
        <translation>für alle Labels gesetzt</translation>
    </message>
    <message>
        <source>from its scores</source>
        <translation>aus seinen Scores</translation>
    </message>
    <message>
        <source>as for every label before its scores tell</source>
        <translation>wie für jedes Label, bevor seine Scores etwas sagen</translation>
    </message>
    <message>
        <source>Best F1 from reviewed</source>
        <translation>Bestes F1 aus Geprüften</translation>
    </message>
    <message>
        <source>Put the threshold where F1 is best on the reviewed photos</source>
        <translation>Die Schwelle dorthin setzen, wo F1 auf den geprüften Fotos am besten ist</translation>
    </message>
    <message>
        <source>Precision at least .90</source>
        <translation>Genauigkeit mindestens 0,90</translation>
    </message>
    <message>
        <source>Put the threshold as low as nine right photos of ten allow, on the reviewed ones</source>
        <translation>Die Schwelle so tief setzen, wie neun richtige von zehn geprüften Fotos es erlauben</translation>
    </message>
    <message>
        <source>From its scores</source>
        <translation>Aus seinen Scores</translation>
    </message>
    <message>
        <source>Take a threshold set by hand back</source>
        <translation>Eine von Hand gesetzte Schwelle zurücknehmen</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>Durchgang</translation>
    </message>
    <message>
        <source>Show the photos by this label's score, highest first (Ctrl+T)</source>
        <translation>Die Fotos nach dem Score dieses Labels zeigen, die höchsten zuerst (Strg+T)</translation>
    </message>
    <message>
        <source>Select suggested</source>
        <translation>Vorgeschlagene auswählen</translation>
    </message>
    <message>
        <source>Select the photos at or above the line that are not decided (Ctrl+Shift+T)</source>
        <translation>Die unentschiedenen Fotos ab der Linie auswählen (Strg+Umschalt+T)</translation>
    </message>
    <message>
        <source>Accept for label</source>
        <translation>Für Label annehmen</translation>
    </message>
    <message>
        <source>Confirm the label on all selected photos, as one step of undo (Ctrl+Return)</source>
        <translation>Das Label auf allen ausgewählten Fotos bestätigen, als ein Schritt (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>Reject for label</source>
        <translation>Für Label ablehnen</translation>
    </message>
    <message>
        <source>Reject the label on all selected photos, as one step of undo (Ctrl+Backspace)</source>
        <translation>Das Label auf allen ausgewählten Fotos ablehnen, als ein Schritt (Strg+Rücktaste)</translation>
    </message>
    <message>
        <source>Choose a label to see its scores and to move its threshold.</source>
        <translation>Wählen Sie ein Label, um seine Scores zu sehen und seine Schwelle zu verschieben.</translation>
    </message>
    <message>
        <source>{label} has no scores yet. Press Label.</source>
        <translation>{label} hat noch keine Scores. Drücken Sie „Labeln“.</translation>
    </message>
    <message>
        <source>Threshold of {label}</source>
        <translation>Schwelle von {label}</translation>
    </message>
    <message>
        <source>Scores of {label}; the left and right arrow move the threshold</source>
        <translation>Scores von {label}; die Pfeile links und rechts verschieben die Schwelle</translation>
    </message>
    <message>
        <source>{threshold} · accepts {photos} photos</source>
        <translation>{threshold} · nimmt {photos} Fotos an</translation>
    </message>
    <message>
        <source> · precision {precision} from {reviewed} reviewed</source>
        <translation> · Genauigkeit {precision} aus {reviewed} geprüften</translation>
    </message>
    <message>
        <source> · precision unknown: none of them is reviewed</source>
        <translation> · Genauigkeit unbekannt: keines davon ist geprüft</translation>
    </message>
</context>
<context>
    <name>TileDelegate</name>
    <message>
        <source>cannot be read</source>
        <translation>kann nicht gelesen werden</translation>
    </message>
</context>
<context>
    <name>Training</name>
    <message>
        <source>There are no labels to learn from yet. Press Label first, correct some, and then train.</source>
        <translation>Es gibt noch keine Labels, aus denen sich lernen ließe. Drücken Sie „Labeln“, verbessern Sie einige und trainieren Sie dann.</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>No training has changed these labels yet.</source>
        <translation>Noch hat kein Training diese Labels geändert.</translation>
    </message>
    <message>
        <source>The training turned no label on.</source>
        <translation>Das Training hat kein Label eingeschaltet.</translation>
    </message>
    <message>
        <source>The training turned no label off.</source>
        <translation>Das Training hat kein Label ausgeschaltet.</translation>
    </message>
    <message>
        <source>{count} photos with labels turned on</source>
        <translation>{count} Fotos mit eingeschalteten Labels</translation>
    </message>
    <message>
        <source>{count} photos with labels turned off</source>
        <translation>{count} Fotos mit ausgeschalteten Labels</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Lesen</translation>
    </message>
</context>
<context>
    <name>TrainingChanges</name>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Labels that training turned on or off</source>
        <translation>Labels, die das Training ein- oder ausgeschaltet hat</translation>
    </message>
    <message>
        <source>Changed by training</source>
        <translation>Vom Training geändert</translation>
    </message>
    <message>
        <source>Once a training has ended, this says which suggestions are new and which are gone.</source>
        <translation>Sobald ein Training beendet ist, steht hier, welche Vorschläge neu und welche fort sind.</translation>
    </message>
    <message>
        <source>The newest training changed no suggestion.</source>
        <translation>Das neueste Training hat keinen Vorschlag geändert.</translation>
    </message>
    <message>
        <source>On ({count})</source>
        <translation>Ein ({count})</translation>
    </message>
    <message>
        <source>Off ({count})</source>
        <translation>Aus ({count})</translation>
    </message>
    <message>
        <source>Show the photos on which training turned labels on</source>
        <translation>Die Fotos zeigen, auf denen das Training Labels eingeschaltet hat</translation>
    </message>
    <message>
        <source>Show the photos on which training turned labels off</source>
        <translation>Die Fotos zeigen, auf denen das Training Labels ausgeschaltet hat</translation>
    </message>
</context>
<context>
    <name>TrainingForm</name>
    <message>
        <source>Best on real photos</source>
        <translation>Am besten auf echten Fotos</translation>
    </message>
    <message>
        <source>As in the paper</source>
        <translation>Wie in der Veröffentlichung</translation>
    </message>
    <message>
        <source>My own settings</source>
        <translation>Meine eigenen Einstellungen</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>auto</translation>
    </message>
    <message>
        <source>head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>full</source>
        <translation>ganz</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Objective</source>
        <translation>Zielfunktion</translation>
    </message>
    <message>
        <source>Sigma σ</source>
        <translation>Sigma σ</translation>
    </message>
    <message>
        <source>Step size η</source>
        <translation>Schrittweite η</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>Aufwärmen</translation>
    </message>
    <message>
        <source>Update every</source>
        <translation>Nachführen alle</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>Optimierer</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>Gewichtsabnahme</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Patience</source>
        <translation>Geduld</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Settings that fit each other; change one and they are your own.</source>
        <translation>Einstellungen, die zueinander passen; ändern Sie eine, sind es Ihre eigenen.</translation>
    </message>
    <message>
        <source>What learns: the last layer (head), in seconds on any computer; the whole network (full), on a GPU; or what suits this computer (auto).</source>
        <translation>Was lernt: die letzte Schicht (Kopf), in Sekunden auf jedem Rechner; das ganze Netz (ganz), auf einer Grafikkarte; oder was zu diesem Rechner passt (auto).</translation>
    </message>
    <message>
        <source>What looks at the photos: one of these, or any other that timm knows by name.</source>
        <translation>Was die Fotos ansieht: eines von diesen, oder ein anderes, das timm beim Namen kennt.</translation>
    </message>
    <message>
        <source>Expected the name of a network; resnet101 for example.</source>
        <translation>Erwartet wird der Name eines Netzes, zum Beispiel resnet101.</translation>
    </message>
</context>
<context>
    <name>TrainingPanel</name>
    <message>
        <source>Learn from my corrections</source>
        <translation>Aus meinen Korrekturen lernen</translation>
    </message>
    <message>
        <source>Training whose curves are shown</source>
        <translation>Training, dessen Kurven gezeigt werden</translation>
    </message>
    <message>
        <source>Training to compare with</source>
        <translation>Training zum Vergleich</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>beside</source>
        <translation>neben</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>{number}: {objective}, σ {sigma:g}, η {step:g}, {epochs} epochs</source>
        <translation>{number}: {objective}, σ {sigma:g}, η {step:g}, {epochs} Epochen</translation>
    </message>
</context>
<context>
    <name>TrainingPlots</name>
    <message>
        <source>Objective</source>
        <translation>Zielfunktion</translation>
    </message>
    <message>
        <source>Mean loss of a photo and label, epoch by epoch</source>
        <translation>Mittlerer Verlust eines Fotos und Labels, Epoche für Epoche</translation>
    </message>
    <message>
        <source>Moved by</source>
        <translation>Bewegt um</translation>
    </message>
    <message>
        <source>How far undecided labels moved on average, each time they followed the classifier</source>
        <translation>Wie weit sich unentschiedene Labels im Mittel bewegt haben, jedes Mal, wenn sie dem Klassifikator folgten</translation>
    </message>
    <message>
        <source>Crossed</source>
        <translation>Gekreuzt</translation>
    </message>
    <message>
        <source>How many labels crossed their threshold, up or down, each time they moved</source>
        <translation>Wie viele Labels ihre Schwelle nach oben oder unten gekreuzt haben, bei jeder Bewegung</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinstimmung</translation>
    </message>
    <message>
        <source>The share of your decisions that were held out which the classifier agrees with</source>
        <translation>Der Anteil Ihrer zurückgehaltenen Entscheidungen, denen der Klassifikator zustimmt</translation>
    </message>
</context>
<context>
    <name>_Popup</name>
    <message>
        <source>What could be typed</source>
        <translation>Was man eingeben könnte</translation>
    </message>
</context>
</TS>
