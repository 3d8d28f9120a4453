"""Forums before they begin: texts, times, programme, duties, documents, announcing."""
