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
        <source>Open an address…</source>
        <translation>Adresse öffnen …</translation>
    </message>
    <message>
        <source>Photos in an object store, or a project on a server</source>
        <translation>Fotos in einem Objektspeicher oder ein Projekt auf einem Server</translation>
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
        <source>Export the labels, as COCO or in another format</source>
        <translation>Die Labels exportieren, als COCO oder in einem anderen Format</translation>
    </message>
    <message>
        <source>Tidy up…</source>
        <translation>Aufräumen…</translation>
    </message>
    <message>
        <source>See what the project no longer needs, and delete it; no photo and no decision</source>
        <translation>Zeigt, was das Projekt nicht mehr braucht, und löscht es; kein Foto und keine Entscheidung</translation>
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
        <source>Encoders…</source>
        <translation>Encoder…</translation>
    </message>
    <message>
        <source>See which encoders there are, and get a better one</source>
        <translation>Sehen, welche Encoder es gibt, und einen besseren holen</translation>
    </message>
    <message>
        <source>Look for new photos</source>
        <translation>Nach neuen Fotos suchen</translation>
    </message>
    <message>
        <source>Watch this folder</source>
        <translation>Diesen Ordner beobachten</translation>
    </message>
    <message>
        <source>Add and label photos that come into the folder by themselves, behind all other work</source>
        <translation>Fotos, die in den Ordner kommen, von selbst aufnehmen und labeln, hinter aller anderen Arbeit</translation>
    </message>
    <message>
        <source>Show the photo large</source>
        <translation>Das Foto groß zeigen</translation>
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
        <source>Reject</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>Repeat the labels of the photo before</source>
        <translation>Die Labels des vorigen Fotos wiederholen</translation>
    </message>
    <message>
        <source>Copy labels</source>
        <translation>Labels kopieren</translation>
    </message>
    <message>
        <source>Copy what is confirmed on this photo, or what is likely where nothing is</source>
        <translation>Kopieren, was auf diesem Foto bestätigt ist, oder was wahrscheinlich ist, wenn nichts bestätigt ist</translation>
    </message>
    <message>
        <source>Paste labels</source>
        <translation>Labels einfügen</translation>
    </message>
    <message>
        <source>Confirm the copied labels on all selected photos; what they have stays</source>
        <translation>Bestätigt die kopierten Labels auf allen ausgewählten Fotos; was sie haben, bleibt</translation>
    </message>
    <message>
        <source>Back to the photos</source>
        <translation>Zurück zu den Fotos</translation>
    </message>
    <message>
        <source>From a panel to the photos, from a large photo to all of them</source>
        <translation>Aus einem Bereich zu den Fotos, von einem großen Foto zu allen</translation>
    </message>
    <message>
        <source>Accept what is likely and go on</source>
        <translation>Wahrscheinliches annehmen und weiter</translation>
    </message>
    <message>
        <source>Confirm what is likely, mark the photo as reviewed, show the next one</source>
        <translation>Was wahrscheinlich ist bestätigen, das Foto als geprüft markieren, das nächste zeigen</translation>
    </message>
    <message>
        <source>Reject the chosen label, or everything likely where none is chosen</source>
        <translation>Das gewählte Label ablehnen, oder alles Wahrscheinliche, wenn keines gewählt ist</translation>
    </message>
    <message>
        <source>Unfold what may be there</source>
        <translation>Vielleicht Vorhandenes aufklappen</translation>
    </message>
    <message>
        <source>Show each label that may be on the photo, to confirm or reject it, or fold them up</source>
        <translation>Jedes Label zeigen, das vielleicht auf dem Foto ist, um es zu bestätigen oder abzulehnen, oder sie zuklappen</translation>
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
        <source>Give me photos…</source>
        <translation>Fotos geben lassen …</translation>
    </message>
    <message>
        <source>Take photos to review that nobody else is given meanwhile</source>
        <translation>Fotos zum Durchsehen nehmen, die so lange niemand sonst bekommt</translation>
    </message>
    <message>
        <source>Agreement of people</source>
        <translation>Übereinstimmung der Personen</translation>
    </message>
    <message>
        <source>Show how far the people who reviewed agree, and on which photos they do not</source>
        <translation>Zeigen, wie weit die Personen übereinstimmen, die durchgesehen haben, und bei welchen Fotos nicht</translation>
    </message>
    <message>
        <source>Reviewing as…</source>
        <translation>Durchsehen als …</translation>
    </message>
    <message>
        <source>Say who reviews: answers are kept under this name</source>
        <translation>Sagen, wer durchsieht: Antworten werden unter diesem Namen aufgehoben</translation>
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
        <source>Smooth heatmap</source>
        <translation>Heatmap glätten</translation>
    </message>
    <message>
        <source>Draw heatmaps without steps between the snippets</source>
        <translation>Heatmaps ohne Stufen zwischen den Ausschnitten zeichnen</translation>
    </message>
    <message>
        <source>Boxes of the detector</source>
        <translation>Rahmen des Detektors</translation>
    </message>
    <message>
        <source>Draw where the detector sees the label, if it is one of the 80 things that it knows</source>
        <translation>Zeichnen, wo der Detektor das Label sieht, wenn es eines der 80 Dinge ist, die er kennt</translation>
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
        <source>Guide</source>
        <translation>Anleitung</translation>
    </message>
    <message>
        <source>Read how to label, review, train and export</source>
        <translation>Nachlesen, wie man labelt, prüft, trainiert und exportiert</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>Angaben kopieren</translation>
    </message>
    <message>
        <source>Copy what a report of a fault should contain: versions, device and encoder</source>
        <translation>Kopieren, was zu einer Fehlermeldung gehört: Versionen, Gerät und Encoder</translation>
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
        <source>&amp;Find</source>
        <translation>Su&amp;chen</translation>
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
        <source>What is in these photos?</source>
        <translation>Was ist auf diesen Fotos?</translation>
    </message>
    <message>
        <source>Everyday words that tell these photos apart, to make labels of</source>
        <translation>Alltagswörter, die diese Fotos unterscheiden, um Labels daraus zu machen</translation>
    </message>
    <message>
        <source>Rules…</source>
        <translation>Regeln…</translation>
    </message>
    <message>
        <source>Suggest labels by folders, names, dates, cameras and places</source>
        <translation>Labels nach Ordnern, Namen, Daten, Kameras und Orten vorschlagen</translation>
    </message>
    <message>
        <source>Give keys to the labels in use</source>
        <translation>Den benutzten Labels Tasten geben</translation>
    </message>
    <message>
        <source>Letters of their names; digits are for the labels of the photo that is looked at</source>
        <translation>Buchstaben ihrer Namen; Ziffern gelten den Labels des Fotos, das man ansieht</translation>
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
        <source>Undecided</source>
        <translation>Unentschieden</translation>
    </message>
    <message>
        <source>Photos with a score that is neither a clear yes nor a clear no</source>
        <translation>Fotos mit einem Score, der weder klar ja noch klar nein sagt</translation>
    </message>
    <message>
        <source>Undecided of the chosen label</source>
        <translation>Unentschiedenes des gewählten Labels</translation>
    </message>
    <message>
        <source>Photos on which this label is neither a clear yes nor a clear no</source>
        <translation>Fotos, bei denen dieses Label weder klar Ja noch klar Nein ist</translation>
    </message>
    <message>
        <source>The second opinion disagrees</source>
        <translation>Die zweite Meinung widerspricht</translation>
    </message>
    <message>
        <source>Photos on which a second opinion and what suggests are of two minds</source>
        <translation>Fotos, zu denen eine zweite Meinung anderes sagt als die Vorschläge</translation>
    </message>
    <message>
        <source>Photos with an answer that is likely a mistake, the likeliest first</source>
        <translation>Fotos mit einer Antwort, die wohl ein Fehler ist, die wahrscheinlichsten zuerst</translation>
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
        <source>People disagree</source>
        <translation>Personen widersprechen sich</translation>
    </message>
    <message>
        <source>Photos of which one person says yes and another no</source>
        <translation>Fotos, zu denen eine Person Ja sagt und eine andere Nein</translation>
    </message>
    <message>
        <source>Your photos</source>
        <translation>Ihre Fotos</translation>
    </message>
    <message>
        <source>Photos that you have taken to review and are not done with</source>
        <translation>Fotos, die Sie zum Durchsehen genommen und noch nicht erledigt haben</translation>
    </message>
    <message>
        <source>Ask for a second opinion…</source>
        <translation>Zweite Meinung einholen…</translation>
    </message>
    <message>
        <source>Have another encoder score the photos as well, and review where both differ</source>
        <translation>Einen anderen Encoder die Fotos ebenfalls bewerten lassen und prüfen, wo beide verschieden sind</translation>
    </message>
    <message>
        <source>Skip look-alikes</source>
        <translation>Ähnliche auslassen</translation>
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
        <source>Show the photos by the label&apos;s score, highest first, and its threshold</source>
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
        <source>All thresholds</source>
        <translation>Alle Schwellen</translation>
    </message>
    <message>
        <source>Where the threshold of every label lies and why, and how reliable chances are</source>
        <translation>Wo die Schwelle jedes Labels liegt und warum, und wie verlässlich Chancen sind</translation>
    </message>
    <message>
        <source>What answers changed</source>
        <translation>Was Antworten änderten</translation>
    </message>
    <message>
        <source>Show the photos on which a label became likely, or no longer is, by answers since you looked</source>
        <translation>Die Fotos zeigen, auf denen ein Label durch Antworten wahrscheinlich wurde oder es nicht mehr ist, seit Sie nachsahen</translation>
    </message>
    <message>
        <source>Select what is likely</source>
        <translation>Wahrscheinliches auswählen</translation>
    </message>
    <message>
        <source>Select the photos on which the label is likely</source>
        <translation>Die Fotos auswählen, auf denen das Label wahrscheinlich ist</translation>
    </message>
    <message>
        <source>Confirm the label</source>
        <translation>Label bestätigen</translation>
    </message>
    <message>
        <source>Reject the label</source>
        <translation>Label ablehnen</translation>
    </message>
    <message>
        <source>Confirm the label on all selected photos</source>
        <translation>Das Label auf allen ausgewählten Fotos bestätigen</translation>
    </message>
    <message>
        <source>Accept, and the others above are no</source>
        <translation>Annehmen, die anderen darüber sind nein</translation>
    </message>
    <message>
        <source>Confirm the label on the selected photos, reject it on those above that are not selected</source>
        <translation>Das Label auf den ausgewählten Fotos bestätigen, auf den nicht ausgewählten darüber ablehnen</translation>
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
        <source>Train on labels and decisions, to refine the labels: helps with hundreds of photos, or corrections</source>
        <translation>Aus Labels und Entscheidungen lernen, um die Labels zu verfeinern: hilft bei Hunderten von Fotos oder nach Korrekturen</translation>
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
        <source>Labels in English</source>
        <translation>Labels auf Englisch</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>From the next start on the window&apos;s language is {language}.</source>
        <translation>Ab dem nächsten Start ist die Sprache des Fensters {language}.</translation>
    </message>
    <message>
        <source>The window keeps its language.</source>
        <translation>Das Fenster behält seine Sprache.</translation>
    </message>
    <message>
        <source>From the next start on the window&apos;s language is that of the system.</source>
        <translation>Ab dem nächsten Start ist die Sprache des Fensters die des Systems.</translation>
    </message>
    <message>
        <source>Confirm by key</source>
        <translation>Mit Taste bestätigen</translation>
    </message>
    <message>
        <source>Reject by key</source>
        <translation>Mit Taste ablehnen</translation>
    </message>
    <message>
        <source>Compare with a truth</source>
        <translation>Mit einer Wahrheit vergleichen</translation>
    </message>
    <message>
        <source>Show how well the scores agree with what somebody else knows of the photos</source>
        <translation>Zeigen, wie gut die Scores zu dem passen, was jemand anders über die Fotos weiß</translation>
    </message>
    <message>
        <source>Import a truth…</source>
        <translation>Wahrheit importieren…</translation>
    </message>
    <message>
        <source>Keep what is known of the photos, to compare with; nothing is trained on it</source>
        <translation>Aufbewahren, was über die Fotos bekannt ist, um damit zu vergleichen; nichts lernt daraus</translation>
    </message>
    <message>
        <source>Write a report…</source>
        <translation>Bericht schreiben…</translation>
    </message>
    <message>
        <source>Write the comparison with its plots as one HTML file</source>
        <translation>Den Vergleich mit seinen Kurven als eine HTML-Datei schreiben</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Mehr wie dieses</translation>
    </message>
    <message>
        <source>Show the photos that are like this one, the most alike first</source>
        <translation>Die Fotos zeigen, die diesem gleichen, die ähnlichsten zuerst</translation>
    </message>
    <message>
        <source>By words</source>
        <translation>Mit Worten</translation>
    </message>
    <message>
        <source>Say what photos show, in any words, and see those that fit best</source>
        <translation>Mit beliebigen Worten sagen, was Fotos zeigen, und die sehen, die am besten passen</translation>
    </message>
    <message>
        <source>A part of this photo</source>
        <translation>Ein Teil dieses Fotos</translation>
    </message>
    <message>
        <source>Drag a rectangle over the large photo and see where something like it is</source>
        <translation>Auf dem großen Foto ein Rechteck ziehen und sehen, wo es Ähnliches gibt</translation>
    </message>
    <message>
        <source>Near-duplicates</source>
        <translation>Fast gleiche Fotos</translation>
    </message>
    <message>
        <source>Show photos that show the same, in groups, the best of each marked</source>
        <translation>Fotos, die dasselbe zeigen, in Gruppen zeigen, das beste jeder Gruppe markiert</translation>
    </message>
    <message>
        <source>On the map</source>
        <translation>Auf der Karte</translation>
    </message>
    <message>
        <source>Photos that look alike lie together; draw around some to choose them</source>
        <translation>Fotos, die sich gleichen, liegen beisammen; umfahren Sie einige, um sie zu wählen</translation>
    </message>
    <message>
        <source>Leave what was found</source>
        <translation>Das Gefundene verlassen</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren…</translation>
    </message>
    <message>
        <source>Take over labels of other programs, as decisions, suggestions or a truth</source>
        <translation>Labels anderer Programme übernehmen, als Entscheidungen, Vorschläge oder Wahrheit</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Open in another program</source>
        <translation>In anderem Programm öffnen</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Copy the paths of the selected photos, one a line</source>
        <translation>Die Pfade der gewählten Fotos kopieren, einen je Zeile</translation>
    </message>
    <message>
        <source>Copy photo</source>
        <translation>Foto kopieren</translation>
    </message>
    <message>
        <source>Copy the selected photos as files, and this one as a picture</source>
        <translation>Die gewählten Fotos als Dateien kopieren, dieses auch als Bild</translation>
    </message>
    <message>
        <source>Not now: open a folder first</source>
        <translation>Jetzt nicht: erst einen Ordner öffnen</translation>
    </message>
    <message>
        <source>Not now: this project can only be looked at</source>
        <translation>Jetzt nicht: dieses Projekt kann nur angesehen werden</translation>
    </message>
    <message>
        <source>Not now: wait until the work under way has ended, or cancel it</source>
        <translation>Jetzt nicht: erst muss die laufende Arbeit enden oder abgebrochen werden</translation>
    </message>
    <message>
        <source>Not now: choose a photo first</source>
        <translation>Jetzt nicht: erst ein Foto wählen</translation>
    </message>
    <message>
        <source>Not now: choose a label first</source>
        <translation>Jetzt nicht: erst ein Label wählen</translation>
    </message>
    <message>
        <source>Not now: go back to the photos first</source>
        <translation>Jetzt nicht: erst zu den Fotos zurückkehren</translation>
    </message>
    <message>
        <source>Not now: show a photo large first</source>
        <translation>Jetzt nicht: erst ein Foto groß zeigen</translation>
    </message>
    <message>
        <source>Not now: start a queue first</source>
        <translation>Jetzt nicht: erst eine Warteschlange beginnen</translation>
    </message>
    <message>
        <source>Not now: no queue is on</source>
        <translation>Jetzt nicht: keine Warteschlange läuft</translation>
    </message>
    <message>
        <source>Not now: there is nothing to undo</source>
        <translation>Jetzt nicht: es gibt nichts rückgängig zu machen</translation>
    </message>
    <message>
        <source>Not now: nothing was undone</source>
        <translation>Jetzt nicht: nichts wurde rückgängig gemacht</translation>
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
        <source>Add “{label}” as a new label</source>
        <translation>„{label}“ als neues Label aufnehmen</translation>
    </message>
    <message>
        <source>“{label}” was not added: a new label takes Enter twice.</source>
        <translation>„{label}“ wurde nicht hinzugefügt: Ein neues Label braucht zweimal Enter.</translation>
    </message>
</context>
<context>
    <name>AgreementModel</name>
    <message>
        <source>mean of labels</source>
        <translation>Mittel der Labels</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>The label; a double click shows the photos on which they disagree</source>
        <translation>Das Label; ein Doppelklick zeigt die Fotos, bei denen sie sich widersprechen</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Beantwortet</translation>
    </message>
    <message>
        <source>Photos that two or more of them answered</source>
        <translation>Fotos, die zwei oder mehr von ihnen beantwortet haben</translation>
    </message>
    <message>
        <source>Disagreed</source>
        <translation>Uneins</translation>
    </message>
    <message>
        <source>Photos on which one says yes and another no</source>
        <translation>Fotos, bei denen einer Ja sagt und ein anderer Nein</translation>
    </message>
    <message>
        <source>1 where all say the same, 0 where they agree as often as by chance</source>
        <translation>1, wo alle dasselbe sagen, 0, wo sie so oft übereinstimmen wie durch Zufall</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>Where it would lie with other photos of the same kind</source>
        <translation>Wo es bei anderen Fotos derselben Art läge</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
</context>
<context>
    <name>AgreementTable</name>
    <message>
        <source>Agreement by label</source>
        <translation>Übereinstimmung nach Label</translation>
    </message>
    <message>
        <source>Alpha</source>
        <translation>Alpha</translation>
    </message>
    <message>
        <source>Kappa</source>
        <translation>Kappa</translation>
    </message>
</context>
<context>
    <name>BarFrame</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
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
    <name>ConfusionList</name>
    <message>
        <source>Missed</source>
        <translation>Übersehen</translation>
    </message>
    <message>
        <source>Suggested</source>
        <translation>Dafür</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Labels that are taken for others</source>
        <translation>Labels, die verwechselt werden</translation>
    </message>
    <message>
        <source>Photos where one label is missed while the other is suggested wrongly</source>
        <translation>Fotos, auf denen ein Label übersehen und das andere falsch vorgeschlagen ist</translation>
    </message>
    <message>
        <source>{count:.1f} by chance</source>
        <translation>{count:.1f} durch Zufall</translation>
    </message>
</context>
<context>
    <name>CurvePlot</name>
    <message>
        <source>Precision and recall</source>
        <translation>Genauigkeit und Trefferquote</translation>
    </message>
    <message>
        <source>Precision (upwards) and recall (to the right) at every threshold; the dot is in force</source>
        <translation>Genauigkeit (nach oben) und Trefferquote (nach rechts) an jeder Schwelle; der Punkt ist die geltende</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Answers changed nothing on other photos since you looked.</source>
        <translation>Seit Sie nachsahen, haben Antworten auf anderen Fotos nichts geändert.</translation>
    </message>
    <message>
        <source>Drag a rectangle over what you look for.</source>
        <translation>Ziehen Sie ein Rechteck um das, was Sie suchen.</translation>
    </message>
    <message>
        <source>Another queue begins here: Space accepts its photos from now on.</source>
        <translation>Hier beginnt eine andere Warteschlange: Die Leertaste nimmt jetzt deren Fotos an.</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>The details are on the clipboard: versions, device and encoder, no photo and no label.</source>
        <translation>Die Angaben sind in der Zwischenablage: Versionen, Gerät und Encoder, kein Foto und kein Label.</translation>
    </message>
</context>
<context>
    <name>DetectorBox</name>
    <message>
        <source>Hear a detector of 80 everyday things as well</source>
        <translation>Auch einen Detektor für 80 Alltagsdinge hören</translation>
    </message>
    <message>
        <source>NanoDet, which learnt from COCO&apos;s labels. Of these things more is found with it and less is wrong. Only the starter hears it.</source>
        <translation>NanoDet, gelernt an den Labels von COCO. Von diesen Dingen wird damit mehr gefunden und weniger falsch. Nur der Starter hört ihn.</translation>
    </message>
</context>
<context>
    <name>DoubtLine</name>
    <message>
        <source>Not English, so that the starter does not know it: {labels}.</source>
        <translation>Nicht englisch, der Starter kennt es nicht: {labels}.</translation>
    </message>
    <message>
        <source>No English word that is known: {labels}. Check the spelling, or give it a prompt in English.</source>
        <translation>Kein bekanntes englisches Wort: {labels}. Prüfen Sie die Schreibweise, oder geben Sie einen englischen Prompt an.</translation>
    </message>
    <message>
        <source>Ask for {labels}</source>
        <translation>Nach {labels} fragen</translation>
    </message>
    <message>
        <source>“{label}”</source>
        <translation>„{label}“</translation>
    </message>
</context>
<context>
    <name>DownloadBar</name>
    <message>
        <source>How much of the encoder is here</source>
        <translation>Wie viel des Encoders da ist</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation>Anderen Ordner wählen…</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei…</translation>
    </message>
    <message>
        <source>Mirror or proxy…</source>
        <translation>Spiegel oder Proxy …</translation>
    </message>
    <message>
        <source>Other encoders…</source>
        <translation>Andere Encoder…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>What has come stays, for another try.</source>
        <translation>Was schon da ist, bleibt für einen neuen Versuch.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>{encoder} could not be fetched. {why}</source>
        <translation>{encoder} konnte nicht geholt werden. {why}</translation>
    </message>
    <message>
        <source>{encoder} is not here in full: its download was stopped.</source>
        <translation>{encoder} ist nicht ganz da: Das Herunterladen wurde angehalten.</translation>
    </message>
    <message>
        <source>Fetching {encoder}</source>
        <translation>{encoder} wird geholt</translation>
    </message>
    <message>
        <source>{count} MB are here</source>
        <translation>{count} MB sind da</translation>
    </message>
    <message>
        <source>Looking for it…</source>
        <translation>Wird gesucht…</translation>
    </message>
    <message>
        <source>Checking what came…</source>
        <translation>Prüfen, was ankam…</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Paused at {done} of {total} MB</source>
        <translation>Angehalten bei {done} von {total} MB</translation>
    </message>
</context>
<context>
    <name>Edits</name>
    <message>
        <source>Undone: {title}</source>
        <translation>Rückgängig gemacht: {title}</translation>
    </message>
    <message>
        <source>Done again: {title}</source>
        <translation>Wiederholt: {title}</translation>
    </message>
    <message>
        <source>What you did last was not kept. {why}</source>
        <translation>Was Sie zuletzt getan haben, ist nicht behalten worden. {why}</translation>
    </message>
    <message>
        <source>The training is undone: the scores from before it suggest again. No answer is lost.</source>
        <translation>Das Training ist rückgängig gemacht: Es schlagen wieder die Scores von davor vor. Keine Antwort ist verloren.</translation>
    </message>
    <message>
        <source>The training is done again: its scores suggest.</source>
        <translation>Das Training gilt wieder: Seine Scores schlagen vor.</translation>
    </message>
</context>
<context>
    <name>EncoderLine</name>
    <message>
        <source>{count} threads</source>
        <translation>{count} Threads</translation>
    </message>
    <message>
        <source>The scores come from the encoder {name}. Click for a better one.</source>
        <translation>Die Scores kommen vom Encoder {name}. Klicken Sie für einen besseren.</translation>
    </message>
    <message>
        <source>Label again with {encoder}</source>
        <translation>Mit {encoder} neu labeln</translation>
    </message>
    <message>
        <source>Get better labels · {size} MB</source>
        <translation>Bessere Labels holen · {size} MB</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei…</translation>
    </message>
    <message>
        <source>From a folder…</source>
        <translation>Aus einem Ordner…</translation>
    </message>
    <message>
        <source>Another model of open_clip…</source>
        <translation>Anderes Modell von open_clip…</translation>
    </message>
    <message>
        <source>All encoders…</source>
        <translation>Alle Encoder…</translation>
    </message>
    <message>
        <source>Apple&apos;s graphics</source>
        <translation>Grafik von Apple</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>Grafikkarte</translation>
    </message>
    <message>
        <source>Whatever is fastest here</source>
        <translation>Was hier am schnellsten ist</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>Der Prozessor</translation>
    </message>
    <message>
        <source>Compute on</source>
        <translation>Rechnen auf</translation>
    </message>
</context>
<context>
    <name>EncoderModel</name>
    <message>
        <source>Encoder</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Da</translation>
    </message>
    <message>
        <source>Whether it is on this computer</source>
        <translation>Ob er auf diesem Rechner ist</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Of what is fetched</source>
        <translation>Dessen, was geholt wird</translation>
    </message>
    <message>
        <source>Photos a minute</source>
        <translation>Fotos je Minute</translation>
    </message>
    <message>
        <source>On this computer; guessed from the starter&apos;s speed until it was measured</source>
        <translation>Auf diesem Rechner; nach dem Tempo des Starters geschätzt, bis es gemessen wurde</translation>
    </message>
    <message>
        <source>ImageNet</source>
        <translation>ImageNet</translation>
    </message>
    <message>
        <source>How many of ImageNet&apos;s photos it tells right without having learnt them, as published</source>
        <translation>Wie viele der Fotos von ImageNet er richtig erkennt, ohne sie gelernt zu haben, wie veröffentlicht</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Of the weights</source>
        <translation>Der Gewichte</translation>
    </message>
    <message>
        <source>{encoder} (suits this computer)</source>
        <translation>{encoder} (passt zu diesem Rechner)</translation>
    </message>
    <message>
        <source>{size} MB</source>
        <translation>{size} MB</translation>
    </message>
    <message>
        <source>about {count}</source>
        <translation>etwa {count}</translation>
    </message>
</context>
<context>
    <name>EncoderOffers</name>
    <message>
        <source>Get better labels</source>
        <translation>Bessere Labels holen</translation>
    </message>
    <message>
        <source>Get better labels · {size} MB</source>
        <translation>Bessere Labels holen · {size} MB</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>It can be had in “Label with…” at any time</source>
        <translation>In „Labeln mit…“ ist er jederzeit zu haben</translation>
    </message>
    <message>
        <source>Others…</source>
        <translation>Andere…</translation>
    </message>
    <message>
        <source>It labels about {count} photos a minute.</source>
        <translation>Er labelt etwa {count} Fotos je Minute.</translation>
    </message>
    <message>
        <source>{encoder}, which is on this computer, finds more than the starter and errs less.</source>
        <translation>{encoder} ist schon auf diesem Rechner, findet mehr als der Starter und irrt seltener.</translation>
    </message>
    <message>
        <source>{encoder} finds more than the starter and errs less.</source>
        <translation>{encoder} findet mehr als der Starter und irrt seltener.</translation>
    </message>
    <message>
        <source>Free, licence {licence}; once it is here it needs no network, and photos stay on this computer.</source>
        <translation>Kostenlos, Lizenz {licence}; einmal da, braucht er kein Netz, und Fotos bleiben auf diesem Rechner.</translation>
    </message>
    <message>
        <source>{encoder} is here.</source>
        <translation>{encoder} ist da.</translation>
    </message>
    <message>
        <source>{encoder} is here. Label {photos} with it?</source>
        <translation>{encoder} ist da. {photos} damit labeln?</translation>
    </message>
    <message>
        <source>{encoder} is here. Label {photos} again with it? The labels of now can be had back.</source>
        <translation>{encoder} ist da. {photos} damit neu labeln? Die jetzigen Labels sind zurückzuholen.</translation>
    </message>
    <message>
        <source>Label {photos}</source>
        <translation>{photos} labeln</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>It can be chosen in “Label with…” at any time</source>
        <translation>In „Labeln mit…“ ist er jederzeit zu wählen</translation>
    </message>
    <message>
        <source>Label now</source>
        <translation>Jetzt labeln</translation>
    </message>
    <message>
        <source>Wait until the work under way has ended, then label with {encoder}.</source>
        <translation>Warten Sie, bis die laufende Arbeit endet, und labeln Sie dann mit {encoder}.</translation>
    </message>
    <message>
        <source>{now} suggests the same labels as {before} did.</source>
        <translation>{now} schlägt dieselben Labels vor wie vorher {before}.</translation>
    </message>
    <message>
        <source>With {now} other labels are likely on {count} of {photos}.</source>
        <translation>Mit {now} sind auf {count} von {photos} andere Labels wahrscheinlich.</translation>
    </message>
    <message>
        <source>Show these photos</source>
        <translation>Diese Fotos zeigen</translation>
    </message>
    <message>
        <source>Other labels than by {before}</source>
        <translation>Andere Labels als von {before}</translation>
    </message>
    <message>
        <source>You see the labels that {encoder} suggests.</source>
        <translation>Sie sehen die Labels, die {encoder} vorschlägt.</translation>
    </message>
    <message>
        <source>Both are kept; your decisions count with either</source>
        <translation>Beide bleiben erhalten; Ihre Entscheidungen gelten bei beiden</translation>
    </message>
    <message>
        <source>Show those of {encoder}</source>
        <translation>Die von {encoder} zeigen</translation>
    </message>
    <message>
        <source>the starter</source>
        <translation>dem Starter</translation>
    </message>
    <message>
        <source>This project was labelled with the encoder in {path}, which nobody has used on this computer yet. Use it only if you know where it comes from.</source>
        <translation>Dieses Projekt wurde mit dem Encoder in {path} gelabelt, den auf diesem Rechner noch niemand verwendet hat. Verwenden Sie ihn nur, wenn Sie wissen, woher er kommt.</translation>
    </message>
    <message>
        <source>Use this encoder</source>
        <translation>Diesen Encoder verwenden</translation>
    </message>
    <message>
        <source>Another file…</source>
        <translation>Andere Datei…</translation>
    </message>
    <message>
        <source>{encoder} is not on this computer, so nothing was labelled.</source>
        <translation>{encoder} ist nicht auf diesem Rechner, darum wurde nichts gelabelt.</translation>
    </message>
    <message>
        <source>Get it</source>
        <translation>Holen</translation>
    </message>
    <message>
        <source>Get it · {size} MB</source>
        <translation>Holen · {size} MB</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei…</translation>
    </message>
    <message>
        <source>Use the starter</source>
        <translation>Den Starter verwenden</translation>
    </message>
</context>
<context>
    <name>EncoderQuestions</name>
    <message>
        <source>Weights (*.safetensors *.bin *.pt *.pth *.ckpt);;All files (*)</source>
        <translation>Gewichte (*.safetensors *.bin *.pt *.pth *.ckpt);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>An encoder&apos;s weights</source>
        <translation>Gewichte eines Encoders</translation>
    </message>
    <message>
        <source>A folder with an encoder</source>
        <translation>Ein Ordner mit einem Encoder</translation>
    </message>
    <message>
        <source>What weights are these?</source>
        <translation>Welche Gewichte sind das?</translation>
    </message>
    <message>
        <source>{file} does not say how it is to be used. Choose what it comes from:</source>
        <translation>{file} sagt nicht, wie sie zu verwenden ist. Wählen Sie, woher sie stammt:</translation>
    </message>
    <message>
        <source>Another model of open_clip</source>
        <translation>Anderes Modell von open_clip</translation>
    </message>
    <message>
        <source>Its name: the network, a colon, and what its weights were trained on.</source>
        <translation>Sein Name: das Netz, ein Doppelpunkt und woran seine Gewichte trainiert sind.</translation>
    </message>
    <message>
        <source>Get it</source>
        <translation>Holen</translation>
    </message>
    <message>
        <source>Encoders…</source>
        <translation>Encoder…</translation>
    </message>
    <message>
        <source>No other encoder is here that could be asked. Get one first.</source>
        <translation>Es ist kein anderer Encoder hier, der gefragt werden könnte. Holen Sie erst einen.</translation>
    </message>
    <message>
        <source>A second opinion</source>
        <translation>Eine zweite Meinung</translation>
    </message>
    <message>
        <source>It scores all photos beside the encoder that suggests, and changes nothing. Where both differ can be reviewed. Others are under Photos, Encoders. Ask:</source>
        <translation>Der Encoder bewertet alle Fotos neben dem, der vorschlägt, und ändert nichts. Wo beide verschieden sind, lässt sich prüfen. Weitere gibt es unter Fotos, Encoder. Fragen:</translation>
    </message>
    <message>
        <source>A folder for encoders, with more room</source>
        <translation>Ein Ordner für Encoder, mit mehr Platz</translation>
    </message>
</context>
<context>
    <name>EncodersDialog</name>
    <message>
        <source>Encoders</source>
        <translation>Encoder</translation>
    </message>
    <message>
        <source>Fast, not quite the same: in whole numbers of 8 bits</source>
        <translation>Schnell, nicht ganz dasselbe: in ganzen Zahlen von 8 Bit</translation>
    </message>
    <message>
        <source>On a processor. The network is calibrated on some of your photos, and measured on others, when photos are first labelled with it.</source>
        <translation>Auf einem Prozessor. Das Netz wird an einigen Ihrer Fotos kalibriert und an anderen gemessen, wenn Fotos das erste Mal damit beschriftet werden.</translation>
    </message>
    <message>
        <source>How much of the encoder is here</source>
        <translation>Wie viel des Encoders da ist</translation>
    </message>
    <message>
        <source>Label with it</source>
        <translation>Damit labeln</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus einer Datei…</translation>
    </message>
    <message>
        <source>From a folder…</source>
        <translation>Aus einem Ordner…</translation>
    </message>
    <message>
        <source>Another model of open_clip…</source>
        <translation>Anderes Modell von open_clip…</translation>
    </message>
    <message>
        <source>A checkpoint that was fetched elsewhere: .safetensors, .bin or .pt</source>
        <translation>Ein Checkpoint, der anderswo geholt wurde: .safetensors, .bin oder .pt</translation>
    </message>
    <message>
        <source>A folder with weights and the configuration of their network</source>
        <translation>Ein Ordner mit Gewichten und der Konfiguration ihres Netzes</translation>
    </message>
    <message>
        <source>Fetch from a mirror, or through a proxy</source>
        <translation>Von einem Spiegel holen, oder über einen Proxy</translation>
    </message>
    <message>
        <source>An encoder compares photos with words. It is fetched once and then works without the network; no photo ever leaves this computer.</source>
        <translation>Ein Encoder vergleicht Fotos mit Wörtern. Er wird einmal geholt und arbeitet dann ohne Netz; kein Foto verlässt je diesen Rechner.</translation>
    </message>
    <message>
        <source>Needs NNCF: pip install &apos;cdul[fast]&apos;.</source>
        <translation>Braucht NNCF: pip install &apos;cdul[fast]&apos;.</translation>
    </message>
    <message>
        <source>Calibrated on some of your photos at first, which takes about a minute; what it costs is measured and said then. All photos are looked at again, and the exact embeddings are kept.</source>
        <translation>Wird zuerst an einigen Ihrer Fotos kalibriert, was etwa eine Minute dauert; was es kostet, wird dann gemessen und gesagt. Alle Fotos werden noch einmal angesehen, und die genauen Embeddings bleiben erhalten.</translation>
    </message>
    <message>
        <source>Understands {languages}.</source>
        <translation>Versteht {languages}.</translation>
    </message>
    <message>
        <source>Licence: {licence}.</source>
        <translation>Lizenz: {licence}.</translation>
    </message>
    <message>
        <source>ImageNet by {source}.</source>
        <translation>ImageNet nach {source}.</translation>
    </message>
    <message>
        <source>On the command line: {name}</source>
        <translation>In der Befehlszeile: {name}</translation>
    </message>
    <message>
        <source>Fetched from {address} through the proxy {proxy}…</source>
        <translation>Geholt von {address} über den Proxy {proxy} …</translation>
    </message>
    <message>
        <source>Fetched from {address}…</source>
        <translation>Geholt von {address}…</translation>
    </message>
    <message>
        <source>Looking for it…</source>
        <translation>Wird gesucht…</translation>
    </message>
    <message>
        <source>Go on · {size} MB left</source>
        <translation>Weiter · noch {size} MB</translation>
    </message>
    <message>
        <source>Get it · {size} MB</source>
        <translation>Holen · {size} MB</translation>
    </message>
