# SPDX-License-Identifier: BSD-2-Clause
"""map.py PICTURE [DOCUMENT [PICTURE DOCUMENT]...]: a picture of --map is well-formed, closed, and shows what it should.

Every shape lies inside the picture, no row overlaps another, no text is wider than its place, nothing
is fetched or run. With DOCUMENT, what --coverage --format json says of the same file: the rows are its
ranges, in order.
"""
import json
import re
import sys
import xml.etree.ElementTree

SVG = "{http://www.w3.org/2000/svg}"
FILE, MEMORY, COLUMN, START, LABEL, CHARACTER = 120, 770, 500, 106, 118, 6.7


def check(picture, document):
    root = xml.etree.ElementTree.parse(picture).getroot()
    assert root.tag == SVG + "svg", root.tag
    width, height = (int(n) for n in root.get("viewBox").split()[2:])
    assert root.get("width") == str(width) and root.get("height") == str(height)
    assert [child.tag for child in root[:4]] == [SVG + n for n in ("title", "desc", "style", "defs")]
    assert {e.get("id") for e in root[:2]} == set(root.get("aria-labelledby").split())
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ("svg", "title", "desc", "style", "defs", "pattern", "g", "rect",
                                                 "line", "path", "circle", "text"), element.tag
        for name, value in element.attrib.items():
            assert not name.startswith("on") and "href" not in name and "script" not in value, name
    style = root.find(SVG + "style").text
    assert set(re.findall(r"url\(([^)]*)\)", style)) == {f"#rprocfw-p{n}" for n in range(4)}
    assert "@import" not in style and "prefers-color-scheme:dark" in style
    classes = set(re.findall(r"\.([a-z]+[0-9]?)(?=[,{: ])", style))
    used = {c for e in root.iter() for c in e.get("class", "").split()}
    assert used - {"rprocfw", "r"} <= classes, used - classes

    shapes = [e for e in root.iter() if e.tag in (SVG + "rect", SVG + "line", SVG + "text", SVG + "path")]
    inside = [e for e in root.find(SVG + "defs").iter()]
    for element in shapes:
        if element in inside:
            continue
        if element.tag == SVG + "path":
            numbers = [float(n) for n in re.findall(r"-?[\d.]+", element.get("d"))]
            assert min(numbers) >= 0 and max(numbers) <= max(width, height), element.attrib
            continue
        x, y = int(element.get("x", element.get("x1"))), int(element.get("y", element.get("y1")))
        right = int(element.get("x2", x + int(element.get("width", 0))))
        bottom = int(element.get("y2", y + int(element.get("height", 0))))
        if element.tag == SVG + "text":
            size = 9.2 if "hd" in element.get("class") else CHARACTER
            length = int(len(element.text or "") * size)
            x, right = (x - length, x) if "end" in element.get("class") else (x, x + length)
        assert 0 <= x <= right <= width and 0 <= y <= bottom <= height, (element.attrib, element.text)

    rows = {FILE: [], MEMORY: []}
    for group in root.iter(SVG + "g"):
        assert group[0].tag == SVG + "title" and group[0].text, "a row without a tooltip"
        box = group.find(SVG + "rect")
        x, y, tall = int(box.get("x")), int(box.get("y")), int(box.get("height"))
        start, label, size = group.findall(SVG + "text")
        assert int(start.get("x")) == x + START and int(label.get("x")) == x + LABEL
        assert len(label.text) * CHARACTER <= COLUMN - LABEL - 6 - len(size.text) * CHARACTER, label.text
        assert tall >= 20
        rows[x].append((y, tall, int(start.text, 0), label.text))
    for column in rows.values():
        assert column == sorted(column)
        for before, after in zip(column, column[1:]):
            assert before[0] + before[1] <= after[0], (before, after)

    if document is not None:
        with open(document) as file:
            ranges = json.load(file)["files"][0]["coverage"]["ranges"]
        expected = [(r["offset"], re.sub(r"^image \d+: ", "", r["what"])) for r in ranges]
        at = 0
        for _, _, start, label in rows[FILE]:
            several = re.fullmatch(r"(\d+) small parts drawn as one", label)
            assert expected[at] == (start, expected[at][1] if several else label), (expected[at], label)
            at += int(several[1]) if several else 1
        assert at == len(expected)


for number in range(1, len(sys.argv), 2):
    check(*(sys.argv[number:number + 2] + [None])[:2])
