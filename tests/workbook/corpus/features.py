"""What a ledger's own sheet may hold besides its rows, one function a feature: each adds to a draft what it is about."""

from tests.workbook.corpus.draft import BOOK, DECLARATION, KIND, LEDGER, MAIN, OFFICE, RELATIONS, X14, XM, Draft

# The smallest picture: one transparent dot.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000000000500010d0a2db40000000049454e44ae426082"
)
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
_VML = 'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"'


def _anchor(inside: str, row: int) -> str:
    place = "<xdr:from><xdr:col>{0}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{1}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    end = place.format(3, row + 5).replace("from>", "to>")
    return f"<xdr:twoCellAnchor>{place.format(1, row)}{end}{inside}<xdr:clientData/></xdr:twoCellAnchor>"


def drawing(draft: Draft) -> None:
    """Add a drawing with a chart (its style and colours apart), a picture and a text box."""
    part, chart = "xl/drawings/drawing1.xml", "xl/charts/chart1.xml"
    draft.add("xl/media/image1.png", PNG)
    add_chart(draft, chart)
    draft.add(
        "xl/charts/style1.xml",
        f'{DECLARATION}<cs:chartStyle xmlns:cs="{OFFICE}/drawing/2012/chartStyle" id="201"/>',
        "application/vnd.ms-office.chartstyle+xml",
    )
    draft.relate(chart, f"{OFFICE}/2011/relationships/chartStyle", "xl/charts/style1.xml")
    shown, seen = draft.relate(part, "chart", chart), draft.relate(part, "image", "xl/media/image1.png")
    shape = '<xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="400000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>'
    picture = (
        '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="Logo"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip r:embed="{seen}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>{shape}</xdr:pic>'
    )
    box = (
        f'<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="4" name="Note"/><xdr:cNvSpPr txBox="1"/></xdr:nvSpPr>{shape}'
        "<xdr:txBody><a:bodyPr/><a:p><a:r><a:t>À revoir avec la direction</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
    )
    anchors = "".join(_anchor(inside, row) for row, inside in ((6, graph(shown)), (14, picture), (22, box)))
    add_drawing(draft, part, anchors)
    draft.sheet["drawing"] = f'<drawing r:id="{draft.relate(LEDGER, "drawing", part)}"/>'


def graph(number: str) -> str:
    """Return the frame that shows the chart behind a relationship of its drawing."""
    return (
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Graphique 1"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>'
        '<xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart xmlns:c="{_DRAWING}/chart" r:id="{number}"/></a:graphicData></a:graphic></xdr:graphicFrame>'
    )


def add_drawing(draft: Draft, part: str, anchors: str) -> None:
    """Add a drawing with these anchors."""
    content = f'{DECLARATION}<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main" xmlns:r="{RELATIONS}">{anchors}</xdr:wsDr>'
    draft.add(part, content, "application/vnd.openxmlformats-officedocument.drawing+xml")