</context>
<context>
    <name>Engine</name>
    <message>
        <source>({phrase})</source>
        <translation>({phrase})</translation>
    </message>
    <message>
        <source>--beside neither splits nor copies the photos. Leave out --split and --photos, or --beside.</source>
        <translation>--beside teilt und kopiert die Fotos nicht. Lassen Sie --split und --photos weg, oder --beside.</translation>
    </message>
    <message>
        <source>--grid, --temperature or --zeta: {error}</source>
        <translation>--grid, --temperature oder --zeta: {error}</translation>
    </message>
    <message>
        <source>1 decision</source>
        <translation>1 Entscheidung</translation>
    </message>
    <message>
        <source>1 label</source>
        <translation>1 Label</translation>
    </message>
    <message>
        <source>1 photo</source>
        <translation>1 Foto</translation>
    </message>
    <message>
        <source>1 suggestion</source>
        <translation>1 Vorschlag</translation>
    </message>
    <message>
        <source>A JSON file for each photo, a flag for each label, as labelme and X-AnyLabeling read it</source>
        <translation>Eine JSON-Datei je Foto, ein Flag je Label, wie labelme und X-AnyLabeling es lesen</translation>
    </message>
    <message>
        <source>A fast encoder is calibrated on at least {fewest} photos, but {count} of yours can be read. Add photos, or use the encoder as it is.</source>
        <translation>Ein schneller Encoder wird an mindestens {fewest} Fotos kalibriert, aber lesbar von Ihren: {count}. Fügen Sie Fotos hinzu, oder nehmen Sie den Encoder, wie er ist.</translation>
    </message>
    <message>
        <source>A fast encoder is made by NNCF for OpenVINO, which are not both installed: pip install &apos;cdul[fast]&apos;. Until then use the encoder as it is.</source>
        <translation>Ein schneller Encoder wird von NNCF für OpenVINO gemacht, die nicht beide installiert sind: pip install &apos;cdul[fast]&apos;. Bis dahin nehmen Sie den Encoder, wie er ist.</translation>
    </message>
    <message>
        <source>A file of keywords for each photo, for digiKam, darktable, Lightroom and Immich</source>
        <translation>Eine Datei mit Stichwörtern je Foto, für digiKam, darktable, Lightroom und Immich</translation>
    </message>
    <message>
        <source>A label cannot be merged into itself. Choose another one.</source>
        <translation>Ein Label kann nicht mit sich selbst zusammengeführt werden. Wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>A row for each photo and label, with score, state and source</source>
        <translation>Eine Zeile je Foto und Label, mit Score, Zustand und Herkunft</translation>
    </message>
    <message>
        <source>A row for each photo: 1 where confirmed, 0 where rejected, a score where suggested</source>
        <translation>Eine Zeile je Foto: 1 für bestätigt, 0 für abgelehnt, ein Score für vorgeschlagen</translation>
    </message>
    <message>
        <source>A table with the score of every photo and label, whatever the thresholds</source>
        <translation>Eine Tabelle mit dem Score jedes Fotos und Labels, ohne Rücksicht auf die Schwellen</translation>
    </message>
    <message>
        <source>A text file for each photo, commas between its labels, as taggui and kohya read it</source>
        <translation>Eine Textdatei je Foto, Kommas zwischen den Labels, wie taggui und kohya es lesen</translation>
    </message>
    <message>
        <source>An &lt;object&gt; has no &lt;name&gt;.</source>
        <translation>Ein &lt;object&gt; hat keinen &lt;name&gt;.</translation>
    </message>
    <message>
        <source>An imagefolder for the library datasets: metadata.jsonl, best with copied photos</source>
        <translation>Ein imagefolder für die Bibliothek datasets: metadata.jsonl, am besten mit kopierten Fotos</translation>
    </message>
    <message>
        <source>Another program is fetching {address} just now. Wait until it is done.</source>
        <translation>Ein anderes Programm holt gerade {address}. Warten Sie, bis es fertig ist.</translation>
    </message>
    <message>
        <source>Apple&apos;s JSON for classifiers of several labels, best with copied photos</source>
        <translation>Apples JSON für Klassifikatoren mehrerer Labels, am besten mit kopierten Fotos</translation>
    </message>
    <message>
        <source>COCO</source>
        <translation>COCO</translation>
    </message>
    <message>
        <source>COCO JSON that loads everywhere: each label as a box over the whole photo</source>
        <translation>COCO-JSON, das überall lädt: jedes Label als Kasten um das ganze Foto</translation>
    </message>
    <message>
        <source>COCO JSON with labels of whole photos, as Datumaro reads it (coco_labels)</source>
        <translation>COCO-JSON mit Labels ganzer Fotos, wie Datumaro es liest (coco_labels)</translation>
    </message>
    <message>
        <source>COCO without boxes</source>
        <translation>COCO ohne Kästen</translation>
    </message>
    <message>
        <source>COCO without boxes, as Datumaro writes it</source>
        <translation>COCO ohne Kästen, wie Datumaro es schreibt</translation>
    </message>
    <message>
        <source>COCO, 80 everyday things</source>
        <translation>COCO, 80 alltägliche Dinge</translation>
    </message>
    <message>
        <source>COCO, with boxes or with labels of whole photos</source>
        <translation>COCO, mit Kästen oder mit Labels ganzer Fotos</translation>
    </message>
    <message>
        <source>CSV, a column for each label</source>
        <translation>CSV, eine Spalte je Label</translation>
    </message>
    <message>
        <source>CSV, a row for each label</source>
        <translation>CSV, eine Zeile je Label</translation>
    </message>
    <message>
        <source>CSV, a row for each photo and label</source>
        <translation>CSV, eine Zeile je Foto und Label</translation>
    </message>
    <message>
        <source>CSV, a row for each photo, a column for each label</source>
        <translation>CSV, eine Zeile je Foto, eine Spalte je Label</translation>
    </message>
    <message>
        <source>CSV, scores of photos and labels</source>
        <translation>CSV, Scores von Fotos und Labels</translation>
    </message>
    <message>
        <source>Choose a text file.</source>
        <translation>Wählen Sie eine Textdatei.</translation>
    </message>
    <message>
        <source>Comparing both</source>
        <translation>Beide werden verglichen</translation>
    </message>
    <message>
        <source>Comparing how photos look</source>
        <translation>Das Aussehen der Fotos wird verglichen</translation>
    </message>
    <message>
        <source>Comparing photos</source>
        <translation>Fotos werden verglichen</translation>
    </message>
    <message>
        <source>Copied to {place} and compared: {photos}, {decisions}.</source>
        <translation>Nach {place} kopiert und verglichen: {photos}, {decisions}.</translation>
    </message>
    <message>
        <source>Copying the project</source>
        <translation>Das Projekt wird kopiert</translation>
    </message>
    <message>
        <source>Create ML</source>
        <translation>Create ML</translation>
    </message>
    <message>
        <source>Create ML, JSON</source>
        <translation>Create ML, JSON</translation>
    </message>
    <message>
        <source>Delete it: it is made again.</source>
        <translation>Löschen Sie sie: Sie entsteht neu.</translation>
    </message>
    <message>
        <source>Epochs until the labels first move, so that the classifier has learnt something.</source>
        <translation>Epochen, bis sich die Labels zum ersten Mal bewegen, damit der Klassifikator etwas gelernt hat.</translation>
    </message>
    <message>
        <source>Everyday photos, 226 subjects</source>
        <translation>Alltagsfotos, 226 Motive</translation>
    </message>
    <message>
        <source>Expected --difficult to be {first} or {second}, but got {value!r}.</source>
        <translation>Erwartet wurde für --difficult {first} oder {second}, aber da steht {value!r}.</translation>
    </message>
    <message>
        <source>Expected --format to be one of {known}, but got {name!r}.</source>
        <translation>--format muss eines von {known} sein, aber es kam {name!r}.</translation>
    </message>
    <message>
        <source>Expected --split to be percentages like 80/10/10, but got {text!r}.</source>
        <translation>--split muss Prozentzahlen wie 80/10/10 nennen, aber es kam {text!r}.</translation>
    </message>
    <message>
        <source>Expected --split to be the percentages of train, val and test, together 100, like 80/10/10, but got {shares}.</source>
        <translation>--split muss die Prozente für train, val und test nennen, zusammen 100, wie 80/10/10, aber es kam {shares}.</translation>
    </message>
    <message>
        <source>Expected --threshold to be from 0 to 1, but got {threshold}.</source>
        <translation>--threshold muss zwischen 0 und 1 liegen, aber es kam {threshold}.</translation>
    </message>
    <message>
        <source>Expected --{option} to be one of {known}, but got {value!r}.</source>
        <translation>--{option} muss eines von {known} sein, aber es kam {value!r}.</translation>
    </message>
    <message>
        <source>Expected 0 or 1, but got {text!r}.</source>
        <translation>Erwartet wurde 0 oder 1, aber da steht {text!r}.</translation>
    </message>
    <message>
        <source>Expected a closing quote, but the text ends.</source>
        <translation>Erwartet wird ein schließendes Anführungszeichen, aber der Text endet.</translation>
    </message>
    <message>
        <source>Expected a colour as #rrggbb, but got {colour!r}.</source>
        <translation>Erwartet wird eine Farbe als #rrggbb, aber es kam {colour!r}.</translation>
    </message>
    <message>
        <source>Expected a date as 2024, 2024-05 or 2024-05-31, but got “{came}”.</source>
        <translation>Erwartet wird ein Datum wie 2024, 2024-05 oder 2024-05-31, aber es kam „{came}“.</translation>
    </message>
    <message>
        <source>Expected a date before or after the two dots, but got neither.</source>
        <translation>Erwartet wird ein Datum vor oder nach den zwei Punkten, aber dort steht keines.</translation>
    </message>
    <message>
        <source>Expected a date between the years 1 and 9999.</source>
        <translation>Erwartet wird ein Datum zwischen den Jahren 1 und 9999.</translation>
    </message>
    <message>
        <source>Expected a first column {name!r} and a column for each label, but got {header}.</source>
        <translation>Erwartet werden eine erste Spalte {name!r} und eine Spalte je Label, aber es kam {header}.</translation>
    </message>
    <message>
        <source>Expected a folder or an address such as postgresql://host/name, but got {address!r}.</source>
        <translation>Erwartet wurde ein Ordner oder eine Adresse wie postgresql://host/name, aber es kam {address!r}.</translation>
    </message>
    <message>
        <source>Expected a label&apos;s name to be printable text without spaces around it, but got {name!r}.</source>
        <translation>Der Name eines Labels muss druckbarer Text ohne Leerzeichen am Rand sein, aber es kam {name!r}.</translation>
    </message>
    <message>
        <source>Expected a list of annotations, but got {kind}.</source>
        <translation>Erwartet wird eine Liste von Annotationen, aber es kam {kind}.</translation>
    </message>
    <message>
        <source>Expected a list of labels under {key!r}, but got {kind}.</source>
        <translation>Erwartet wird eine Liste von Labels unter {key!r}, aber es kam {kind}.</translation>
    </message>
    <message>
        <source>Expected a list of labels, but got {kind}.</source>
        <translation>Erwartet wird eine Liste von Labels, aber es kam {kind}.</translation>
    </message>
    <message>
        <source>Expected a list of shapes and an object of flags.</source>
        <translation>Erwartet werden eine Liste „shapes“ und ein Objekt „flags“.</translation>
    </message>
    <message>
        <source>Expected a list under &apos;neg_category_ids&apos;, but got {kind}.</source>
        <translation>Erwartet wird eine Liste unter &apos;neg_category_ids&apos;, aber es kam {kind}.</translation>
    </message>
    <message>
        <source>Expected a photo and 1, -1 or 0, but got {words!r}.</source>
        <translation>Erwartet werden ein Foto und 1, -1 oder 0, aber es kam {words!r}.</translation>
    </message>
    <message>
        <source>Expected a preset named default or paper, but got {name!r}.</source>
        <translation>Erwartet wird die Voreinstellung default oder paper, aber es kam {name!r}.</translation>
    </message>
    <message>
        <source>Expected a queue named {queues}, but got {name!r}.</source>
        <translation>Erwartet wird eine der Warteschlangen {queues}, aber es kam {name!r}.</translation>
    </message>
    <message>
        <source>Expected a score from 0 to 1 for {label!r}, but got {cell!r}.</source>
        <translation>Erwartet wird ein Score von 0 bis 1 für {label!r}, aber es kam {cell!r}.</translation>
    </message>
    <message>
        <source>Expected a score from 0 to 1 for {label!r}, but got {score}.</source>
        <translation>Erwartet wird ein Score von 0 bis 1 für {label!r}, aber es kam {score}.</translation>
    </message>
    <message>
        <source>Expected a score from 0 to 1, but got {came}.</source>
        <translation>Erwartet wird ein Score von 0 bis 1, aber es kam {came}.</translation>
    </message>
    <message>
        <source>Expected a synonym LABEL-OF-THE-TRUTH=LABEL, but the project has no label {label!r}.</source>
        <translation>Erwartet wird ein Synonym LABEL-DER-WAHRHEIT=LABEL, aber das Projekt hat kein Label {label!r}.</translation>
    </message>
    <message>
        <source>Expected a synonym LABEL-OF-THE-TRUTH=LABEL, but the truth has no label {label!r}.</source>
        <translation>Erwartet wird ein Synonym LABEL-DER-WAHRHEIT=LABEL, aber die Wahrheit hat kein Label {label!r}.</translation>
    </message>
    <message>
        <source>Expected a training, one of {known}, but got {name!r}.</source>
        <translation>Erwartet wurde ein Training, eines von {known}, war aber {name!r}.</translation>
    </message>
    <message>
        <source>Expected a {what} to be printable text, but got {text!r}.</source>
        <translation>Erwartet wird druckbarer Text ({what}), aber es kam {text!r}.</translation>
    </message>
    <message>
        <source>Expected an answer for each of the {photos:,} photos of {list}, but got {got:,}.</source>
        <translation>Erwartet wurde eine Antwort für jedes der {photos:,} Fotos von {list}, aber es sind {got:,}.</translation>
    </message>
    <message>
        <source>Expected an element &lt;annotation&gt;, but got &lt;{tag}&gt;.</source>
        <translation>Erwartet wird ein Element &lt;annotation&gt;, aber es kam &lt;{tag}&gt;.</translation>
    </message>
    <message>
        <source>Expected an index below {classes}, the number of classes, but got {index}.</source>
        <translation>Erwartet wird ein Index unter {classes}, der Zahl der Klassen, aber es kam {index}.</translation>
    </message>
    <message>
        <source>Expected an object with flags, as labelme writes it.</source>
        <translation>Erwartet wird ein Objekt mit flags, wie labelme es schreibt.</translation>
    </message>
    <message>
        <source>Expected an object with the name of a photo under &apos;file_name&apos;.</source>
        <translation>Erwartet wird ein Objekt mit dem Namen eines Fotos unter &apos;file_name&apos;.</translation>
    </message>
    <message>
        <source>Expected an object, but got {kind}.</source>
        <translation>Erwartet wird ein Objekt, aber es kam {kind}.</translation>
    </message>
    <message>
        <source>Expected at most {count} conditions inside one another.</source>
        <translation>Erwartet werden höchstens {count} ineinander geschachtelte Bedingungen.</translation>
    </message>
    <message>
        <source>Expected at most {most:,} labels.</source>
        <translation>Erwartet werden höchstens {most:,} Labels.</translation>
    </message>
    <message>
        <source>Expected at most {most} labels, but got {count}.</source>
        <translation>Erwartet werden höchstens {most} Labels, aber es kamen {count}.</translation>
    </message>
    <message>
        <source>Expected at most {most} prompts for a label, but got {count}.</source>
        <translation>Erwartet werden höchstens {most} Prompts für ein Label, aber es kamen {count}.</translation>
    </message>
    <message>
        <source>Expected either a file or folder to write, or to write beside the photos.</source>
        <translation>Erwartet wird entweder eine Datei oder ein Ordner zum Schreiben, oder neben die Fotos zu schreiben.</translation>
    </message>
    <message>
        <source>Expected flags or shapes, as labelme writes them.</source>
        <translation>Erwartet werden flags oder shapes, wie labelme sie schreibt.</translation>
    </message>
    <message>
        <source>Expected one checkpoint (.safetensors, .bin or .pt) in {folder}, but found {count}. Name the file instead of the folder.</source>
        <translation>Erwartet wird ein Checkpoint (.safetensors, .bin oder .pt) in {folder}, gefunden wurden {count}. Nennen Sie die Datei statt des Ordners.</translation>
    </message>
    <message>
        <source>Expected one letter or digit as key, but got {key!r}.</source>
        <translation>Erwartet wird ein Buchstabe oder eine Ziffer als Taste, aber es kam {key!r}.</translation>
    </message>
    <message>
        <source>Expected one of {fields} but got “{came}”. Put words with a colon in quotes.</source>
        <translation>Erwartet wird eines von {fields}, aber es kam „{came}“. Setzen Sie Wörter mit Doppelpunkt in Anführungszeichen.</translation>
    </message>
    <message>
        <source>Expected one of {stages}, or those of a run like initial@5, but got {text!r}.</source>
        <translation>Erwartet wird eines von {stages}, oder die eines Laufs wie initial@5, aber es kam {text!r}.</translation>
    </message>
    <message>
        <source>Expected score(…), labels or taken before “{comparison}”, but got “{came}”.</source>
        <translation>Vor „{comparison}“ wird score(…), labels oder taken erwartet, aber es kam „{came}“.</translation>
    </message>
    <message>
        <source>Expected the columns {photo!r} and {label!r}, but got {header}.</source>
        <translation>Erwartet werden die Spalten {photo!r} und {label!r}, aber es kam {header}.</translation>
    </message>
    <message>
        <source>Expected the device to be auto or one in this machine ({available}), but got {name!r}.</source>
        <translation>Das Gerät muss auto oder eines dieses Rechners sein ({available}), aber es kam {name!r}.</translation>
    </message>
    <message>
        <source>Expected the earlier date first, but got {first} before {last}.</source>
        <translation>Erwartet wird das frühere Datum zuerst, aber {first} steht vor {last}.</translation>
    </message>
    <message>
        <source>Expected the name of a label, but got {text}.</source>
        <translation>Erwartet wird der Name eines Labels, aber es kam {text}.</translation>
    </message>
    <message>
        <source>Expected the name of a photo, but got {name}.</source>
        <translation>Erwartet wird der Name eines Fotos, aber es kam {name}.</translation>
    </message>
    <message>
        <source>Expected the photo folder first, as the project is kept elsewhere; behind it photos as called there: cdul list PHOTOS cat.jpg --project …</source>
        <translation>Erwartet wird zuerst der Fotoordner, da das Projekt anderswo liegt; dahinter Fotos, wie sie dort heißen: cdul list PHOTOS cat.jpg --project …</translation>
    </message>
    <message>
        <source>Expected the stage to be one of {stages}, but got {stage!r}.</source>
        <translation>Die Stufe muss eine von {stages} sein, aber es kam {stage!r}.</translation>
    </message>
    <message>
        <source>Expected the wanted precision to be between 0 and 1, like 0.9, but got {precision}.</source>
        <translation>Die gewünschte Genauigkeit muss zwischen 0 und 1 liegen, wie 0.9, aber es kam {precision}.</translation>
    </message>
    <message>
        <source>Expected the {count} labels of the label set, each once, but got {came} others.</source>
        <translation>Erwartet werden die {count} Labels des Label-Satzes, jedes einmal, aber es kamen {came} andere.</translation>
    </message>
    <message>
        <source>Expected two places, but got {place} twice.</source>
        <translation>Erwartet wurden zwei Orte, aber es kam zweimal {place}.</translation>
    </message>
    <message>
        <source>Expected {name} to be above {least:g}, but got {value}.</source>
        <translation>{name} muss über {least:g} liegen, aber es kam {value}.</translation>
    </message>
    <message>
        <source>Expected {name} to be at least {least:g}, but got {value}.</source>
        <translation>{name} muss mindestens {least:g} sein, aber es kam {value}.</translation>
    </message>
    <message>
        <source>Expected {wanted} cells, as in the first line, but got {found}.</source>
        <translation>Erwartet werden {wanted} Zellen, wie in der ersten Zeile, aber es kamen {found}.</translation>
    </message>
    <message>
        <source>Expected {what}, but got “{came}”.</source>
        <translation>Erwartet wird {what}, aber es kam „{came}“.</translation>
    </message>
    <message>
        <source>Expected {what}, but the text ends.</source>
        <translation>Erwartet wird {what}, aber der Text endet.</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>Export läuft</translation>
    </message>
    <message>
        <source>FiftyOne</source>
        <translation>FiftyOne</translation>
    </message>
    <message>
        <source>FiftyOne, labels.json</source>
        <translation>FiftyOne, labels.json</translation>
    </message>
    <message>
        <source>Finding photos</source>
        <translation>Fotos werden gesucht</translation>
    </message>
    <message>
        <source>Folders named after labels</source>
        <translation>Ordner, die wie Labels heißen</translation>
    </message>
    <message>
        <source>For FiftyOne (FiftyOneImageClassificationDataset): labels.json, best with copied photos</source>
        <translation>Für FiftyOne (FiftyOneImageClassificationDataset): labels.json, am besten mit kopierten Fotos</translation>
    </message>
    <message>
        <source>How far from one half labels still count as undecided and move; 0.1 to 0.3.</source>
        <translation>Wie weit weg von einhalb Labels noch als unentschieden gelten und sich bewegen; 0.1 bis 0.3.</translation>
    </message>
    <message>
        <source>How far the classifier moves at each step of the optimizer.</source>
        <translation>Wie weit sich der Klassifikator bei jedem Schritt des Optimierers bewegt.</translation>
    </message>
    <message>
        <source>How far undecided labels follow the classifier each time; the paper has 1.</source>
        <translation>Wie weit unentschiedene Labels dem Klassifikator jedes Mal folgen; die Veröffentlichung hat 1.</translation>
    </message>
    <message>
        <source>How many times each photo is gone through at most.</source>
        <translation>Wie oft jedes Foto höchstens durchgegangen wird.</translation>
    </message>
    <message>
        <source>How the classifier learns: adam (the paper&apos;s) sizes steps by itself, sgd takes them as they are.</source>
        <translation>Wie der Klassifikator lernt: adam (wie in der Veröffentlichung) bemisst die Schritte selbst, sgd nimmt sie, wie sie sind.</translation>
    </message>
    <message>
        <source>Hugging Face</source>
        <translation>Hugging Face</translation>
    </message>
    <message>
        <source>Hugging Face imagefolder, metadata.jsonl</source>
        <translation>Hugging Face imagefolder, metadata.jsonl</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>Import läuft</translation>
    </message>
    <message>
        <source>It cannot be told which format {path} has. Choose one of {known}.</source>
        <translation>Welches Format {path} hat, ist nicht zu erkennen. Wählen Sie eines von {known}.</translation>
    </message>
    <message>
        <source>It has a DOCTYPE, which XMP does not have.</source>
        <translation>Sie hat einen DOCTYPE, den XMP nicht hat.</translation>
    </message>
    <message>
        <source>It has neither flags nor shapes.</source>
        <translation>Sie hat weder flags noch shapes.</translation>
    </message>
    <message>
        <source>It has none yet.</source>
        <translation>Es hat noch keine.</translation>
    </message>
    <message>
        <source>It is JSON, but too deeply nested.</source>
        <translation>Das ist JSON, aber zu tief verschachtelt.</translation>
    </message>
    <message>
        <source>It is a link.</source>
        <translation>Sie ist eine Verknüpfung.</translation>
    </message>
    <message>
        <source>It is not JSON ({reason} at byte {start}).</source>
        <translation>Das ist kein JSON ({reason} bei Byte {start}).</translation>
    </message>
    <message>
        <source>It is not JSON ({why}).</source>
        <translation>Das ist kein JSON ({why}).</translation>
    </message>
    <message>
        <source>It is not XML ({why}).</source>
        <translation>Das ist kein XML ({why}).</translation>
    </message>
    <message>
        <source>It is not XMP: there is no rdf:RDF in it.</source>
        <translation>Das ist kein XMP: Es enthält kein rdf:RDF.</translation>
    </message>
    <message>
        <source>It lies outside of {folder}.</source>
        <translation>Sie liegt außerhalb von {folder}.</translation>
    </message>
    <message>
        <source>Its keywords cannot be read ({why}).</source>
        <translation>Die Stichwörter darin können nicht gelesen werden ({why}).</translation>
    </message>
    <message>
        <source>Its truths are {names}.</source>
        <translation>Seine Wahrheiten sind {names}.</translation>
    </message>
    <message>
        <source>Its {which} is not a list.</source>
        <translation>{which} darin ist keine Liste.</translation>
    </message>
    <message>
        <source>JPEG XL is read by a package that is not installed. Install it with: pip install &apos;cdul[raw]&apos;</source>
        <translation>JPEG XL liest ein Paket, das nicht installiert ist. Installieren Sie es mit: pip install &apos;cdul[raw]&apos;</translation>
    </message>
    <message>
        <source>Kept the truth {name!r}: {photos} ({by_content} by their content), {matched} of its {labels}. It is compared with and never trained on.</source>
        <translation>Wahrheit {name!r} aufbewahrt: {photos} ({by_content} am Inhalt erkannt), {matched} von {labels}. Mit ihr wird verglichen und nie aus ihr gelernt.</translation>
    </message>
    <message>
        <source>Keywords in the photos themselves, XMP and IPTC</source>
        <translation>Stichwörter in den Fotos selbst, XMP und IPTC</translation>
    </message>
    <message>
        <source>Label the photos first.</source>
        <translation>Labeln Sie zuerst die Fotos.</translation>
    </message>
    <message>
        <source>No label that the truth finds on a photo has scores of both {first} and {second}.</source>
        <translation>Kein Label, das die Wahrheit auf einem Foto sieht, hat Scores von {first} und von {second}.</translation>
    </message>
    <message>
        <source>Nothing could be read from {folder} ({why}). Check that the folder is still there and no other program holds its files; what is in them is unharmed.</source>
        <translation>Aus {folder} konnte nichts gelesen werden ({why}). Prüfen Sie, ob der Ordner noch da ist und kein anderes Programm seine Dateien festhält; was in ihnen steht, ist unversehrt.</translation>
    </message>
    <message>
        <source>Nothing could be read from {name} ({why}). Check that its server runs and your network is there; what is in it is unharmed.</source>
        <translation>Aus {name} konnte nichts gelesen werden ({why}). Prüfen Sie, ob der Server läuft und das Netz da ist; was darin ist, ist unversehrt.</translation>
    </message>
    <message>
        <source>Nothing could be written to {name} ({why}). Check that its server runs and your network is there; what was there before is unharmed.</source>
        <translation>In {name} konnte nichts geschrieben werden ({why}). Prüfen Sie, ob der Server läuft und das Netz da ist; was vorher da war, ist unversehrt.</translation>
    </message>
    <message>
        <source>Parts in {address} are read and written by packages that are not installed. Install them with: pip install {packages}</source>
        <translation>Teile in {address} werden mit Paketen gelesen und geschrieben, die nicht installiert sind. Installieren Sie sie mit: pip install {packages}</translation>
    </message>
    <message>
        <source>Projects on a server need psycopg, which is not installed. Install it with: pip install &apos;cdul[server]&apos;</source>
        <translation>Projekte auf einem Server brauchen psycopg, das nicht installiert ist. Installieren Sie es mit: pip install &apos;cdul[server]&apos;</translation>
    </message>
    <message>
        <source>Refine the labels first: that trains a classifier.</source>
        <translation>Verfeinern Sie zuerst die Labels: das trainiert einen Klassifikator.</translation>
    </message>
    <message>
        <source>Somebody else has been writing to {name} for more than {seconds:.0f} seconds. Try again.</source>
        <translation>Jemand anders schreibt seit mehr als {seconds:.0f} Sekunden in {name}. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Somebody else labels or trains in {name} just now. Wait until that is done; meanwhile answers can be given.</source>
        <translation>Jemand anders lässt in {name} gerade Labels vorschlagen oder trainiert. Warten Sie, bis das fertig ist; antworten können Sie währenddessen.</translation>
    </message>
    <message>
        <source>The CDUL paper&apos;s own; for a graphics card.</source>
        <translation>Der des CDUL-Artikels; für eine Grafikkarte.</translation>
    </message>
    <message>
        <source>The best for its work; for many cores or a small graphics card.</source>
        <translation>Der beste für seinen Aufwand; für viele Kerne oder eine kleine Grafikkarte.</translation>
    </message>
    <message>
        <source>The best labels of this list; for a graphics card.</source>
        <translation>Die besten Labels dieser Liste; für eine Grafikkarte.</translation>
    </message>
    <message>
        <source>The best that a processor labels at a good pace.</source>
        <translation>Der beste, mit dem ein Prozessor zügig labelt.</translation>
    </message>
    <message>
        <source>The camera&apos;s file holds no picture that is large enough ({size} pixels), and what develops it is not installed. Install it with: pip install &apos;cdul[raw]&apos;</source>
        <translation>Die Datei der Kamera enthält kein Bild, das groß genug ist ({size} Pixel), und was sie entwickelt, ist nicht installiert. Installieren Sie es mit: pip install &apos;cdul[raw]&apos;</translation>
    </message>
    <message>
        <source>The checkpoint {path} does not say which architecture it is of, and it is none that open_clip knows. Write MODEL:{path}, e.g. ViT-B-32:{path}, or put its {file} beside it.</source>
        <translation>Der Checkpoint {path} sagt nicht, von welcher Architektur er ist, und es ist keine, die open_clip kennt. Schreiben Sie MODEL:{path}, z. B. ViT-B-32:{path}, oder legen Sie seine {file} daneben.</translation>
    </message>
    <message>
        <source>The checkpoint {path} fits {models}. Write which is meant, e.g. {model}:{path}</source>
        <translation>Der Checkpoint {path} passt zu {models}. Schreiben Sie, was gemeint ist, z. B. {model}:{path}</translation>
    </message>
    <message>
        <source>The connection to {host} broke.</source>
        <translation>Die Verbindung zu {host} brach ab.</translation>
    </message>
    <message>
        <source>The database {name} keeps texts as {encoding}, which not every name fits into. Have it made with UTF8: createdb -E UTF8 -T template0 NAME.</source>
        <translation>Die Datenbank {name} speichert Texte als {encoding}, worin nicht jeder Name Platz hat. Lassen Sie sie mit UTF8 anlegen: createdb -E UTF8 -T template0 NAME.</translation>
    </message>
    <message>
        <source>The embeddings and classifiers could not be copied to {folder} ({why}). Nothing was kept.</source>
        <translation>Die Embeddings und Klassifikatoren konnten nicht nach {folder} kopiert werden ({why}). Es wurde nichts behalten.</translation>
    </message>
    <message>
        <source>The encoders know English words, and {name!r} is none that is known: search in English.</source>
        <translation>Die Encoder kennen englische Wörter, und {name!r} ist keines, das bekannt ist: Suchen Sie auf Englisch.</translation>
    </message>
    <message>
        <source>The encoders, which know English words, do not know {count:,} of the labels: {names}. Check their spelling, or give them prompts in English.</source>
        <translation>Die Encoder, die englische Wörter kennen, kennen {count:,} der Labels nicht: {names}. Prüfen Sie die Schreibweise, oder geben Sie ihnen englische Prompts.</translation>
    </message>
    <message>
        <source>The first CLIP, to compare with what others have done.</source>
        <translation>Der erste CLIP, zum Vergleich mit dem, was andere getan haben.</translation>
    </message>
    <message>
        <source>The graphics card {name} does not compute ({why}).</source>
        <translation>Die Grafikkarte {name} rechnet nicht ({why}).</translation>
    </message>
    <message>
        <source>The graphics card {name} is of a kind ({kind}) that the installed PyTorch was not built for ({built_for}). Another build of PyTorch may know it: https://pytorch.org/get-started</source>
        <translation>Die Grafikkarte {name} ist von einer Art ({kind}), für die das installierte PyTorch nicht gebaut ist ({built_for}). Eine andere Fassung von PyTorch kennt sie vielleicht: https://pytorch.org/get-started</translation>
    </message>
    <message>
        <source>The list names no photo in {photos}; its first name is {name!r}. Names are relative to that folder, with or without suffix.</source>
        <translation>Die Liste nennt kein Foto in {photos}; ihr erster Name ist {name!r}. Namen gelten ab diesem Ordner, mit oder ohne Endung.</translation>
    </message>
    <message>
        <source>The memory is not enough for this network, not even for one photo at a time. Close other programs that use the same device, choose a smaller network, or compute on the processor (--device cpu).</source>
        <translation>Der Speicher reicht für dieses Netz nicht, nicht einmal für ein Foto auf einmal. Schließen Sie andere Programme, die dasselbe Gerät nutzen, wählen Sie ein kleineres Netz, oder rechnen Sie auf dem Prozessor (--device cpu).</translation>
    </message>
    <message>
        <source>The network computes no numbers on this device, as some do in half precision. Compute on the processor (--device cpu).</source>
        <translation>Das Netz errechnet auf diesem Gerät keine Zahlen, wie manche in halber Genauigkeit. Rechnen Sie auf dem Prozessor (--device cpu).</translation>
    </message>
    <message>
        <source>The network {name} takes no photos of {size} x {size} pixels. Choose another input size.</source>
        <translation>Das Netz {name} nimmt keine Fotos von {size} x {size} Pixeln. Wählen Sie eine andere Eingabegröße.</translation>
    </message>
    <message>
        <source>The photos are labelled as before there was a detector beside the starter. With the preset default it is heard, and more of what is likely is right: `cdul label --preset default`.</source>
        <translation>Die Fotos sind gelabelt wie vor der Zeit, als es neben dem Starter einen Detektor gab. Mit der Vorgabe default wird er gehört, und mehr von dem, was wahrscheinlich ist, stimmt: `cdul label --preset default`.</translation>
    </message>
    <message>
        <source>The processor</source>
        <translation>Der Prozessor</translation>
    </message>
    <message>
        <source>The project in {folder} cannot be opened ({why}). Check that the disk has room, the folder is still there and no other program holds its files; what is in them is unharmed.</source>
        <translation>Das Projekt in {folder} kann nicht geöffnet werden ({why}). Prüfen Sie, ob auf dem Datenträger Platz ist, der Ordner noch da ist und kein anderes Programm seine Dateien festhält; was in ihnen steht, ist unversehrt.</translation>
    </message>
    <message>
        <source>The project in {folder} has {photos} that the list does not name, like {name}. Choose a project of its own for the list, with --project FOLDER.</source>
        <translation>Das Projekt in {folder} hat {photos}, die die Liste nicht nennt, etwa {name}. Wählen Sie für die Liste ein eigenes Projekt, mit --project FOLDER.</translation>
    </message>
    <message>
        <source>The project in {folder} is open in another window or command. Close that one first; until then the project can only be looked at.</source>
        <translation>Das Projekt in {folder} ist in einem anderen Fenster oder Befehl offen. Schließen Sie zuerst das andere; bis dahin kann es nur angesehen werden.</translation>
    </message>
    <message>
        <source>The project was labelled with the encoder {path}, which nobody has used on this computer yet. If you know where it comes from, name it once: --encoder {name}. With another one, --encoder starter, all photos are looked at anew.</source>
        <translation>Das Projekt wurde mit dem Encoder {path} gelabelt, den auf diesem Rechner noch niemand verwendet hat. Wenn Sie wissen, woher er kommt, nennen Sie ihn einmal: --encoder {name}. Mit einem anderen, --encoder starter, werden alle Fotos neu angesehen.</translation>
    </message>
    <message>
        <source>The project {file} was written by a newer version of CDUL (its format is {version}, this program knows up to {newest}). Update CDUL to open it; it was left as it is.</source>
        <translation>Das Projekt {file} wurde von einem neueren CDUL geschrieben (Format {version}, dieses Programm kennt bis {newest}). Erneuern Sie CDUL, um es zu öffnen; es blieb, wie es ist.</translation>
    </message>
    <message>
        <source>The project {name} cannot be opened ({why}). What is in it is unharmed; try again later.</source>
        <translation>Das Projekt {name} lässt sich nicht öffnen ({why}). Was darin ist, ist unversehrt; versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>The server cannot go on in the middle of a file.</source>
        <translation>Der Server kann nicht mitten in einer Datei fortfahren.</translation>
    </message>
    <message>
        <source>The server ended the connection.</source>
        <translation>Der Server hat die Verbindung beendet.</translation>
    </message>
    <message>
        <source>The setting cannot be kept in {file} ({why}).</source>
        <translation>Die Einstellung kann nicht in {file} behalten werden ({why}).</translation>
    </message>
    <message>
        <source>The smallest. Its licence is for research only.</source>
        <translation>Der kleinste. Seine Lizenz gilt nur für die Forschung.</translation>
    </message>
    <message>
        <source>The text network of {model} is {text}, of the package transformers: that must be installed, and huggingface.co/{text} must be in its cache on this machine.</source>
        <translation>Das Textnetz von {model} ist {text} aus dem Paket transformers: Das muss installiert sein, und huggingface.co/{text} muss in dessen Zwischenspeicher auf diesem Rechner liegen.</translation>
    </message>
    <message>
        <source>The tokenizer of {name} does not belong to its network: it makes a token {token:,}, but the network knows {known:,}.</source>
        <translation>Der Tokenizer von {name} gehört nicht zu dessen Netz: Er macht ein Token {token:,}, aber das Netz kennt {known:,}.</translation>
    </message>
    <message>
        <source>The tokenizer of {name} is missing: put the {file} that was published with it into {folder}.</source>
        <translation>Der Tokenizer von {name} fehlt: Legen Sie die {file}, die damit veröffentlicht wurde, in {folder}.</translation>
    </message>
    <message>
        <source>The tokenizer of {name} is not on this machine; the weights alone are not enough. It comes from huggingface.co/{repository} and is fetched with the weights; or put its {file} beside them.</source>
        <translation>Der Tokenizer von {name} ist nicht auf diesem Rechner; die Gewichte allein genügen nicht. Er kommt von huggingface.co/{repository} und wird mit den Gewichten geholt; oder legen Sie seine {file} daneben.</translation>
    </message>
    <message>
        <source>The tokenizer {file} cannot be read; it is damaged.</source>
        <translation>Der Tokenizer {file} ist nicht zu lesen; er ist beschädigt.</translation>
    </message>
    <message>
        <source>The tokenizer {file} does not say what short texts are filled up with.</source>
        <translation>Der Tokenizer {file} sagt nicht, womit kurze Texte aufgefüllt werden.</translation>
    </message>
    <message>
        <source>The weights of {name} are not on this machine. On one with a network, get {places} and name the file; or use {starter}, which comes with the program.</source>
        <translation>Die Gewichte von {name} sind nicht auf diesem Rechner. Holen Sie an einem mit Netz {places} und nennen Sie die Datei; oder nehmen Sie {starter}, der zum Programm gehört.</translation>
    </message>
    <message>
        <source>The weights of {name} are not on this machine. They come from {source} and would be put into {place}. The starter encoder is always there; a file that was fetched elsewhere can be used as well.</source>
        <translation>Die Gewichte von {name} sind nicht auf diesem Rechner. Sie kommen von {source} und kämen nach {place}. Der Starter ist immer da; auch eine anderswo geholte Datei lässt sich verwenden.</translation>
    </message>
    <message>
        <source>The weights {file} cannot be read as those of {name} ({why}). Choose another file.</source>
        <translation>Die Gewichte {file} lassen sich nicht als die von {name} lesen ({why}). Wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>There are no published weights {name!r}. Expected MODEL:TAG as open_clip has them, such as ViT-B-32:openai.</source>
        <translation>Es gibt keine veröffentlichten Gewichte {name!r}. Erwartet wurde MODEL:TAG, wie open_clip sie kennt, etwa ViT-B-32:openai.</translation>
    </message>
    <message>
        <source>There are no {stage} scores yet. {how}</source>
        <translation>Es gibt noch keine Scores der Stufe {stage}. {how}</translation>
    </message>
    <message>
        <source>There is no network {name!r}. Expected a name that timm knows, e.g. {starter} or resnet101, or {paper}.</source>
        <translation>Es gibt kein Netz {name!r}. Erwartet wurde ein Name, den timm kennt, z. B. {starter} oder resnet101, oder {paper}.</translation>
    </message>
    <message>
        <source>Labelling photos</source>
        <translation>Fotos werden gelabelt</translation>
    </message>
    <message>
        <source>--difficult {value} is for a truth of VOC, but {file} is of the format {format}.</source>
        <translation>--difficult {value} ist für eine Wahrheit von VOC, aber {file} ist vom Format {format}.</translation>
    </message>
    <message>
        <source>1 file or folder</source>
        <translation>1 Datei oder Ordner</translation>
    </message>
    <message>
        <source>@{tag} (activation {activation}, mean {mean})</source>
        <translation>@{tag} (Aktivierung {activation}, Mittel {mean})</translation>
    </message>
    <message>
        <source>A small download that looks at photos in a high resolution.</source>
        <translation>Wenig herunterzuladen, sieht Fotos in hoher Auflösung an.</translation>
    </message>
    <message>
        <source>Agreement needs answers of two people, but nobody has answered yet; what was imported counts for nobody.</source>
        <translation>Übereinstimmung braucht Antworten von zwei Personen, aber noch hat niemand geantwortet; was importiert wurde, zählt für niemanden.</translation>
    </message>
    <message>
        <source>Agreement needs answers of two people, but one alone has answered. Whoever reviews next says who it is with --user NAME, or in the window under “Reviewing as”.</source>
        <translation>Übereinstimmung braucht Antworten von zwei Personen, aber nur eine hat geantwortet. Wer als Nächstes prüft, sagt mit --user NAME, wer es ist, oder im Fenster unter „Prüfen als“.</translation>
    </message>
    <message>
        <source>Apple&apos;s graphics</source>
        <translation>Grafik von Apple</translation>
    </message>
    <message>
        <source>Comes with the program, for any machine: EfficientNet-Lite2 and MiniLM.</source>
        <translation>Gehört zum Programm, für jeden Rechner: EfficientNet-Lite2 und MiniLM.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Englisch</translation>
    </message>
    <message>
        <source>English and many other languages</source>
        <translation>Englisch und viele andere Sprachen</translation>
    </message>
    <message>
        <source>Expected confirmed, rejected, suggested or maybe (1, 0 or a score) for {label!r}, but got {state!r}.</source>
        <translation>Erwartet wurde confirmed, rejected, suggested oder maybe (1, 0 oder ein Score) für {label!r}, aber da steht {state!r}.</translation>
    </message>
    <message>
        <source>Expected the way to train to be {head} or {full}, but got {train!r}.</source>
        <translation>Erwartet wurde als Trainingsart {head} oder {full}, aber da steht {train!r}.</translation>
    </message>
    <message>
        <source>Expected {file} to be a configuration in JSON of at most 1 MB, but it is none.</source>
        <translation>Erwartet wurde {file} als Konfiguration in JSON von höchstens 1 MB, aber es ist keine.</translation>
    </message>
    <message>
        <source>Expected {file} to give three numbers each as mean and std of the pixels, those of std above 0, but it has {mean} and {std}.</source>
        <translation>Erwartet wurden in {file} je drei Zahlen als mean und std der Pixel, die von std über 0, aber da stehen {mean} und {std}.</translation>
    </message>
    <message>
        <source>Expected {name} to be {known} or {last}, but got {value!r}.</source>
        <translation>Erwartet wurde für {name} {known} oder {last}, aber da steht {value!r}.</translation>
    </message>
    <message>
        <source>Expected {what} to be auto, cpu, cuda, cuda:1 (the second card) or mps, but got {name!r}.</source>
        <translation>Erwartet wurde für {what} auto, cpu, cuda, cuda:1 (die zweite Karte) oder mps, aber da steht {name!r}.</translation>
    </message>
    <message>
        <source>Fast on any processor, and far better than the starter.</source>
        <translation>Schnell auf jedem Prozessor und weit besser als der Starter.</translation>
    </message>
    <message>
        <source>Fetching {encoder}</source>
        <translation>{encoder} wird geholt</translation>
    </message>
    <message>
        <source>For a graphics card: clearly better, slow on a processor.</source>
        <translation>Für eine Grafikkarte: deutlich besser, auf einem Prozessor langsam.</translation>
    </message>
    <message>
        <source>How predictions are compared with labels: bce each label alone, kl (the paper&apos;s) all at once, reverse-kl the same the other way round.</source>
        <translation>Wie Vorhersagen mit Labels verglichen werden: bce jedes Label für sich, kl (der Artikel) alle auf einmal, reverse-kl dasselbe andersherum.</translation>
    </message>
    <message>
        <source>How strongly large weights are held back; the more photos there are, the less by each.</source>
        <translation>Wie stark große Gewichte zurückgehalten werden; je mehr Fotos es sind, desto weniger von jedem.</translation>
    </message>
    <message>
        <source>It is no list of labels ({why}).</source>
        <translation>Das ist keine Liste von Labels ({why}).</translation>
    </message>
    <message>
        <source>It is not a small file, as one of labels is.</source>
        <translation>Sie ist keine kleine Datei, wie eine mit Labels es ist.</translation>
    </message>
    <message>
        <source>Labels move after every so many epochs; 0 keeps them as they are.</source>
        <translation>Nach jeweils so vielen Epochen bewegen sich die Labels; 0 lässt sie, wie sie sind.</translation>
    </message>
    <message>
        <source>Labels of the project that are not compared: {count} ({labels}).</source>
        <translation>Labels des Projekts, die nicht verglichen werden: {count} ({labels}).</translation>
    </message>
    <message>
        <source>Labels wait until the classifier has learnt most of them; the paper has no such rule.</source>
        <translation>Labels warten, bis der Klassifikator die meisten gelernt hat; der Artikel hat keine solche Regel.</translation>
    </message>
    <message>
        <source>Labels whose scores are what people&apos;s answers taught: {count} ({labels}).</source>
        <translation>Labels, deren Scores sind, was Antworten lehrten: {count} ({labels}).</translation>
    </message>
    <message>
        <source>Labels with one score on all photos, so that AP is the share of positives: {count} ({labels}).</source>
        <translation>Labels mit demselben Score auf allen Fotos, sodass AP der Anteil der Positiven ist: {count} ({labels}).</translation>
    </message>
    <message>
        <source>Labels without a positive do not enter mAP: {count} ({labels}).</source>
        <translation>Labels ohne Positive zählen nicht zu mAP: {count} ({labels}).</translation>
    </message>
    <message>
        <source>Looking at photos</source>
        <translation>Fotos werden angesehen</translation>
    </message>
    <message>
        <source>Matching photos</source>
        <translation>Fotos werden zugeordnet</translation>
    </message>
    <message>
        <source>NUS-WIDE, 81 concepts</source>
        <translation>NUS-WIDE, 81 Begriffe</translation>
    </message>
    <message>
        <source>NUS-WIDE, a file of 0 and 1 for each concept</source>
        <translation>NUS-WIDE, eine Datei aus 0 und 1 für jeden Begriff</translation>
    </message>
    <message>
        <source>No label of the truth has the name of a label of the project. Is it the right file?</source>
        <translation>Kein Label der Wahrheit heißt wie ein Label des Projekts. Ist es die richtige Datei?</translation>
    </message>
    <message>
        <source>No label of the truth {name!r} means a label of the project. Say which is which.</source>
        <translation>Kein Label der Wahrheit {name!r} bedeutet ein Label des Projekts. Sagen Sie, welches welches ist.</translation>
    </message>
    <message>
        <source>No label of {file} ({label}, …) is in the project. Choose to add new labels, or another file.</source>
        <translation>Kein Label aus {file} ({label}, …) ist im Projekt. Lassen Sie neue Labels hinzufügen oder wählen Sie eine andere Datei.</translation>
    </message>
    <message>
        <source>No network can be built of this configuration: {why}.</source>
        <translation>Aus dieser Konfiguration lässt sich kein Netz bauen: {why}.</translation>
    </message>
    <message>
        <source>No photo has scores of both {first} and {second}.</source>
        <translation>Kein Foto hat Scores von {first} und von {second}.</translation>
    </message>
    <message>
        <source>No photo of the truth has the name of a photo of the project. Is it the right file?</source>
        <translation>Kein Foto der Wahrheit heißt wie ein Foto des Projekts. Ist es die richtige Datei?</translation>
    </message>
    <message>
        <source>No photo of the truth {name!r} has {stage} scores. Label these photos first.</source>
        <translation>Kein Foto der Wahrheit {name!r} hat Scores der Stufe {stage}. Labeln Sie diese Fotos zuerst.</translation>
    </message>
    <message>
        <source>No photos are open.</source>
        <translation>Es sind keine Fotos geöffnet.</translation>
    </message>
    <message>
        <source>No pretrained weights are published for {name}. Name a file of weights.</source>
        <translation>Für {name} sind keine Gewichte veröffentlicht. Nennen Sie eine Datei mit Gewichten.</translation>
    </message>
    <message>
        <source>No score in {file} is of a photo in the project. Is it the right file for these photos?</source>
        <translation>Kein Score in {file} gehört zu einem Foto des Projekts. Ist es die richtige Datei für diese Fotos?</translation>
    </message>
    <message>
        <source>No training waits to be accepted or discarded.</source>
        <translation>Kein Training wartet darauf, übernommen oder verworfen zu werden.</translation>
    </message>
    <message>
        <source>None of the labelled photos can be read any more. Is their drive connected?</source>
        <translation>Keines der gelabelten Fotos ist noch lesbar. Ist ihr Laufwerk verbunden?</translation>
    </message>
    <message>
        <source>None of the project&apos;s labels ({ours}, …) is among its labels ({theirs}, …). Choose another one, or a project of its own for it.</source>
        <translation>Keines der Labels des Projekts ({ours}, …) ist unter diesen ({theirs}, …). Wählen Sie etwas anderes oder dafür ein eigenes Projekt.</translation>
    </message>
    <message>
        <source>Nothing could be written to {folder} ({why}). Check that the disk has room and the folder is still there; what was there before is unharmed.</source>
        <translation>In {folder} ließ sich nichts schreiben ({why}). Prüfen Sie, ob Platz ist und ob es den Ordner noch gibt; was vorher dort war, ist unversehrt.</translation>
    </message>
    <message>
        <source>ONNX needs packages that are not installed ({why}). Install them with: pip install &apos;cdul[onnx]&apos;</source>
        <translation>ONNX braucht Pakete, die fehlen ({why}). Installieren Sie sie mit: pip install &apos;cdul[onnx]&apos;</translation>
    </message>
    <message>
        <source>Of full training, how photos differ from epoch to epoch: crop and mirror them, mirror them, or none.</source>
        <translation>Beim Training des ganzen Netzes, wie sich Fotos von Epoche zu Epoche unterscheiden: zuschneiden und spiegeln, spiegeln oder gar nicht.</translation>
    </message>
    <message>
        <source>Of full training, where the last layer begins: at how frequent labels are, or at random.</source>
        <translation>Beim Training des ganzen Netzes, wo die letzte Schicht beginnt: bei der Häufigkeit der Labels oder zufällig.</translation>
    </message>
    <message>
        <source>Only one label counts: mAP is its AP.</source>
        <translation>Nur ein Label zählt: mAP ist sein AP.</translation>
    </message>
    <message>
        <source>OpenAI&apos;s own program wrote it</source>
        <translation>OpenAIs eigenes Programm hat sie geschrieben</translation>
    </message>
    <message>
        <source>Opening the classifier</source>
        <translation>Klassifikator wird geöffnet</translation>
    </message>
    <message>
        <source>Opening the encoder</source>
        <translation>Encoder wird geöffnet</translation>
    </message>
    <message>
        <source>PASCAL VOC, 20 things</source>
        <translation>PASCAL VOC, 20 Dinge</translation>
    </message>
    <message>
        <source>Pascal VOC</source>
        <translation>Pascal VOC</translation>
    </message>
    <message>
        <source>Pascal VOC, class files or annotations</source>
        <translation>Pascal VOC, Klassendateien oder Annotationen</translation>
    </message>
    <message>
        <source>Photos of the truth without scores of this stage: {count}.</source>
        <translation>Fotos der Wahrheit ohne Scores dieser Stufe: {count}.</translation>
    </message>
    <message>
        <source>Photos that are learnt from at a time.</source>
        <translation>Fotos, aus denen auf einmal gelernt wird.</translation>
    </message>
    <message>
        <source>Photos that are not in the truth and do not count: {count}.</source>
        <translation>Fotos, die nicht in der Wahrheit sind und nicht zählen: {count}.</translation>
    </message>
    <message>
        <source>Published weights that open_clip knows.</source>
        <translation>Veröffentlichte Gewichte, die open_clip kennt.</translation>
    </message>
    <message>
        <source>Put back a backup copy, or move it away to begin anew.</source>
        <translation>Legen Sie eine Sicherung zurück, oder legen Sie sie beiseite, um neu zu beginnen.</translation>
    </message>
    <message>
        <source>Reading photos</source>
        <translation>Fotos werden gelesen</translation>
    </message>
    <message>
        <source>Reading what the encoder saw</source>
        <translation>Lesen, was der Encoder sah</translation>
    </message>
    <message>
        <source>Run {run} has no {stage} scores. These have: {those}.</source>
        <translation>Lauf {run} hat keine Scores der Stufe {stage}. Diese haben welche: {those}.</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>Scores</translation>
    </message>
    <message>
        <source>Scoring</source>
        <translation>Scores werden berechnet</translation>
    </message>
    <message>
        <source>Sees smaller things than B/32, at four times the work.</source>
        <translation>Sieht kleinere Dinge als B/32, mit viermal so viel Arbeit.</translation>
    </message>
    <message>
        <source>Side of the square that photos are squashed to, in pixels; 0 for what the network was trained with.</source>
        <translation>Seite des Quadrats, auf das Fotos gestaucht werden, in Pixeln; 0 für das, womit das Netz trainiert wurde.</translation>
    </message>
    <message>
        <source>Small and good. Its licence is for research only.</source>
        <translation>Klein und gut. Seine Lizenz gilt nur für die Forschung.</translation>
    </message>
    <message>
        <source>Somebody on the way to {host} shows a certificate that this computer does not trust.</source>
        <translation>Auf dem Weg zu {host} zeigt jemand ein Zertifikat, dem dieser Rechner nicht traut.</translation>
    </message>
    <message>
        <source>Start of the random numbers; the same seed gives the same result.</source>
        <translation>Anfang der Zufallszahlen; derselbe Startwert ergibt dasselbe.</translation>
    </message>
    <message>
        <source>Stop after so many epochs without progress; 0 goes on to the last epoch.</source>
        <translation>Nach so vielen Epochen ohne Fortschritt aufhören; 0 macht bis zur letzten Epoche weiter.</translation>
    </message>
    <message>
        <source>Stretch each label&apos;s suggestions until its clearest photos are near 1; the paper has them as they are.</source>
        <translation>Die Vorschläge jedes Labels strecken, bis seine deutlichsten Fotos nahe 1 sind; der Artikel lässt sie, wie sie sind.</translation>
    </message>
    <message>
        <source>Taking fingerprints</source>
        <translation>Fingerabdrücke werden genommen</translation>
    </message>
    <message>
        <source>Text files, one for each photo, with commas between labels</source>
        <translation>Textdateien, eine je Foto, mit Kommas zwischen den Labels</translation>
    </message>
    <message>
        <source>Text for each photo</source>
        <translation>Text je Foto</translation>
    </message>
    <message>
        <source>The column {name!r} is there twice.</source>
        <translation>Die Spalte {name!r} gibt es zweimal.</translation>
    </message>
    <message>
        <source>The detector&apos;s weights cannot be read from {file} ({why}). Install the program again.</source>
        <translation>Die Gewichte des Detektors können nicht aus {file} gelesen werden ({why}). Installieren Sie das Programm neu.</translation>
    </message>
    <message>
        <source>The detector&apos;s weights in {file} are damaged: expected the digest {wanted}, but got {found}. Install the program again.</source>
        <translation>Die Gewichte des Detektors in {file} sind beschädigt: Erwartet wird die Prüfsumme {wanted}, aber es kam {found}. Installieren Sie das Programm neu.</translation>
    </message>
    <message>
        <source>The encoder {name} changed since the photos were labelled. Label them again.</source>
        <translation>Der Encoder {name} hat sich geändert, seit die Fotos gelabelt wurden. Labeln Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The encoders know English words, and {name!r} is none that is known. Check its spelling, or give it a prompt in English.</source>
        <translation>Die Encoder kennen englische Wörter, und {name!r} ist kein bekanntes. Prüfen Sie die Schreibweise, oder geben Sie dem Label einen englischen Prompt.</translation>
    </message>
    <message>
        <source>The labels are still suggested by the last training, which learnt from the settings before: refine again, or take the training back in the history.</source>
        <translation>Die Labels schlägt weiter das letzte Training vor, das aus den vorigen Einstellungen gelernt hat: Trainieren Sie noch einmal, oder nehmen Sie das Training im Verlauf zurück.</translation>
    </message>
    <message>
        <source>The encoders know English words: {instead!r} in place of {name!r}.</source>
        <translation>Die Encoder kennen englische Wörter: {instead!r} statt {name!r}.</translation>
    </message>
    <message>
        <source>--fast is for this computer, not for --engine ray. Add --no-fast.</source>
        <translation>--fast ist für diesen Computer, nicht für --engine ray. Fügen Sie --no-fast hinzu.</translation>
    </message>
    <message>
        <source>1 answer</source>
        <translation>1 Antwort</translation>
    </message>
    <message>
        <source>A folder with a list for each label that says of every photo yes, no (also where it was left alone on a reviewed photo) or undecided</source>
        <translation>Ein Ordner mit einer Liste je Label, die von jedem Foto ja, nein (auch wo es auf einem durchgesehenen Foto stehen gelassen wurde) oder offen sagt</translation>
    </message>
    <message>
        <source>A folder with tables of answers and of suggestions, names of the labels, and their tree</source>
        <translation>Ein Ordner mit Tabellen der Antworten und der Vorschläge, den Namen der Labels und ihrem Baum</translation>
    </message>
    <message>
        <source>A label cannot stand below itself: {circle}. Take one of these out first.</source>
        <translation>Ein Label kann nicht unter sich selbst stehen: {circle}. Nehmen Sie zuerst eines davon heraus.</translation>
    </message>
    <message>
        <source>A plug-in of the package {package}, which you installed.</source>
        <translation>Eine Erweiterung aus dem Paket {package}, das Sie installiert haben.</translation>
    </message>
    <message>
        <source>A single label has nothing to compare with here, so it is on every photo. Name several labels, or use the preset default, which compares with other things as well.</source>
        <translation>Ein einzelnes Label hat hier nichts, womit es verglichen wird, und steht deshalb an jedem Foto. Mehrere Labels nennen oder die Voreinstellung default nehmen, die auch mit anderen Dingen vergleicht.</translation>
    </message>
    <message>
        <source>A worker could not begin or was lost again and again: {why}</source>
        <translation>Ein Arbeiter konnte nicht anfangen oder ging immer wieder verloren: {why}</translation>
    </message>
    <message>
        <source>A worker&apos;s {encoder} makes other embeddings ({there}) than this machine&apos;s ({here}): its processor computes in another precision, or its files differ. Use machines of one kind.</source>
        <translation>{encoder} macht bei einem Arbeiter andere Einbettungen ({there}) als auf diesem Rechner ({here}): Sein Prozessor rechnet in anderer Genauigkeit, oder seine Dateien sind andere. Rechner einer Art nehmen.</translation>
    </message>
    <message>
        <source>Ask for a second opinion first.</source>
        <translation>Holen Sie erst eine zweite Meinung ein.</translation>
    </message>
    <message>
        <source>Calibrating the fast encoder</source>
        <translation>Der schnelle Encoder wird kalibriert</translation>
    </message>
    <message>
        <source>Comparing photos with words</source>
        <translation>Fotos werden mit Wörtern verglichen</translation>
    </message>
    <message>
        <source>Comparing with the labels</source>
        <translation>Vergleich mit den Labels</translation>
    </message>
    <message>
        <source>Computed in whole numbers, {name} says something else on your photos (cosine {mean:.3f} with what it says exactly, where {least} is asked for), so it is not used like that. Label with it as it is.</source>
        <translation>In ganzen Zahlen berechnet sagt {name} zu Ihren Fotos etwas anderes (Kosinus {mean:.3f} mit dem, was er genau sagt, wobei {least} verlangt ist), deshalb wird er so nicht benutzt. Beschriften Sie damit, wie er ist.</translation>
    </message>
    <message>
        <source>Did you mean “{near}”?</source>
        <translation>Meinten Sie „{near}“?</translation>
    </message>
    <message>
        <source>Drawing photos</source>
        <translation>Fotos werden gezeichnet</translation>
    </message>
    <message>
        <source>Encoding words</source>
        <translation>Wörter werden kodiert</translation>
    </message>
    <message>
        <source>Expected a class and the numbers of a box, but got {line!r}.</source>
        <translation>Erwartet wurden eine Klasse und die Zahlen eines Rahmens, aber da steht {line!r}.</translation>
    </message>
    <message>
        <source>Expected a count from 1 and a share from 0 to 100 %, but got {count} and {share} %.</source>
        <translation>Erwartet werden eine Anzahl ab 1 und ein Anteil von 0 bis 100 %, nicht {count} und {share} %.</translation>
    </message>
    <message>
        <source>Expected a folder or an address such as s3://bucket/photos, but got {address!r}.</source>
        <translation>Erwartet wird ein Ordner oder eine Adresse wie s3://bucket/photos, nicht {address!r}.</translation>
    </message>
    <message>
        <source>Expected a label&apos;s name to have at most {most} characters, but got {count:,}: {name} …</source>
        <translation>Erwartet wurde ein Label mit höchstens {most} Zeichen, aber es sind {count:,}: {name} …</translation>
    </message>
    <message>
        <source>Expected a number as id, but got {id}.</source>
        <translation>Erwartet wurde eine Zahl als id, aber da steht {id}.</translation>
    </message>
    <message>
        <source>Expected a person&apos;s name of 1 to {most} letters, but got {name!r}.</source>
        <translation>Erwartet wird der Name einer Person mit 1 bis {most} Zeichen, nicht {name!r}.</translation>
    </message>
    <message>
        <source>Expected a proxy such as http://proxy.example:3128, but got {address}.</source>
        <translation>Erwartet wurde ein Proxy wie http://proxy.example:3128, es kam aber {address}.</translation>
    </message>
    <message>
        <source>Expected a rule named {rules}, but got {name!r}.</source>
        <translation>Erwartet wird eine Regel namens {rules}, nicht {name!r}.</translation>
    </message>
    <message>
        <source>Expected a text under {name!r}, but got {value}.</source>
        <translation>Erwartet wurde ein Text unter {name!r}, aber da steht {value}.</translation>
    </message>
    <message>
        <source>Expected a torchvision that is made for torch {torch}, but torchvision {torchvision} is made for {other} ({why}). Both must come from the same index. {mended}</source>
        <translation>Nötig ist ein torchvision, das für torch {torch} gemacht ist, aber torchvision {torchvision} ist für {other} gemacht ({why}). Beide müssen aus demselben Index kommen. {mended}</translation>
    </message>
    <message>
        <source>Expected an address such as https://huggingface.co, but got {address}.</source>
        <translation>Erwartet wurde eine Adresse wie https://huggingface.co, aber da steht {address}.</translation>
    </message>
    <message>
        <source>Expected at most {most} other names of a label, but got {count}.</source>
        <translation>Erwartet wurden höchstens {most} weitere Namen eines Labels, es kamen {count}.</translation>
    </message>
    <message>
        <source>Expected days such as 2024, 2024-05, *-12 (each December) or 2024-05-01..2024-05-14, but got {came!r}.</source>
        <translation>Erwartet werden Tage wie 2024, 2024-05, *-12 (jeder Dezember) oder 2024-05-01..2024-05-14, gekommen ist {came!r}.</translation>
    </message>
    <message>
        <source>Expected one of the keys {keys}, but there are {found}.</source>
        <translation>Erwartet war einer der Schlüssel {keys}, aber es gibt {found}.</translation>
    </message>
    <message>
        <source>Expected one of {fields} and a pattern, like &apos;folder:Dogs*&apos;, but got {came!r}.</source>
        <translation>Erwartet wird eines von {fields} und ein Muster, wie &apos;folder:Hunde*&apos;, gekommen ist {came!r}.</translation>
    </message>
    <message>
        <source>Expected photos of one folder, but got some of another one behind it.</source>
        <translation>Erwartet werden Fotos eines Ordners; dahinter stehen welche eines anderen.</translation>
    </message>
    <message>
        <source>Expected photos of one folder, but got some on several drives.</source>
        <translation>Erwartet wurden Fotos eines Ordners, aber es sind welche auf mehreren Laufwerken.</translation>
    </message>
    <message>
        <source>Expected the name of a label, but got a text of {letters:,} letters.</source>
        <translation>Erwartet wurde der Name eines Labels, aber da steht ein Text von {letters:,} Zeichen.</translation>
    </message>
    <message>
        <source>Expected the name of the picture to end in {known}, but got {file}.</source>
        <translation>Erwartet wurde ein Bild, dessen Name auf {known} endet, war aber {file}.</translation>
    </message>
    <message>
        <source>Expected the package {package} to be installed, but it is not ({why}). {mended}</source>
        <translation>Das Paket {package} müsste installiert sein, ist es aber nicht ({why}). {mended}</translation>
    </message>
    <message>
        <source>Expected the package {package} to load, but it does not ({why}): it is damaged, or does not fit this system or what is installed beside it. {mended}</source>
        <translation>Das Paket {package} müsste sich laden lassen, tut es aber nicht ({why}): Es ist beschädigt oder passt nicht zu diesem System oder zu dem, was daneben installiert ist. {mended}</translation>
    </message>
    <message>
        <source>Expected true or false for the flag {flag!r}, but got {value}.</source>
        <translation>Erwartet wurde true oder false für die Markierung {flag!r}, aber da steht {value}.</translation>
    </message>
    <message>
        <source>Install CDUL again.</source>
        <translation>Installieren Sie CDUL neu.</translation>
    </message>
    <message>
        <source>Install it again: {command}</source>
        <translation>So wird es neu installiert: {command}</translation>
    </message>
    <message>
        <source>It has more than {most:,} keywords.</source>
        <translation>Sie hat mehr als {most:,} Stichwörter.</translation>
    </message>
    <message>
        <source>It holds numbers, as {numbers!r}, and no labels. Is it YOLO?</source>
        <translation>Sie enthält Zahlen, etwa {numbers!r}, und keine Labels. Ist es YOLO?</translation>
    </message>
    <message>
        <source>It holds prose, as {text!r}, and no labels between commas.</source>
        <translation>Sie enthält Fließtext, etwa {text!r}, und keine Labels zwischen Kommas.</translation>
    </message>
    <message>
        <source>It is no list of labels that CDUL wrote.</source>
        <translation>Es ist keine Liste von Labels, die CDUL geschrieben hat.</translation>
    </message>
    <message>
        <source>It is not UTF-8. Letters were read as those of Windows-1252, as in {label!r}; if they are others, save it as UTF-8 first.</source>
        <translation>Sie ist nicht UTF-8. Zeichen wurden als die von Windows-1252 gelesen, wie in {label!r}; sind es andere, speichern Sie sie zuerst als UTF-8.</translation>
    </message>
    <message>
        <source>It is not YAML ({why}).</source>
        <translation>Es ist kein YAML ({why}).</translation>
    </message>
    <message>
        <source>It was changed since.</source>
        <translation>Sie wurde seitdem geändert.</translation>
    </message>
    <message>
        <source>Its labels are codes, as {code!r}. Put Open Images&apos; class-descriptions.csv beside it, which has their names.</source>
        <translation>Ihre Labels sind Kürzel, wie {code!r}. Legen Sie class-descriptions.csv von Open Images daneben, worin ihre Namen stehen.</translation>
    </message>
    <message>
        <source>Labels imported</source>
        <translation>Labels importiert</translation>
    </message>
    <message>
        <source>Labels suggested</source>
        <translation>Labels vorgeschlagen</translation>
    </message>
    <message>
        <source>Labels suggested by a classifier</source>
        <translation>Labels von einem Klassifikator vorgeschlagen</translation>
    </message>
    <message>
        <source>Labels that the truth does not know, and that are there where one right below them is: {count} ({labels}).</source>
        <translation>Labels, die die Wahrheit nicht kennt und die da sind, wo eines direkt darunter es ist: {count} ({labels}).</translation>
    </message>
    <message>
        <source>No photo could be read, so there is nothing to have an opinion on.</source>
        <translation>Kein Foto ließ sich lesen, also gibt es nichts zu beurteilen.</translation>
    </message>
    <message>
        <source>No photo is as it was when the photos were labelled. Label them again.</source>
        <translation>Kein Foto ist noch so, wie es war, als die Fotos gelabelt wurden. Labeln Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>No worker has finished a part for {minutes} minutes. `ray status` tells whether they are there; what they finished is kept, and labelling again goes on from it.</source>
        <translation>Seit {minutes} Minuten ist kein Arbeiter mit einem Teil fertig geworden. `ray status` sagt, ob sie da sind; was fertig war, ist aufgehoben, und erneutes Labeln macht dort weiter.</translation>
    </message>
    <message>
        <source>Nobody has labelled these photos yet. Ask whoever looks after the project to.</source>
        <translation>Diese Fotos hat noch niemand gelabelt. Bitten Sie darum, wer sich um das Projekt kümmert.</translation>
    </message>
    <message>
        <source>None of what is named is a photo of the project in {photos}, such as {name!r}.</source>
        <translation>Nichts von dem Genannten ist ein Foto des Projekts in {photos}, etwa {name!r}.</translation>
    </message>
    <message>
        <source>Nothing can be kept at {address} ({why}).</source>
        <translation>Bei {address} lässt sich nichts aufheben ({why}).</translation>
    </message>
    <message>
        <source>Nothing is known of these photos yet. Label them first: that looks at every photo.</source>
        <translation>Von diesen Fotos ist noch nichts bekannt. Labeln Sie sie zuerst: Dabei wird jedes Foto angesehen.</translation>
    </message>
    <message>
        <source>Nothing was trained here yet: `cdul refine` trains a classifier.</source>
        <translation>Hier wurde noch nichts trainiert: `cdul refine` trainiert einen Klassifikator.</translation>
    </message>
    <message>
        <source>Of {photos} the workers sent nothing, {file} among them. All machines must see the photos under the same paths, with the same size and time of change.</source>
        <translation>Von {photos} haben die Arbeiter nichts geschickt, darunter {file}. Alle Rechner müssen die Fotos unter denselben Pfaden sehen, mit gleicher Größe und Änderungszeit.</translation>
    </message>
    <message>
        <source>Open Images</source>
        <translation>Open Images</translation>
    </message>
    <message>
        <source>OpenVINO cannot compute the network of {name}, so that there is no fast form of it.</source>
        <translation>OpenVINO kann das Netz von {name} nicht berechnen, so dass es keine schnelle Form davon gibt.</translation>
    </message>
    <message>
        <source>People answered {count:,} of the compared pairs of photo and label, and these scores have learnt from the answers: photos that nobody looked at may fare worse. Likely there is what was likely without the answers.</source>
        <translation>{count:,} der verglichenen Paare aus Foto und Label sind beantwortet, und diese Scores haben aus den Antworten gelernt: Um Fotos, die niemand ansah, kann es schlechter stehen. Wahrscheinlich ist dort, was ohne die Antworten wahrscheinlich war.</translation>
    </message>
    <message>
        <source>Photos in {address} are read by a package that is not installed. Install it with: pip install {package}</source>
        <translation>Fotos in {address} liest ein Paket, das nicht installiert ist. Installieren Sie es mit: pip install {package}</translation>
    </message>
    <message>
        <source>Pictures of plots need Matplotlib ({why}). Install it with: pip install &apos;cdul[plots]&apos;</source>
        <translation>Bilder von Kurven brauchen Matplotlib ({why}). Installieren Sie es mit: pip install &apos;cdul[plots]&apos;</translation>
    </message>
    <message>
        <source>Ray cannot begin a cluster of this machine ({why}).</source>
        <translation>Ray kann auf diesem Rechner keinen Cluster beginnen ({why}).</translation>
    </message>
    <message>
        <source>Ray is not installed. Install it with: pip install &apos;cdul[cluster]&apos;</source>
        <translation>Ray ist nicht installiert. Installieren mit: pip install &apos;cdul[cluster]&apos;</translation>
    </message>
    <message>
        <source>Reading the labels</source>
        <translation>Labels werden gelesen</translation>
    </message>
    <message>
        <source>Reading what photos say of themselves</source>
        <translation>Lesen, was Fotos über sich sagen</translation>
    </message>
    <message>
        <source>Say what to set: labels to confirm, to reject or to clear, or whether reviewed.</source>
        <translation>Sagen Sie, was gesetzt werden soll: Labels zum Bestätigen, Ablehnen oder Zurücknehmen, oder ob durchgesehen.</translation>
    </message>
    <message>
        <source>Second opinion</source>
        <translation>Zweite Meinung</translation>
    </message>
    <message>
        <source>Starting Ray&apos;s workers in the cluster at {address}…</source>
        <translation>Rays Worker im Cluster {address} werden gestartet …</translation>
    </message>
    <message>
        <source>Starting Ray&apos;s workers on this machine…</source>
        <translation>Rays Worker werden auf diesem Rechner gestartet …</translation>
    </message>
    <message>
        <source>Suggestions refined by a classifier</source>
        <translation>Vorschläge von einem Klassifikator verfeinert</translation>
    </message>
    <message>
        <source>The Ray cluster at {address} asks for a token, and there is none here. Copy ~/.ray/auth_token from the machine where the cluster was started to the same place on this one.</source>
        <translation>Der Ray-Cluster {address} verlangt ein Token, und hier ist keines. Kopieren Sie ~/.ray/auth_token von dem Rechner, auf dem der Cluster gestartet wurde, an denselben Ort auf diesem.</translation>
    </message>
    <message>
        <source>The Ray cluster at {address} asks for a token, but RAY_AUTH_MODE={mode} has Ray not show it. Set it to token.</source>
        <translation>Der Ray-Cluster {address} verlangt ein Token, aber wegen RAY_AUTH_MODE={mode} zeigt Ray es nicht vor. Setzen Sie die Variable auf token.</translation>
    </message>
    <message>
        <source>The Ray cluster at {address} asks for another token than the one here. Copy ~/.ray/auth_token from the machine where the cluster was started to the same place on this one; RAY_AUTH_TOKEN, if set, comes first.</source>
        <translation>Der Ray-Cluster {address} verlangt ein anderes Token als das hiesige. Kopieren Sie ~/.ray/auth_token von dem Rechner, auf dem der Cluster gestartet wurde, an denselben Ort auf diesem; RAY_AUTH_TOKEN geht vor, falls gesetzt.</translation>
    </message>
    <message>
        <source>The class {index} has no name; there are names for {count:,}.</source>
        <translation>Die Klasse {index} hat keinen Namen; Namen gibt es für {count:,}.</translation>
    </message>
    <message>
        <source>The disk with {folder} is full.</source>
        <translation>Das Laufwerk mit {folder} ist voll.</translation>
    </message>
    <message>
        <source>The encoder {name} of the package {package} cannot be opened: {why}.</source>
        <translation>Der Encoder {name} aus dem Paket {package} lässt sich nicht öffnen: {why}.</translation>
    </message>
    <message>
        <source>The encoder {name} on this computer is not the one that the photos were labelled with. Install the same version of CDUL as whoever labels has.</source>
        <translation>Der Encoder {name} auf diesem Computer ist nicht der, mit dem die Fotos gelabelt wurden. Installieren Sie die Version von CDUL, die auch hat, wer labelt.</translation>
    </message>
    <message>
        <source>The fast form of this encoder is {how_fast}. On {parts} parts of your photos both see the same to {mean:.2f} % on average, and to {least:.2f} % at least.</source>
        <translation>Die schnelle Form dieses Encoders ist {how_fast}. Auf {parts} Teilen Ihrer Fotos sehen beide im Mittel zu {mean:.2f} % dasselbe, und mindestens zu {least:.2f} %.</translation>
    </message>
    <message>
        <source>The fast form of {name} cannot be kept in {folder} ({why}). Make room there, or label again where another program made it at this moment; without --fast the exact one is used.</source>
        <translation>Die schnelle Form von {name} kann in {folder} nicht abgelegt werden ({why}). Schaffen Sie dort Platz, oder labeln Sie noch einmal, falls ein anderes Programm sie eben angelegt hat; ohne --fast wird die genaue verwendet.</translation>
    </message>
    <message>
        <source>The file cannot be read ({why}).</source>
        <translation>Die Datei kann nicht gelesen werden ({why}).</translation>
    </message>
    <message>
        <source>The file has {size} MB; at most {most} are read.</source>
        <translation>Die Datei hat {size} MB; höchstens {most} werden gelesen.</translation>
    </message>
    <message>
        <source>The file is damaged ({why}).</source>
        <translation>Die Datei ist beschädigt ({why}).</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>The file is no longer there.</source>
        <translation>Die Datei ist nicht mehr da.</translation>
    </message>
    <message>
        <source>The file is not a photo in a known format.</source>
        <translation>Die Datei ist kein Foto in einem bekannten Format.</translation>
    </message>
    <message>
        <source>The first line names a photo and not what the columns are. Put a line above it such as file_name,label.</source>
        <translation>Die erste Zeile nennt ein Foto und nicht, was die Spalten sind. Setzen Sie eine Zeile wie file_name,label darüber.</translation>
    </message>
    <message>
        <source>The folder {folder} holds an earlier export and other files, {name!r} for one. Choose another folder, or move these files away.</source>
        <translation>Der Ordner {folder} enthält einen früheren Export und andere Dateien, zum Beispiel {name!r}. Wählen Sie einen anderen Ordner oder räumen Sie diese Dateien weg.</translation>
    </message>
    <message>
        <source>The folder {folder} holds an earlier export. Say that it may be replaced, or choose another.</source>
        <translation>Der Ordner {folder} enthält einen früheren Export. Erlauben Sie, ihn zu ersetzen, oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>The folder {folder} holds neither weights (.safetensors, .bin or .pt) nor {file}, so it is no model.</source>
        <translation>Der Ordner {folder} enthält weder Gewichte (.safetensors, .bin oder .pt) noch {file}, ist also kein Modell.</translation>
    </message>
    <message>
        <source>The folder {folder} is not empty. Choose a new or an empty folder.</source>
        <translation>Der Ordner {folder} ist nicht leer. Wählen Sie einen neuen oder leeren Ordner.</translation>
    </message>
    <message>
        <source>The folder {photos} cannot be read ({why}). Give yourself the right to read it, or choose another one.</source>
        <translation>Der Ordner {photos} kann nicht gelesen werden ({why}). Geben Sie sich das Recht dazu, oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>The history has no entry {name!r}. An edit has a number such as 12, a run one such as r3.</source>
        <translation>Der Verlauf hat keinen Eintrag {name!r}. Eine Bearbeitung hat eine Nummer wie 12, ein Lauf eine wie r3.</translation>
    </message>
    <message>
        <source>The id {id} is there twice.</source>
        <translation>Die id {id} gibt es zweimal.</translation>
    </message>
    <message>
        <source>The key {key!r} is there twice in one object.</source>
        <translation>Den Schlüssel {key!r} gibt es in einem Objekt zweimal.</translation>
    </message>
    <message>
        <source>The key {key} belongs to the label {name!r}. Choose another one.</source>
        <translation>Die Taste {key} gehört dem Label {name!r}. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The label set is empty. Name at least one label.</source>
        <translation>Der Label-Satz ist leer. Nennen Sie mindestens ein Label.</translation>
    </message>
    <message>
        <source>The label set {file} cannot be read ({why}).</source>
        <translation>Der Label-Satz {file} kann nicht gelesen werden ({why}).</translation>
    </message>
    <message>
        <source>The label set {file} is larger than {most} MB. Is it a list of labels?</source>
        <translation>Der Label-Satz {file} ist größer als {most} MB. Ist das eine Liste von Labels?</translation>
    </message>
    <message>
        <source>The label set {file} is not UTF-8 text ({reason} at byte {start}).</source>
        <translation>Der Label-Satz {file} ist kein UTF-8-Text ({reason} bei Byte {start}).</translation>
    </message>
    <message>
        <source>The label {name!r} is in the label set already.</source>
        <translation>Das Label {name!r} ist schon im Label-Satz.</translation>
    </message>
    <message>
        <source>The label {name!r} is there twice. Names must differ by more than capitals.</source>
        <translation>Das Label {name!r} ist zweimal da. Namen müssen sich durch mehr als Groß- und Kleinschreibung unterscheiden.</translation>
    </message>
    <message>
        <source>The library {library} is not installed. Install it with pip install {library}.</source>
        <translation>Die Bibliothek {library} ist nicht installiert. Installieren Sie sie mit pip install {library}.</translation>
    </message>
    <message>
        <source>The list of the label {label!r} was not written: its file&apos;s name would be too long for this disk, which takes {most} bytes. Shorten the label&apos;s name.</source>
        <translation>Die Liste des Labels {label!r} wurde nicht geschrieben: Ihr Dateiname wäre für dieses Laufwerk zu lang, das {most} Bytes erlaubt. Kürzen Sie den Namen des Labels.</translation>
    </message>
    <message>
        <source>The memory of this computer is not enough for that. Close other programs, or choose a smaller network. What was done so far is kept.</source>
        <translation>Der Arbeitsspeicher dieses Rechners reicht dafür nicht. Schließen Sie andere Programme, oder wählen Sie ein kleineres Netz. Was bis jetzt getan wurde, bleibt.</translation>
    </message>
    <message>
        <source>The photo folder {photos} is not there. Is its drive connected? Nothing was changed; the labels are kept.</source>
        <translation>Der Ordner {photos} ist nicht da. Ist sein Laufwerk verbunden? Nichts wurde geändert; die Labels bleiben.</translation>
    </message>
    <message>
        <source>The photo folder {photos} is only read. Choose a folder outside of it.</source>
        <translation>Der Fotoordner {photos} wird nur gelesen. Wählen Sie einen Ordner außerhalb.</translation>
    </message>
    <message>
        <source>The photo is gigantic ({width} x {height} pixels); at most {most} million are read.</source>
        <translation>Das Foto ist riesig ({width} x {height} Pixel); höchstens {most} Millionen werden gelesen.</translation>
    </message>
    <message>
        <source>The photo is too large to decode ({width} x {height} pixels); at most {most} million are held in memory.</source>
        <translation>Das Foto ist zu groß ({width} x {height} Pixel); höchstens {most} Millionen passen in den Speicher.</translation>
    </message>
    <message>
        <source>The photo needs more memory than there is.</source>
        <translation>Das Foto braucht mehr Speicher, als da ist.</translation>
    </message>
    <message>
        <source>The photo {name!r} is there already, in line {line}.</source>
        <translation>Das Foto {name!r} gibt es schon, in Zeile {line}.</translation>
    </message>
    <message>
        <source>The photo {path} could not be copied ({why}). Nothing was exported.</source>
        <translation>Das Foto {path} ließ sich nicht kopieren ({why}). Es wurde nichts exportiert.</translation>
    </message>
    <message>
        <source>The photo {path} could not be linked ({why}). Nothing was exported.</source>
        <translation>Das Foto {path} ließ sich nicht verknüpfen ({why}). Es wurde nichts exportiert.</translation>
    </message>
    <message>
        <source>The photo {photo!r} has an annotation already.</source>
        <translation>Das Foto {photo!r} hat schon eine Annotation.</translation>
    </message>
    <message>
        <source>The photo {photo!r} has another flag elsewhere for this label.</source>
        <translation>Das Foto {photo!r} hat anderswo ein anderes Flag für dieses Label.</translation>
    </message>
    <message>
        <source>The photos are in {photos}. That can be done with photos in a folder alone.</source>
        <translation>Die Fotos liegen in {photos}. Das geht nur mit Fotos in einem Ordner.</translation>
    </message>
    <message>
        <source>The photos in {address} cannot be reached ({why}). Check the connection and your right to read there.</source>
        <translation>Die Fotos in {address} sind nicht zu erreichen ({why}). Prüfen Sie die Verbindung und Ihr Recht, dort zu lesen.</translation>
    </message>
    <message>
        <source>The plug-in {name} of the package {package} cannot be used and is left out: {why}.</source>
        <translation>Die Erweiterung {name} aus dem Paket {package} lässt sich nicht verwenden und wird ausgelassen: {why}.</translation>
    </message>
    <message>
        <source>The project folder {folder} cannot be written ({why}). Choose another place for the project, or free some room.</source>
        <translation>In den Projektordner {folder} kann nicht geschrieben werden ({why}). Wählen Sie einen anderen Ort, oder schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>The project has no truth named {name!r}, and there is no such file. {there}</source>
        <translation>Das Projekt hat keine Wahrheit namens {name!r}, und eine solche Datei gibt es nicht. {there}</translation>
    </message>
    <message>
        <source>The project has no truth named {name!r}. {there}</source>
        <translation>Das Projekt hat keine Wahrheit namens {name!r}. {there}</translation>
    </message>
    <message>
        <source>The project names a photo outside of its folder ({path}). It is not opened.</source>
        <translation>Das Projekt nennt ein Foto außerhalb seines Ordners ({path}). Es wird nicht geöffnet.</translation>
    </message>
    <message>
        <source>The project {file} is of an older version. Open it once for writing to bring it up to date.</source>
        <translation>Das Projekt {file} ist von einer älteren Version. Öffnen Sie es einmal zum Schreiben, um es zu erneuern.</translation>
    </message>
    <message>
        <source>The proxy that this computer is set up for is of a kind that cannot be used here; one of the kind http://host:port can.</source>
        <translation>Der Proxy, der auf diesem Computer eingerichtet ist, ist von einer Art, die hier nicht geht; einer der Art http://rechner:port geht.</translation>
    </message>
    <message>
        <source>The proxy {proxy} asks for a name and a password: http://name:password@host:port names them.</source>
        <translation>Der Proxy {proxy} verlangt Namen und Passwort: http://name:passwort@rechner:port nennt beide.</translation>
    </message>
    <message>
        <source>The proxy {proxy} does not answer, or does not let this through.</source>
        <translation>Der Proxy {proxy} antwortet nicht oder lässt das nicht durch.</translation>
    </message>
    <message>
        <source>The role {role} may answer in {name}, but not change the label set ({why}). Ask whoever looks after the database for the right to.</source>
        <translation>Die Rolle {role} darf in {name} antworten, aber das Label-Set nicht ändern ({why}). Bitten Sie, wer die Datenbank betreut, um das Recht dazu.</translation>
    </message>
    <message>
        <source>The role {role} may answer in {name}, but not label or train ({why}). Ask whoever looks after the database for the right to.</source>
        <translation>Die Rolle {role} darf in {name} antworten, aber nicht beschriften oder trainieren ({why}). Bitten Sie, wer die Datenbank betreut, um das Recht dazu.</translation>
    </message>
    <message>
        <source>The role {role} may not do this in {name} ({why}). Ask whoever looks after the database for the right to.</source>
        <translation>Die Rolle {role} darf das in {name} nicht ({why}). Bitten Sie, wer die Datenbank betreut, um das Recht dazu.</translation>
    </message>
    <message>
        <source>The role {role} may only look at {name}. Ask whoever looks after it to let you write.</source>
        <translation>Die Rolle {role} darf {name} nur ansehen. Bitten Sie, wer die Datenbank betreut, um das Recht zu schreiben.</translation>
    </message>
    <message>
        <source>The rule of an adjudicator needs a name, and no other rule has one.</source>
        <translation>Die Regel, nach der jemand entscheidet, braucht einen Namen, und keine andere hat einen.</translation>
    </message>
    <message>
        <source>The server does not let you into {name} ({why}). Ask whoever looks after it.</source>
        <translation>Der Server lässt Sie nicht in {name} ({why}). Fragen Sie, wer ihn betreut.</translation>
    </message>
    <message>
        <source>The server has no database {database}. Have it made: createdb {database}</source>
        <translation>Der Server hat keine Datenbank {database}. Lassen Sie sie anlegen: createdb {database}</translation>
    </message>
    <message>
        <source>The server knows no role {role}. Name one of its roles: postgresql://ROLE@HOST/{database}</source>
        <translation>Der Server kennt keine Rolle {role}. Nennen Sie eine seiner Rollen: postgresql://ROLLE@HOST/{database}</translation>
    </message>
    <message>
        <source>The server of {name} cannot be reached ({why}). Check the address, that the server runs, and your network.</source>
        <translation>Der Server von {name} ist nicht zu erreichen ({why}). Prüfen Sie die Adresse, ob der Server läuft, und das Netz.</translation>
    </message>
    <message>
        <source>The server of {name} is just starting or stopping. Try again in a minute.</source>
        <translation>Der Server von {name} startet oder stoppt gerade. Versuchen Sie es in einer Minute noch einmal.</translation>
    </message>
    <message>
        <source>The server refused the password of {role} for {name}. Put the right one into the file ~/.pgpass or the variable PGPASSWORD.</source>
        <translation>Der Server hat das Passwort von {role} für {name} abgelehnt. Schreiben Sie das richtige in die Datei ~/.pgpass oder die Variable PGPASSWORD.</translation>
    </message>
    <message>
        <source>The server wants a password of {role} for {name}. Put it into the file ~/.pgpass or the variable PGPASSWORD.</source>
        <translation>Der Server will für {name} ein Passwort von {role}. Schreiben Sie es in die Datei ~/.pgpass oder die Variable PGPASSWORD.</translation>
    </message>
    <message>
        <source>The similarities in {file} cannot be read ({why}). Label the photos again.</source>
        <translation>Die Ähnlichkeiten in {file} können nicht gelesen werden ({why}). Labeln Sie die Fotos noch einmal.</translation>
    </message>
    <message>
        <source>The starter&apos;s weights in {file} cannot be used: {why}. {again}</source>
        <translation>Die Gewichte des Starters in {file} sind nicht zu gebrauchen: {why}. {again}</translation>
    </message>
    <message>
        <source>The text files in {folder} hold the numbers of classes, and none says what these are called. Choose a folder that holds classes.txt, obj.names or data.yaml as well.</source>
        <translation>Die Textdateien in {folder} enthalten Nummern von Klassen, und keine sagt, wie diese heißen. Wählen Sie einen Ordner, der auch classes.txt, obj.names oder data.yaml enthält.</translation>
    </message>
    <message>
        <source>The texts in {folder} look like captions and not like labels, as {text!r} in {file}. If they are labels all the same, choose the format text.</source>
        <translation>Die Texte in {folder} sehen nach Bildunterschriften aus und nicht nach Labels, etwa {text!r} in {file}. Wenn es trotzdem Labels sind, wählen Sie das Format text.</translation>
    </message>
    <message>
        <source>The training went astray in epoch {epoch}: its objective is {objective}. Choose a learning rate below {learning_rate:g}.</source>
        <translation>Das Training lief in Epoche {epoch} davon: Seine Zielfunktion ist {objective}. Wählen Sie eine Lernrate unter {learning_rate:g}.</translation>
    </message>
    <message>
        <source>The truth {name!r} has no label {label!r}, but {labels}.</source>
        <translation>Die Wahrheit {name!r} hat kein Label {label!r}, sondern {labels}.</translation>
    </message>
    <message>
        <source>The truth {name!r} knows no photo of the project.</source>
        <translation>Die Wahrheit {name!r} kennt kein Foto des Projekts.</translation>
    </message>
    <message>
        <source>The weights in {path} are of no network that open_clip knows. A folder with them and the configuration of their network can be used.</source>
        <translation>Die Gewichte in {path} sind von keinem Netz, das open_clip kennt. Ein Ordner mit ihnen und der Konfiguration ihres Netzes lässt sich verwenden.</translation>
    </message>
    <message>
        <source>The {what}_id {key} is not among the {known}.</source>
        <translation>Die {what}_id {key} ist nicht unter {known}.</translation>
    </message>
    <message>
        <source>There are no labels to look for. Choose a label set first.</source>
        <translation>Es gibt keine Labels, nach denen gesucht wird. Wählen Sie zuerst einen Label-Satz.</translation>
    </message>
    <message>
        <source>There are no photos in {photos}. Photos are JPEG, PNG, WebP, TIFF, HEIC, AVIF …</source>
        <translation>In {photos} sind keine Fotos. Fotos sind JPEG, PNG, WebP, TIFF, HEIC, AVIF …</translation>
    </message>
    <message>
        <source>There are no photos, only this line.</source>
        <translation>Es gibt keine Fotos, nur diese Zeile.</translation>
    </message>
    <message>
        <source>There are no pseudo labels to train on yet. Label the photos first.</source>
        <translation>Es gibt noch keine Pseudo-Labels zum Trainieren. Labeln Sie zuerst die Fotos.</translation>
    </message>
    <message>
        <source>There are no weights at {file}. Name a safetensors or PyTorch file.</source>
        <translation>Unter {file} sind keine Gewichte. Nennen Sie eine Datei von safetensors oder PyTorch.</translation>
    </message>
    <message>
        <source>There are no weights {weights!r} for {model}: no such file, and published are {known}.</source>
        <translation>Es gibt keine Gewichte {weights!r} für {model}: keine solche Datei, und veröffentlicht sind {known}.</translation>
    </message>
    <message>
        <source>There is a label {name!r} already. Choose another name, or {way_out}.</source>
        <translation>Es gibt schon ein Label {name!r}. Wählen Sie einen anderen Namen, oder {way_out}.</translation>
    </message>
    <message>
        <source>There is a label {name!r} already. Choose another name.</source>
        <translation>Es gibt schon ein Label {name!r}. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>There is a project in {place} already. Name a place without one.</source>
        <translation>In {place} ist schon ein Projekt. Nennen Sie einen Ort ohne Projekt.</translation>
    </message>
    <message>
        <source>There is a truth named {name!r} already. Choose another name, or forget that one first.</source>
        <translation>Eine Wahrheit namens {name!r} gibt es schon. Wählen Sie einen anderen Namen oder vergessen Sie diese zuerst.</translation>
    </message>
    <message>
        <source>There is no Ray cluster at RAY_ADDRESS={address} that can be joined ({why}).</source>
        <translation>Unter RAY_ADDRESS={address} gibt es keinen Ray-Cluster, dem man beitreten kann ({why}).</translation>
    </message>
    <message>
        <source>There is no encoder {name!r}. Expected starter, MODEL:WEIGHTS (e.g. ViT-B-32:laion2b_s34b_b79k), or the path of a checkpoint; `cdul encoders` lists what is there.</source>
        <translation>Es gibt keinen Encoder {name!r}. Erwartet wird starter, MODELL:GEWICHTE (z. B. ViT-B-32:laion2b_s34b_b79k) oder der Pfad eines Checkpoints; `cdul encoders` zählt auf, was da ist.</translation>
    </message>
    <message>
        <source>There is no file or folder {path}, from which the encoder was to be read. If it was moved, name it where it is now.</source>
        <translation>Es gibt keine Datei und keinen Ordner {path}, woraus der Encoder gelesen werden sollte. Wurde verschoben, was dort lag, nennen Sie den neuen Ort.</translation>
    </message>
    <message>
        <source>There is no file {name} in {folder}. Choose the folder that holds it.</source>
        <translation>In {folder} gibt es keine Datei {name}. Wählen Sie den Ordner, der sie enthält.</translation>
    </message>
    <message>
        <source>There is no folder {folder}. Choose the folder that holds the photos.</source>
        <translation>Es gibt keinen Ordner {folder}. Wählen Sie den Ordner mit den Fotos.</translation>
    </message>
    <message>
        <source>There is no folder {folder}. Choose the folder that holds the {suffix} files.</source>
        <translation>Es gibt keinen Ordner {folder}. Wählen Sie den Ordner mit den {suffix}-Dateien.</translation>
    </message>
    <message>
        <source>There is no folder {photos}. Choose the folder that holds your photos.</source>
        <translation>Es gibt keinen Ordner {photos}. Wählen Sie den Ordner mit Ihren Fotos.</translation>
    </message>
    <message>
        <source>There is no key {key!r}.</source>
        <translation>Eine Taste {key!r} gibt es nicht.</translation>
    </message>
    <message>
        <source>There is no label set {text!r}; did you mean {meant}? For a label of that name put a comma behind it.</source>
        <translation>Es gibt keinen Label-Satz {text!r}; ist {meant} gemeint? Für ein Label dieses Namens setzen Sie ein Komma dahinter.</translation>
    </message>
    <message>
        <source>There is no label {name!r}. Choose among the labels of the project.</source>
        <translation>Es gibt kein Label {name!r}. Wählen Sie eines des Projekts.</translation>
    </message>
    <message>
        <source>There is no label {name!r}. The project has {near}, for example.</source>
        <translation>Es gibt kein Label {name!r}. Das Projekt hat zum Beispiel {near}.</translation>
    </message>
    <message>
        <source>There is no label {name!r}: the project has none yet.</source>
        <translation>Es gibt kein Label {name!r}: Das Projekt hat noch keine.</translation>
    </message>
    <message>
        <source>There is no label “{label}”. Choose one of the label set.</source>
        <translation>Es gibt kein Label „{label}“. Wählen Sie eines aus dem Label-Satz.</translation>
    </message>
    <message>
        <source>There is no label “{label}”. Did you mean “{near}”?</source>
        <translation>Es gibt kein Label „{label}“. Meinten Sie „{near}“?</translation>
    </message>
    <message>
        <source>There is no photo to give: all are reviewed, or others have them in hand.</source>
        <translation>Es gibt kein Foto zu vergeben: Alle sind durchgesehen, oder andere haben sie in Arbeit.</translation>
    </message>
    <message>
        <source>There is no photo to show: none is meant that can be read.</source>
        <translation>Es gibt kein Foto zu zeigen: Keines ist gemeint, das sich lesen lässt.</translation>
    </message>
    <message>
        <source>There is no project in {folder} yet. Label the photos first.</source>
        <translation>In {folder} ist noch kein Projekt. Labeln Sie zuerst die Fotos.</translation>
    </message>
    <message>
        <source>There is no run {run}. These have scores: {those}.</source>
        <translation>Es gibt keinen Lauf {run}. Diese haben Scores: {those}.</translation>
    </message>
    <message>
        <source>There is no {path}. Choose the file or folder to read.</source>
        <translation>{path} gibt es nicht. Wählen Sie die Datei oder den Ordner zum Lesen.</translation>
    </message>
    <message>
        <source>There is no “{came}”. Did you mean “{near}”?</source>
        <translation>„{came}“ gibt es nicht. Meinten Sie „{near}“?</translation>
    </message>
    <message>
        <source>There is nothing to look for. Say what the photos should show, like “two dogs on a beach”.</source>
        <translation>Es gibt nichts zu suchen. Sagen Sie, was die Fotos zeigen sollen, etwa „two dogs on a beach“.</translation>
    </message>
    <message>
        <source>There is nothing to map yet. Label the photos first: that looks at every photo.</source>
        <translation>Es gibt noch nichts für die Karte. Labeln Sie zuerst die Fotos: Dabei wird jedes angesehen.</translation>
    </message>
    <message>
        <source>There is nothing to plot: the truth has no photo with one of the labels.</source>
        <translation>Es gibt nichts zu zeichnen: Die Wahrheit hat kein Foto mit einem der Labels.</translation>
    </message>
    <message>
        <source>There is nothing to plot: training {run} has no epochs.</source>
        <translation>Es gibt nichts zu zeichnen: Das Training {run} hat keine Epochen.</translation>
    </message>
    <message>
        <source>There is nothing to search in yet. Label the photos first: that looks at every photo.</source>
        <translation>Noch lässt sich nichts durchsuchen. Labeln Sie zuerst die Fotos: Dabei wird jedes angesehen.</translation>
    </message>
    <message>
        <source>This cannot be read ({why}).</source>
        <translation>Das kann nicht gelesen werden ({why}).</translation>
    </message>
    <message>
        <source>This computer has looked at {seen} of {photos}: heatmaps and searches work here, and answers teach. The labels are as they were.</source>
        <translation>Dieser Computer hat {seen} von {photos} angesehen: Heatmaps und Suchen gehen hier, und Antworten lehren. Die Labels sind wie zuvor.</translation>
    </message>
    <message>
        <source>This is the last label. Add another one before you remove it.</source>
        <translation>Das ist das letzte Label. Fügen Sie ein anderes hinzu, bevor Sie es entfernen.</translation>
    </message>
    <message>
        <source>This map needs UMAP, which is not installed. Install it with: pip install &apos;cdul[map]&apos;</source>
        <translation>Diese Karte braucht UMAP, das nicht installiert ist. Installieren Sie es mit: pip install &apos;cdul[map]&apos;</translation>
    </message>
    <message>
        <source>This photo was not looked at yet. Label the photos first.</source>
        <translation>Dieses Foto wurde noch nicht angesehen. Labeln Sie zuerst die Fotos.</translation>
    </message>
    <message>
        <source>This project is open for reading only, because another window or command writes to it, or nobody may write to its folder.</source>
        <translation>Dieses Projekt ist nur zum Ansehen offen, weil ein anderes Fenster oder ein Befehl hineinschreibt oder niemand in seinen Ordner schreiben darf.</translation>
    </message>
    <message>
        <source>This project is open for reading only. Ask whoever looks after its database to let you write.</source>
        <translation>Dieses Projekt ist nur zum Lesen geöffnet. Bitten Sie, wer seine Datenbank betreut, um das Recht zu schreiben.</translation>
    </message>
    <message>
        <source>Tidying up</source>
        <translation>Aufräumen</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Try again in some minutes.</source>
        <translation>Versuchen Sie es in einigen Minuten noch einmal.</translation>
    </message>
    <message>
        <source>Try again in {count} seconds.</source>
        <translation>Versuchen Sie es in {count} Sekunden noch einmal.</translation>
    </message>
    <message>
        <source>Two different things are said of {label}. Say one.</source>
        <translation>Über {label} wird zweierlei gesagt. Sagen Sie eines.</translation>
    </message>
    <message>
        <source>Type at least one label.</source>
        <translation>Geben Sie mindestens ein Label ein.</translation>
    </message>
    <message>
        <source>Type the name of a network, resnet101 for example.</source>
        <translation>Geben Sie den Namen eines Netzes ein, zum Beispiel resnet101.</translation>
    </message>
    <message>
        <source>Understands labels in many languages.</source>
        <translation>Versteht Labels in vielen Sprachen.</translation>
    </message>
    <message>
        <source>What a search needs cannot be written to {folder} ({why}). Check that the disk has room and the folder is still there.</source>
        <translation>Was eine Suche braucht, lässt sich nicht nach {folder} schreiben ({why}). Prüfen Sie, ob die Platte Platz hat und der Ordner noch da ist.</translation>
    </message>
    <message>
        <source>What came from {host} is not what was published (checksum {digest} in place of {published}): it was changed on the way, and was deleted.</source>
        <translation>Was von {host} kam, ist nicht, was veröffentlicht wurde (Prüfsumme {digest} statt {published}): Es wurde unterwegs verändert und ist gelöscht.</translation>
    </message>
    <message>
        <source>What came to {place} is not what was in {source} ({tables}). Nothing was kept.</source>
        <translation>Was in {place} ankam, ist nicht, was in {source} war ({tables}). Es wurde nichts behalten.</translation>
    </message>
    <message>
        <source>What the encoder saw is not in the cache any more. Label the photos again.</source>
        <translation>Was der Encoder sah, ist nicht mehr im Zwischenspeicher. Labeln Sie die Fotos noch einmal.</translation>
    </message>
    <message>
        <source>With one label the top 3 are that one alone.</source>
        <translation>Bei einem Label sind die besten 3 nur dieses.</translation>
    </message>
    <message>
        <source>With {count} labels the top 3 are all of them.</source>
        <translation>Bei {count} Labels sind die besten 3 alle.</translation>
    </message>
    <message>
        <source>Would no longer be in the project: {labels}, none of them answered. Undo brings them back.</source>
        <translation>Nicht mehr im Projekt wären: {labels}, keines davon beantwortet. Rückgängig bringt sie zurück.</translation>
    </message>
    <message>
        <source>Would no longer be in the project: {labels}, with {decisions} (e.g. {label}). The answers are kept; undo, or the same name in a later label set, brings them back.</source>
        <translation>Nicht mehr im Projekt wären: {labels}, mit {decisions} (z. B. {label}). Die Antworten bleiben erhalten; Rückgängig oder derselbe Name in einem späteren Label-Satz bringt sie zurück.</translation>
    </message>
    <message>
        <source>XMP sidecars</source>
        <translation>XMP-Begleitdateien</translation>
    </message>
    <message>
        <source>XMP sidecars, the keywords of photo managers</source>
        <translation>XMP-Begleitdateien, die Stichwörter von Fotoverwaltungen</translation>
    </message>
    <message>
        <source>YOLO, a text file of boxes for each photo, with classes.txt, obj.names or data.yaml</source>
        <translation>YOLO, eine Textdatei mit Rahmen für jedes Foto, mit classes.txt, obj.names oder data.yaml</translation>
    </message>
    <message>
        <source>a closing parenthesis</source>
        <translation>eine schließende Klammer</translation>
    </message>
    <message>
        <source>a comparison ({comparisons})</source>
        <translation>ein Vergleich ({comparisons})</translation>
    </message>
    <message>
        <source>a condition</source>
        <translation>eine Bedingung</translation>
    </message>
    <message>
        <source>a condition such as label:dog</source>
        <translation>eine Bedingung wie label:dog</translation>
    </message>
    <message>
        <source>a date after taken:</source>
        <translation>ein Datum nach taken:</translation>
    </message>
    <message>
        <source>a date such as 2024-05</source>
        <translation>ein Datum wie 2024-05</translation>
    </message>
    <message>
        <source>a file name after name:</source>
        <translation>ein Dateiname nach name:</translation>
    </message>
    <message>
        <source>a folder after folder:</source>
        <translation>ein Ordner nach folder:</translation>
    </message>
    <message>
        <source>a label after {field}</source>
        <translation>ein Label nach {field}</translation>
    </message>
    <message>
        <source>a label below it, confirmed or likely</source>
        <translation>ein Label darunter, bestätigt oder wahrscheinlich</translation>
    </message>
    <message>
        <source>a label in score(…)</source>
        <translation>ein Label in score(…)</translation>
    </message>
    <message>
        <source>a label&apos;s score, e.g. score(dog)&gt;0.4</source>
        <translation>der Score eines Labels, z. B. score(dog)&gt;0.4</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>eine Zahl</translation>
    </message>
    <message>
        <source>a number from 0 to 1</source>
        <translation>eine Zahl von 0 bis 1</translation>
    </message>
    <message>
        <source>a person said no</source>
        <translation>ein Mensch sagte nein</translation>
    </message>
    <message>
        <source>a person said yes</source>
        <translation>ein Mensch sagte ja</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>eine ganze Zahl</translation>
    </message>
    <message>
        <source>above {number}</source>
        <translation>über {number}</translation>
    </message>
    <message>
        <source>add it to the label set again</source>
        <translation>nehmen Sie es wieder in den Label-Satz auf</translation>
    </message>
    <message>
        <source>all photos</source>
        <translation>alle Fotos</translation>
    </message>
    <message>
        <source>all published weights of {model} are used so</source>
        <translation>alle veröffentlichten Gewichte von {model} werden so verwendet</translation>
    </message>
    <message>
        <source>an empty file</source>
        <translation>eine leere Datei</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>ein Objekt</translation>
    </message>
    <message>
        <source>another build of it</source>
        <translation>eine andere Fassung davon</translation>
    </message>
    <message>
        <source>at least {number}</source>
        <translation>mindestens {number}</translation>
    </message>
    <message>
        <source>at most {number}</source>
        <translation>höchstens {number}</translation>
    </message>
    <message>
        <source>below {number}</source>
        <translation>unter {number}</translation>
    </message>
    <message>
        <source>colour of {label} changed</source>
        <translation>Farbe von {label} geändert</translation>
    </message>
    <message>
        <source>decisions taken back on {photos}</source>
        <translation>Entscheidungen zurückgenommen auf {photos}</translation>
    </message>
    <message>
        <source>either of both</source>
        <translation>eines von beiden</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>exactly {number}</source>
        <translation>genau {number}</translation>
    </message>
    <message>
        <source>expected a SHA-256 that begins with {wanted}, but got {found}</source>
        <translation>erwartet wird eine SHA-256, die mit {wanted} beginnt, aber es kam {found}</translation>
    </message>
    <message>
        <source>expected {name} to be of shape {shape}, but got {found} of shape {its_shape}</source>
        <translation>{name} muss die Form {shape} haben, aber es kam {found} mit der Form {its_shape}</translation>
    </message>
    <message>
        <source>expected {wanted} tensors of {architecture}, but got {found}</source>
        <translation>erwartet werden {wanted} Tensoren von {architecture}, aber es kamen {found}</translation>
    </message>
    <message>
        <source>fewer than {number}</source>
        <translation>weniger als {number}</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>follows from a label below or above</source>
        <translation>folgt aus einem Label darunter oder darüber</translation>
    </message>
    <message>
        <source>how many labels</source>
        <translation>wie viele Labels</translation>
    </message>
    <message>
        <source>in force is what most people say</source>
        <translation>es gilt, was die meisten sagen</translation>
    </message>
    <message>
        <source>in force is what was said last</source>
        <translation>es gilt, was zuletzt gesagt wurde</translation>
    </message>
    <message>
        <source>in force is, where people differ, what {name} says</source>
        <translation>wo Personen sich widersprechen, gilt, was {name} sagt</translation>
    </message>
    <message>
        <source>in the folder “{pattern}”</source>
        <translation>im Ordner „{pattern}“</translation>
    </message>
    <message>
        <source>it has no use for {names}</source>
        <translation>es hat keine Verwendung für {names}</translation>
    </message>
    <message>
        <source>it is called like {name}</source>
        <translation>sie heißt wie {name}</translation>
    </message>
    <message>
        <source>it lacks {names}</source>
        <translation>es fehlen {names}</translation>
    </message>
    <message>
        <source>it lies where {name} is kept</source>
        <translation>sie liegt, wo {name} aufbewahrt wird</translation>
    </message>
    <message>
        <source>its checksum is that of {name}</source>
        <translation>ihre Prüfsumme ist die von {name}</translation>
    </message>
    <message>
        <source>key of {label} changed</source>
        <translation>Taste von {label} geändert</translation>
    </message>
    <message>
        <source>keys of {count} labels changed</source>
        <translation>Tasten von {count} Labels geändert</translation>
    </message>
    <message>
        <source>kind of {label} changed</source>
        <translation>Art von {label} geändert</translation>
    </message>
    <message>
        <source>label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>label set changed to {name}</source>
        <translation>Label-Satz geändert zu {name}</translation>
    </message>
    <message>
        <source>label set imported from {file}</source>
        <translation>Label-Satz aus {file} importiert</translation>
    </message>
    <message>
        <source>labelme</source>
        <translation>labelme</translation>
    </message>
    <message>
        <source>labelme or X-AnyLabeling, a JSON file for each photo</source>
        <translation>labelme oder X-AnyLabeling, eine JSON-Datei je Foto</translation>
    </message>
    <message>
        <source>labels from a person or the model</source>
        <translation>Labels von einem Menschen oder vom Modell</translation>
    </message>
    <message>
        <source>labels put below others as in {file}</source>
        <translation>Labels unter andere gestellt wie in {file}</translation>
    </message>
    <message>
        <source>likely labels rejected on {photos}</source>
        <translation>wahrscheinliche Labels auf {photos} abgelehnt</translation>
    </message>
    <message>
        <source>line {number}</source>
        <translation>Zeile {number}</translation>
    </message>
    <message>
        <source>may be there, nobody has answered</source>
        <translation>vielleicht da, noch nicht beantwortet</translation>
    </message>
    <message>
        <source>merge the two</source>
        <translation>führen Sie die beiden zusammen</translation>
    </message>
    <message>
        <source>more than {number}</source>
        <translation>mehr als {number}</translation>
    </message>
    <message>
        <source>named “{pattern}”</source>
        <translation>mit dem Namen „{pattern}“</translation>
    </message>
    <message>
        <source>no faster than the exact one on this computer, which is the better choice</source>
        <translation>auf diesem Rechner nicht schneller als die genaue, die deshalb die bessere Wahl ist</translation>
    </message>
    <message>
        <source>no tensors</source>
        <translation>keine Tensoren</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>not reviewed</source>
        <translation>nicht geprüft</translation>
    </message>
    <message>
        <source>not {phrase}</source>
        <translation>nicht {phrase}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>of other shapes are {names}</source>
        <translation>von anderer Form sind {names}</translation>
    </message>
    <message>
        <source>on which nobody disagrees about {label}</source>
        <translation>bei denen niemand über {label} uneins ist</translation>
    </message>
    <message>
        <source>on which people disagree about {label}</source>
        <translation>bei denen Personen über {label} uneins sind</translation>
    </message>
    <message>
        <source>one of {words}</source>
        <translation>eines von {words}</translation>
    </message>
    <message>
        <source>one person says yes and another no</source>
        <translation>eine Person sagt Ja und eine andere Nein</translation>
    </message>
    <message>
        <source>one threshold for all labels set to {value}</source>
        <translation>eine Schwelle für alle Labels auf {value} gesetzt</translation>
    </message>
    <message>
        <source>one threshold for all labels taken back</source>
        <translation>eine Schwelle für alle Labels zurückgenommen</translation>
    </message>
    <message>
        <source>open_clip uses {model} so</source>
        <translation>open_clip verwendet {model} so</translation>
    </message>
    <message>
        <source>or</source>
        <translation>oder</translation>
    </message>
    <message>
        <source>order of labels changed</source>
        <translation>Reihenfolge der Labels geändert</translation>
    </message>
    <message>
        <source>other names of {label} changed</source>
        <translation>weitere Namen von {label} geändert</translation>
    </message>
    <message>
        <source>photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>photos in a folder</source>
        <translation>Fotos in einem Ordner</translation>
    </message>
    <message>
        <source>photos {phrase}</source>
        <translation>Fotos {phrase}</translation>
    </message>
    <message>
        <source>probably there, nobody has answered</source>
        <translation>wahrscheinlich da, noch nicht beantwortet</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>prompts of {label} changed</source>
        <translation>Prompts von {label} geändert</translation>
    </message>
    <message>
        <source>published as {model}:{tag}</source>
        <translation>veröffentlicht als {model}:{tag}</translation>
    </message>
    <message>
        <source>reviewed</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>rule taken back: {condition}</source>
        <translation>Regel zurückgenommen: {condition}</translation>
    </message>
    <message>
        <source>rule: {condition} is {label}</source>
        <translation>Regel: {condition} ist {label}</translation>
    </message>
    <message>
        <source>stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>supercategory</source>
        <translation>Oberbegriff</translation>
    </message>
    <message>
        <source>taken from {first}</source>
        <translation>aufgenommen ab {first}</translation>
    </message>
    <message>
        <source>taken from {first} to {last}</source>
        <translation>aufgenommen von {first} bis {last}</translation>
    </message>
    <message>
        <source>taken on {day}</source>
        <translation>aufgenommen am {day}</translation>
    </message>
    <message>
        <source>taken to {last}</source>
        <translation>aufgenommen bis {last}</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>that are not new</source>
        <translation>die nicht neu sind</translation>
    </message>
    <message>
        <source>that came later and are not reviewed</source>
        <translation>die später kamen und nicht geprüft sind</translation>
    </message>
    <message>
        <source>that can be read</source>
        <translation>die lesbar sind</translation>
    </message>
    <message>
        <source>that cannot be read</source>
        <translation>die nicht lesbar sind</translation>
    </message>
    <message>
        <source>that may have {label}</source>
        <translation>vielleicht mit {label}</translation>
    </message>
    <message>
        <source>the configuration in {folder} says so</source>
        <translation>die Konfiguration in {folder} sagt es so</translation>
    </message>
    <message>
        <source>the end or another condition</source>
        <translation>das Ende oder eine weitere Bedingung</translation>
    </message>
    <message>
        <source>the file name, e.g. *.png</source>
        <translation>der Dateiname, z. B. *.png</translation>
    </message>
    <message>
        <source>the opposite</source>
        <translation>das Gegenteil</translation>
    </message>
    <message>
        <source>thresholds set by hand, carried to other scores: {names}</source>
        <translation>von Hand gesetzte Schwellen, auf andere Scores übertragen: {names}</translation>
    </message>
    <message>
        <source>took over {decisions} on {photos} from {file}</source>
        <translation>{decisions} auf {photos} aus {file} übernommen</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>when, e.g. 2024-05..2024-06</source>
        <translation>wann, z. B. 2024-05..2024-06</translation>
    </message>
    <message>
        <source>with a doubtful label</source>
        <translation>mit einem zweifelhaften Label</translation>
    </message>
    <message>
        <source>with a label</source>
        <translation>mit einem Label</translation>
    </message>
    <message>
        <source>with a label below {label}</source>
        <translation>mit einem Label unter {label}</translation>
    </message>
    <message>
        <source>with a label from a person</source>
        <translation>mit einem Label von einem Menschen</translation>
    </message>
    <message>
        <source>with a label from a rule</source>
        <translation>mit einem Label von einer Regel</translation>
    </message>
    <message>
        <source>with a label from the model</source>
        <translation>mit einem Label vom Modell</translation>
    </message>
    <message>
        <source>with a label that may be there</source>
        <translation>mit einem Label, das vielleicht zutrifft</translation>
    </message>
    <message>
        <source>with a label that people disagree about</source>
        <translation>mit einem Label, über das Personen uneins sind</translation>
    </message>
    <message>
        <source>with a likely label</source>
        <translation>mit einem wahrscheinlichen Label</translation>
    </message>
    <message>
        <source>with a score for {label} {how}</source>
        <translation>mit einem Score für {label} {how}</translation>
    </message>
    <message>
        <source>with a {stage} score for {label} {how}</source>
        <translation>mit einem Score der Stufe {stage} für {label} {how}</translation>
    </message>
    <message>
        <source>with {how} label</source>
        <translation>mit {how} Label</translation>
    </message>
    <message>
        <source>with {how} labels</source>
        <translation>mit {how} Labels</translation>
    </message>
    <message>
        <source>with {label}</source>
        <translation>mit {label}</translation>
    </message>
    <message>
        <source>with {label} confirmed</source>
        <translation>mit {label} bestätigt</translation>
    </message>
    <message>
        <source>with {label} implied</source>
        <translation>mit gefolgertem {label}</translation>
    </message>
    <message>
        <source>with {label} likely</source>
        <translation>wahrscheinlich mit {label}</translation>
    </message>
    <message>
        <source>with {label} rejected</source>
        <translation>mit {label} abgelehnt</translation>
    </message>
    <message>
        <source>with {label} suggested</source>
        <translation>mit {label} vorgeschlagen</translation>
    </message>
    <message>
        <source>with “{text}” in the path or a label</source>
        <translation>mit „{text}“ im Pfad oder in einem Label</translation>
    </message>
    <message>
        <source>without a doubtful label</source>
        <translation>ohne ein zweifelhaftes Label</translation>
    </message>
    <message>
        <source>without a label below {label}</source>
        <translation>ohne ein Label unter {label}</translation>
    </message>
    <message>
        <source>without a label from a person</source>
        <translation>ohne ein Label von einem Menschen</translation>
    </message>
    <message>
        <source>without a label from a rule</source>
        <translation>ohne Label von einer Regel</translation>
    </message>
    <message>
        <source>without a label from the model</source>
        <translation>ohne ein Label vom Modell</translation>
    </message>
    <message>
        <source>without a label that may be there</source>
        <translation>ohne ein Label, das vielleicht zutrifft</translation>
    </message>
    <message>
        <source>without a label that people disagree about</source>
        <translation>ohne ein Label, über das Personen uneins sind</translation>
    </message>
    <message>
        <source>without a likely label</source>
        <translation>ohne wahrscheinliches Label</translation>
    </message>
    <message>
        <source>without a score for {label} {how}</source>
        <translation>ohne einen Score für {label} {how}</translation>
    </message>
    <message>
        <source>without a {stage} score for {label} {how}</source>
        <translation>ohne einen Score der Stufe {stage} für {label} {how}</translation>
    </message>
    <message>
        <source>without any label</source>
        <translation>ohne Label</translation>
    </message>
    <message>
        <source>without {label}</source>
        <translation>ohne {label}</translation>
    </message>
    <message>
        <source>without {label} as a maybe</source>
        <translation>ohne {label} als Vielleicht</translation>
    </message>
    <message>
        <source>without {label} confirmed</source>
        <translation>ohne {label} bestätigt</translation>
    </message>
    <message>
        <source>without {label} implied</source>
        <translation>ohne gefolgertes {label}</translation>
    </message>
    <message>
        <source>without {label} likely</source>
        <translation>ohne wahrscheinliches {label}</translation>
    </message>
    <message>
        <source>without {label} rejected</source>
        <translation>ohne {label} abgelehnt</translation>
    </message>
    <message>
        <source>without {label} suggested</source>
        <translation>ohne {label} vorgeschlagen</translation>
    </message>
    <message>
        <source>without “{text}” in the path or a label</source>
        <translation>ohne „{text}“ im Pfad oder in einem Label</translation>
    </message>
    <message>
        <source>words in quotes</source>
        <translation>Wörter in Anführungszeichen</translation>
    </message>
    <message>
        <source>wrote labels beside the photos as {format}</source>
        <translation>Labels neben den Fotos als {format} geschrieben</translation>
    </message>
    <message>
        <source>{again} (in the folder of CDUL&apos;s sources)</source>
        <translation>{again} (im Ordner der Quellen von CDUL)</translation>
    </message>
    <message>
        <source>{count:,} answers</source>
        <translation>{count:,} Antworten</translation>
    </message>
    <message>
        <source>{count:,} decisions</source>
        <translation>{count:,} Entscheidungen</translation>
    </message>
    <message>
        <source>{count:,} files and folders</source>
        <translation>{count:,} Dateien und Ordner</translation>
    </message>
    <message>
        <source>{count:,} labels</source>
        <translation>{count:,} Labels</translation>
    </message>
    <message>
        <source>{count:,} photos</source>
        <translation>{count:,} Fotos</translation>
    </message>
    <message>
        <source>{count:,} suggestions</source>
        <translation>{count:,} Vorschläge</translation>
    </message>
    <message>
        <source>{encoder}&apos;s scores of {photos} are replaced; they come back if the new run is withdrawn in the history.</source>
        <translation>Die Scores von {encoder} für {photos} werden ersetzt; sie kommen zurück, wenn der neue Lauf im Verlauf zurückgenommen wird.</translation>
    </message>
    <message>
        <source>{file} belongs to a project, and holds what was decided there. Choose another place.</source>
        <translation>{file} gehört zu einem Projekt und enthält, was dort entschieden wurde. Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>{file} cannot be read ({why}).</source>
        <translation>{file} kann nicht gelesen werden ({why}).</translation>
    </message>
    <message>
        <source>{file} cannot be read as PyTorch&apos;s weights: it is damaged, or {why}.</source>
        <translation>{file} ist nicht als Gewichte von PyTorch zu lesen: Die Datei ist beschädigt, oder {why}.</translation>
    </message>
    <message>
        <source>{file} cannot be used: in {name} are values that are no numbers (NaN or infinite), as a training leaves that went wrong.</source>
        <translation>{file} ist nicht zu verwenden: In {name} sind Werte, die keine Zahlen sind (NaN oder unendlich), wie sie ein misslungenes Training hinterlässt.</translation>
    </message>
    <message>
        <source>{file} cannot be used: it sets {key} to {value}, which is not known here, or too much. Only numbers and choices that describe a network are read from a folder.</source>
        <translation>{file} ist nicht zu verwenden: Sie setzt {key} auf {value}, was hier nicht bekannt oder zu viel ist. Aus einem Ordner werden nur Zahlen und Wahlen gelesen, die ein Netz beschreiben.</translation>
    </message>
    <message>
        <source>{file} cannot be used: its {name} is {scale:.4g}, where CLIPs have about 4.6 (the logarithm of 100).</source>
        <translation>{file} ist nicht zu verwenden: {name} ist {scale:.4g}, wo CLIPs etwa 4,6 haben (den Logarithmus von 100).</translation>
    </message>
    <message>
        <source>{file} cannot be written ({why}). Choose another place.</source>
        <translation>{file} kann nicht geschrieben werden ({why}). Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>{file} could not be written ({why}); nothing was changed there.</source>
        <translation>{file} konnte nicht geschrieben werden ({why}); dort wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{file} describes no CLIP that can be opened here: {key} is {value}.</source>
        <translation>{file} beschreibt keinen CLIP, der sich hier öffnen lässt: {key} ist {value}.</translation>
    </message>
    <message>
        <source>{file} describes no network: it has no model_cfg.</source>
        <translation>{file} beschreibt kein Netz: Es fehlt model_cfg.</translation>
    </message>
    <message>
        <source>{file} describes no whole network: model_cfg lacks {missing}.</source>
        <translation>{file} beschreibt kein ganzes Netz: In model_cfg fehlt {missing}.</translation>
    </message>
    <message>
        <source>{file} does not fit {model}: {what}.</source>
        <translation>{file} passt nicht zu {model}: {what}.</translation>
    </message>
    <message>
        <source>{file} does not say how {model} is to be used with it, and published weights differ in that: {ways}. Write the name of those it comes from behind it: {model}:{file}@{example}</source>
        <translation>{file} sagt nicht, wie {model} damit zu verwenden ist, und veröffentlichte Gewichte unterscheiden sich darin: {ways}. Schreiben Sie dahinter, von welchen sie stammt: {model}:{file}@{example}</translation>
    </message>
    <message>
        <source>{file} gives none of these photos a label, so there is nothing to suggest.</source>
        <translation>{file} gibt keinem dieser Fotos ein Label, es gibt also nichts vorzuschlagen.</translation>
    </message>
    <message>
        <source>{file} holds no CLIP: none of its tensors is called {anchor}. It has {names}.</source>
        <translation>{file} enthält keinen CLIP: Keiner der Tensoren heißt {anchor}. Darin sind {names}.</translation>
    </message>
    <message>
        <source>{file} holds no decisions, only scores or photos without labels. Import it as suggestions.</source>
        <translation>{file} enthält keine Entscheidungen, nur Scores oder Fotos ohne Labels. Importieren Sie es als Vorschläge.</translation>
    </message>
    <message>
        <source>{file} holds results of COCO, which name neither photos nor labels. Put them as annotations into the file of images and categories.</source>
        <translation>{file} enthält Ergebnisse von COCO, die weder Fotos noch Labels nennen. Fügen Sie sie als annotations in die Datei mit images und categories ein.</translation>
    </message>
    <message>
        <source>{file} holds scores, which say what a machine believes. Choose a file of answers as truth.</source>
        <translation>{file} enthält Scores, die sagen, was eine Maschine glaubt. Wählen Sie als Wahrheit eine Datei mit Antworten.</translation>
    </message>
    <message>
        <source>{file} holds the weights of several models: {names}. Save the one that is meant by itself.</source>
        <translation>{file} enthält die Gewichte mehrerer Modelle: {names}. Speichern Sie das gemeinte für sich.</translation>
    </message>
    <message>
        <source>{file} is a database, but not of this program. Choose another database.</source>
        <translation>{file} ist eine Datenbank, aber nicht von diesem Programm. Wählen Sie eine andere Datenbank.</translation>
    </message>
    <message>
        <source>{file} is a database, but not of this program. Choose another project folder.</source>
        <translation>{file} ist eine Datenbank, aber nicht von diesem Programm. Wählen Sie einen anderen Projektordner.</translation>
    </message>
    <message>
        <source>{file} is a device or a pipe, and would be replaced by a file. Choose another place.</source>
        <translation>{file} ist ein Gerät oder eine Pipe und würde durch eine Datei ersetzt. Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>{file} is a device or a pipe, not a file. Remove it; the project needs none there.</source>
        <translation>{file} ist ein Gerät oder eine Pipe, keine Datei. Entfernen Sie sie; das Projekt braucht dort keine.</translation>
    </message>
    <message>
        <source>{file} is a photo, and photos are only read. Choose another place.</source>
        <translation>{file} ist ein Foto, und Fotos werden nur gelesen. Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>{file} is a table that is not read. Save it as CSV in UTF-8.</source>
        <translation>{file} ist eine Tabelle, die nicht gelesen wird. Speichern Sie sie als CSV in UTF-8.</translation>
    </message>
    <message>
        <source>{file} is a zip, but not one of PyTorch&apos;s: it holds no data.pkl.</source>
        <translation>{file} ist ein Zip, aber keines von PyTorch: Es enthält keine data.pkl.</translation>
    </message>
    <message>
        <source>{file} is damaged ({why}). Have a backup put back, or give the project a database of its own.</source>
        <translation>{file} ist beschädigt ({why}). Lassen Sie eine Sicherung zurückspielen, oder geben Sie dem Projekt eine eigene Datenbank.</translation>
    </message>
    <message>
        <source>{file} is damaged ({why}). That was left out; all else is there. Put back a backup copy if you have one.</source>
        <translation>{file} ist beschädigt ({why}). Das wurde ausgelassen; alles andere ist da. Spielen Sie eine Sicherung zurück, wenn Sie eine haben.</translation>
    </message>
    <message>
        <source>{file} is damaged ({why}). {way_out}</source>
        <translation>{file} ist beschädigt ({why}). {way_out}</translation>
    </message>
    <message>
        <source>{file} is damaged, or no file of weights; an old one is read only if it holds nothing but tensors.</source>
        <translation>{file} ist beschädigt oder keine Datei mit Gewichten; eine alte wird nur gelesen, wenn sie nichts als Tensoren enthält.</translation>
    </message>
    <message>
        <source>{file} is damaged, or no safetensors: {why}.</source>
        <translation>{file} ist beschädigt oder kein safetensors: {why}.</translation>
    </message>
    <message>
        <source>{file} is damaged: {name} cannot be read.</source>
        <translation>{file} ist beschädigt: {name} ist nicht zu lesen.</translation>
    </message>
    <message>
        <source>{file} is in a format of {program} alone, which is not read. Have {program} export it as {formats}.</source>
        <translation>{file} ist in einem Format, das nur {program} hat und das nicht gelesen wird. Lassen Sie {program} es als {formats} exportieren.</translation>
    </message>
    <message>
        <source>{file} is larger than {most:,} MB. Is it the right file?</source>
        <translation>{file} ist größer als {most:,} MB. Ist es die richtige Datei?</translation>
    </message>
    <message>
        <source>{file} is no file of PyTorch&apos;s. Expected .safetensors, or .pt, .pth, .bin or .ckpt.</source>
        <translation>{file} ist keine Datei von PyTorch. Erwartet wurde .safetensors oder .pt, .pth, .bin oder .ckpt.</translation>
    </message>
    <message>
        <source>{file} is no file of keys. Choose one that was exported here.</source>
        <translation>{file} ist keine Datei mit Tasten. Wählen Sie eine, die hier exportiert wurde.</translation>
    </message>
    <message>
        <source>{file} is not XML ({why}).</source>
        <translation>{file} ist kein XML ({why}).</translation>
    </message>
    <message>
        <source>{file} is not a file that can be read. Choose another one.</source>
        <translation>{file} ist keine Datei, die sich lesen lässt. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>{file} is of version {version}, and this program knows {known}. Use a newer program.</source>
        <translation>{file} ist von Version {version}, und dieses Programm kennt {known}. Nehmen Sie ein neueres Programm.</translation>
    </message>
    <message>
        <source>{file} is one file of many. Choose the folder that holds it.</source>
        <translation>{file} ist eine Datei von vielen. Wählen Sie den Ordner, in dem sie liegt.</translation>
    </message>
    <message>
        <source>{file} is packed. Unpack it, and choose what was in it.</source>
        <translation>{file} ist gepackt. Entpacken Sie es, und wählen Sie, was darin war.</translation>
    </message>
    <message>
        <source>{file} is there already, and it is not what this project exported last. Choose another place, or say that it may be replaced (--force).</source>
        <translation>{file} ist schon da und nicht, was dieses Projekt zuletzt exportiert hat. Wählen Sie einen anderen Ort, oder sagen Sie, dass es ersetzt werden darf (--force).</translation>
    </message>
    <message>
        <source>{file} is to be used like the weights {tag!r}, which {model} does not have; published are {known}.</source>
        <translation>{file} soll wie die Gewichte {tag!r} verwendet werden, die es von {model} nicht gibt; veröffentlicht sind {known}.</translation>
    </message>
    <message>
        <source>{file} names no photo that is in {folder}. Is it the right file for these photos?</source>
        <translation>{file} nennt kein Foto, das in {folder} liegt. Ist es die richtige Datei für diese Fotos?</translation>
    </message>
    <message>
        <source>{file} says otherwise on {photos}</source>
        <translation>{file} sagt anderes zu {photos}</translation>
    </message>
    <message>
        <source>{file} uses what no annotation needs ({why}).</source>
        <translation>{file} benutzt, was keine Annotation braucht ({why}).</translation>
    </message>
    <message>
        <source>{file} wants a text network of other programs ({key}), which a folder cannot bring along. If `cdul encoders --all` has the model, name it and the file: MODEL:FILE.</source>
        <translation>{file} verlangt ein Textnetz anderer Programme ({key}), das ein Ordner nicht mitbringen kann. Wenn `cdul encoders --all` das Modell hat, nennen Sie es und die Datei: MODEL:FILE.</translation>
    </message>
    <message>
        <source>{file} was deleted or moved while it was open. Nothing more is written: close the project, put the file back, and open it again.</source>
        <translation>{file} wurde gelöscht oder verschoben, während sie offen war. Es wird nichts mehr geschrieben: Schließen Sie das Projekt, legen Sie die Datei zurück und öffnen Sie es wieder.</translation>
    </message>
    <message>
        <source>{file} was left as it is. {why}</source>
        <translation>{file} blieb, wie es ist. {why}</translation>
    </message>
    <message>
        <source>{file} was not made by this program, which keeps a file of that name in its project folder. Choose another folder for the project.</source>
        <translation>{file} stammt nicht von diesem Programm, das in seinem Projektordner eine Datei dieses Namens führt. Wählen Sie einen anderen Ordner für das Projekt.</translation>
    </message>
    <message>
        <source>{file}, {place}: {why}</source>
        <translation>{file}, {place}: {why}</translation>
    </message>
    <message>
        <source>{file}: Expected a list of photos with annotations. Is it JSON of Create ML?</source>
        <translation>{file}: Erwartet wird eine Liste von Fotos mit Annotationen. Ist es JSON von Create ML?</translation>
    </message>
    <message>
        <source>{file}: Expected a list under {key!r}, but got {kind}. Is it COCO JSON?</source>
        <translation>{file}: Erwartet wird eine Liste unter {key!r}, aber es kam {kind}. Ist es COCO-JSON?</translation>
    </message>
    <message>
        <source>{file}: Expected an object with classes and, for each photo, labels.</source>
        <translation>{file}: Erwartet wird ein Objekt mit classes und, für jedes Foto, labels.</translation>
    </message>
    <message>
        <source>{file}: Expected an object with images, categories and annotations.</source>
        <translation>{file}: Erwartet wird ein Objekt mit images, categories und annotations.</translation>
    </message>
    <message>
        <source>{file}: {error}</source>
        <translation>{file}: {error}</translation>
    </message>
    <message>
        <source>{file}: {why}</source>
        <translation>{file}: {why}</translation>
    </message>
    <message>
        <source>{first} or {then}</source>
        <translation>{first} oder {then}</translation>
    </message>
    <message>
        <source>{first}, {then}</source>
        <translation>{first}, {then}</translation>
    </message>
    <message>
        <source>{first}; {more}</source>
        <translation>{first}; {more}</translation>
    </message>
    <message>
        <source>{folder} cannot be opened as a classifier: there is no {file} in it. Choose the folder that a training wrote.</source>
        <translation>{folder} kann nicht als Klassifikator geöffnet werden: Darin ist keine {file}. Wählen Sie den Ordner, den ein Training geschrieben hat.</translation>
    </message>
    <message>
        <source>{folder} cannot be opened as a classifier: {error}</source>
        <translation>{folder} kann nicht als Klassifikator geöffnet werden: {error}</translation>
    </message>
    <message>
        <source>{folder} cannot be written ({why}). Choose another place.</source>
        <translation>{folder} lässt sich nicht schreiben ({why}). Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>{folder} cannot be written to ({reason}).</source>
        <translation>In {folder} kann nicht geschrieben werden ({reason}).</translation>
    </message>
    <message>
        <source>{folder} could not be written ({why}); nothing was changed there.</source>
        <translation>{folder} konnte nicht geschrieben werden ({why}); dort wurde nichts geändert.</translation>
    </message>
    <message>
        <source>{folder} is there already, and it is not a folder. Choose another place.</source>
        <translation>{folder} gibt es schon, und es ist kein Ordner. Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>{folder}: Expected a folder of photos for each label, but found none.</source>
        <translation>{folder}: Erwartet wird je Label ein Ordner mit Fotos, aber es gibt keinen.</translation>
    </message>
    <message>
        <source>{folder}: Expected a folder with a folder of photos for each label.</source>
        <translation>{folder}: Erwartet wird ein Ordner mit einem Ordner von Fotos je Label.</translation>
    </message>
    <message>
        <source>{format} is a folder of files, but {path} is a file. Choose its folder.</source>
        <translation>{format} ist ein Ordner mit Dateien, aber {path} ist eine Datei. Wählen Sie deren Ordner.</translation>
    </message>
    <message>
        <source>{format} is one file, but {path} is a folder. Choose the file in it.</source>
        <translation>{format} ist eine Datei, aber {path} ist ein Ordner. Wählen Sie die Datei darin.</translation>
    </message>
    <message>
        <source>{format} is written as a folder of files. Choose a folder for it.</source>
        <translation>{format} wird als Ordner mit Dateien geschrieben. Wählen Sie dafür einen Ordner.</translation>
    </message>
    <message>
        <source>{gain:g} times as fast as the exact one</source>
        <translation>{gain:g}-mal so schnell wie die genaue</translation>
    </message>
    <message>
        <source>{host} cannot be asked ({error}).</source>
        <translation>{host} kann nicht gefragt werden ({error}).</translation>
    </message>
    <message>
        <source>{host} cannot be reached: there is no network, or it lets nothing through.</source>
        <translation>{host} ist nicht zu erreichen: Es gibt kein Netz, oder es lässt nichts durch.</translation>
    </message>
    <message>
        <source>{host} does not answer any more.</source>
        <translation>{host} antwortet nicht mehr.</translation>
    </message>
    <message>
        <source>{host} does not give this file to this computer (answer {status}): it asks for an account, or the network blocks it.</source>
        <translation>{host} gibt diese Datei diesem Rechner nicht (Antwort {status}): Es verlangt ein Konto, oder das Netz sperrt es.</translation>
    </message>
    <message>
        <source>{host} does not have this file.</source>
        <translation>{host} hat diese Datei nicht.</translation>
    </message>
    <message>
        <source>{host} is out of order (answer {status}).</source>
        <translation>{host} ist gestört (Antwort {status}).</translation>
    </message>
    <message>
        <source>{host} was asked too often from this network. {wait}</source>
        <translation>{host} wurde aus diesem Netz zu oft gefragt. {wait}</translation>
    </message>
    <message>
        <source>{key} belongs to the label “{label}”. Choose another key.</source>
        <translation>{key} gehört dem Label „{label}“. Wählen Sie eine andere Taste.</translation>
    </message>
    <message>
        <source>{key} belongs to “{command}” already. Choose another key, or remove it there first.</source>
        <translation>{key} gehört schon zu „{command}“. Wählen Sie eine andere Taste oder nehmen Sie sie dort zuerst weg.</translation>
    </message>
    <message>
        <source>{labels} confirmed</source>
        <translation>{labels} bestätigt</translation>
    </message>
    <message>
        <source>{labels} no longer under {parents}</source>
        <translation>{labels} nicht mehr unter {parents}</translation>
    </message>
    <message>
        <source>{labels} pasted on {photos}</source>
        <translation>{labels} eingefügt auf {photos}</translation>
    </message>
    <message>
        <source>{labels} put under {parents}</source>
        <translation>{labels} unter {parents} gestellt</translation>
    </message>
    <message>
        <source>{labels} rejected</source>
        <translation>{labels} abgelehnt</translation>
    </message>
    <message>
        <source>{labels} repeated on {photos}</source>
        <translation>{labels} wiederholt auf {photos}</translation>
    </message>
    <message>
        <source>{labels} stands below nothing</source>
        <translation>{labels} steht unter nichts</translation>
    </message>
    <message>
        <source>{labels} taken out of {parents}</source>
        <translation>{labels} aus {parents} herausgenommen</translation>
    </message>
    <message>
        <source>{labels} undecided</source>
        <translation>{labels} unentschieden</translation>
    </message>
    <message>
        <source>{label} &lt; {above}</source>
        <translation>{label} &lt; {above}</translation>
    </message>
    <message>
        <source>{label} added to the label set</source>
        <translation>{label} zum Label-Satz hinzugefügt</translation>
    </message>
    <message>
        <source>{label} confirmed on {photos}</source>
        <translation>{label} bestätigt auf {photos}</translation>
    </message>
    <message>
        <source>{label} confirmed on {photos}, rejected on {others}</source>
        <translation>{label} auf {photos} bestätigt, auf {others} abgelehnt</translation>
    </message>
    <message>
        <source>{label} is to stand below {parent}, which is no label. Add it first.</source>
        <translation>{label} soll unter {parent} stehen, das kein Label ist. Fügen Sie es zuerst hinzu.</translation>
    </message>
    <message>
        <source>{label} merged into {into}</source>
        <translation>{label} mit {into} zusammengeführt</translation>
    </message>
    <message>
        <source>{label} rejected on {photos}</source>
        <translation>{label} abgelehnt auf {photos}</translation>
    </message>
    <message>
        <source>{label} removed from the label set</source>
        <translation>{label} aus dem Label-Satz entfernt</translation>
    </message>
    <message>
        <source>{label} renamed to {name}</source>
        <translation>{label} in {name} umbenannt</translation>
    </message>
    <message>
        <source>{label} stands below {parent}, which is rejected on {photos}. Both answers are kept.</source>
        <translation>{label} steht unter {parent}, das auf {photos} abgelehnt ist. Beide Antworten bleiben.</translation>
    </message>
    <message>
        <source>{label} undecided on {photos}</source>
        <translation>{label} unentschieden auf {photos}</translation>
    </message>
    <message>
        <source>{label} {value}</source>
        <translation>{label} {value}</translation>
    </message>
    <message>
        <source>{link} is a link that leads out of the project, where nothing is written. Put what it leads to in its place.</source>
        <translation>{link} ist ein Verweis, der aus dem Projekt hinausführt, wohin nichts geschrieben wird. Legen Sie an seine Stelle, worauf er verweist.</translation>
    </message>
    <message>
        <source>{name!r} is another name of the label {label}. Choose another one, or take it back there first.</source>
        <translation>{name!r} ist ein weiterer Name des Labels {label}. Wählen Sie einen anderen, oder nehmen Sie ihn dort zuerst zurück.</translation>
    </message>
    <message>
        <source>{name!r} is the label {label} already. Choose another name, or merge the two.</source>
        <translation>{name!r} ist schon das Label {label}. Wählen Sie einen anderen Namen, oder führen Sie die beiden zusammen.</translation>
    </message>
    <message>
        <source>{name} is a copy that can only be looked at. Name the server that it is copied from.</source>
        <translation>{name} ist eine Kopie, die nur angesehen werden kann. Nennen Sie den Server, von dem sie kopiert wird.</translation>
    </message>
    <message>
        <source>{name} is calibrated on photos, which was not done on this computer yet. Label the photos again, and it is; or take another encoder.</source>
        <translation>{name} wird an Fotos kalibriert, was auf diesem Rechner noch nicht geschah. Beschriften Sie die Fotos noch einmal, und es geschieht; oder nehmen Sie einen anderen Encoder.</translation>
    </message>
    <message>
        <source>{name} split off {label}</source>
        <translation>{name} von {label} abgespalten</translation>
    </message>
    <message>
        <source>{photos} accepted</source>
        <translation>{photos} angenommen</translation>
    </message>
    <message>
        <source>{photos} marked as not reviewed</source>
        <translation>{photos} als nicht geprüft markiert</translation>
    </message>
    <message>
        <source>{photos} marked as reviewed</source>
        <translation>{photos} als geprüft markiert</translation>
    </message>
    <message>
        <source>{photo} is called {name} there: its name is too long for most disks.</source>
        <translation>{photo} heißt dort {name}: Der Name ist für die meisten Laufwerke zu lang.</translation>
    </message>
    <message>
        <source>{problem} It fits {others}: use {name} in its place.</source>
        <translation>{problem} Sie passt zu {others}: Nehmen Sie stattdessen {name}.</translation>
    </message>
    <message>
        <source>{run} (not finished)</source>
        <translation>{run} (nicht beendet)</translation>
    </message>
    <message>
        <source>{run} with {encoder}</source>
        <translation>{run} mit {encoder}</translation>
    </message>
    <message>
        <source>{told} Of {labels} more would change than there was, so what suggested until now still does: look at it, then accept or discard it.</source>
        <translation>{told} Bei {labels} würde sich mehr ändern, als da war; darum schlägt noch vor, was es bisher tat: Sehen Sie es sich an und nehmen Sie es dann an oder verwerfen Sie es.</translation>
    </message>
    <message>
        <source>{told} Suggestions go on following your answers; what the training learnt is weighed in with them.</source>
        <translation>{told} Vorschläge folgen weiter Ihren Antworten; was das Training gelernt hat, zählt mit.</translation>
    </message>
    <message>
        <source>{told} Suggestions: {on:,} new, {off:,} gone.</source>
        <translation>{told} Vorschläge: {on:,} neu, {off:,} fort.</translation>
    </message>
    <message>
        <source>{told} Your answers had changed all suggestions already that it would change.</source>
        <translation>{told} Was es an Vorschlägen ändern würde, hatten die Antworten schon geändert.</translation>
    </message>
    <message>
        <source>{value} ({kind})</source>
        <translation>{value} ({kind})</translation>
    </message>
    <message>
        <source>{what} on {photos}</source>
        <translation>{what} auf {photos}</translation>
    </message>
    <message>
        <source>{why} The column is left out.</source>
        <translation>{why} Die Spalte wird ausgelassen.</translation>
    </message>
    <message>
        <source>{why} {encoder} comes from {source}.</source>
        <translation>{why} {encoder} kommt von {source}.</translation>
    </message>
    <message>
        <source>“{entry}” cannot be done again, since something else was done after it was undone.</source>
        <translation>„{entry}“ lässt sich nicht wiederholen, weil danach etwas anderes getan wurde.</translation>
    </message>
    <message>
        <source>“{entry}” is in force.</source>
        <translation>„{entry}“ ist in Kraft.</translation>
    </message>
    <message>
        <source>“{entry}” is undone already.</source>
        <translation>„{entry}“ ist schon zurückgenommen.</translation>
    </message>
    <message>
        <source>{name!r} cannot be the name of a truth. Choose one of letters and digits.</source>
        <translation>{name!r} kann nicht der Name einer Wahrheit sein. Wählen Sie einen aus Buchstaben und Ziffern.</translation>
    </message>
    <message>
        <source>{name} cannot be written beside photos. These can: {able}.</source>
        <translation>{name} kann nicht neben die Fotos geschrieben werden. Diese können es: {able}.</translation>
    </message>
    <message>
        <source>{path} holds neither lists, like ImageSets/Main/dog_train.txt, nor annotations, like Annotations/1.xml. Choose the folder that holds ImageSets or Annotations.</source>
        <translation>{path} enthält weder Listen wie ImageSets/Main/dog_train.txt noch Annotationen wie Annotations/1.xml. Wählen Sie den Ordner, der ImageSets oder Annotations enthält.</translation>
    </message>
    <message>
        <source>{photo!r} is said both to have {label!r} and not to have it.</source>
        <translation>{photo!r} soll {label!r} zugleich haben und nicht haben.</translation>
    </message>
    <message>
        <source>{photos} and {decisions}</source>
        <translation>{photos} und {decisions}</translation>
    </message>
    <message>
        <source>{some} and {count:,} more</source>
        <translation>{some} und {count:,} weitere</translation>
    </message>
    <message>
        <source>{told} That is more than half of {count}, so what suggested until now still does: look at what would change, then accept or discard it.</source>
        <translation>{told} Das ist mehr als die Hälfte von {count}; deshalb gilt weiter, was bisher vorschlug: Sehen Sie an, was sich ändern würde, und übernehmen oder verwerfen Sie es dann.</translation>
    </message>
    <message>
        <source>{variable}: {error}</source>
        <translation>{variable}: {error}</translation>
    </message>
    <message>
        <source>{wanted} MB are still to come, but only {free} MB are free in {folder}.</source>
        <translation>{wanted} MB fehlen noch, aber in {folder} sind nur {free} MB frei.</translation>
    </message>
    <message>
        <source>{why} CDUL computes on {device} instead.</source>
        <translation>{why} CDUL rechnet stattdessen auf {device}.</translation>
    </message>
    <message>
        <source>{repository} has none of the files {files} any more.</source>
        <translation>{repository} hat keine der Dateien {files} mehr.</translation>
    </message>
    <message>
        <source>The starter&apos;s weights are not installed. Install them in the folder of CDUL&apos;s sources with {command}, or else with {other}.</source>
        <translation>Die Gewichte des Starters sind nicht installiert. Installieren Sie sie im Ordner mit CDULs Quellen mit {command}, sonst mit {other}.</translation>
    </message>
    <message>
        <source>Trained on {basis} in {seconds:.1f} s.</source>
        <translation>Trainiert mit {basis} in {seconds:.1f} s.</translation>
    </message>
    <message>
        <source>confirmed or likely</source>
        <translation>bestätigt oder wahrscheinlich</translation>
    </message>
    <message>
        <source>reviewed, likely, maybe, …</source>
        <translation>geprüft (reviewed), wahrscheinlich (likely), vielleicht (maybe), …</translation>
    </message>
    <message>
        <source>the processor</source>
        <translation>dem Prozessor</translation>
    </message>
    <message>
        <source>threshold of {label} set to {value}</source>
        <translation>Schwelle von {label} auf {value} gesetzt</translation>
    </message>
    <message>
        <source>threshold of {label} taken back</source>
        <translation>Schwelle von {label} zurückgenommen</translation>
    </message>
    <message>
        <source>thresholds set: {values}</source>
        <translation>Schwellen gesetzt: {values}</translation>
    </message>
    <message>
        <source>thresholds set: {values}; taken back: {names}</source>
        <translation>Schwellen gesetzt: {values}; zurückgenommen: {names}</translation>
    </message>
    <message>
        <source>thresholds taken back: {names}</source>
        <translation>Schwellen zurückgenommen: {names}</translation>
    </message>
    <message>
        <source>{file} was not written: its name is too long for this disk, which takes {most} bytes. Shorten the photo&apos;s name.</source>
        <translation>{file} wurde nicht geschrieben: Der Name ist für dieses Laufwerk zu lang, das {most} Bytes erlaubt. Kürzen Sie den Namen des Fotos.</translation>
    </message>
    <message>
        <source>{name}</source>
        <translation>{name}</translation>
    </message>
    <message>
        <source>{name} has no fast form, which is for CLIP encoders alone. Leave out --fast, or name a CLIP with --encoder: `cdul encoders` says which are here.</source>
        <translation>{name} hat keine schnelle Form; die gibt es nur für CLIP-Encoder. Lassen Sie --fast weg, oder nennen Sie mit --encoder einen CLIP: `cdul encoders` sagt, welche hier sind.</translation>
    </message>
    <message>
        <source>{name}, {memory:.0f} GB</source>
        <translation>{name}, {memory:.0f} GB</translation>
    </message>
    <message>
        <source>{path} holds no truth of NUS-WIDE. Choose the folder that holds {truth} with files like AllLabels/Labels_airport.txt, and {lists} with Imagelist.txt.</source>
        <translation>{path} enthält keine Wahrheit von NUS-WIDE. Wählen Sie den Ordner mit {truth}, darin Dateien wie AllLabels/Labels_airport.txt, und {lists} mit Imagelist.txt.</translation>
    </message>
    <message>
        <source>{some}, {more}</source>
        <translation>{some}, {more}</translation>
    </message>
    <message>
        <source>{told} It agrees with {share:.0%} of the decisions held out.</source>
        <translation>{told} Es stimmt mit {share:.0%} der zurückgehaltenen Entscheidungen überein.</translation>
    </message>
