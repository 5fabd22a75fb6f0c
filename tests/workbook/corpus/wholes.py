"""What a workbook may hold besides its ledger, one function a feature: each adds to a draft what it is about."""

from tests.workbook.corpus.draft import (
    BOOK,
    DECLARATION,
    HEADINGS,
    KIND,
    LEDGER,
    MACROS,
    MAIN,
    OFFICE,
    PACKAGE,
    RELATIONS,
    X14,
    X15,
    Draft,
)
from tests.workbook.corpus.features import add_chart, add_drawing, graph, vml

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how every compound file begins
_OLD, _NEW = f"{OFFICE}/2007/relationships", f"{OFFICE}/2011/relationships"
_CELLS = '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{0}</t></is></c></row></sheetData>'


def table(draft: Draft) -> None:
    """Make the ledger an Excel table with a calculated column and a totals row."""
    draft.cells |= {
        "D4": "><f>Livre[[#This Row],[Pièce]]</f><v>0</v>",
        "A5": ' t="inlineStr"><is><t>Total</t></is>',
        "D5": "><f>SUBTOTAL(109,Livre[Solde])</f><v>502.5</v>",
    }
    columns = "".join(f'<tableColumn id="{number}" name="{name}"/>' for number, name in enumerate(HEADINGS, 1))
    columns = columns.replace('name="Pièce"/>', 'name="Pièce" totalsRowLabel="Total"/>').replace(
        'name="Solde"/>',
        'name="Solde" totalsRowFunction="sum" dataDxfId="0"><calculatedColumnFormula>Livre[[#This Row],[Pièce]]</calculatedColumnFormula></tableColumn>',
    )
    add_table(
        draft,
        "Livre",
        f'ref="A1:D5" totalsRowCount="1"><autoFilter ref="A1:D4"/><tableColumns count="4">{columns}</tableColumns>',
    )


def add_table(draft: Draft, name: str, inside: str) -> str:
    """Add a table to the ledger sheet, from its range on; return its part."""
    part = "xl/tables/table1.xml"
    style = '<tableStyleInfo name="TableStyleMedium4" showFirstColumn="0" showLastColumn="0" showRowStripes="1" showColumnStripes="0"/>'
    content = f'{DECLARATION}<table xmlns="{MAIN}" id="1" name="{name}" displayName="{name}" {inside}{style}</table>'
    draft.add(part, content, f"{KIND}.table+xml")
    number = draft.relate(LEDGER, "table", part)
    draft.sheet["tableParts"] = f'<tableParts count="1"><tablePart r:id="{number}"/></tableParts>'
    return part


def query(draft: Draft) -> None:
    """Let a connection fill the ledger's table."""
    columns = "".join(
        f'<tableColumn id="{n}" uniqueName="{n}" name="{name}" queryTableFieldId="{n}"/>'
        for n, name in enumerate(HEADINGS, 1)
    )
    inside = (
        f'ref="A1:D4" tableType="queryTable"><autoFilter ref="A1:D4"/><tableColumns count="4">{columns}</tableColumns>'
    )
    part = add_table(draft, "Requete", inside)
    fields = "".join(
        f'<queryTableField id="{n}" name="{name}" tableColumnId="{n}"/>' for n, name in enumerate(HEADINGS, 1)
    )
    draft.add(
        "xl/queryTables/queryTable1.xml",
        f'{DECLARATION}<queryTable xmlns="{MAIN}" name="Compta" connectionId="1" autoFormatId="16"><queryTableRefresh nextId="5">'
        f'<queryTableFields count="4">{fields}</queryTableFields></queryTableRefresh></queryTable>',
        f"{KIND}.queryTable+xml",
    )
    draft.relate(part, "queryTable", "xl/queryTables/queryTable1.xml")
    draft.add(
        "xl/connections.xml",
        f'{DECLARATION}<connections xmlns="{MAIN}"><connection id="1" name="Compta" type="5" refreshedVersion="8"><dbPr connection="Provider=Essai" command="balance"/></connection></connections>',
        f"{KIND}.connections+xml",
    )
    draft.relate(BOOK, "connections", "xl/connections.xml")


def macros(draft: Draft) -> None:
    """Make it a macro workbook: code, and the names by which the code knows workbook and sheet."""
    draft.suffix = ".xlsm"
    draft.kinds[BOOK] = MACROS
    draft.add("xl/vbaProject.bin", OLE + bytes(504), "application/vnd.ms-office.vbaProject")
    draft.relate(BOOK, f"{OFFICE}/2006/relationships/vbaProject", "xl/vbaProject.bin")
    draft.book["workbookPr"] = '<workbookPr codeName="ThisWorkbook" defaultThemeVersion="124226"/>'
    draft.sheet["sheetPr"] = '<sheetPr codeName="Feuil1"><tabColor rgb="FF00B050"/></sheetPr>'


