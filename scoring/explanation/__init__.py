"""The whole way from marks to place for one entry, as a structure that page, workbook and file show alike."""
