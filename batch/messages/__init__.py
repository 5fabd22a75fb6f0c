"""A plan → what each debtor is written: one wording per step and language, as plain text and as HTML, and its preview.

`accounts` gathers what is asked of whom, `context` puts it into the debtor's language, `wording` fills the template,
`blocks` makes text and HTML from the one wording, `render` does this for a whole plan, `preview` shows the result.
`paper` and `letter` put a message on paper.
"""