</context>
<context>
    <name>Evaluating</name>
    <message>
        <source>Importing a truth</source>
        <translation>Wahrheit wird importiert</translation>
    </message>
    <message>
        <source>There are no such photos.</source>
        <translation>Solche Fotos gibt es nicht.</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Report written to {file}</source>
        <translation>Bericht nach {file} geschrieben</translation>
    </message>
</context>
<context>
    <name>EvaluationModel</name>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Positives</source>
        <translation>Positive</translation>
    </message>
    <message>
        <source>AP</source>
        <translation>AP</translation>
    </message>
    <message>
        <source>95 %</source>
        <translation>95 %</translation>
    </message>
    <message>
        <source>Prec.</source>
        <translation>Gen.</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <source>± AP</source>
        <translation>± AP</translation>
    </message>
    <message>
        <source>The label; a click shows its curve and its photos</source>
        <translation>Das Label; ein Klick zeigt seine Kurve und seine Fotos</translation>
    </message>
    <message>
        <source>Photos that have the label, by the truth</source>
        <translation>Fotos, die das Label laut Wahrheit haben</translation>
    </message>
    <message>
        <source>Average precision, in %</source>
        <translation>Mittlere Genauigkeit (Average Precision), in %</translation>
    </message>
    <message>
        <source>Where AP would lie with other photos of the same kind</source>
        <translation>Wo AP mit anderen Fotos derselben Art läge</translation>
    </message>
    <message>
        <source>Precision: of the suggested photos, the share that has the label, in %</source>
        <translation>Genauigkeit: der Anteil der vorgeschlagenen Fotos, der das Label hat, in %</translation>
    </message>
    <message>
        <source>Recall: of the photos that have the label, the share for which it is suggested, in %</source>
        <translation>Trefferquote: der Anteil der Fotos mit dem Label, für die es vorgeschlagen ist, in %</translation>
    </message>
    <message>
        <source>F1: precision and recall in one, in %</source>
        <translation>F1: Genauigkeit und Trefferquote in einem, in %</translation>
    </message>
    <message>
        <source>How much AP is above or below that of the scores beside it, on the same photos</source>
        <translation>Wie weit AP auf denselben Fotos über oder unter dem der Scores daneben liegt</translation>
    </message>
