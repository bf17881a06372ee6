"""The folder of an invented school, such as a school keeps it, and the true case of what lies in it.

    python tools/school_folder.py FOLDER                      sixty files
    python tools/school_folder.py FOLDER --truth truth.yml    and the case that a person would confirm of them
    python tools/school_folder.py cases/papka-shkoly --small  the seventeen of them that are shipped

Everything stands in `school_folder.yml`; the same description gives the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import yaml

from school_papers import PARTS, WRITERS, archive, lock, page, scan

DESCRIPTION: Final = Path(__file__).with_suffix(".yml")

Described = Mapping[str, Any]


def description() -> Described:
    """The school as it is described."""
    told: Described = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    return told


def chosen(told: Described, small: bool) -> list[Described]:
    """The described files, or those of the smaller folder."""
    return [file for file in told["files"] if file.get("small") or not small]


def contents(told: Described, small: bool) -> dict[str, bytes]:
    """Every file of the folder by its path."""
    files = chosen(told, small)
    written: dict[str, bytes] = {}
    archives: dict[str, dict[str, bytes]] = defaultdict(dict)
    for file in files:
        name: str = file["file"]
        if "copy_of" in file:
            written[name] = written[file["copy_of"]]
        elif file.get("lock"):
            written[name] = lock()
        elif "archive" in file:
            archives[file["archive"]][name] = _written(told, file)
        else:
            written[name] = _written(told, file)
        for part, content in PARTS.items() if "folder" in file else ():
            written[f"{file['folder']}/{part}"] = content
    return written | {name: archive(parts) for name, parts in archives.items()}


def _written(told: Described, file: Described) -> bytes:
    lines, ending = str(file["text"]).splitlines(), PurePosixPath(file["file"]).suffix
    if file.get("scan"):
        return scan(lines)
    if ending == ".html":
        address = told["site"] if "folder" in file else f"{told['site']}news.html"
        return page(lines, address, dict(_links(told)) if "folder" in file else {})
    return WRITERS[ending](lines)


def _links(told: Described) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The links of the page of the site: by the beginning of the line under which they stand."""
    links: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for file in told["files"]:
        serving = [document for document in file.get("documents", ()) if "serves" in document]
        if serving and not file["file"].endswith(".html"):
            links[_block(serving[0])].append((serving[0]["title"], address(told, file)))
    return iter(links.items())


def _block(document: Described) -> str:
    code = document["serves"][0]
    return f"Блок {code[1]}." if code.startswith("B") else "Общие документы"


def address(told: Described, file: Described) -> str:
    """Where a file is published."""
    if "folder" in file:
        return str(told["site"])
    return str(told["site"]) + quote(PurePosixPath(file["file"]).name)


def truth(told: Described, small: bool = False) -> dict[str, Any]:
    """The case of what lies in the folder, as somebody who read all of it would write it."""
    files = [file for file in chosen(told, small) if "documents" in file]
    known = {document["id"] for file in files for document in file["documents"]}
    return {
        "school": dict(told["school"]),
        "study": dict(told["study"]),
        "filled_by": dict(told["filled_by"]),
        "documents": [_document(told, file, document, known) for file in files for document in file["documents"]],
    }


def _document(told: Described, file: Described, document: Described, known: set[str]) -> dict[str, Any]:
    """One document of the case; links to what is not in the folder are left out."""
    entry = dict(document)
    inside = f"{file['archive']}/{file['file']}" if "archive" in file else file["file"]
    for name in ("approved_by", "annex_of"):
        if entry.get(name) not in (None, *known):
            del entry[name]
    if "based_on" in entry:
        entry["based_on"] = [ground for ground in entry["based_on"] if ground in known]
    where = {"url": address(told, file)} if not entry.get("unrelated") and "annex_of" not in entry else {}
    return entry | where | {"file": inside}


def write(folder: Path, small: bool) -> int:
    """Write the folder; returns how many files."""
    written = contents(description(), small)
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return len(written)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--small", action="store_true", help="only what is shipped")
    parser.add_argument("--truth", type=Path, help="where to write the true case")
    args = parser.parse_args(arguments)
    sys.stdout.write(f"{args.folder}: {write(args.folder, args.small)} files\n")
    if args.truth is not None:
        text = yaml.safe_dump(truth(description(), args.small), allow_unicode=True, sort_keys=False, width=110)
        args.truth.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
