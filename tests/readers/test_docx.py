"""Word documents, made by hand."""

import io
import sys
import zipfile

import pytest

from tonecheck.errors import DraftError, MissingExtra
from tonecheck.readers import docx, read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def document(body: str, **parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:hdr {W}>{content}</w:hdr>")
    return target.getvalue()


def test_paragraphs_styles_and_page_parts_are_read() -> None:
    draft = document(
        paragraph("Final notice", "Heading1") + paragraph("Dear Jo,") + paragraph("leave me", "IntenseQuote"),
        header1=paragraph("Acme Ltd"),
        footer1=paragraph("Page"),
    )
    read_back = read(draft)

    assert read_back.format == "docx"
    assert read_back.source == "Acme Ltd\nFinal notice\nDear Jo,\nleave me\nPage\n"
    assert [(kind, read_back.quote(start, end)) for kind, start, end in read_back.segments] == [
        ("footer", "Acme Ltd"),
        ("heading", "Final notice"),
        ("quote", "leave me"),
        ("footer", "Page"),
    ]


def test_runs_are_joined_and_what_is_not_shown_is_left_out() -> None:
    draft = document(
        "<w:p><w:r><w:t>co</w:t></w:r><w:r><w:t>urt</w:t><w:br/><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t></w:r>"
        "<w:del><w:r><w:delText>old</w:delText><w:t>old</w:t></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>c</w:t></w:r></w:p>"
    )

    assert read(draft).text == "court\na-bc\n"


def test_a_row_of_a_table_is_a_line() -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Due", "$400"))

    assert read(document(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>")).source == "Due\t$400\n"


@pytest.mark.parametrize(
    "draft",
    [
        b"PK\x03\x04 broken",
        b"plain words",
        document("<w:p>")[:-30],
        document("<w:p><unclosed>"),
    ],
)
def test_what_is_no_word_document_is_refused(draft: bytes) -> None:
    with pytest.raises(DraftError, match=r"Word document"):
        read(draft, format="docx")


def test_another_archive_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "x")

    with pytest.raises(DraftError, match=r"has no word/document\.xml"):
        read(target.getvalue())


def test_text_is_no_word_document() -> None:
    with pytest.raises(DraftError, match="bytes, not text"):
        read("Hello", format="docx")


def test_a_document_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docx, "MAX_XML_BYTES", 10_000)

    with pytest.raises(DraftError, match="unpacks to more than 10,000 bytes"):
        read(document(paragraph("x" * 20_000)))


def test_declared_entities_are_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", f'<!DOCTYPE d [<!ENTITY a "x">]><w:d {W}>&a;</w:d>')

    with pytest.raises(DraftError, match="entities"):
        read(target.getvalue())


def test_without_its_parser_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "defusedxml", None)

    with pytest.raises(MissingExtra, match=r"tonecheck\[docx\]"):
        read(document(paragraph("x")))