</context>
<context>
    <name>EvaluationPanel</name>
    <message>
        <source>Truth to compare with</source>
        <translation>Wahrheit, mit der verglichen wird</translation>
    </message>
    <message>
        <source>Stage whose scores are compared</source>
        <translation>Stufe, deren Scores verglichen werden</translation>
    </message>
    <message>
        <source>what suggests now</source>
        <translation>was jetzt vorschlägt</translation>
    </message>
    <message>
        <source>Scores to compare the stage with</source>
        <translation>Scores, mit denen die Stufe verglichen wird</translation>
    </message>
    <message>
        <source>Say which label each label of the truth means</source>
        <translation>Sagen, welches Label jedes Label der Wahrheit meint</translation>
    </message>
    <message>
        <source>Write a report as one HTML file</source>
        <translation>Einen Bericht als eine HTML-Datei schreiben</translation>
    </message>
    <message>
        <source>Forget this truth; labels and decisions stay</source>
        <translation>Diese Wahrheit vergessen; Labels und Entscheidungen bleiben</translation>
    </message>
    <message>
        <source>Import a truth</source>
        <translation>Wahrheit importieren</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>Wahrheit</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>beside</source>
        <translation>neben</translation>
    </message>
    <message>
        <source>There is no truth to compare with yet. Import one, as COCO, VOC, CSV or folders: it says which photos really have which labels, and nothing is ever trained on it.</source>
        <translation>Es gibt noch keine Wahrheit zum Vergleichen. Importieren Sie eine, als COCO, VOC, CSV oder Ordner: Sie sagt, welche Fotos wirklich welche Labels haben, und nie lernt etwas daraus.</translation>
    </message>
    <message>
        <source>Import a truth…</source>
        <translation>Wahrheit importieren…</translation>
    </message>
    <message>
        <source>Forget a truth</source>
        <translation>Eine Wahrheit vergessen</translation>
    </message>
    <message>
        <source>Forget {truth}?</source>
        <translation>{truth} vergessen?</translation>
    </message>
    <message>
        <source>Labels and decisions stay. To compare with it again it has to be imported again, from {source}</source>
        <translation>Labels und Entscheidungen bleiben. Um wieder damit zu vergleichen, muss sie noch einmal importiert werden, aus {source}</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>Vergessen</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keines</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Wird verglichen…</translation>
    </message>
    <message>
        <source>{photos} where {label} is suggested rightly</source>
        <translation>{photos}, für die {label} zu Recht vorgeschlagen ist</translation>
    </message>
    <message>
        <source>{photos} where {label} is suggested wrongly</source>
        <translation>{photos}, für die {label} falsch vorgeschlagen ist</translation>
    </message>
    <message>
        <source>{photos} where {label} is missed</source>
        <translation>{photos}, wo {label} übersehen ist</translation>
    </message>
    <message>
        <source>{photos} where {label} is rightly not suggested</source>
        <translation>{photos}, wo {label} zu Recht nicht vorgeschlagen ist</translation>
    </message>
    <message>
        <source>{photos} where {missed} is missed and {suggested} is suggested wrongly</source>
        <translation>{photos}, wo {missed} übersehen und {suggested} falsch vorgeschlagen ist</translation>
    </message>
    <message>
        <source>mAP {map} ({interval}), {labels}, {photos}  ·  likely: CF1 {cf1}, OF1 {of1}  ·  with maybe: CF1 {maybe_cf1}, OF1 {maybe_of1}  ·  top 3: CF1 {top_cf1}, OF1 {top_of1}</source>
        <translation>mAP {map} ({interval}), {labels}, {photos}  ·  wahrscheinlich: CF1 {cf1}, OF1 {of1}  ·  mit vielleicht: CF1 {maybe_cf1}, OF1 {maybe_of1}  ·  Top 3: CF1 {top_cf1}, OF1 {top_of1}</translation>
    </message>
    <message>
        <source>{difference:+.1f} ({interval}) beside {side}</source>
        <translation>{difference:+.1f} ({interval}) neben {side}</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} bis {high}</translation>
    </message>