def pivot(draft: Draft) -> None:
    """Add a pivot table of the ledger on a sheet of its own, its cache and the cache's records, and a slicer of it."""
    sheet = draft.add_sheet(
        "Analyse",
        _CELLS.format("Analyse")
        + '<extLst><ext uri="{A8765BA9-456A-4dab-B4F3-ACF838C121DE}" xmlns:x14="'
        + X14
        + '"><x14:slicerList><x14:slicer r:id="rId2"/></x14:slicerList></ext></extLst>',
    )
    cache = "xl/pivotCache/pivotCacheDefinition1.xml"
    fields = "".join(f'<cacheField name="{name}" numFmtId="0"><sharedItems/></cacheField>' for name in HEADINGS)
    draft.add(
        cache,
        f'{DECLARATION}<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{RELATIONS}" r:id="rId1" refreshedBy="compta" refreshedDate="46000" createdVersion="6" refreshedVersion="6" recordCount="1">'
        f'<cacheSource type="worksheet"><worksheetSource ref="A1:D4" sheet="Ventes"/></cacheSource><cacheFields count="4">{fields}</cacheFields></pivotCacheDefinition>',
        f"{KIND}.pivotCacheDefinition+xml",
    )
    draft.add(
        "xl/pivotCache/pivotCacheRecords1.xml",
        f'{DECLARATION}<pivotCacheRecords xmlns="{MAIN}" count="1"><r><s v="FA-2"/><s v="Client 2"/><n v="46302"/><n v="201"/></r></pivotCacheRecords>',
        f"{KIND}.pivotCacheRecords+xml",
    )
    draft.relate(cache, "pivotCacheRecords", "xl/pivotCache/pivotCacheRecords1.xml")
    shown = "".join('<pivotField showAll="0"/>' for _ in HEADINGS[1:])
    draft.add(
        "xl/pivotTables/pivotTable1.xml",
        f'{DECLARATION}<pivotTableDefinition xmlns="{MAIN}" name="TCD1" cacheId="3" dataCaption="Valeurs"><location ref="A3:A4" firstHeaderRow="1" firstDataRow="1" firstDataCol="0"/>'
        f'<pivotFields count="4">{shown}<pivotField dataField="1" showAll="0"/></pivotFields><rowItems count="1"><i/></rowItems><colItems count="1"><i/></colItems>'
        '<dataFields count="1"><dataField name="Somme de Solde" fld="3" baseField="0" baseItem="0"/></dataFields></pivotTableDefinition>',
        f"{KIND}.pivotTable+xml",
    )
    draft.relate(sheet, "pivotTable", "xl/pivotTables/pivotTable1.xml")
    draft.relate("xl/pivotTables/pivotTable1.xml", "pivotCacheDefinition", cache)
    number = draft.relate(BOOK, "pivotCacheDefinition", cache)
    draft.book["pivotCaches"] = f'<pivotCaches><pivotCache cacheId="3" r:id="{number}"/></pivotCaches>'
    _slicer(
        draft,
        sheet,
        1,
        "Client",
        f'<pivotTables><pivotTable tabId="{len(draft.listed)}" name="TCD1"/></pivotTables><data><tabular pivotCacheId="3"><items count="1"><i x="0" s="1"/></items></tabular></data>',
    )
    listed = draft.relate(BOOK, f"{_OLD}/slicerCache", "xl/slicerCaches/slicerCache1.xml")
    draft.extend_book(
        "BBE1A952-AA13-448e-AADC-164F8A28A991",
        f'<x14:slicerCaches><x14:slicerCache r:id="{listed}"/></x14:slicerCaches>',
        f'xmlns:x14="{X14}"',
    )


def _slicer(draft: Draft, sheet: str, number: int, name: str, inside: str) -> str:
    """Add a slicer and its cache; return the id under which the sheet knows it."""
    cache, part = f"xl/slicerCaches/slicerCache{number}.xml", f"xl/slicers/slicer{number}.xml"
    draft.add(
        cache,
        f'{DECLARATION}<slicerCacheDefinition xmlns="{X14}" name="Segment_{name}" sourceName="{name}">{inside}</slicerCacheDefinition>',
        "application/vnd.ms-excel.slicerCache+xml",
    )
    draft.add(
        part,
        f'{DECLARATION}<slicers xmlns="{X14}"><slicer name="{name}" cache="Segment_{name}" caption="{name}" rowHeight="241300"/></slicers>',
        "application/vnd.ms-excel.slicer+xml",
    )
    draft.names.append(f'<definedName name="Segment_{name}">#N/A</definedName>')
    return draft.relate(sheet, f"{_OLD}/slicer", part)