def add_chart(draft: Draft, part: str) -> None:
    """Add a chart of the ledger's balances."""
    series = '<c:ser><c:idx val="0"/><c:order val="0"/><c:val><c:numRef><c:f>Ventes!$D$2:$D$4</c:f></c:numRef></c:val></c:ser>'
    axes = "".join(
        f'<c:{kind}><c:axId val="{one}"/><c:scaling/><c:delete val="0"/><c:axPos val="{side}"/><c:crossAx val="{other}"/></c:{kind}>'
        for kind, one, other, side in (("catAx", 1, 2, "b"), ("valAx", 2, 1, "l"))
    )
    content = (
        f'{DECLARATION}<c:chartSpace xmlns:c="{_DRAWING}/chart" xmlns:a="{_DRAWING}/main"><c:chart><c:plotArea><c:layout/><c:barChart>'
        f'<c:barDir val="col"/><c:grouping val="clustered"/>{series}<c:axId val="1"/><c:axId val="2"/></c:barChart>{axes}</c:plotArea>'
        '<c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    )
    draft.add(part, content, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml")


def vml(shapes: str) -> str:
    """Return a drawing in the older language, with these shapes."""
    return f'<xml {_VML}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>{shapes}</xml>'


def comments(draft: Draft) -> None:
    """Add a note and a thread of comments, whose older form stands among the notes."""
    thread = "{5F9C1F2B-0C11-4A3B-9D57-6A6C3A1F7B01}"
    person = "{B0E9F2D1-7C55-4E10-8E2D-0A5E5B7D9C02}"
    note = '<comment ref="{0}" authorId="{1}" shapeId="0"><text><r><rPr><b/><sz val="9"/></rPr><t>{2}</t></r></text></comment>'
    notes = note.format("A2", 0, "litige en cours") + note.format("B3", 1, "[Fil] promesse reçue")
    authors = f"<authors><author>compta</author><author>tc={thread}</author></authors>"
    draft.add(
        "xl/comments1.xml",
        f'{DECLARATION}<comments xmlns="{MAIN}">{authors}<commentList>{notes}</commentList></comments>',
        f"{KIND}.comments+xml",
    )
    shape = (
        '<v:shape id="_x0000_s10{0}" type="#_x0000_t202" style="position:absolute;visibility:hidden"><x:ClientData ObjectType="Note">'
        "<x:Anchor>1,15,0,2,3,15,3,16</x:Anchor><x:Row>{1}</x:Row><x:Column>{2}</x:Column></x:ClientData></v:shape>"
    )
    draft.add("xl/drawings/vmlDrawing1.vml", vml(shape.format(25, 1, 0) + shape.format(26, 2, 1)))
    threads = f"{OFFICE}/spreadsheetml/2018/threadedcomments"
    draft.add(
        "xl/threadedComments/threadedComment1.xml",
        f'{DECLARATION}<ThreadedComments xmlns="{threads}"><threadedComment ref="B3" dT="2026-11-02T09:00:00.00" personId="{person}" id="{thread}">'
        "<text>promesse reçue</text></threadedComment></ThreadedComments>",
        "application/vnd.ms-excel.threadedcomments+xml",
    )
    draft.add(
        "xl/persons/person.xml",
        f'{DECLARATION}<personList xmlns="{threads}"><person displayName="compta" id="{person}" userId="compta" providerId="None"/></personList>',
        "application/vnd.ms-excel.person+xml",
    )
    draft.relate(LEDGER, "comments", "xl/comments1.xml")
    draft.relate(LEDGER, f"{OFFICE}/2017/10/relationships/threadedComment", "xl/threadedComments/threadedComment1.xml")
    draft.relate(BOOK, f"{OFFICE}/2017/10/relationships/person", "xl/persons/person.xml")
    number = draft.relate(LEDGER, "vmlDrawing", "xl/drawings/vmlDrawing1.vml")
    draft.sheet["legacyDrawing"] = f'<legacyDrawing r:id="{number}"/>'


def validations(draft: Draft) -> None:
    """Add a list of words, and in an extension one that refers to another sheet."""
    draft.sheet["dataValidations"] = (
        '<dataValidations count="1"><dataValidation type="list" allowBlank="1" showErrorMessage="1" sqref="B2:B4">'
        '<formula1>"Aulne,Bouleau"</formula1></dataValidation></dataValidations>'
    )
    draft.extend(
        "CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF",
        f'<x14:dataValidations count="1" xmlns:xm="{XM}"><x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Ventes!$A$2:$A$4</xm:f>'
        "</x14:formula1><xm:sqref>A2:A4</xm:sqref></x14:dataValidation></x14:dataValidations>",
        f'xmlns:x14="{X14}"',
    )


def rules(draft: Draft) -> None:
    """Add conditional formats: one with a format, a data bar with its extension, and one that stands in an extension alone."""
    key = "{00000000-000E-0000-0000-000001000000}"
    draft.sheet["conditionalFormatting"] = (
        '<conditionalFormatting sqref="C2:C4"><cfRule type="cellIs" dxfId="0" priority="1" operator="lessThan"><formula>46303</formula></cfRule></conditionalFormatting>'
        '<conditionalFormatting sqref="D2:D4"><cfRule type="dataBar" priority="2"><dataBar><cfvo type="min"/><cfvo type="max"/><color rgb="FF638EC6"/></dataBar>'
        f'<extLst><ext uri="{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}" xmlns:x14="{X14}"><x14:id>{key}</x14:id></ext></extLst></cfRule></conditionalFormatting>'
    )
    draft.extend(
        "78C0D931-6437-407d-A8EE-F0AAD7539E65",
        f'<x14:conditionalFormattings xmlns:xm="{XM}"><x14:conditionalFormatting><x14:cfRule type="dataBar" id="{key}"><x14:dataBar><x14:cfvo type="autoMin"/>'
        '<x14:cfvo type="autoMax"/><x14:negativeFillColor rgb="FFFF0000"/><x14:axisColor rgb="FF000000"/></x14:dataBar></x14:cfRule>'
        "<xm:sqref>D2:D4</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>",
        f'xmlns:x14="{X14}"',
    )


def sparklines(draft: Draft) -> None:
    """Add a small chart inside a cell."""
    draft.extend(
        "05C60535-1F16-4fd2-B633-F4F36F0B64E0",
        f'<x14:sparklineGroups xmlns:xm="{XM}"><x14:sparklineGroup displayEmptyCellsAs="gap"><x14:colorSeries rgb="FF376092"/><x14:sparklines>'
        "<x14:sparkline><xm:f>Ventes!D2:D4</xm:f><xm:sqref>E2</xm:sqref></x14:sparkline></x14:sparklines></x14:sparklineGroup></x14:sparklineGroups>",
        f'xmlns:x14="{X14}"',
    )


def printing(draft: Draft) -> None:
    """Add a printer's settings, margins, breaks, a header with a picture, and the printed area and titles."""
    draft.add("xl/printerSettings/printerSettings1.bin", bytes(range(220)))
    number = draft.relate(LEDGER, "printerSettings", "xl/printerSettings/printerSettings1.bin")
    draft.add("xl/media/image2.png", PNG)
    shape = '<v:shape id="LH" type="#_x0000_t75" style="position:absolute;width:9pt;height:9pt"><v:imagedata o:relid="rId1" o:title="logo"/></v:shape>'
    draft.add("xl/drawings/vmlDrawing3.vml", vml(shape))
    draft.relate("xl/drawings/vmlDrawing3.vml", "image", "xl/media/image2.png")
    picture = draft.relate(LEDGER, "vmlDrawing", "xl/drawings/vmlDrawing3.vml")
    draft.sheet |= {
        "printOptions": '<printOptions gridLines="1"/>',
        "pageMargins": '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>',
        "pageSetup": f'<pageSetup paperSize="9" orientation="landscape" r:id="{number}"/>',
        "headerFooter": '<headerFooter><oddHeader>&amp;L&amp;G&amp;C&amp;"Arial,Gras"Grand livre</oddHeader><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>',
        "rowBreaks": '<rowBreaks count="1" manualBreakCount="1"><brk id="3" max="16383" man="1"/></rowBreaks>',
        "legacyDrawingHF": f'<legacyDrawingHF r:id="{picture}"/>',
    }
    draft.names += [
        '<definedName name="_xlnm.Print_Area" localSheetId="0">Ventes!$A$1:$D$4</definedName>',
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">Ventes!$1:$1</definedName>',
    ]


def filtered(draft: Draft) -> None:
    """Add a frozen header and a filter that is sorted, with the hidden name behind it."""
    draft.sheet |= {
        "sheetViews": '<sheetViews><sheetView showGridLines="0" tabSelected="1" zoomScale="90" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="B3" sqref="B3"/></sheetView></sheetViews>',
        "cols": '<cols><col min="1" max="1" width="14" customWidth="1"/><col min="2" max="4" width="22" style="0" customWidth="1"/><col min="5" max="16384" width="9" style="3"/></cols>',
        "autoFilter": '<autoFilter ref="A1:D4"><filterColumn colId="1"><filters><filter val="Client 2 &amp; Fils"/></filters></filterColumn>'
        '<sortState ref="A2:D4"><sortCondition descending="1" ref="D2:D4"/></sortState></autoFilter>',
    }
    draft.names.append(
        '<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">Ventes!$A$1:$D$4</definedName>'
    )


def user_views(draft: Draft) -> None:
    """Add the view that one user saved, of the workbook and of the sheet."""
    key = "{9D2A4B5C-1E3F-4A6B-8C7D-0E1F2A3B4C5D}"
    draft.sheet["customSheetViews"] = (
        f'<customSheetViews><customSheetView guid="{key}" scale="85" showAutoFilter="1"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft"/><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<autoFilter ref="A1:D4"/></customSheetView></customSheetViews>'
    )
    draft.book["customWorkbookViews"] = (
        f'<customWorkbookViews><customWorkbookView name="compta" guid="{key}" includePrintSettings="0" windowWidth="1000" windowHeight="600" activeSheetId="1"/></customWorkbookViews>'
    )


def protection(draft: Draft) -> None:
    """Add the protection of the sheet (with ranges that stay open) and of the workbook's structure, and the advice to open it read-only."""
    draft.sheet["sheetProtection"] = (
        '<sheetProtection password="CC1A" sheet="1" objects="1" scenarios="1" autoFilter="0"/>'
    )
    draft.sheet["protectedRanges"] = '<protectedRanges><protectedRange sqref="B2:B4" name="Clients"/></protectedRanges>'
    draft.book["fileSharing"] = '<fileSharing readOnlyRecommended="1" userName="compta"/>'
    draft.book["workbookProtection"] = '<workbookProtection workbookPassword="CC1A" lockStructure="1"/>'


def rest(draft: Draft) -> None:
    """Add merged cells below, a scenario, links, watched cells, forgiven errors, a background picture and an embedded object."""
    draft.cells["A6"] = ' t="inlineStr"><is><t>Total</t></is>'
    draft.sheet["mergeCells"] = '<mergeCells count="1"><mergeCell ref="A6:C6"/></mergeCells>'
    draft.sheet["scenarios"] = (
        '<scenarios current="0"><scenario name="Pessimiste" count="1" user="compta"><inputCells r="D2" val="0"/></scenario></scenarios>'
    )
    address = draft.relate(LEDGER, "hyperlink", "https://client.example/?a=1&amp;b=2", external=True)
    draft.sheet["hyperlinks"] = (
        f'<hyperlinks><hyperlink ref="A2" r:id="{address}" tooltip="portail"/><hyperlink ref="A3" location="Ventes!D3" display="solde"/></hyperlinks>'
    )
    draft.sheet["cellWatches"] = '<cellWatches><cellWatch r="D4"/></cellWatches>'
    draft.sheet["ignoredErrors"] = '<ignoredErrors><ignoredError sqref="A2:A4" numberStoredAsText="1"/></ignoredErrors>'
    draft.add("xl/media/fond.png", PNG)
    draft.sheet["picture"] = f'<picture r:id="{draft.relate(LEDGER, "image", "xl/media/fond.png")}"/>'


def rich_text(draft: Draft) -> None:
    """Add shared strings with formatted runs and a reading aid, and cells that show them."""
    strings = (
        '<si><t>En attente</t></si><si><r><rPr><b/><color rgb="FFFF0000"/><rFont val="Arial"/></rPr><t xml:space="preserve">Urgent </t></r><r><t>à appeler</t></r></si>'
        '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="0"/></si>'
    )
    draft.add(
        "xl/sharedStrings.xml",
        f'{DECLARATION}<sst xmlns="{MAIN}" count="3" uniqueCount="3">{strings}</sst>',
        f"{KIND}.sharedStrings+xml",
    )
    draft.relate(BOOK, "sharedStrings", "xl/sharedStrings.xml")
    draft.sheet["phoneticPr"] = '<phoneticPr fontId="0"/>'
    for row in (2, 3, 4):
        draft.cells[f"B{row}"] = f' t="s"><v>{row - 2}</v>'


def formulas(draft: Draft) -> None:
    """Add shared, array and dynamic array formulas, the order in which they are computed, and what dynamic arrays need to be known as such."""
    draft.cells |= {
        "E1": ' s="1" t="inlineStr"><is><t>TTC</t></is>', "F1": ' s="1" t="inlineStr"><is><t>Rang</t></is>', "G1": ' s="1" t="inlineStr"><is><t>Somme</t></is>',
        "E2": '><f t="shared" ref="E2:E4" si="0">D2*1.2</f><v>241.2</v>', "E3": '><f t="shared" si="0"/><v>361.8</v>', "E4": '><f t="shared" si="0"/><v>482.4</v>',
        "F2": ' cm="1"><f t="array" ref="F2:F4">_xlfn._xlws.SORT(D2:D4)</f><v>201</v>', "F3": "><v>301.5</v>", "F4": "><v>402</v>",
        "G2": '><f t="array" ref="G2">SUM(D2:D4*1)</f><v>904.5</v>',
    }  # fmt: skip
    chain = "".join(f'<c r="{place}" i="1"/>' for place in ("E2", "E3", "E4", "G2"))
    draft.add(
        "xl/calcChain.xml",
        f'{DECLARATION}<calcChain xmlns="{MAIN}">{chain}<c r="F2" i="1" a="1"/></calcChain>',
        f"{KIND}.calcChain+xml",
    )
    draft.relate(BOOK, "calcChain", "xl/calcChain.xml")
    draft.add(
        "xl/metadata.xml",
        f'{DECLARATION}<metadata xmlns="{MAIN}" xmlns:xda="{OFFICE}/spreadsheetml/2017/dynamicarray"><metadataTypes count="1"><metadataType name="XLDAPR" '
        'minSupportedVersion="120000" copy="1" pasteAll="1" pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1" '
        'coerce="1" cellMeta="1"/></metadataTypes><futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}">'
        '<xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata><cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>',
        f"{KIND}.sheetMetadata+xml",
    )
    draft.relate(BOOK, "sheetMetadata", "xl/metadata.xml")
    draft.book["calcPr"] = '<calcPr calcId="191029" iterate="1"/>'
