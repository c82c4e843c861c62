"""`esign print-form`: the sheet of an application that is signed by hand."""