def table_slicer(draft: Draft) -> None:
    """Add a slicer of the ledger's table, which an extension of the workbook lists."""
    table(draft)
    cache = f'<extLst><ext uri="{{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}}" xmlns:x15="{X15}"><x15:tableSlicerCache tableId="1" column="2"/></ext></extLst>'
    number = _slicer(draft, LEDGER, 2, "Pièce", cache)
    draft.extend(
        "3A4CF648-6AED-40f4-86FF-DC5316D8AED3",
        f'<x14:slicerList><x14:slicer r:id="{number}"/></x14:slicerList>',
        f'xmlns:x14="{X14}"',
    )
    listed = draft.relate(BOOK, f"{_OLD}/slicerCache", "xl/slicerCaches/slicerCache2.xml")
    draft.extend_book(
        "46BE6895-7355-4a93-B00E-2C351335B9C9",
        f'<x15:slicerCaches xmlns:x14="{X14}"><x14:slicerCache r:id="{listed}"/></x15:slicerCaches>',
        f'xmlns:x15="{X15}"',
    )


def controls(draft: Draft) -> None:
    """Add a sheet with a tick box, as a form control with its old shape."""
    inside = (
        _CELLS.format("Options")
        + '<legacyDrawing r:id="rId1"/><mc:AlternateContent><mc:Choice xmlns:x14="'
        + X14
        + '" Requires="x14"><controls><mc:AlternateContent><mc:Choice Requires="x14">'
        '<control shapeId="2049" r:id="rId2" name="Case 1"><controlPr defaultSize="0" autoFill="0" autoLine="0"><anchor><from><xdr:col xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">1</xdr:col></from></anchor></controlPr></control>'
        "</mc:Choice></mc:AlternateContent></controls></mc:Choice></mc:AlternateContent>"
    )
    sheet = draft.add_sheet("Options", inside)
    shape = '<v:shape id="_x0000_s2049" type="#_x0000_t201"><x:ClientData ObjectType="Checkbox"><x:Anchor>1,0,1,0,2,0,2,0</x:Anchor><x:Checked>1</x:Checked></x:ClientData></v:shape>'
    draft.add("xl/drawings/vmlDrawing2.vml", vml(shape))
    draft.relate(sheet, "vmlDrawing", "xl/drawings/vmlDrawing2.vml")
    draft.add(
        "xl/ctrlProps/ctrlProp1.xml",
        f'{DECLARATION}<formControlPr xmlns="{X14}" objectType="CheckBox" checked="Checked" lockText="1"/>',
        "application/vnd.ms-excel.controlproperties+xml",
    )
    draft.relate(sheet, "ctrlProp", "xl/ctrlProps/ctrlProp1.xml")


def embedded(draft: Draft) -> None:
    """Add a sheet with an embedded document, and its picture."""
    place = '<oleObjects><oleObject progId="Document" shapeId="3073" r:id="rId1"/></oleObjects>'
    sheet = draft.add_sheet("Pièce jointe", _CELLS.format("Contrat") + place)
    draft.add(
        "xl/embeddings/oleObject1.bin", OLE + bytes(120), "application/vnd.openxmlformats-officedocument.oleObject"
    )
    draft.relate(sheet, "oleObject", "xl/embeddings/oleObject1.bin")


