"""The order in which SpreadsheetML elements hold their children, from ECMA-376 part 1 (the annex's sml.xsd), and what each list counts."""

# Complex type by the element that bears it: children in the order of its xsd:sequence.
SEQUENCES: dict[str, tuple[str, ...]] = {
    "worksheet": (  # CT_Worksheet, 18.3.1.99
        "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
        "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
        "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
        "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
        "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
    ),
    "workbook": (  # CT_Workbook, 18.2.27
        "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
        "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
        "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
    ),
    "styleSheet": (  # CT_Stylesheet, 18.8.39
        "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors", "extLst",
    ),
    "table": ("autoFilter", "sortState", "tableColumns", "tableStyleInfo", "extLst"),  # CT_Table, 18.5.1.2
    "tableColumn": ("calculatedColumnFormula", "totalsRowFormula", "xmlColumnPr", "extLst"),  # CT_TableColumn, 18.5.1.3
    "autoFilter": ("filterColumn", "sortState", "extLst"),  # CT_AutoFilter, 18.3.1.2
    "sortState": ("sortCondition", "extLst"),  # CT_SortState, 18.3.1.92
    "queryTable": ("queryTableRefresh", "extLst"),  # CT_QueryTable, 18.13.12
    "queryTableRefresh": ("queryTableFields", "queryTableDeletedFields", "sortState", "extLst"),  # 18.13.14
    "c": ("f", "v", "is", "extLst"),  # CT_Cell, 18.3.1.4
    "row": ("c", "extLst"),  # CT_Row, 18.3.1.73
    "sheetPr": ("tabColor", "outlinePr", "pageSetUpPr"),  # CT_SheetPr, 18.3.1.82
    "sheetView": ("pane", "selection", "pivotSelection", "extLst"),  # CT_SheetView, 18.3.1.87
    "conditionalFormatting": ("cfRule", "extLst"),  # 18.3.1.18
    "cfRule": ("formula", "colorScale", "dataBar", "iconSet", "extLst"),  # 18.3.1.10
    "dataValidation": ("formula1", "formula2"),  # 18.3.1.32
    "headerFooter": ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"),  # 18.3.1.46
    "customSheetView": (  # 18.3.1.25
        "pane", "selection", "rowBreaks", "colBreaks", "pageMargins", "printOptions", "pageSetup", "headerFooter", "autoFilter",
        "extLst",
    ),
    "xf": ("alignment", "protection", "extLst"),  # CT_Xf, 18.8.45
    "dxf": ("font", "numFmt", "fill", "alignment", "border", "protection", "extLst"),  # CT_Dxf, 18.8.14
    "border": ("start", "end", "left", "right", "top", "bottom", "diagonal", "vertical", "horizontal"),  # CT_Border, 18.8.4
    "patternFill": ("fgColor", "bgColor"),  # 18.8.32
    "colors": ("indexedColors", "mruColors"),  # 18.8.11
    "comment": ("text", "commentPr"),  # 18.7.3
    "comments": ("authors", "commentList", "extLst"),  # 18.7.6
    "is": ("t", "r", "rPh", "phoneticPr"),  # CT_Rst, 18.4.8
    "si": ("t", "r", "rPh", "phoneticPr"),
}  # fmt: skip

# Lists that say how many they hold, and what they hold.
COUNTED: dict[str, str] = {
    "numFmts": "numFmt", "fonts": "font", "fills": "fill", "borders": "border", "cellStyleXfs": "xf", "cellXfs": "xf",
    "cellStyles": "cellStyle", "dxfs": "dxf", "tableStyles": "tableStyle", "tableColumns": "tableColumn", "tableParts": "tablePart",
    "mergeCells": "mergeCell", "dataValidations": "dataValidation", "queryTableFields": "queryTableField",
    "rowBreaks": "brk", "colBreaks": "brk",
}  # fmt: skip