</context>
<context>
    <name>EvaluationTable</name>
    <message>
        <source>Labels against the truth</source>
        <translation>Labels gegen die Wahrheit</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Replace the earlier export in this folder</source>
        <translation>Den früheren Export in diesem Ordner ersetzen</translation>
    </message>
    <message>
        <source>Browse for a place</source>
        <translation>Einen Ort suchen</translation>
    </message>
    <message>
        <source>{photos} labels</source>
        <translation>Labels von {photos}</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Choose at least one label.</source>
        <translation>Wählen Sie mindestens ein Label.</translation>
    </message>
    <message>
        <source>Replace this file, which is not an export of this project</source>
        <translation>Diese Datei ersetzen, die kein Export dieses Projekts ist</translation>
    </message>
    <message>
        <source>Files are written into the photo folder. What other programs wrote there stays.</source>
        <translation>Dateien werden in den Foto-Ordner geschrieben. Was andere Programme dort geschrieben haben, bleibt.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>The file is there already and will be replaced.</source>
        <translation>Die Datei gibt es schon; sie wird ersetzt.</translation>
    </message>
</context>
<context>
    <name>ExportForm</name>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Only reviewed ones ({photos})</source>
        <translation>Nur geprüfte ({photos})</translation>
    </message>
    <message>
        <source>Only reviewed ones (none yet)</source>
        <translation>Nur geprüfte (noch keine)</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filter, as label:dog -folder:trip</source>
        <translation>Filter, etwa label:dog -folder:trip</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Labels</translation>
    </message>
    <message>
        <source>All ({photos})</source>
        <translation>Alle ({photos})</translation>
    </message>
    <message>
        <source>All ({labels})</source>
        <translation>Alle ({labels})</translation>
    </message>
    <message>
        <source>Only those I choose</source>
        <translation>Nur die, die ich wähle</translation>
    </message>
    <message>
        <source>Labels to export</source>
        <translation>Labels, die exportiert werden</translation>
    </message>
    <message>
        <source>States</source>
        <translation>Zustände</translation>
    </message>
    <message>
        <source>Confirmed and likely ones</source>
        <translation>Bestätigte und wahrscheinliche</translation>
    </message>
    <message>
        <source>Confirmed, likely and maybe</source>
        <translation>Bestätigte, wahrscheinliche und vielleicht</translation>
    </message>
    <message>
        <source>Only what somebody confirmed</source>
        <translation>Nur, was jemand bestätigt hat</translation>
    </message>
    <message>
        <source>With labels that are implied by those below them</source>
        <translation>Mit Labels, die aus denen darunter folgen</translation>
    </message>
    <message>
        <source>A photo with a confirmed sparrow goes in as bird and animal, too, as programs expect that do not know what stands below what</source>
        <translation>Ein Foto mit bestätigtem Spatz geht auch als Vogel und Tier hinein, wie es Programme erwarten, die nicht wissen, was worunter steht</translation>
    </message>
    <message>
        <source>Split into train, val and test</source>
        <translation>Aufteilen in train, val und test</translation>
    </message>
    <message>
        <source>Percent for val</source>
        <translation>Prozent für val</translation>
    </message>
    <message>
        <source>Percent for test</source>
        <translation>Prozent für test</translation>
    </message>
    <message>
        <source>Seed of the split</source>
        <translation>Startwert der Aufteilung</translation>
    </message>
    <message>
        <source>Photos&apos; files</source>
        <translation>Dateien der Fotos</translation>
    </message>
    <message>
        <source>Leave them where they are</source>
        <translation>Lassen, wo sie sind</translation>
    </message>
    <message>
        <source>Copy them into the export</source>
        <translation>In den Export kopieren</translation>
    </message>
    <message>
        <source>Link to them from the export</source>
        <translation>Vom Export auf sie verweisen</translation>
    </message>
    <message>
        <source>Leave them, and write beside each one</source>
        <translation>Lassen und neben jede schreiben</translation>
    </message>
    <message>
        <source>Names of the sidecars</source>
        <translation>Namen der Begleitdateien</translation>
    </message>
    <message>
        <source>IMG.jpg.xmp (digiKam, darktable, Immich)</source>
        <translation>IMG.jpg.xmp (digiKam, darktable, Immich)</translation>
    </message>
    <message>
        <source>IMG.xmp (Lightroom, Bridge)</source>
        <translation>IMG.xmp (Lightroom, Bridge)</translation>
    </message>
    <message>
        <source>val</source>
        <translation>val</translation>
    </message>
    <message>
        <source>test</source>
        <translation>test</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Aufteilung</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>train {percent} %</source>
        <translation>train {percent} %</translation>
    </message>
