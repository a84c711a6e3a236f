"""What one asks of runs: a declared measure, divided, over years; as a tidy table, and as a chart.

`question` says what can be asked, `values` what a run answers, `told` what several runs or a study answer together,
`observed` what a user puts on top; `chart` draws it (and loads Matplotlib), with a file for each kind of chart.
"""