def apart(draft: Draft) -> None:
    """Add custom XML with its properties, a link to another workbook, a theme, and properties of the document, some of them the user's own."""
    draft.add("customXml/item1.xml", '<suivi xmlns="urn:exemple"><exercice>2026</exercice></suivi>')
    draft.add(
        "customXml/itemProps1.xml",
        f'{DECLARATION}<ds:datastoreItem xmlns:ds="{RELATIONS[:-13]}customXml" ds:itemID="{{11111111-2222-3333-4444-555555555555}}"/>',
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    )
    draft.relate(BOOK, "customXml", "customXml/item1.xml")
    draft.relate("customXml/item1.xml", "customXmlProps", "customXml/itemProps1.xml")
    link = "xl/externalLinks/externalLink1.xml"
    draft.add(
        link,
        f'{DECLARATION}<externalLink xmlns="{MAIN}" xmlns:r="{RELATIONS}"><externalBook r:id="rId1"><sheetNames><sheetName val="Taux"/></sheetNames></externalBook></externalLink>',
        f"{KIND}.externalLink+xml",
    )
    draft.relate(link, "externalLinkPath", "taux.xlsx", external=True)
    draft.book["externalReferences"] = (
        f'<externalReferences><externalReference r:id="{draft.relate(BOOK, "externalLink", link)}"/></externalReferences>'
    )
    theme = "http://schemas.openxmlformats.org/drawingml/2006/main"
    draft.add(
        "xl/theme/theme1.xml",
        f'{DECLARATION}<a:theme xmlns:a="{theme}" name="Maison">{_theme()}</a:theme>',
        "application/vnd.openxmlformats-officedocument.theme+xml",
    )
    draft.relate(BOOK, "theme", "xl/theme/theme1.xml")
    core, office = f"{PACKAGE}/metadata/core-properties", "http://schemas.openxmlformats.org/officeDocument/2006"
    draft.add(
        "docProps/core.xml",
        f'{DECLARATION}<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Grand livre</dc:title></cp:coreProperties>',
        "application/vnd.openxmlformats-package.core-properties+xml",
    )
    draft.relate("", f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml")
    draft.add(
        "docProps/app.xml",
        f'{DECLARATION}<Properties xmlns="{office}/extended-properties"><Application>Microsoft Excel</Application></Properties>',
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    )
    draft.relate("", "extended-properties", "docProps/app.xml")
    draft.add(
        "docProps/custom.xml",
        f'{DECLARATION}<Properties xmlns="{office}/custom-properties" xmlns:vt="{office}/docPropsVTypes"><property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="Dossier"><vt:lpwstr>A-17</vt:lpwstr></property></Properties>',
        "application/vnd.openxmlformats-officedocument.custom-properties+xml",
    )
    draft.relate("", "custom-properties", "docProps/custom.xml")


def _theme() -> str:
    """Return the inside of a theme: colours, fonts, and three of each format, as the schema asks."""
    names = ("dk1", "lt1", "dk2", "lt2", *(f"accent{n}" for n in range(1, 7)), "hlink", "folHlink")
    colours = "".join(f'<a:{name}><a:srgbClr val="{n:02X}44{n:02X}"/></a:{name}>' for n, name in enumerate(names))
    fonts = "".join(
        f'<a:{kind}Font><a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
        for kind in ("major", "minor")
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350">{fill}</a:ln>'
    formats = (
        f"<a:fillStyleLst>{fill * 3}</a:fillStyleLst><a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{'<a:effectStyle><a:effectLst/></a:effectStyle>' * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
    )
    return f'<a:themeElements><a:clrScheme name="M">{colours}</a:clrScheme><a:fontScheme name="M">{fonts}</a:fontScheme><a:fmtScheme name="M">{formats}</a:fmtScheme></a:themeElements>'


def other_sheets(draft: Draft) -> None:
    """Add a chart sheet, a hidden one and a very hidden one, and names that hold for the workbook, for one sheet, or are hidden."""
    draft.add_sheet("Listes", _CELLS.format("oui"), state="hidden")
    draft.add_sheet("Calcul", _CELLS.format("secret"), state="veryHidden")
    draft.list_sheet("Courbe", "xl/chartsheets/sheet1.xml", kind="chartsheet")
    draft.add(
        "xl/chartsheets/sheet1.xml",
        f'{DECLARATION}<chartsheet xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheetViews><sheetView workbookViewId="0"/></sheetViews><drawing r:id="rId1"/></chartsheet>',
    )
    draft.relate("xl/chartsheets/sheet1.xml", "drawing", "xl/drawings/drawing2.xml")
    add_chart(draft, "xl/charts/chart2.xml")
    shown = graph(draft.relate("xl/drawings/drawing2.xml", "chart", "xl/charts/chart2.xml"))
    place = '<xdr:pos x="0" y="0"/><xdr:ext cx="9000000" cy="6000000"/>'
    add_drawing(
        draft, "xl/drawings/drawing2.xml", f"<xdr:absoluteAnchor>{place}{shown}<xdr:clientData/></xdr:absoluteAnchor>"
    )
    draft.names += [
        '<definedName name="Choix">Listes!$A$1:$A$9</definedName>',
        '<definedName name="Choix" localSheetId="0">Ventes!$A$2</definedName>',
        '<definedName name="_cache" hidden="1">Calcul!$A$1</definedName>',
        '<definedName name="TauxTVA" comment="taux normal">0.2</definedName>',
    ]