</context>
<context>
    <name>ExportPreview</name>
    <message>
        <source>The beginning of what is exported</source>
        <translation>Der Anfang dessen, was exportiert wird</translation>
    </message>
    <message>
        <source>Goes in</source>
        <translation>Dabei</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>{photos}, with the scores of all labels</source>
        <translation>{photos}, mit den Scores aller Labels</translation>
    </message>
    <message>
        <source>{photos}; labels: {confirmed} confirmed, {likely} likely, {maybe} maybe</source>
        <translation>{photos}; Labels: {confirmed} bestätigt, {likely} wahrscheinlich, {maybe} vielleicht</translation>
    </message>
    <message>
        <source>Of the confirmed ones implied by labels below them: {labels}</source>
        <translation>Von den bestätigten aus Labels darunter gefolgert: {labels}</translation>
    </message>
    <message>
        <source>Said to be not there: {labels}</source>
        <translation>Als nicht vorhanden gesagt: {labels}</translation>
    </message>
    <message>
        <source>Without a label: {photos}</source>
        <translation>Ohne Label: {photos}</translation>
    </message>
    <message>
        <source>Without a label: {photos}, reviewed by nobody: {unseen}</source>
        <translation>Ohne Label: {photos}, von niemandem geprüft: {unseen}</translation>
    </message>
    <message>
        <source>Left out, as they cannot be read: {photos}</source>
        <translation>Ausgelassen, da nicht lesbar: {photos}</translation>
    </message>
    <message>
        <source>Left out, as not reviewed: {photos}</source>
        <translation>Ausgelassen, da nicht geprüft: {photos}</translation>
    </message>
    <message>
        <source>Left out by the filter: {photos}</source>
        <translation>Vom Filter ausgelassen: {photos}</translation>
    </message>
    <message>
        <source>Left out, as not named: {photos}</source>
        <translation>Ausgelassen, weil nicht genannt: {photos}</translation>
    </message>
    <message>
        <source>Left out, as not chosen: {labels}</source>
        <translation>Ausgelassen, da nicht gewählt: {labels}</translation>
    </message>
    <message>
        <source>Left out, as not confirmed: {labels}</source>
        <translation>Ausgelassen, da nicht bestätigt: {labels}</translation>
    </message>
    <message>
        <source>Left out, as maybe and not likely: {labels}</source>
        <translation>Ausgelassen, da nur vielleicht: {labels}</translation>
    </message>
    <message>
        <source>Left out, as rejected: {labels}</source>
        <translation>Ausgelassen, da abgelehnt: {labels}</translation>
    </message>
    <message>
        <source>Left out, as implied by labels below them: {labels}</source>
        <translation>Nicht dabei, weil aus Labels darunter gefolgert: {labels}</translation>
    </message>
    <message>
        <source>Suggested, and looked at by nobody: {unseen} of {labels}</source>
        <translation>Vorgeschlagen und von niemandem angesehen: {unseen} von {labels}</translation>
    </message>
</context>
<context>
    <name>Exporting</name>
    <message>
        <source>Exporting</source>
        <translation>Export läuft</translation>
    </message>
    <message>
        <source>Files beside photos as they were: {changed}</source>
        <translation>Dateien neben Fotos wie zuvor: {changed}</translation>
    </message>
    <message>
        <source>Without a label, and reviewed by nobody: {photos}</source>
        <translation>Ohne Label, und von niemandem geprüft: {photos}</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Files changed beside {photos}: {changed}</source>
        <translation>Geänderte Dateien neben {photos}: {changed}</translation>
    </message>
    <message>
        <source>{written} written to {file}</source>
        <translation>{written} nach {file} geschrieben</translation>
    </message>
</context>
<context>
    <name>Failure</name>
    <message>
        <source>Something went wrong: {error}</source>
        <translation>Etwas ging schief: {error}</translation>
    </message>
</context>
<context>
    <name>FileManager</name>
    <message>
        <source>No program opens {file}.</source>
        <translation>Kein Programm öffnet {file}.</translation>
    </message>
    <message>
        <source>{file} is in the folder {folder}</source>
        <translation>{file} liegt im Ordner {folder}</translation>
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
        <source>Show all photos</source>
        <translation>Alle Fotos zeigen</translation>
    </message>
    <message>
        <source>used before</source>
        <translation>schon benutzt</translation>
    </message>
    <message>
        <source>saved as {name}</source>
        <translation>gespeichert als {name}</translation>
    </message>
    <message>
        <source>Show all photos again and not only some</source>
        <translation>Wieder alle Fotos zeigen und nicht nur einen Teil</translation>
    </message>
    <message>
        <source>some of the photos</source>
        <translation>ein Teil der Fotos</translation>
    </message>
    <message>
        <source>all photos in another order</source>
        <translation>alle Fotos in anderer Reihenfolge</translation>
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
        <source>Sort</source>
        <translation>Sortieren</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppieren</translation>
    </message>
    <message>
        <source>Changed since: what is in view stays where it is until you look elsewhere, or until you ask for it here</source>
        <translation>Seitdem geändert: Was zu sehen ist, bleibt, wo es ist, bis Sie anderswo hinsehen oder es hier verlangen</translation>
    </message>
    <message>
        <source>Apply again</source>
        <translation>Neu anwenden</translation>
    </message>
    <message>
        <source>Show the photos that this filter finds</source>
        <translation>Die Fotos zeigen, die dieser Filter findet</translation>
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
        <source>{told}  ·  Down leads to the photos</source>
        <translation>{told}  ·  Pfeil nach unten führt zu den Fotos</translation>
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
        <translation>Filter: Hund, oder label:Hund -label:Katze score(Hund)&gt;0.4</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>What the photos show</source>
        <translation>Was die Fotos zeigen</translation>
    </message>
    <message>
        <source>Say what the photos show, like: two dogs on a beach</source>
        <translation>Sagen, was die Fotos zeigen (englisch), etwa: two dogs on a beach</translation>
    </message>
    <message>
        <source>Searches the photos that pass the filter; Enter searches, Down leads to them</source>
        <translation>Sucht in den Fotos, die der Filter durchlässt; Enter sucht, Pfeil nach unten führt zu ihnen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Leave what was found and show what was shown before</source>
        <translation>Das Gefundene verlassen und zeigen, was vorher zu sehen war</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Wird gesucht…</translation>
    </message>
    <message>
        <source>Finds photos that were labelled.</source>
        <translation>Findet gelabelte Fotos.</translation>
    </message>
    <message>
        <source>{photos}, groups: {groups}; ★ marks the best of each, nothing is deleted</source>
        <translation>{photos}, Gruppen: {groups}; ★ ist das beste jeder Gruppe, nichts wird gelöscht</translation>
    </message>
    <message>
        <source>all photos, those that fit best first</source>
        <translation>alle Fotos, die am besten passenden zuerst</translation>
    </message>
    <message>
        <source>the {photos} that fit best, best first</source>
        <translation>die {photos}, die am besten passen, beste zuerst</translation>
    </message>
</context>
<context>
    <name>Finding</name>
    <message>
        <source>“{words}”</source>
        <translation>„{words}“</translation>
    </message>
    <message>
        <source>Like {photo}</source>
        <translation>Wie {photo}</translation>
    </message>
    <message>
        <source>Like a part of {photo}</source>
        <translation>Wie ein Teil von {photo}</translation>
    </message>
    <message>
        <source>Near-duplicates</source>
        <translation>Fast gleiche Fotos</translation>
    </message>
    <message>
        <source>Comparing photos</source>
        <translation>Fotos werden verglichen</translation>
    </message>
    <message>
        <source>No photo that passes the filter can be searched.</source>
        <translation>Kein Foto, das der Filter durchlässt, kann durchsucht werden.</translation>
    </message>
    <message>
        <source>There are no near-duplicates among these photos.</source>
        <translation>Unter diesen Fotos sind keine fast gleichen.</translation>
    </message>
    <message>
        <source>{count} photos that show the same</source>
        <translation>{count} Fotos, die dasselbe zeigen</translation>
    </message>
</context>
<context>
    <name>FoldChip</name>
    <message>
        <source>Fold up what may be there</source>
        <translation>Vielleicht Vorhandenes zuklappen</translation>
    </message>
    <message>
        <source>Maybe: {labels}</source>
        <translation>Vielleicht: {labels}</translation>
    </message>
</context>
<context>
    <name>Following</name>
    <message>
        <source>The project&apos;s server cannot be reached. You can go on looking; answers are not kept until it is there again, which will be said here.</source>
        <translation>Der Server des Projekts ist nicht zu erreichen. Sie können weiter ansehen; Antworten werden nicht behalten, bis er wieder da ist, was hier gesagt wird.</translation>
    </message>
    <message>
        <source>The project&apos;s server is there again, and what others answered meanwhile is shown. What could not be kept is open again.</source>
        <translation>Der Server des Projekts ist wieder da, und was andere inzwischen geantwortet haben, wird gezeigt. Was nicht behalten werden konnte, ist wieder offen.</translation>
    </message>
</context>
<context>
    <name>GalleryModel</name>
    <message>
        <source>Reviewed</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>The best of its near-duplicates, by size and sharpness</source>
        <translation>Das beste der fast gleichen, nach Größe und Schärfe</translation>
    </message>
    <message>
        <source>Confirmed: {labels}</source>
        <translation>Bestätigt: {labels}</translation>
    </message>
    <message>
        <source>Implied: {labels}</source>
        <translation>Gefolgert: {labels}</translation>
    </message>
    <message>
        <source>Likely: {labels}</source>
        <translation>Wahrscheinlich: {labels}</translation>
    </message>
    <message>
        <source>Maybe: {labels}</source>
        <translation>Vielleicht: {labels}</translation>
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
    <name>GuideDialog</name>
    <message>
        <source>Guide</source>
        <translation>Anleitung</translation>
    </message>
    <message>
        <source>Pages of the guide</source>
        <translation>Seiten der Anleitung</translation>
    </message>
    <message>
        <source>Page of the guide</source>
        <translation>Seite der Anleitung</translation>
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
        <source>Smooth heatmap</source>
        <translation>Heatmap glätten</translation>
    </message>
    <message>
        <source>Boxes of the detector</source>
        <translation>Rahmen des Detektors</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Heatmap: when this work has ended</source>
        <translation>Heatmap: wenn diese Arbeit zu Ende ist</translation>
    </message>
    <message>
        <source>No heatmap: press Label to make it</source>
        <translation>Keine Heatmap: Drücken Sie „Labeln“, um sie zu machen</translation>
    </message>
    <message>
        <source>Reading the heatmap…</source>
        <translation>Die Heatmap wird gelesen …</translation>
    </message>
    <message>
        <source>{label}: the heatmap hardly glows</source>
        <translation>{label}: Heatmap leuchtet kaum</translation>
    </message>
    <message>
        <source>{label}: boxes, the heatmap is dim</source>
        <translation>{label}: Rahmen, Heatmap zu matt</translation>
    </message>
    <message>
        <source>Not labelled yet</source>
        <translation>Noch nicht gelabelt</translation>
    </message>
    <message>
        <source>No label chosen</source>
        <translation>Kein Label gewählt</translation>
    </message>
    <message>
        <source>Heatmap is off</source>
        <translation>Heatmap ist aus</translation>
    </message>
    <message>
        <source>Heatmap: {label}</source>
        <translation>Heatmap: {label}</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
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
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Reading the history…</source>
        <translation>Der Verlauf wird gelesen …</translation>
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
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Import labels</source>
        <translation>Labels importieren</translation>
    </message>
    <message>
        <source>File or folder to import</source>
        <translation>Datei oder Ordner zum Importieren</translation>
    </message>
    <message>
        <source>A file, or a folder of files</source>
        <translation>Eine Datei oder ein Ordner mit Dateien</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei…</translation>
    </message>
    <message>
        <source>Choose a file</source>
        <translation>Eine Datei wählen</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Einen Ordner wählen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>What it looks like</source>
        <translation>Wonach es aussieht</translation>
    </message>
    <message>
        <source>Decisions, as if I had made them</source>
        <translation>Entscheidungen, als hätte ich sie getroffen</translation>
    </message>
    <message>
        <source>Suggestions, to be reviewed</source>
        <translation>Vorschläge, die zu prüfen sind</translation>
    </message>
    <message>
        <source>A second opinion beside what suggests; where both differ is a queue</source>
        <translation>Eine zweite Meinung neben den Vorschlägen; wo beide verschieden sind, ist eine Warteschlange</translation>
    </message>
    <message>
        <source>A truth to compare with; nothing is trained on it</source>
        <translation>Wahrheit zum Vergleichen; nichts lernt daraus</translation>
    </message>
    <message>
        <source>Keep my decisions</source>
        <translation>Meine Entscheidungen behalten</translation>
    </message>
    <message>
        <source>Take what the file says</source>
        <translation>Nehmen, was die Datei sagt</translation>
    </message>
    <message>
        <source>Add labels that this project does not have</source>
        <translation>Labels hinzufügen, die dieses Projekt nicht hat</translation>
    </message>
    <message>
        <source>Take the whole tree of the file</source>
        <translation>Den ganzen Baum der Datei übernehmen</translation>
    </message>
    <message>
        <source>What labels stand below, as Animals|pets for a cat, becomes labels as well, and the labels of this project are put below it; without it only new labels are put below others that are labels</source>
        <translation>Worunter Labels stehen, wie Tiere|Haustiere bei einer Katze, wird auch zu Labels, und die Labels dieses Projekts kommen darunter; ohne das kommen nur neue Labels unter andere, die schon Labels sind</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Take over as</source>
        <translation>Übernehmen als</translation>
    </message>
    <message>
        <source>In conflicts</source>
        <translation>Bei Konflikten</translation>
    </message>
    <message>
        <source>Both sides stay in the history.</source>
        <translation>Beide Seiten bleiben im Verlauf.</translation>
    </message>
    <message>
        <source>New labels</source>
        <translation>Neue Labels</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>Choose a file or a folder; what will happen is told here before it does.</source>
        <translation>Wählen Sie eine Datei oder einen Ordner; was geschehen wird, steht vorher hier.</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Wird gezählt…</translation>
    </message>
</context>
<context>
    <name>ImportPlanView</name>
    <message>
        <source>Conflicts with my decisions</source>
        <translation>Konflikte mit meinen Entscheidungen</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meine</translation>
    </message>
    <message>
        <source>The file&apos;s</source>
        <translation>In der Datei</translation>
    </message>
    <message>
        <source>What will happen</source>
        <translation>Was geschehen wird</translation>
    </message>
    <message>
        <source>Conflicts with my decisions: {count}</source>
        <translation>Konflikte mit meinen Entscheidungen: {count}</translation>
    </message>
    <message>
        <source>Left out, as the file only suggests them: {labels}.</source>
        <translation>Ausgelassen, da die Datei sie nur vorschlägt: {labels}.</translation>
    </message>
    <message>
        <source>Will stand below others, as in the file: {labels}</source>
        <translation>Wird wie in der Datei unter andere gestellt: {labels}</translation>
    </message>
    <message>
        <source>{photos} found.</source>
        <translation>{photos} gefunden.</translation>
    </message>
    <message>
        <source>Of this project, not in the file: {photos}.</source>
        <translation>Aus diesem Projekt nicht in der Datei: {photos}.</translation>
    </message>
    <message>
        <source>Of the file, not here: {photos} ({names})</source>
        <translation>Aus der Datei nicht hier: {photos} ({names})</translation>
    </message>
    <message>
        <source>By names that an upload changed: {names}</source>
        <translation>Nach Namen, die ein Hochladen änderte: {names}</translation>
    </message>
    <message>
        <source>Entries and files passed over: {count}</source>
        <translation>Übergangene Einträge und Dateien: {count}</translation>
    </message>
    <message>
        <source>Will be kept beside your labels: {labels} of {photos}.</source>
        <translation>Wird neben Ihren Labels aufbewahrt: {labels} von {photos}.</translation>
    </message>
    <message>
        <source>Will stand beside what suggests, as a second opinion on {photos}.</source>
        <translation>Steht als zweite Meinung neben den Vorschlägen: {photos}.</translation>
    </message>
    <message>
        <source>Will suggest {labels} on {photos}, in place of what was suggested before. The history can take it back.</source>
        <translation>Schlägt {labels} auf {photos} vor, anstelle dessen, was vorher vorgeschlagen war. Im Verlauf lässt es sich zurücknehmen.</translation>
    </message>
    <message>
        <source>Will confirm {confirmed} and reject {rejected}.</source>
        <translation>Bestätigt {confirmed} und lehnt {rejected} ab.</translation>
    </message>
    <message>
        <source>There already: {same}.</source>
        <translation>Schon da: {same}.</translation>
    </message>
    <message>
        <source>Will mark {reviewed} as reviewed.</source>
        <translation>Markiert {reviewed} als geprüft.</translation>
    </message>
    <message>
        <source>Will turn {turned} of yours.</source>
        <translation>Kehrt {turned} von Ihnen um.</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>Read as {format}.</source>
        <translation>Gelesen als {format}.</translation>
    </message>
    <message>
        <source>New labels: {names}</source>
        <translation>Neue Labels: {names}</translation>
    </message>
    <message>
        <source>Left out, as this project does not have these labels: {names}</source>
        <translation>Ausgelassen, weil dieses Projekt diese Labels nicht hat: {names}</translation>
    </message>
    <message>
        <source>{theirs} is {ours}</source>
        <translation>{theirs} ist {ours}</translation>
    </message>
    <message>
        <source>By another name here: {names}</source>
        <translation>Hier unter anderem Namen: {names}</translation>
    </message>
    <message>
        <source>All of it is there already: there is nothing to import.</source>
        <translation>Alles davon ist schon da: Es gibt nichts zu importieren.</translation>
    </message>
</context>
<context>
    <name>Importing</name>
    <message>
        <source>Importing</source>
        <translation>Import läuft</translation>
    </message>
    <message>
        <source>Compare with it</source>
        <translation>Damit vergleichen</translation>
    </message>
    <message>
        <source>Review where both differ</source>
        <translation>Prüfen, wo beide abweichen</translation>
    </message>
    <message>
        <source>All of {file} was there already; nothing changed.</source>
        <translation>Alles aus {file} war schon da; nichts hat sich geändert.</translation>
    </message>
    <message>
        <source>{file} is kept as a truth of {photos}.</source>
        <translation>{file} ist als Wahrheit von {photos} aufgehoben.</translation>
    </message>
    <message>
        <source>{file} is a second opinion on {photos}.</source>
        <translation>{file} ist eine zweite Meinung zu {photos}.</translation>
    </message>
    <message>
        <source>{suggested} suggested by {file}.</source>
        <translation>{suggested} von {file} vorgeschlagen.</translation>
    </message>
    <message>
        <source>{confirmed} confirmed by {file}; undo takes it back.</source>
        <translation>{confirmed} von {file} bestätigt; Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>{confirmed} confirmed and {rejected} rejected by {file}; undo takes it back.</source>
        <translation>{confirmed} von {file} bestätigt und {rejected} abgelehnt; Rückgängig nimmt es zurück.</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Scores</source>
        <translation>Scores</translation>
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
        <source>No label is likely on this photo. Add some here.</source>
        <translation>Kein Label ist auf diesem Foto wahrscheinlich. Fügen Sie hier welche hinzu.</translation>
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
        <source>1 to 9</source>
        <translation>1 bis 9</translation>
    </message>
    <message>
        <source>Confirm a label of the photo, or no longer</source>
        <translation>Ein Label des Fotos bestätigen oder nicht mehr</translation>
    </message>
    <message>
        <source>Shift + 1 to 9</source>
        <translation>Umschalt + 1 bis 9</translation>
    </message>
    <message>
        <source>Reject it, or no longer</source>
        <translation>Es ablehnen oder nicht mehr</translation>
    </message>
    <message>
        <source>Tab, arrows</source>
        <translation>Tab, Pfeile</translation>
    </message>
    <message>
        <source>Move to the labels of the photo, and among them</source>
        <translation>Zu den Labels des Fotos gehen und zwischen ihnen</translation>
    </message>
    <message>
        <source>Enter, X or Del</source>
        <translation>Eingabe, X oder Entf</translation>
    </message>
    <message>
        <source>On a label of the photo: confirm or reject it</source>
        <translation>Auf einem Label des Fotos: bestätigen oder ablehnen</translation>
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
    <message>
        <source>Change keys…</source>
        <translation>Tasten ändern…</translation>
    </message>
</context>
<context>
    <name>LabelChip</name>
    <message>
        <source>likely</source>
        <translation>wahrscheinlich</translation>
    </message>
    <message>
        <source>maybe</source>
        <translation>vielleicht</translation>
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
        <source>implied by a label below it</source>
        <translation>gefolgert aus einem Label darunter</translation>
    </message>
    <message>
        <source>ruled out by a label above it</source>
        <translation>ausgeschlossen durch ein Label darüber</translation>
    </message>
    <message>
        <source>{label}: {state}</source>
        <translation>{label}: {state}</translation>
    </message>
    <message>
        <source>, by the rule {rule}</source>
        <translation>, nach der Regel {rule}</translation>
    </message>
    <message>
        <source>, chance {chance}</source>
        <translation>, Chance {chance}</translation>
    </message>
    <message>
        <source> (likely from {chance} on)</source>
        <translation> (wahrscheinlich ab {chance})</translation>
    </message>
    <message>
        <source>{name} says yes</source>
        <translation>{name} sagt Ja</translation>
    </message>
    <message>
        <source>{name} says no</source>
        <translation>{name} sagt Nein</translation>
    </message>
    <message>
        <source>{key} confirms, Shift+{key} rejects</source>
        <translation>{key} bestätigt, Umschalt+{key} lehnt ab</translation>
    </message>
</context>
<context>
    <name>LabelClipboard</name>
    <message>
        <source>This photo has no labels to copy.</source>
        <translation>Dieses Foto hat keine Labels zum Kopieren.</translation>
    </message>
    <message>
        <source>Copied: {labels}</source>
        <translation>Kopiert: {labels}</translation>
    </message>
    <message>
        <source>There are no labels to paste: copy those of a photo first.</source>
        <translation>Es gibt keine Labels zum Einfügen: Kopieren Sie zuerst die eines Fotos.</translation>
    </message>
</context>
<context>
    <name>LabelFigures</name>
    <message>
        <source>{label}: suggested from {threshold:.3f}</source>
        <translation>{label}: vorgeschlagen ab {threshold:.3f}</translation>
    </message>
</context>
<context>
    <name>LabelMenu</name>
    <message>
        <source>Photos with {label}</source>
        <translation>Fotos mit {label}</translation>
    </message>
    <message>
        <source>Photos without {label}</source>
        <translation>Fotos ohne {label}</translation>
    </message>
    <message>
        <source>Photos where {label} is likely</source>
        <translation>Fotos, auf denen {label} wahrscheinlich ist</translation>
    </message>
    <message>
        <source>Photos where {label} may be</source>
        <translation>Fotos, auf denen {label} vielleicht ist</translation>
    </message>
    <message>
        <source>Photos with {label} confirmed</source>
        <translation>Fotos, auf denen {label} bestätigt ist</translation>
    </message>
    <message>
        <source>Photos with {label} rejected</source>
        <translation>Fotos, auf denen {label} abgelehnt ist</translation>
    </message>
    <message>
        <source>Photos with a label below {label}</source>
        <translation>Fotos mit einem Label unter {label}</translation>
    </message>
    <message>
        <source>Review what is undecided of {label}</source>
        <translation>Unentschiedenes von {label} prüfen</translation>
    </message>
    <message>
        <source>Sweep {label}</source>
        <translation>{label} durchgehen</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Put under…</source>
        <translation>Stellen unter …</translation>
    </message>
    <message>
        <source>Take out of {label}</source>
        <translation>Aus {label} herausnehmen</translation>
    </message>
    <message>
        <source>Rename, merge or remove…</source>
        <translation>Umbenennen, zusammenführen oder entfernen…</translation>
    </message>
    <message>
        <source>Other names…</source>
        <translation>Weitere Namen …</translation>
    </message>
    <message>
        <source>Split…</source>
        <translation>Teilen …</translation>
    </message>
    <message>
        <source>None of its own</source>
        <translation>Keine eigene</translation>
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
        <source>Photos on which the label is likely, and nobody has answered</source>
        <translation>Fotos, auf denen das Label wahrscheinlich ist und die niemand beantwortet hat</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>The letter that toggles the label on the selected photos, where it has one</source>
        <translation>Der Buchstabe, der das Label auf den ausgewählten Fotos umschaltet, wo es einen hat</translation>
    </message>
    <message>
        <source>{label}: confirmed on {confirmed}, likely on {likely}, maybe on {maybe}, undecided on {photos}</source>
        <translation>{label}: bestätigt auf {confirmed}, wahrscheinlich auf {likely}, vielleicht auf {maybe}, unentschieden auf {photos}</translation>
    </message>
    <message>
        <source>; in bold because it was just added</source>
        <translation>; fett, weil eben hinzugekommen</translation>
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
        <source>Likely</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>; also called {names}</source>
        <translation>; heißt auch {names}</translation>
    </message>
    <message>
        <source>; below {labels}</source>
        <translation>; unter {labels}</translation>
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
        <source>What is in these photos?</source>
        <translation>Was ist auf diesen Fotos?</translation>
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
        <source>F2 or a double click renames a label. Ctrl+Z undoes every change. A label that was removed comes back when it is named again.</source>
        <translation>F2 oder ein Doppelklick benennt ein Label um. Strg+Z macht jede Änderung rückgängig. Ein entferntes Label kommt wieder, wenn es noch einmal genannt wird.</translation>
    </message>
    <message>
        <source>Where one is confirmed and the other rejected, {into} stays as it is. Photos: {count}, {photos}</source>
        <translation>Wo eines bestätigt und das andere abgelehnt ist, bleibt {into}, wie es ist. Fotos: {count}, {photos}</translation>
    </message>
    <message>
        <source>Colour of {label}</source>
        <translation>Farbe von {label}</translation>
    </message>
    <message>
        <source>It is confirmed on {confirmed}, rejected on {rejected} and likely on {photos}. These decisions stay in the project, but are not exported until the label is added again.</source>
        <translation>Es ist auf {confirmed} bestätigt, auf {rejected} abgelehnt und auf {photos} wahrscheinlich. Diese Entscheidungen bleiben im Projekt, werden aber nicht exportiert, bis das Label wieder hinzugefügt wird.</translation>
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
        <source>Answers that move to {into}: {yes} yes, {no} no. Answers that are there already: {agreed}.</source>
        <translation>Antworten, die zu {into} gehen: {yes} ja, {no} nein. Antworten, die dort schon sind: {agreed}.</translation>
    </message>
    <message>
        <source>A photo without {label} is then one without {into}. That is right where both mean the same; what is a kind of the other is better put under it.</source>
        <translation>Ein Foto ohne {label} ist dann eines ohne {into}. Das ist richtig, wo beide dasselbe bedeuten; was eine Art des anderen ist, stellt man besser darunter.</translation>
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
        <source>The key {key} belongs to a command. Choose another one.</source>
        <translation>Die Taste {key} gehört einem Befehl. Wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>All labels in use have a key, or no key is left.</source>
        <translation>Alle benutzten Labels haben eine Taste, oder keine ist mehr frei.</translation>
    </message>
    <message>
        <source>Keys were given to {labels}. Point at a label to see it, or press {key}.</source>
        <translation>Tasten bekommen: {labels}. Zeigen Sie auf ein Label, um sie zu sehen, oder drücken Sie {key}.</translation>
    </message>
    <message>
        <source>Done: {title}</source>
        <translation>Erledigt: {title}</translation>
    </message>
    <message>
        <source>So it is with other labels, too.</source>
        <translation>So ist es auch mit anderen Labels.</translation>
    </message>
    <message>
        <source>Show the photos</source>
        <translation>Die Fotos zeigen</translation>
    </message>
    <message>
        <source>{labels} written to {file}</source>
        <translation>{labels} nach {file} geschrieben</translation>
    </message>
    <message>
        <source>{label} is a new label: no other photo was looked at for it yet.</source>
        <translation>{label} ist ein neues Label: Nach ihm wurde noch kein anderes Foto durchsucht.</translation>
    </message>
    <message>
        <source>Look for it on all photos</source>
        <translation>In allen Fotos danach suchen</translation>
    </message>
    <message>
        <source>{labels} are new labels: no other photo was looked at for them yet.</source>
        <translation>{labels} sind neue Labels: Nach ihnen wurde noch kein anderes Foto durchsucht.</translation>
    </message>
    <message>
        <source>Look for them on all photos</source>
        <translation>In allen Fotos danach suchen</translation>
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
        <source>Likely</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Photos on which the label is likely, and nobody has answered</source>
        <translation>Fotos, auf denen das Label wahrscheinlich ist und die niemand beantwortet hat</translation>
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
        <source>What kind of thing it is: COCO&apos;s supercategory</source>
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
</context>
<context>
    <name>Labelling</name>
    <message>
        <source>Labelling photos</source>
        <translation>Fotos werden gelabelt</translation>
    </message>
    <message>
        <source>This computer has not looked at these photos yet: until then it shows no heatmaps, finds nothing by words, and answers do not teach here.</source>
        <translation>Dieser Computer hat diese Fotos noch nicht angesehen: Bis dahin zeigt er keine Heatmaps, findet nichts nach Wörtern, und Antworten lehren hier nichts.</translation>
    </message>
    <message>
        <source>Look at them</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>The Label button does it at any time</source>
        <translation>Der Knopf „Labeln“ tut es jederzeit</translation>
    </message>
    <message>
        <source>{left} of {photos} are not labelled yet.</source>
        <translation>{left} von {photos} haben noch keine Labels.</translation>
    </message>
    <message>
        <source>Labelling stopped at {anew} of {photos}; the others keep the labels they had.</source>
        <translation>Das Labeln endete bei {anew} von {photos}; die anderen behalten ihre bisherigen Labels.</translation>
    </message>
    <message>
        <source>Looking at photos</source>
        <translation>Fotos werden angesehen</translation>
    </message>
    <message>
        <source>Stopped: {done} of {photos} labelled. Label goes on from there.</source>
        <translation>Angehalten: {done} von {photos} gelabelt. Labeln macht dort weiter.</translation>
    </message>
    <message>
        <source>Nothing new to label: {photos} labelled already</source>
        <translation>Nichts Neues zu labeln: {photos} schon gelabelt</translation>
    </message>
    <message>
        <source>New scores for {photos}, but what is suggested still comes from the training before. “Learn from my corrections” has them count.</source>
        <translation>Neue Scores für {photos}, aber was vorgeschlagen ist, kommt noch vom Training davor. „Aus meinen Korrekturen lernen“ lässt sie zählen.</translation>
    </message>
    <message>
        <source>Label the rest</source>
        <translation>Den Rest labeln</translation>
    </message>
    <message>
        <source>Stopped: {anew} of {photos} labelled anew; the others keep the labels they had. Label goes on from there.</source>
        <translation>Angehalten: {anew} von {photos} neu gelabelt; die anderen behalten ihre bisherigen Labels. Labeln macht dort weiter.</translation>
    </message>
    <message>
        <source>Scoring photos</source>
        <translation>Scores werden berechnet</translation>
    </message>
    <message>
        <source>{photos} labelled in {seconds:.0f} s</source>
        <translation>{photos} in {seconds:.0f} s gelabelt</translation>
    </message>
    <message>
        <source>New scores for {photos}, after {seconds:.1f} s</source>
        <translation>Neue Scores für {photos}, nach {seconds:.1f} s</translation>
    </message>
    <message>
        <source>{photos} labelled. {unreadable} could not be read, the first is {path}: {problem} They are marked in the gallery.</source>
        <translation>{photos} gelabelt. {unreadable} nicht lesbar, zuerst {path}: {problem} In der Galerie ist das markiert.</translation>
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
        <source>What is in these photos?</source>
        <translation>Was ist auf diesen Fotos?</translation>
    </message>
    <message>
        <source>Everyday words that tell these photos apart, to make labels of</source>
        <translation>Alltagswörter, die diese Fotos unterscheiden, um Labels daraus zu machen</translation>
    </message>
    <message>
        <source>No labels yet. Press Label to look for everyday ones, or choose others beside it.</source>
        <translation>Noch keine Labels. Drücken Sie „Labeln“, um nach alltäglichen zu suchen, oder wählen Sie daneben andere.</translation>
    </message>
    <message>
        <source>Order of the labels</source>
        <translation>Reihenfolge der Labels</translation>
    </message>
    <message>
        <source>Labels on photos first</source>
        <translation>Labels auf Fotos zuerst</translation>
    </message>
    <message>
        <source>As in the label set</source>
        <translation>Wie im Label-Satz</translation>
    </message>
    <message>
        <source>Most photos first</source>
        <translation>Die meisten Fotos zuerst</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Name</translation>
    </message>
    <message>
        <source>No label has “{text}” in its name. Words in the filter line are looked for in the photos.</source>
        <translation>Kein Label hat „{text}“ im Namen. Wörter in der Filterzeile werden in den Fotos gesucht.</translation>
    </message>
    <message>
        <source>No label is called “{text}”. Enter chooses {label}, the arrows lead to the others.</source>
        <translation>Kein Label heißt „{text}“. Die Eingabetaste wählt {label}, die Pfeile führen zu den anderen.</translation>
    </message>
</context>
<context>
    <name>Language</name>
    <message>
        <source>en</source>
        <translation>de</translation>
    </message>
</context>
<context>
    <name>LiveTeaching</name>
    <message>
        <source>Learnt: {label} now likely on {on}</source>
        <translation>Gelernt: {label} jetzt wahrscheinlich auf {on}</translation>
    </message>
    <message>
        <source>Learnt: {label} no longer likely on {off}</source>
        <translation>Gelernt: {label} nicht mehr wahrscheinlich auf {off}</translation>
    </message>
    <message>
        <source>Learnt: {label} now likely on {on}, no longer on {off}</source>
        <translation>Gelernt: {label} jetzt wahrscheinlich auf {on}, nicht mehr auf {off}</translation>
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
        <source>Thresholds</source>
        <translation>Schwellen</translation>
    </message>
    <message>
        <source>Evaluation</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Show the photos that answers changed since you looked</source>
        <translation>Die Fotos zeigen, die Antworten geändert haben, seit Sie nachsahen</translation>
    </message>
    <message>
        <source>Say who reviews: answers are kept under this name</source>
        <translation>Sagen, wer durchsieht: Antworten werden unter diesem Namen aufgehoben</translation>
    </message>
    <message>
        <source>Reviewing as {name}</source>
        <translation>Durchsehen als {name}</translation>
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
        <source>{photos}  ·  {reviewed} reviewed</source>
        <translation>{photos}  ·  {reviewed} geprüft</translation>
    </message>
</context>
<context>
    <name>MapColours</name>
    <message>
        <source>not suggested</source>
        <translation>nicht vorgeschlagen</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>bestätigt</translation>
    </message>
    <message>
        <source>likely</source>
        <translation>wahrscheinlich</translation>
    </message>
    <message>
        <source>maybe</source>
        <translation>vielleicht</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>implied</source>
        <translation>gefolgert</translation>
    </message>
    <message>
        <source>ruled out</source>
        <translation>ausgeschlossen</translation>
    </message>
    <message>
        <source>{label}:</source>
        <translation>{label}:</translation>
    </message>
    <message>
        <source>Score of {label}:</source>
        <translation>Score von {label}:</translation>
    </message>
    <message>
        <source>Doubt about {label}:</source>
        <translation>Zweifel an {label}:</translation>
    </message>
    <message>
        <source>Folder:</source>
        <translation>Ordner:</translation>
    </message>
    <message>
        <source>Chance of {label}:</source>
        <translation>Chance von {label}:</translation>
    </message>
    <message>
        <source>clear</source>
        <translation>klar</translation>
    </message>
    <message>
        <source>doubtful</source>
        <translation>zweifelhaft</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>beantwortet</translation>
    </message>
    <message>
        <source>no score</source>
        <translation>ohne Score</translation>
    </message>
    <message>
        <source>in no folder</source>
        <translation>in keinem Ordner</translation>
    </message>
    <message>
        <source>others</source>
        <translation>andere</translation>
    </message>
</context>
<context>
    <name>MapLegend</name>
    <message>
        <source>from {low} to {high}</source>
        <translation>von {low} bis {high}</translation>
    </message>
</context>
<context>
    <name>MeaningDialog</name>
    <message>
        <source>Labels of the truth {name}</source>
        <translation>Labels der Wahrheit {name}</translation>
    </message>
    <message>
        <source>Say what each label of the truth means here. The truth is not read again for it.</source>
        <translation>Sagen Sie, was jedes Label der Wahrheit hier bedeutet. Die Wahrheit wird dafür nicht neu gelesen.</translation>
    </message>
</context>
<context>
    <name>MeaningTable</name>
    <message>
        <source>no label here</source>
        <translation>hier kein Label</translation>
    </message>
    <message>
        <source>Label of the truth</source>
        <translation>Label der Wahrheit</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Means</source>
        <translation>Bedeutet</translation>
    </message>
    <message>
        <source>What the labels of the truth mean</source>
        <translation>Was die Labels der Wahrheit bedeuten</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Details…</source>
        <translation>Details…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Details of what went wrong</source>
        <translation>Details dazu, was schiefging</translation>
    </message>
    <message>
        <source>Copy for a report</source>
        <translation>Für eine Meldung kopieren</translation>
    </message>
    <message>
        <source>These lines, and versions, device and encoder</source>
        <translation>Diese Zeilen sowie Versionen, Gerät und Encoder</translation>
    </message>
    <message>
        <source>That is a mistake of the program. Please report it: {address}</source>
        <translation>Das ist ein Fehler des Programms. Bitte melden Sie ihn: {address}</translation>
    </message>
    <message>
        <source>That is a mistake of the program. Please report it to those you have the program from.</source>
        <translation>Das ist ein Fehler des Programms. Bitte melden Sie ihn denen, von denen Sie das Programm haben.</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>{count} names contain this</source>
        <translation>{count} Namen enthalten dies</translation>
    </message>
</context>
<context>
    <name>OfferedLabels</name>
    <message>
        <source>Labels that fit</source>
        <translation>Passende Labels</translation>
    </message>
</context>
<context>
    <name>OpenAddressDialog</name>
    <message>
        <source>Open an address</source>
        <translation>Adresse öffnen</translation>
    </message>
    <message>
        <source>Photos:</source>
        <translation>Fotos:</translation>
    </message>
    <message>
        <source>Project:</source>
        <translation>Projekt:</translation>
    </message>
    <message>
        <source>The photos are in a folder or an object store (s3://, gs://, az://) and are only read. The project, with labels and answers, is in a folder or a database; leave it empty for a project of your own on this computer.</source>
        <translation>Die Fotos liegen in einem Ordner oder einem Objektspeicher (s3://, gs://, az://) und werden nur gelesen. Das Projekt mit Labels und Antworten liegt in einem Ordner oder einer Datenbank; bleibt es leer, so wird es ein eigenes Projekt auf diesem Computer.</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>Opening {folder}…</source>
        <translation>{folder} wird geöffnet …</translation>
    </message>
    <message>
        <source>Opening the sample photos…</source>
        <translation>Die Beispielfotos werden geöffnet …</translation>
    </message>
    <message>
        <source>Finding photos</source>
        <translation>Fotos werden gesucht</translation>
    </message>
    <message>
        <source>You can look at everything here, but change nothing. Ask whoever looks after the project&apos;s database to let you write.</source>
        <translation>Sie können hier alles ansehen, aber nichts ändern. Bitten Sie, wer die Datenbank des Projekts betreut, um das Recht zu schreiben.</translation>
    </message>
    <message>
        <source>You can look at everything here, but change nothing: {folder} cannot be written. To go on, have it made writable for you, or copy the photos with their .cdul folder, and open them again.</source>
        <translation>Sie können hier alles ansehen, aber nichts ändern: {folder} ist schreibgeschützt. Um weiterzumachen, lassen Sie sich dort das Schreiben erlauben, oder kopieren Sie die Fotos mit ihrem Ordner .cdul, und öffnen Sie sie erneut.</translation>
    </message>
    <message>
        <source>These photos are open in another window or command. You can look at everything here, but change nothing; close the other one and open the folder again to go on.</source>
        <translation>Diese Fotos sind in einem anderen Fenster oder Befehl offen. Sie können hier alles ansehen, aber nichts ändern; schließen Sie das andere und öffnen Sie den Ordner noch einmal, um weiterzumachen.</translation>
    </message>
    <message>
        <source>{photos} cannot be written: labels and answers are kept on this computer, in {folder}.</source>
        <translation>{photos} lässt sich nicht beschreiben: Labels und Antworten liegen auf diesem Computer, in {folder}.</translation>
    </message>
    <message>
        <source>There are no photos in this folder or the folders below it. Open another folder.</source>
        <translation>In diesem Ordner und den Ordnern darunter gibt es keine Fotos. Öffnen Sie einen anderen Ordner.</translation>
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
        <source>There are no {photos}.</source>
        <translation>Es gibt keine {photos}.</translation>
    </message>
    <message>
        <source>Enter looks for photos that show it.</source>
        <translation>Enter sucht Fotos, die es zeigen.</translation>
    </message>
    <message>
        <source>Change the filter, or show all photos again</source>
        <translation>Ändern Sie den Filter, oder zeigen Sie wieder alle Fotos</translation>
    </message>
    <message>
        <source>Looking for photos…</source>
        <translation>Fotos werden gesucht…</translation>
    </message>
    <message>
        <source>There are no photos in this folder or the folders below it.</source>
        <translation>In diesem Ordner und darunter sind keine Fotos.</translation>
    </message>
    <message>
        <source>Open another one</source>
        <translation>Öffnen Sie einen anderen</translation>
    </message>
</context>
<context>
    <name>People</name>
    <message>
        <source>disagreed</source>
        <translation>uneins</translation>
    </message>
    <message>
        <source>They agree on every photo: {people}, {about}.</source>
        <translation>Sie stimmen bei jedem Foto überein: {people}, {about}.</translation>
    </message>
    <message>
        <source>Disagreed: {about} ({people})</source>
        <translation>Uneins: {about} ({people})</translation>
    </message>
    <message>
        <source>{photos} given back</source>
        <translation>{photos} zurückgegeben</translation>
    </message>
    <message>
        <source>{photos} to review, {second} of them as a second reviewer</source>
        <translation>{photos} zum Durchsehen, {second} davon als Zweiter</translation>
    </message>
    <message>
        <source>Reviewing as {name}</source>
        <translation>Durchsehen als {name}</translation>
    </message>
    <message>
        <source>the newest answer</source>
        <translation>die neueste Antwort</translation>
    </message>
    <message>
        <source>the majority</source>
        <translation>die Mehrheit</translation>
    </message>
    <message>
        <source>{name} decides</source>
        <translation>{name} entscheidet</translation>
    </message>
</context>
<context>
    <name>PeoplePanel</name>
    <message>
        <source>Say who reviews: answers are kept under this name</source>
        <translation>Sagen, wer durchsieht: Antworten werden unter diesem Namen aufgehoben</translation>
    </message>
    <message>
        <source>Whose agreement</source>
        <translation>Wessen Übereinstimmung</translation>
    </message>
    <message>
        <source>Show the photos they disagree on</source>
        <translation>Fotos zeigen, bei denen sie uneins sind</translation>
    </message>
    <message>
        <source>Say which answer is in force where people differ</source>
        <translation>Sagen, welche Antwort gilt, wo Personen sich widersprechen</translation>
    </message>
    <message>
        <source>Give me photos…</source>
        <translation>Fotos geben lassen …</translation>
    </message>
    <message>
        <source>Take photos to review that nobody else is given meanwhile</source>
        <translation>Fotos zum Durchsehen nehmen, die so lange niemand sonst bekommt</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>Zurückgeben</translation>
    </message>
    <message>
        <source>Let others have the photos that you took and did not review</source>
        <translation>Anderen die Fotos lassen, die Sie genommen und nicht durchgesehen haben</translation>
    </message>
    <message>
        <source>In force: {rule}</source>
        <translation>Es gilt: {rule}</translation>
    </message>
    <message>
        <source>{name}: {done} of {total} done</source>
        <translation>{name}: {done} von {total} erledigt</translation>
    </message>
    <message>
        <source>Reviewing as {name}…</source>
        <translation>Durchsehen als {name} …</translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>{name}: {photos}</source>
        <translation>{name}: {photos}</translation>
    </message>
</context>
<context>
    <name>PeopleQuestions</name>
    <message>
        <source>Reviewing as</source>
        <translation>Durchsehen als</translation>
    </message>
    <message>
        <source>Your name. Answers are kept under it, and undo takes back what is yours:</source>
        <translation>Ihr Name. Antworten werden darunter aufgehoben, und Rückgängig nimmt zurück, was Ihres ist:</translation>
    </message>
    <message>
        <source>Which answer is in force</source>
        <translation>Welche Antwort gilt</translation>
    </message>
    <message>
        <source>Where people differ, in force is:</source>
        <translation>Wo Personen sich widersprechen, gilt:</translation>
    </message>
    <message>
        <source>In force will be: {rule}. That changes {decisions}.</source>
        <translation>Es wird gelten: {rule}. Das ändert {decisions}.</translation>
    </message>
    <message>
        <source>No opinion is lost, and this can be undone.</source>
        <translation>Keine Meinung geht verloren, und es lässt sich rückgängig machen.</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
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
    <message>
        <source>Best labels of this snippet</source>
        <translation>Beste Labels dieses Ausschnitts</translation>
    </message>
</context>
<context>
    <name>PhotoFile</name>
    <message>
        <source>Paths copied: {photos}</source>
        <translation>Pfade kopiert: {photos}</translation>
    </message>
    <message>
        <source>Copied: {photos}</source>
        <translation>Kopiert: {photos}</translation>
    </message>
    <message>
        <source>{file} is in a store, where other programs of this computer do not see it.</source>
        <translation>{file} liegt in einem Speicher im Netz, den andere Programme dieses Computers nicht sehen.</translation>
    </message>
</context>
<context>
    <name>PhotoMapPanel</name>
    <message>
        <source>Map of the photos</source>
        <translation>Karte der Fotos</translation>
    </message>
    <message>
        <source>Colour by state</source>
        <translation>Farbe nach Zustand</translation>
    </message>
    <message>
        <source>Colour by score</source>
        <translation>Farbe nach Score</translation>
    </message>
    <message>
        <source>Colour by doubt</source>
        <translation>Farbe nach Zweifel</translation>
    </message>
    <message>
        <source>Colour by folder</source>
        <translation>Farbe nach Ordner</translation>
    </message>
    <message>
        <source>What the colours of the map tell</source>
        <translation>Was die Farben der Karte sagen</translation>
    </message>
    <message>
        <source>Show these</source>
        <translation>Diese zeigen</translation>
    </message>
    <message>
        <source>Show only the photos that are drawn around</source>
        <translation>Nur die umfahrenen Fotos zeigen</translation>
    </message>
    <message>
        <source>Whole map</source>
        <translation>Ganze Karte</translation>
    </message>
    <message>
        <source>Zoom out to all photos</source>
        <translation>Verkleinern, bis alle Fotos zu sehen sind</translation>
    </message>
    <message>
        <source>Keep neighbours together</source>
        <translation>Nachbarn zusammenhalten</translation>
    </message>
    <message>
        <source>By UMAP: clearer groups, but it takes a minute for many photos</source>
        <translation>Mit UMAP: klarere Gruppen, dauert bei vielen Fotos aber eine Minute</translation>
    </message>
    <message>
        <source>Drawing the map…</source>
        <translation>Karte wird gezeichnet…</translation>
    </message>
    <message>
        <source>{chosen} of {photos} chosen</source>
        <translation>{chosen} von {photos} gewählt</translation>
    </message>
    <message>
        <source>{photos}  ·  drag around some to choose them</source>
        <translation>{photos}  ·  umfahren Sie einige, um sie zu wählen</translation>
    </message>
    <message>
        <source>Choose a label to see where it is</source>
        <translation>Ein Label wählen, um zu sehen, wo es ist</translation>
    </message>
    <message>
        <source>Chosen on the map</source>
        <translation>Auf der Karte gewählt</translation>
    </message>
</context>
<context>
    <name>PhotoPage</name>
    <message>
        <source>Back to the gallery</source>
        <translation>Zurück zur Galerie</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>Voriges Foto</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <source>{path}  ·  {place} of {total}</source>
        <translation>{path}  ·  {place} von {total}</translation>
    </message>
</context>
<context>
    <name>PhotosOfLabel</name>
    <message>
        <source>{label}: likely on {likely}, and may be on {maybe} more.</source>
        <translation>{label}: wahrscheinlich auf {likely}, vielleicht auf {maybe} weiteren.</translation>
    </message>
    <message>
        <source>Show these photos</source>
        <translation>Diese Fotos zeigen</translation>
    </message>
</context>
<context>
    <name>PlaceOfLabelDialog</name>
    <message>
        <source>Put {label} under</source>
        <translation>{label} stellen unter</translation>
    </message>
    <message>
        <source>Find a label</source>
        <translation>Ein Label suchen</translation>
    </message>
    <message>
        <source>Where {label} is confirmed these are implied; where one of these is rejected it is ruled out.</source>
        <translation>Wo {label} bestätigt ist, sind diese gefolgert; wo eines von ihnen abgelehnt ist, ist es ausgeschlossen.</translation>
    </message>
    <message>
        <source>It stands below this label itself</source>
        <translation>Es steht selbst unter diesem Label</translation>
    </message>
    <message>
        <source>New label “{text}”</source>
        <translation>Neues Label „{text}“</translation>
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
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Paused, {left} of {total} left</source>
        <translation>Angehalten, noch {left} von {total}</translation>
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
        <source>Looking…</source>
        <translation>Es wird nachgesehen …</translation>
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
    <name>Questions</name>
    <message>
        <source>Open a folder of photos</source>
        <translation>Einen Ordner mit Fotos öffnen</translation>
    </message>
    <message>
        <source>Other names of {label}</source>
        <translation>Weitere Namen von {label}</translation>
    </message>
    <message>
        <source>One a line; with its language, where it has one, as de:Spatz</source>
        <translation>Einer je Zeile; mit seiner Sprache, wo er eine hat, wie de:Spatz</translation>
    </message>
    <message>
        <source>Name of the second label, which takes the place of {label} on the selected photos that have it confirmed ({photos}):</source>
        <translation>Name des zweiten Labels, das an die Stelle von {label} tritt, wo das auf den ausgewählten Fotos bestätigt ist ({photos}):</translation>
    </message>
    <message>
        <source>On none of the selected photos is {label} confirmed.</source>
        <translation>Auf keinem der ausgewählten Fotos ist {label} bestätigt.</translation>
    </message>
    <message>
        <source>Select those that the second label is meant for.</source>
        <translation>Wählen Sie die aus, für die das zweite Label gedacht ist.</translation>
    </message>
    <message>
        <source>A label that was merged into it comes back with its answers under its name:</source>
        <translation>Ein Label, das mit ihm zusammengeführt wurde, kommt unter seinem Namen mit seinen Antworten wieder:</translation>
    </message>
    <message>
        <source>Make two labels of {label}</source>
        <translation>Aus {label} zwei Labels machen</translation>
    </message>
    <message>
        <source>There is nothing to report yet: compare with a truth first.</source>
        <translation>Es gibt noch nichts zu berichten: Vergleichen Sie zuerst mit einer Wahrheit.</translation>
    </message>
    <message>
        <source>Write a report</source>
        <translation>Bericht schreiben</translation>
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
    <message>
        <source>Left half-written, outdated, or of runs that are over: {files}</source>
        <translation>Halb geschrieben, veraltet oder von beendeten Läufen: {files}</translation>
    </message>
    <message>
        <source>Thumbnails and embeddings of photos that changed or are gone: {photos}</source>
        <translation>Vorschaubilder und Embeddings von Fotos, die geändert wurden oder weg sind: {photos}</translation>
    </message>
    <message>
        <source>Tidy up</source>
        <translation>Aufräumen</translation>
    </message>
    <message>
        <source>Tidying up frees {size} MB.</source>
        <translation>Aufräumen macht {size} MB frei.</translation>
    </message>
    <message>
        <source>No photo and no decision is lost.</source>
        <translation>Kein Foto und keine Entscheidung geht verloren.</translation>
    </message>
    <message>
        <source>Many photos</source>
        <translation>Viele Fotos</translation>
    </message>
    <message>
        <source>Would be done: {what}</source>
        <translation>Ausgeführt würde: {what}</translation>
    </message>
    <message>
        <source>Do all of it</source>
        <translation>Alles ausführen</translation>
    </message>
    <message>
        <source>Not all of this is on the screen. Is it meant?</source>
        <translation>Nicht alles davon ist auf dem Bildschirm. Ist es gemeint?</translation>
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
</context>
<context>
    <name>QueueBar</name>
    <message>
        <source>Undecided</source>
        <translation>Unentschieden</translation>
    </message>
    <message>
        <source>Most doubtful</source>
        <translation>Die zweifelhaftesten</translation>
    </message>
    <message>
        <source>Stages disagree</source>
        <translation>Stufen uneinig</translation>
    </message>
    <message>
        <source>The second opinion disagrees</source>
        <translation>Die zweite Meinung widerspricht</translation>
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
        <source>People disagree</source>
        <translation>Personen widersprechen sich</translation>
    </message>
    <message>
        <source>Your photos</source>
        <translation>Ihre Fotos</translation>
    </message>
    <message>
        <source>Leave the queue and show what was shown before</source>
        <translation>Die Warteschlange verlassen und zeigen, was vorher zu sehen war</translation>
    </message>
    <message>
        <source>All {total} done; go on</source>
        <translation>Alle {total} erledigt; weiter</translation>
    </message>
    <message>
        <source>Answers teach: photos that are clear by now leave the queue, and others join it</source>
        <translation>Antworten lehren: Fotos, die inzwischen klar sind, verlassen die Warteschlange, und andere kommen hinzu</translation>
    </message>
    <message>
        <source>{rate} a minute</source>
        <translation>{rate} je Minute</translation>
    </message>
    <message>
        <source>{right} of {answered} right</source>
        <translation>{right} von {answered} richtig</translation>
    </message>
    <message>
        <source>None of these suggestions answered yet</source>
        <translation>Noch keiner dieser Vorschläge beantwortet</translation>
    </message>
    <message>
        <source>Suggestions answered in this queue that were right, by label with the 95 % interval</source>
        <translation>In dieser Warteschlange beantwortete Vorschläge, die richtig waren, je Label mit dem 95-%-Intervall</translation>
    </message>
    <message>
        <source>Doubtful</source>
        <translation>Zweifelhaft</translation>
    </message>
    <message>
        <source>waits, {left} left</source>
        <translation>wartet, noch {left}</translation>
    </message>
    <message>
        <source>yes to {labels}</source>
        <translation>ja zu {labels}</translation>
    </message>
    <message>
        <source>no to {labels}</source>
        <translation>nein zu {labels}</translation>
    </message>
    <message>
        <source>They differ on {labels}</source>
        <translation>Sie sind sich uneinig über {labels}</translation>
    </message>
    <message>
        <source>They differ most on {labels}</source>
        <translation>Sie sind sich am meisten uneinig über {labels}</translation>
    </message>
    <message>
        <source>The second opinion says {answers}</source>
        <translation>Die zweite Meinung sagt {answers}</translation>
    </message>
    <message>
        <source>Perhaps wrong: {answers}</source>
        <translation>Vielleicht falsch: {answers}</translation>
    </message>
    <message>
        <source>All that differed here is answered</source>
        <translation>Alles, was hier abwich, ist beantwortet</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
    <message>
        <source>Skip look-alikes</source>
        <translation>Ähnliche auslassen</translation>
    </message>
    <message>
        <source>Take unlike ones of the most urgent photos, and few that look the same; begins anew</source>
        <translation>Von den dringendsten Fotos solche nehmen, die sich unterscheiden, und wenige, die gleich aussehen; beginnt von vorn</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Go on with the queue where you left it</source>
        <translation>Mit der Warteschlange dort weitermachen, wo Sie aufgehört haben</translation>
    </message>
    <message>
        <source>{left} of {total} left</source>
        <translation>noch {left} von {total}</translation>
    </message>
    <message>
        <source>{left} left, {done} done</source>
        <translation>noch {left}, {done} erledigt</translation>
    </message>
    <message>
        <source>{left} left</source>
        <translation>noch {left}</translation>
    </message>
</context>
<context>
    <name>Queues</name>
    <message>
        <source>This queue needs scores. Press Label first, then start it again.</source>
        <translation>Diese Warteschlange braucht Scores. Drücken Sie zuerst „Labeln“ und starten Sie sie dann noch einmal.</translation>
    </message>
    <message>
        <source>Nothing is undecided of {label}: every score left is a clear yes or a clear no.</source>
        <translation>Von {label} ist nichts unentschieden: Jeder übrige Score ist ein klares Ja oder ein klares Nein.</translation>
    </message>
    <message>
        <source>Nothing is undecided: every score left is a clear yes or a clear no.</source>
        <translation>Nichts ist unentschieden: Jeder übrige Score ist ein klares Ja oder ein klares Nein.</translation>
    </message>
    <message>
        <source>Nothing differs, or there is no second opinion yet. Review, Queues asks an encoder for one, Import takes a file&apos;s.</source>
        <translation>Nichts ist verschieden, oder es gibt noch keine zweite Meinung. Prüfen, Warteschlangen fragt einen Encoder, Importieren nimmt die einer Datei.</translation>
    </message>
    <message>
        <source>You have no photos in hand. “Give me photos…” hands some out.</source>
        <translation>Sie haben keine Fotos in Arbeit. „Fotos geben lassen …“ teilt welche aus.</translation>
    </message>
    <message>
        <source>Nobody disagrees: where several people answered the same, they said the same.</source>
        <translation>Niemand ist uneins: Wo mehrere dasselbe beantwortet haben, sagten sie dasselbe.</translation>
    </message>
    <message>
        <source>No answer looks like a mistake: there are no suspected mistakes.</source>
        <translation>Keine Antwort sieht nach einem Fehler aus: Es gibt keine vermuteten Fehler.</translation>
    </message>
    <message>
        <source>No photo waits in this queue: all that belong there are reviewed.</source>
        <translation>In dieser Warteschlange wartet kein Foto: Alle, die dazugehören, sind geprüft.</translation>
    </message>
</context>
<context>
    <name>RecentMenu</name>
    <message>
        <source>Open again</source>
        <translation>Wieder öffnen</translation>
    </message>
</context>
<context>
    <name>ReliabilityPlot</name>
    <message>
        <source>Chances against the share of yes</source>
        <translation>Chancen gegen den Anteil der Ja</translation>
    </message>
    <message>
        <source>Chance</source>
        <translation>Chance</translation>
    </message>
    <message>
        <source>Share of yes</source>
        <translation>Anteil der Ja</translation>
    </message>
    <message>
        <source>{chance} %: yes in {share} % of {count}</source>
        <translation>{chance} %: ja in {share} % von {count}</translation>
    </message>
    <message>
        <source>Chance and how often the answer was yes</source>
        <translation>Chance und wie oft die Antwort ja war</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>Not labelled yet: nothing is accepted on {photos}.</source>
        <translation>Noch nicht gelabelt: Auf {photos} wird nichts übernommen.</translation>
    </message>
    <message>
        <source>{photo} has no label now, but may have: {labels}</source>
        <translation>{photo} hat nun kein Label, könnte aber haben: {labels}</translation>
    </message>
    <message>
        <source>Nothing is rejected: {label} is neither likely nor maybe here.</source>
        <translation>Nichts wird abgelehnt: {label} ist hier weder wahrscheinlich noch vielleicht.</translation>
    </message>
    <message>
        <source>There is nothing to reject: no label is likely here.</source>
        <translation>Es gibt nichts abzulehnen: Hier ist kein Label wahrscheinlich.</translation>
    </message>
    <message>
        <source>Nothing is confirmed: {label} is neither likely nor maybe here. Add it by its name.</source>
        <translation>Nichts wird bestätigt: {label} ist hier weder wahrscheinlich noch vielleicht. Unter seinem Namen lässt es sich hinzufügen.</translation>
    </message>
    <message>
        <source>There is nothing to take back: {label} was not answered here.</source>
        <translation>Es gibt nichts zurückzunehmen: {label} wurde hier nicht beantwortet.</translation>
    </message>
    <message>
        <source>There is nothing to take back: nothing was decided here.</source>
        <translation>Es gibt nichts zurückzunehmen: Hier wurde nichts entschieden.</translation>
    </message>
    <message>
        <source>The photo before has no confirmed labels to repeat.</source>
        <translation>Das vorige Foto hat keine bestätigten Labels zum Wiederholen.</translation>
    </message>
    <message>
        <source>{done}. What was left alone counts as not there: {labels}.</source>
        <translation>{done}. Was dort unbeantwortet blieb, gilt als nicht da: {labels}.</translation>
    </message>
    <message>
        <source>Answers that said the opposite until now: {count}</source>
        <translation>Antworten, die bisher das Gegenteil sagten: {count}</translation>
    </message>
    <message>
        <source>{done}: {answers} to {labels}.</source>
        <translation>{done}: {answers} zu {labels}.</translation>
    </message>
    <message>
        <source>So it is with other labels, too.</source>
        <translation>So ist es auch mit anderen Labels.</translation>
    </message>
    <message>
        <source>That was the last photo.</source>
        <translation>Das war das letzte Foto.</translation>
    </message>
</context>
<context>
    <name>RulesDialog</name>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>Dateiname</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>Dogs*, or holidays/2024</source>
        <translation>Hunde* oder Urlaub/2024</translation>
    </message>
    <message>
        <source>Rome, as the photo&apos;s file names it</source>
        <translation>Rom, wie die Datei des Fotos ihn nennt</translation>
    </message>
    <message>
        <source>2024, 2024-05, *-12 or 2024-05-01..2024-05-14</source>
        <translation>2024, 2024-05, *-12 oder 2024-05-01..2024-05-14</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Take the rule back</source>
        <translation>Regel zurücknehmen</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Is</source>
        <translation>Ist</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Suggested by it alone</source>
        <translation>Nur von ihr vorgeschlagen</translation>
    </message>
    <message>
        <source>What the rule asks</source>
        <translation>Wonach die Regel fragt</translation>
    </message>
    <message>
        <source>Pattern</source>
        <translation>Muster</translation>
    </message>
    <message>
        <source>Label that is suggested</source>
        <translation>Label, das vorgeschlagen wird</translation>
    </message>
    <message>
        <source>label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>is</source>
        <translation>ist</translation>
    </message>
    <message>
        <source>Rules suggest; you decide. They hold for photos that come later as well.</source>
        <translation>Regeln schlagen vor, Sie entscheiden. Sie gelten auch für Fotos, die später kommen.</translation>
    </message>
    <message>
        <source>A new rule</source>
        <translation>Eine neue Regel</translation>
    </message>
    <message>
        <source>* stands for any letters, ? for one. What a rule would do is shown here first.</source>
        <translation>* steht für beliebige Zeichen, ? für eines. Was eine Regel täte, steht zuerst hier.</translation>
    </message>
    <message>
        <source>Looking for the photos…</source>
        <translation>Die Fotos werden gesucht…</translation>
    </message>
    <message>
        <source>Matches: {photos}.</source>
        <translation>Es passen: {photos}.</translation>
    </message>
    <message>
        <source>{label} would be suggested on {new} where it is not likely yet.</source>
        <translation>{label} würde vorgeschlagen, wo es noch nicht wahrscheinlich ist: {new}.</translation>
    </message>
    <message>
        <source>You confirmed it on {yes} and rejected it on {no} of them; that stays.</source>
        <translation>Bestätigt haben Sie es auf {yes} und abgelehnt auf {no} davon; das bleibt.</translation>
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
    <message>
        <source>The filter “{name}” is deleted.</source>
        <translation>Der Filter „{name}“ ist gelöscht.</translation>
    </message>
</context>
<context>
    <name>ScoreModel</name>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Chance</source>
        <translation>Chance</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>likely</source>
        <translation>wahrsch.</translation>
    </message>
    <message>
        <source>maybe</source>
        <translation>vielleicht</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>yes, implied</source>
        <translation>ja, gefolgert</translation>
    </message>
    <message>
        <source>no, implied</source>
        <translation>nein, gefolgert</translation>
    </message>
    <message>
        <source>likely, by a rule</source>
        <translation>wahrscheinlich, nach einer Regel</translation>
    </message>
    <message>
        <source>The labels this photo has or nearly has, best first</source>
        <translation>Die Labels, die dieses Foto hat oder beinahe hat, beste zuerst</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>What the label is to this photo: yes or no, as somebody said, else likely, maybe or neither</source>
        <translation>Was das Label für dieses Foto ist: ja oder nein, wie jemand sagte, sonst wahrscheinlich, vielleicht oder keines von beiden</translation>
    </message>
    <message>
        <source>Chance: how likely the label is, as the reviewed photos tell. The chance from which it is called likely differs from label to label; see the score.</source>
        <translation>Chance: wie wahrscheinlich das Label nach den gesichteten Fotos ist. Ab welcher Chance es „wahrscheinlich“ heißt, ist bei jedem Label anders: siehe Score.</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Photo: the score of the whole photo (global)</source>
        <translation>Foto: der Score des ganzen Fotos (global)</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Part: the highest score of any part of the photo (snippet)</source>
        <translation>Teil: der höchste Score eines Teils des Fotos (Ausschnitt)</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>Score: what the label is suggested by, or was before the newest training, and from which score on the label is likely (pseudo label). Every label has a scale of its own.</source>
        <translation>Score: wonach das Label vorgeschlagen wird oder vor dem neuesten Training wurde, und ab welchem Score es wahrscheinlich ist (Pseudolabel). Jedes Label hat seine eigene Skala.</translation>
    </message>
    <message>
        <source>Trained</source>
        <translation>Trainiert</translation>
    </message>
    <message>
        <source>Trained: what the label is suggested by since the training (refined label); ▲ turned on, ▼ turned off</source>
        <translation>Trainiert: wonach das Label seit dem Training vorgeschlagen wird (verfeinertes Label); ▲ kam hinzu, ▼ fiel weg</translation>
    </message>
    <message>
        <source>Learnt since: on a photo that is looked at or reviewed labels stay.</source>
        <translation>Seitdem gelernt: Auf einem Foto, das man ansieht oder geprüft hat, bleiben die Labels.</translation>
    </message>
</context>
<context>
    <name>ScorePlot</name>
    <message>
        <source>Likely from the thick line on, maybe from the thin one on</source>
        <translation>Wahrscheinlich ab der dicken Linie, vielleicht ab der dünnen</translation>
    </message>
</context>
<context>
    <name>ScoreTable</name>
    <message>
        <source>Scores</source>
        <translation>Scores</translation>
    </message>
</context>
<context>
    <name>SecondOpinion</name>
    <message>
        <source>Asking for a second opinion</source>
        <translation>Zweite Meinung einholen</translation>
    </message>
    <message>
        <source>Both agree on every label that you have not answered.</source>
        <translation>Beide sind sich einig bei jedem Label, zu dem Sie nichts gesagt haben.</translation>
    </message>
    <message>
        <source>Review them</source>
        <translation>Durchsehen</translation>
    </message>
    <message>
        <source>The second opinion differs on {photos}.</source>
        <translation>Die zweite Meinung ist anders: {photos}.</translation>
    </message>
</context>
<context>
    <name>SeenLabels</name>
    <message>
        <source>Here is what may be there as well, each with its digit.</source>
        <translation>Hier ist auch, was da sein könnte, je mit seiner Ziffer.</translation>
    </message>
    <message>
        <source>No label of this photo has the key {digit}.</source>
        <translation>Kein Label dieses Fotos hat die Taste {digit}.</translation>
    </message>
    <message>
        <source>Here is {label}: once more answers for it.</source>
        <translation>Hier ist {label}: Noch einmal gedrückt antwortet die Ziffer dafür.</translation>
    </message>
    <message>
        <source>Here is the photo: nothing was answered while it was out of view.</source>
        <translation>Hier ist das Foto: Solange es nicht zu sehen war, wurde nichts beantwortet.</translation>
    </message>
    <message>
        <source>Here are the labels of the photo, each with its digit.</source>
        <translation>Hier sind die Labels des Fotos, jedes mit seiner Ziffer.</translation>
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
        <source>Others</source>
        <translation>Andere</translation>
    </message>
    <message>
        <source>From a folder…</source>
        <translation>Aus einem Ordner…</translation>
    </message>
    <message>
        <source>Another model of open_clip…</source>
        <translation>Anderes Modell von open_clip…</translation>
    </message>
    <message>
        <source>All encoders…</source>
        <translation>Alle Encoder…</translation>
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
        <source>As before</source>
        <translation>Wie zuvor</translation>
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
        <source>Label {photos}</source>
        <translation>{photos} labeln</translation>
    </message>
    <message>
        <source>{labels}: {some}</source>
        <translation>{labels}: {some}</translation>
    </message>
    <message>
        <source>{label} (also {others})</source>
        <translation>{label} (auch {others})</translation>
    </message>
    <message>
        <source>{encoder}  ·  not here, {size} MB</source>
        <translation>{encoder}  ·  nicht da, {size} MB</translation>
    </message>
    <message>
        <source>Looking for it…</source>
        <translation>Wird gesucht…</translation>
    </message>
    <message>
        <source>Go on getting it · {size} MB left</source>
        <translation>Weiter holen · noch {size} MB</translation>
    </message>
    <message>
        <source>Get it · {size} MB</source>
        <translation>Holen · {size} MB</translation>
    </message>
    <message>
        <source>{count} photos a minute here.</source>
        <translation>Hier {count} Fotos je Minute.</translation>
    </message>
    <message>
        <source>About {count} photos a minute here.</source>
        <translation>Hier etwa {count} Fotos je Minute.</translation>
    </message>
    <message>
        <source>Licence: {licence}.</source>
        <translation>Lizenz: {licence}.</translation>
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
        <source>Text files (*.txt *.tsv);;All files (*)</source>
        <translation>Textdateien (*.txt *.tsv);;Alle Dateien (*)</translation>
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
        <source>Takes the next key that is pressed</source>
        <translation>Nimmt die nächste Taste, die gedrückt wird</translation>
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
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>Alle zurücksetzen</translation>
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
        <source>Import keys</source>
        <translation>Tasten importieren</translation>
    </message>
    <message>
        <source>Export keys</source>
        <translation>Tasten exportieren</translation>
    </message>
</context>
<context>
    <name>SourceDialog</name>
    <message>
        <source>Where encoders are fetched from</source>
        <translation>Woher Encoder geholt werden</translation>
    </message>
    <message>
        <source>the system&apos;s; it has none</source>
        <translation>der des Systems; es hat keinen</translation>
    </message>
    <message>
        <source>With nothing written: the hub itself, and the system&apos;s proxy. What comes is checked.</source>
        <translation>Ohne Eintrag: der Hub selbst und der Proxy des Systems. Was kommt, wird geprüft.</translation>
    </message>
    <message>
        <source>Mirror of huggingface.co</source>
        <translation>Spiegel von huggingface.co</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Proxy</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Label your photos</source>
        <translation>Labeln Sie Ihre Fotos</translation>
    </message>
    <message>
        <source>Open a folder: the photos get labels on this computer, without the network. You see where in each photo a label comes from, correct it, and export the labels as COCO. The photos themselves stay as they are.</source>
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
    <name>SweepPanel</name>
    <message>
        <source>Sweep</source>
        <translation>Durchgang</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Take a threshold set by hand back: reviewed photos or the scores tell again</source>
        <translation>Eine von Hand gesetzte Schwelle zurücknehmen: Wieder sagen sie geprüfte Fotos oder die Scores</translation>
    </message>
    <message>
        <source>Show the photos by this label&apos;s score, highest first</source>
        <translation>Die Fotos nach dem Score dieses Labels zeigen, die höchsten zuerst</translation>
    </message>
    <message>
        <source>Select likely</source>
        <translation>Wahrscheinliche auswählen</translation>
    </message>
    <message>
        <source>Select the photos at or above the line that are not decided</source>
        <translation>Die Fotos an oder über der Linie auswählen, die nicht entschieden sind</translation>
    </message>
    <message>
        <source>Confirm selected</source>
        <translation>Ausgewählte bestätigen</translation>
    </message>
    <message>
        <source>Confirm the label on all selected photos, as one step of undo</source>
        <translation>Das Label auf allen ausgewählten Fotos bestätigen, als ein Schritt zum Rückgängigmachen</translation>
    </message>
    <message>
        <source>Reject selected</source>
        <translation>Ausgewählte ablehnen</translation>
    </message>
    <message>
        <source>Reject the label on all selected photos, as one step of undo</source>
        <translation>Das Label auf allen ausgewählten Fotos ablehnen, als ein Schritt zum Rückgängigmachen</translation>
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
        <source>Accept; {count} above: no</source>
        <translation>Annehmen; {count} darüber: nein</translation>
    </message>
    <message>
        <source>Accept; others above: no</source>
        <translation>Annehmen; andere darüber: nein</translation>
    </message>
    <message>
        <source>Confirm the label on the selected photos and reject it on those above the last of them that are not selected, as one step of undo</source>
        <translation>Das Label auf den ausgewählten Fotos bestätigen und auf denen über dem letzten davon, die nicht ausgewählt sind, ablehnen, als ein Schritt zum Rückgängigmachen</translation>
    </message>
    <message>
        <source>likely from {threshold}: {photos}</source>
        <translation>wahrscheinlich ab {threshold}: {photos}</translation>
    </message>
    <message>
        <source> and {count} answered</source>
        <translation> und {count} beantwortet</translation>
    </message>
    <message>
        <source>, {right} of these yes</source>
        <translation>, davon {right} ja</translation>
    </message>
    <message>
        <source> · about {share} of the others right, as reviewed photos tell</source>
        <translation> · etwa {share} der anderen richtig, wie geprüfte Fotos sagen</translation>
    </message>
    <message>
        <source>No photo is likely: the highest score is {best}, the line is at {threshold}.</source>
        <translation>Kein Foto ist wahrscheinlich: Der höchste Score ist {best}, die Linie liegt bei {threshold}.</translation>
    </message>
    <message>
        <source>To make photos likely move the line to the left, or confirm some from the top.</source>
        <translation>Damit Fotos wahrscheinlich werden, ziehen Sie die Linie nach links oder bestätigen Sie einige von oben an.</translation>
    </message>
    <message>
        <source> · maybe from {threshold}: {count} more</source>
        <translation> · vielleicht ab {threshold}: {count} weitere</translation>
    </message>
    <message>
        <source> · about {share} of them right, as reviewed photos tell</source>
        <translation> · etwa {share} davon richtig, wie geprüfte Fotos sagen</translation>
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
    <name>TakeDialog</name>
    <message>
        <source>Give me photos</source>
        <translation>Fotos geben lassen</translation>
    </message>
    <message>
        <source> %</source>
        <translation> %</translation>
    </message>
    <message>
        <source>Nobody else is given these photos while you answer; a day after your last answer they are anybody&apos;s again. Where you are the second to review you see what others said once you have called the photo reviewed.</source>
        <translation>Niemand sonst bekommt diese Fotos, solange Sie antworten; einen Tag nach Ihrer letzten Antwort sind sie wieder für alle da. Wo Sie der Zweite sind, sehen Sie, was andere sagten, sobald Sie das Foto durchgesehen nennen.</translation>
    </message>
    <message>
        <source>Photos in hand:</source>
        <translation>Fotos in Arbeit:</translation>
    </message>
    <message>
        <source>Of these as the second reviewer:</source>
        <translation>Davon als Zweiter:</translation>
    </message>
</context>
<context>
    <name>ThresholdModel</name>
    <message>
        <source>Label</source>
        <translation>Label</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Warum</translation>
    </message>
    <message>
        <source>Who says from which score on the label is likely</source>
        <translation>Wer sagt, ab welchem Score das Label wahrscheinlich ist</translation>
    </message>
    <message>
        <source>Likely</source>
        <translation>Wahrsch.</translation>
    </message>
    <message>
        <source>Maybe</source>
        <translation>Vielleicht</translation>
    </message>
    <message>
        <source>The share of likely ones that is right, as reviewed photos tell, with its 95 % interval</source>
        <translation>Der Anteil der wahrscheinlichen, der richtig ist, wie geprüfte Fotos sagen, mit seinem 95-%-Intervall</translation>
    </message>
    <message>
        <source>Undecided</source>
        <translation>Unentsch.</translation>
    </message>
    <message>
        <source>Photos on which the label is likely and nobody has answered, and from which score on it is</source>
        <translation>Fotos, auf denen das Label wahrscheinlich ist und die niemand beantwortet hat, und ab welchem Score es das ist</translation>
    </message>
    <message>
        <source>Photos on which the label may be and nobody has answered, and from which score on it may</source>
        <translation>Fotos, auf denen das Label vielleicht ist und die niemand beantwortet hat, und ab welchem Score</translation>
    </message>
    <message>
        <source>Reviewed</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Richtig</translation>
    </message>
    <message>
        <source>The label set; click a heading to sort by it</source>
        <translation>Der Label-Satz; ein Klick auf eine Überschrift sortiert danach</translation>
    </message>
    <message>
        <source>Photos whose score is neither a clear yes nor a clear no</source>
        <translation>Fotos, deren Score weder klar ja noch klar nein sagt</translation>
    </message>
    <message>
        <source>Answers that this was learnt from: yes and no</source>
        <translation>Antworten, aus denen dies gelernt ist: ja und nein</translation>
    </message>
</context>
<context>
    <name>ThresholdTable</name>
    <message>
        <source>Thresholds</source>
        <translation>Schwellen</translation>
    </message>
</context>
<context>
    <name>Thresholds</name>
    <message>
        <source>set by hand</source>
        <translation>von Hand gesetzt</translation>
    </message>
    <message>
        <source>set for all labels</source>
        <translation>für alle Labels gesetzt</translation>
    </message>
    <message>
        <source>from reviewed photos</source>
        <translation>aus geprüften Fotos</translation>
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
        <source>by hand</source>
        <translation>von Hand</translation>
    </message>
    <message>
        <source>for all</source>
        <translation>für alle</translation>
    </message>
    <message>
        <source>reviewed photos</source>
        <translation>geprüfte Fotos</translation>
    </message>
    <message>
        <source>its scores</source>
        <translation>seine Scores</translation>
    </message>
    <message>
        <source>nothing better</source>
        <translation>nichts Besseres</translation>
    </message>
    <message>
        <source>No photo has a score for it yet: label the photos again.</source>
        <translation>Noch hat kein Foto einen Score dafür: Labeln Sie die Fotos noch einmal.</translation>
    </message>
    <message>
        <source>All its scores are equal: they cannot tell yes from no.</source>
        <translation>Alle seine Scores sind gleich: Sie trennen Ja nicht von Nein.</translation>
    </message>
    <message>
        <source>Few photos are reviewed: from {fewest} on the threshold comes from them.</source>
        <translation>Wenige Fotos sind geprüft: Ab {fewest} kommt die Schwelle von ihnen.</translation>
    </message>
    <message>
        <source>No reviewed photo has it: what it looks like cannot be known without a yes. Review some that do.</source>
        <translation>Kein geprüftes Foto hat es: Wie es aussieht, ist ohne ein Ja nicht zu wissen. Prüfen Sie einige, die es haben.</translation>
    </message>
    <message>
        <source>All reviewed photos have it: how many others do cannot be known without a no. Review some with lower scores.</source>
        <translation>Alle geprüften Fotos haben es: Wie viele andere es haben, ist ohne ein Nein nicht zu wissen. Prüfen Sie einige mit niedrigeren Werten.</translation>
    </message>
    <message>
        <source>So few photos seem to have it that luck decides what was learnt.</source>
        <translation>So wenige Fotos scheinen es zu haben, dass der Zufall entscheidet, was gelernt wurde.</translation>
    </message>
    <message>
        <source>This precision cannot be promised yet: about {missing} more answers are needed.</source>
        <translation>Diese Genauigkeit lässt sich noch nicht versprechen: Es braucht etwa {missing} weitere Antworten.</translation>
    </message>
    <message>
        <source>No score is high enough to be likely.</source>
        <translation>Kein Score ist hoch genug, um wahrscheinlich zu sein.</translation>
    </message>
</context>
<context>
    <name>ThresholdsPanel</name>
    <message>
        <source>One threshold for all labels</source>
        <translation>Eine Schwelle für alle Labels</translation>
    </message>
    <message>
        <source>Every label is likely from the same score on, but those whose threshold is set by hand</source>
        <translation>Jedes Label ist ab demselben Score wahrscheinlich, außer denen, deren Schwelle von Hand gesetzt ist</translation>
    </message>
    <message>
        <source>Threshold for all labels</source>
        <translation>Schwelle für alle Labels</translation>
    </message>
    <message>
        <source>the best F1</source>
        <translation>das beste F1</translation>
    </message>
    <message>
        <source>a precision of at least</source>
        <translation>Genauigkeit mindestens</translation>
    </message>
    <message>
        <source>What thresholds from reviewed photos aim at</source>
        <translation>Worauf Schwellen aus geprüften Fotos zielen</translation>
    </message>
    <message>
        <source>Wanted precision</source>
        <translation>Gewünschte Genauigkeit</translation>
    </message>
    <message>
        <source>There are no scores yet. Press Label.</source>
        <translation>Es gibt noch keine Scores. Drücken Sie „Labeln“.</translation>
    </message>
    <message>
        <source>Reviewed photos aim at</source>
        <translation>Geprüfte Fotos zielen auf</translation>
    </message>
    <message>
        <source>{error} % off on average, over {count} answers</source>
        <translation>im Mittel {error} % daneben, über {count} Antworten</translation>
    </message>
    <message>
        <source>How far chances are from how often the answer was yes: each is compared with answers on photos that it did not learn from</source>
        <translation>Wie weit Chancen davon weg sind, wie oft die Antwort ja war: Jede wird mit Antworten auf Fotos verglichen, aus denen sie nicht gelernt hat</translation>
    </message>
    <message>
        <source>Scores are no probabilities yet: a label is likely, maybe or neither. From {count} answers on, its chances are shown too.</source>
        <translation>Scores sind noch keine Wahrscheinlichkeiten: Ein Label ist wahrscheinlich, vielleicht oder keines von beiden. Ab {count} Antworten werden auch seine Chancen gezeigt.</translation>
    </message>
</context>
<context>
    <name>Tidying</name>
    <message>
        <source>There is nothing to tidy up.</source>
        <translation>Es gibt nichts aufzuräumen.</translation>
    </message>
    <message>
        <source>Looking for what can go</source>
        <translation>Suche, was weg kann</translation>
    </message>
    <message>
        <source>{size} MB freed</source>
        <translation>{size} MB frei gemacht</translation>
    </message>
    <message>
        <source>Tidying up</source>
        <translation>Aufräumen</translation>
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
    <name>ToolBar</name>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Go through the photos that need you most; beside it are all queues and the sweep</source>
        <translation>Die Fotos durchgehen, die Sie am meisten brauchen; daneben sind alle Warteschlangen und der Durchgang</translation>
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
        <source>Learn</source>
        <translation>Lernen</translation>
    </message>
</context>
<context>
    <name>Training</name>
    <message>
        <source>There are no labels to learn from yet. Press Label first, correct some, and then train.</source>
        <translation>Es gibt noch keine Labels, aus denen sich lernen ließe. Drücken Sie „Labeln“, verbessern Sie einige und trainieren Sie dann.</translation>
    </message>
    <message>
        <source>Opening the network</source>
        <translation>Netz wird geöffnet</translation>
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
        <source>{photos} with labels turned on</source>
        <translation>{photos} mit eingeschalteten Labels</translation>
    </message>
    <message>
        <source>{photos} with labels turned off</source>
        <translation>{photos} mit ausgeschalteten Labels</translation>
    </message>
    <message>
        <source>Show what would be new</source>
        <translation>Zeigen, was neu wäre</translation>
    </message>
    <message>
        <source>A training was cut off. Until answers change it goes on from its last full epoch.</source>
        <translation>Ein Training wurde unterbrochen. Solange sich keine Antwort ändert, geht es nach seiner letzten vollen Epoche weiter.</translation>
    </message>
    <message>
        <source>Training stopped. Until answers change it goes on from its last full epoch.</source>
        <translation>Das Training wurde angehalten. Solange sich keine Antworten ändern, geht es nach der letzten vollen Epoche weiter.</translation>
    </message>
    <message>
        <source>Go on training</source>
        <translation>Weiter trainieren</translation>
    </message>
</context>
<context>
    <name>TrainingChanges</name>
    <message>
        <source>This would change more than half of the suggestions, so the old scores still suggest. Look at some of the photos, then decide.</source>
        <translation>Dies würde mehr als die Hälfte der Vorschläge ändern, darum schlagen noch die alten Werte vor. Sehen Sie einige der Fotos an und entscheiden Sie dann.</translation>
    </message>
    <message>
        <source>Use the new scores</source>
        <translation>Die neuen Werte verwenden</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Keep the old scores; the history can bring the training back</source>
        <translation>Bei den alten Werten bleiben; der Verlauf kann das Training zurückholen</translation>
    </message>
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
    <message>
        <source>More changed than was likely before ({photos}): look at some of it before you trust it.</source>
        <translation>Mehr änderte sich, als vorher wahrscheinlich war ({photos}): Sehen Sie sich etwas davon an, bevor Sie ihm trauen.</translation>
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
        <source>head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>full</source>
        <translation>ganz</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
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
        <source>What learns: the last layer (head), in seconds on any computer; or the whole network (full), which wants a graphics card and has not been found to be better.</source>
        <translation>Was lernt: die letzte Schicht (head), in Sekunden auf jedem Rechner; oder das ganze Netz (full), das eine Grafikkarte will und sich nicht als besser erwiesen hat.</translation>
    </message>
    <message>
        <source>What looks at the photos: one of these, or any other that timm knows by name.</source>
        <translation>Was die Fotos ansieht: eines von diesen, oder ein anderes, das timm beim Namen kennt.</translation>
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
        <source>Nothing was trained yet. A training teaches a classifier what the labels and your corrections say of the photos, and moves doubtful labels to where the classifier sees them.

Its curves appear here while it runs, and then what it changed, to be looked through or undone.</source>
        <translation>Es wurde noch nichts trainiert. Ein Training lehrt einen Klassifikator, was die Labels und Ihre Korrekturen über die Fotos sagen, und rückt zweifelhafte Labels dorthin, wo der Klassifikator sie sieht.

Seine Kurven erscheinen hier, während es läuft, und danach, was es geändert hat, zum Durchsehen oder Rückgängigmachen.</translation>
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
        <source>Parts of the training dock</source>
        <translation>Teile des Trainingsbereichs</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>Was sich änderte</translation>
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
    <message>
        <source>mAP</source>
        <translation>mAP</translation>
    </message>
    <message>
        <source>How well the labels agree with the newest truth; nothing is trained on it or chosen by it</source>
        <translation>Wie gut die Labels zur neuesten Wahrheit passen; nichts lernt daraus oder wird danach gewählt</translation>
    </message>
</context>
<context>
    <name>TruthDialog</name>
    <message>
        <source>Import a truth</source>
        <translation>Wahrheit importieren</translation>
    </message>
    <message>
        <source>File or folder</source>
        <translation>Datei oder Ordner</translation>
    </message>
    <message>
        <source>File…</source>
        <translation>Datei…</translation>
    </message>
    <message>
        <source>Folder…</source>
        <translation>Ordner…</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Recognised automatically</source>
        <translation>Automatisch erkannt</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>It is kept beside the labels, to compare with. Nothing is ever trained on it.</source>
        <translation>Sie wird neben den Labels aufbewahrt, zum Vergleichen. Nie lernt etwas daraus.</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>{photos} and {labels}, {matched} of which are known here. Correct the others below.</source>
        <translation>{photos} und {labels}, {matched} davon hier bekannt. Ordnen Sie die übrigen unten zu.</translation>
    </message>
</context>
<context>
    <name>TwoByTwoTable</name>
    <message>
        <source>has it</source>
        <translation>hat es</translation>
    </message>
    <message>
        <source>has it not</source>
        <translation>hat es nicht</translation>
    </message>
    <message>
        <source>suggested</source>
        <translation>vorgeschlagen</translation>
    </message>
    <message>
        <source>not suggested</source>
        <translation>nicht vorgeschlagen</translation>
    </message>
    <message>
        <source>Show the photos that have the label and for which it is suggested</source>
        <translation>Die Fotos zeigen, die das Label haben und für die es vorgeschlagen ist</translation>
    </message>
    <message>
        <source>Show the photos for which the label is suggested wrongly</source>
        <translation>Die Fotos zeigen, für die das Label falsch vorgeschlagen ist</translation>
    </message>
    <message>
        <source>Show the photos whose label is missed</source>
        <translation>Die Fotos zeigen, deren Label übersehen ist</translation>
    </message>
    <message>
        <source>Show the photos without the label, for which it is rightly not suggested</source>
        <translation>Die Fotos ohne das Label zeigen, für die es zu Recht nicht vorgeschlagen ist</translation>
    </message>
</context>
<context>
    <name>TypedLabels</name>
    <message>
        <source>Labels, separated by commas</source>
        <translation>Labels, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>cat, dog, garden party, horse=pony</source>
        <translation>cat, dog, garden party, horse=pony</translation>
    </message>
    <message>
        <source>Labels between commas. After “=” stand other words, or a sentence, to look for as well, with “/” between several: horse=pony/a photo of a foal</source>
        <translation>Labels zwischen Kommas. Nach „=“ stehen andere Wörter, oder ein Satz, nach denen auch gesucht wird, mit „/“ zwischen mehreren: horse=pony/a photo of a foal</translation>
    </message>
    <message>
        <source>Known labels</source>
        <translation>Bekannte Labels</translation>
    </message>
</context>
<context>
    <name>Watching</name>
    <message>
        <source>Photos that come into this folder are labelled by themselves.</source>
        <translation>Fotos, die in diesen Ordner kommen, werden von selbst gelabelt.</translation>
    </message>
    <message>
        <source>The folder is not there. Nothing is changed; watching goes on once it is back.</source>
        <translation>Der Ordner ist nicht da. Nichts wird geändert; das Beobachten geht weiter, sobald er zurück ist.</translation>
    </message>
    <message>
        <source>The folder is back.</source>
        <translation>Der Ordner ist wieder da.</translation>
    </message>
    <message>
        <source>Review them</source>
        <translation>Durchsehen</translation>
    </message>
    <message>
        <source>{photos} came, and labels are suggested.</source>
        <translation>{photos} sind gekommen, Labels sind vorgeschlagen.</translation>
    </message>
    <message>
        <source>{photos} came.</source>
        <translation>{photos} sind gekommen.</translation>
    </message>
</context>
<context>
    <name>WhatNext</name>
    <message>
        <source>{photos} reviewed: that is all of them.</source>
        <translation>{photos} geprüft: das sind alle.</translation>
    </message>
    <message>
        <source>The queue is done: {photos} reviewed.</source>
        <translation>Die Warteschlange ist erledigt: {photos} geprüft.</translation>
    </message>
    <message>
        <source>The queue is done: {photos} reviewed, {right} of {answered} suggestions right.</source>
        <translation>Die Warteschlange ist erledigt: {photos} geprüft, {right} von {answered} Vorschlägen richtig.</translation>
    </message>
    <message>
        <source>No suggestion waits for an answer.</source>
        <translation>Kein Vorschlag wartet auf eine Antwort.</translation>
    </message>
    <message>
        <source>{suggestions} on {photos}, none of them doubtful.</source>
        <translation>{suggestions} auf {photos}, keiner davon zweifelhaft.</translation>
    </message>
    <message>
        <source>{suggestions} on {photos} without an answer; on {doubtful} something is doubtful.</source>
        <translation>{suggestions} auf {photos} ohne Antwort; auf {doubtful} ist etwas zweifelhaft.</translation>
    </message>
    <message>
        <source>{suggestions} on {photos} without an answer. Next: the {count} most doubtful photos.</source>
        <translation>{suggestions} auf {photos} ohne Antwort. Als Nächstes: die {count} zweifelhaftesten Fotos.</translation>
    </message>
    <message>
        <source>{suggestions} on {photos} without an answer.</source>
        <translation>{suggestions} auf {photos} ohne Antwort.</translation>
    </message>
    <message>
        <source>Review the {count} most doubtful</source>
        <translation>Die {count} zweifelhaftesten prüfen</translation>
    </message>
    <message>
        <source>Review what is doubtful</source>
        <translation>Zweifelhaftes prüfen</translation>
    </message>
    <message>
        <source>Space confirms what is likely and goes on; a digit with Shift rejects one label</source>
        <translation>Die Leertaste bestätigt Wahrscheinliches und geht weiter; eine Ziffer mit Umschalt lehnt ein Label ab</translation>
    </message>
    <message>
        <source>Sweep {label}</source>
        <translation>{label} durchgehen</translation>
    </message>
    <message>
        <source>Its photos by score, highest first: accept those above the line at once</source>
        <translation>Seine Fotos nach dem Score, die höchsten zuerst: die über der Linie auf einmal annehmen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
</context>
<context>
    <name>WordRow</name>
    <message>
        <source>stands out on about {photos}</source>
        <translation>sticht auf etwa {photos} heraus</translation>
    </message>
    <message>
        <source>Adopt (A)</source>
        <translation>Übernehmen (A)</translation>
    </message>
    <message>
        <source>Means a label… (P)</source>
        <translation>Meint ein Label … (P)</translation>
    </message>
    <message>
        <source>Never offer (N)</source>
        <translation>Nie anbieten (N)</translation>
    </message>
    <message>
        <source>Take back (Z)</source>
        <translation>Zurücknehmen (Z)</translation>
    </message>
    <message>
        <source>Make {word} a label</source>
        <translation>{word} zum Label machen</translation>
    </message>
    <message>
        <source>Look for {word} with another label</source>
        <translation>{word} mit einem anderen Label suchen</translation>
    </message>
    <message>
        <source>Never offer {word} again</source>
        <translation>{word} nie wieder anbieten</translation>
    </message>
    <message>
        <source>Best photos of {word}</source>
        <translation>Beste Fotos von {word}</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>Animals</source>
        <translation>Tiere</translation>
    </message>
    <message>
        <source>Art</source>
        <translation>Kunst</translation>
    </message>
    <message>
        <source>Buildings</source>
        <translation>Gebäude</translation>
    </message>
    <message>
        <source>Clothing</source>
        <translation>Kleidung</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>Ereignisse</translation>
    </message>
    <message>
        <source>Food and drink</source>
        <translation>Essen und Trinken</translation>
    </message>
    <message>
        <source>Furniture</source>
        <translation>Möbel</translation>
    </message>
    <message>
        <source>At home</source>
        <translation>Zu Hause</translation>
    </message>
    <message>
        <source>Landscape</source>
        <translation>Landschaft</translation>
    </message>
    <message>
        <source>Music</source>
        <translation>Musik</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Menschen</translation>
    </message>
    <message>
        <source>Places and rooms</source>
        <translation>Orte und Räume</translation>
    </message>
    <message>
        <source>Plants</source>
        <translation>Pflanzen</translation>
    </message>
    <message>
        <source>Sky and weather</source>
        <translation>Himmel und Wetter</translation>
    </message>
    <message>
        <source>Sport</source>
        <translation>Sport</translation>
    </message>
    <message>
        <source>In the street</source>
        <translation>Auf der Straße</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>Toys and play</source>
        <translation>Spielzeug und Spiel</translation>
    </message>
    <message>
        <source>Vehicles</source>
        <translation>Fahrzeuge</translation>
    </message>
    <message>
        <source>Writing</source>
        <translation>Schrift</translation>
    </message>
</context>
<context>
    <name>WordsDialog</name>
    <message>
        <source>What is in these photos?</source>
        <translation>Was ist auf diesen Fotos?</translation>
    </message>
    <message>
        <source>Comparing the photos with everyday words…</source>
        <translation>Die Fotos werden mit Alltagswörtern verglichen …</translation>
    </message>
    <message>
        <source>Label the photos</source>
        <translation>Die Fotos labeln</translation>
    </message>
    <message>
        <source>What is adopted is looked for in all photos when this is closed. {key} undoes the last step.</source>
        <translation>Was übernommen ist, wird in allen Fotos gesucht, sobald dies geschlossen wird. {key} nimmt den letzten Schritt zurück.</translation>
    </message>
    <message>
        <source>Offer what was refused again ({count})</source>
        <translation>Abgelehntes wieder anbieten ({count})</translation>
    </message>
    <message>
        <source>No word stands out that the labels do not say already.</source>
        <translation>Kein Wort sticht hervor, das die Labels nicht schon sagen.</translation>
    </message>
    <message>
        <source>Words that stand out on some of the photos and not on most, told from {photos}. As a label, a word may be suggested on more or fewer of them than it stands out on.</source>
        <translation>Wörter, die auf einigen der Fotos herausstechen und nicht auf den meisten, ermittelt an: {photos}. Als Label kann ein Wort auf mehr oder weniger Fotos vorgeschlagen werden, als es heraussticht.</translation>
    </message>
    <message>
        <source>is a label now</source>
        <translation>ist jetzt ein Label</translation>
    </message>
    <message>
        <source>{word} is another word for the label:</source>
        <translation>{word} ist ein anderes Wort für das Label:</translation>
    </message>
    <message>
        <source>There is no label {name}.</source>
        <translation>Es gibt kein Label {name}.</translation>
    </message>
    <message>
        <source>is looked for with {label} now</source>
        <translation>wird jetzt mit {label} gesucht</translation>
    </message>
    <message>
        <source>is not offered again</source>
        <translation>wird nicht wieder angeboten</translation>
    </message>
</context>
<context>
    <name>_LabelChoice</name>
    <message>
        <source>What it means</source>
        <translation>Was es bedeutet</translation>
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
