"""Everything a template may use: typed, documented, tested both ways against the templates.

Every text is finished in one language; templates hold layout only. `Markup` is only what `svg.py`
has cleaned; all the rest is escaped by Jinja.
"""

from __future__ import annotations

from channelscope.report.context.decision import Answer, DecisionBody
from channelscope.report.context.head import (
    Fact,
    GradeCount,
    Head,
    Kpi,
    Summary,
    SummaryRow,
)
from channelscope.report.context.overview import (
    Card,
    CardNumber,
    Cards,
    ColumnGroup,
    ColumnHead,
    Matrix,
    MatrixCell,
    MatrixRow,
    PairCell,
    PairLine,
    PairMatrix,
    PairRow,
    Pairs,
)
from channelscope.report.context.page import (
    Appendix,
    Body,
    Document,
    QueryPart,
    Section,
    Toggle,
)
from channelscope.report.context.parts import (
    FigurePart,
    Grid,
    GridCell,
    GridHead,
    GridRow,
    Link,
    Mark,
    Shape,
    Swatch,
    Table,
    TableCell,
)
from channelscope.report.context.review import Digest, DigestLine, ReviewBody

__all__ = [
    "Answer",
    "Appendix",
    "Body",
    "Card",
    "CardNumber",
    "Cards",
    "ColumnGroup",
    "ColumnHead",
    "DecisionBody",
    "Digest",
    "DigestLine",
    "Document",
    "Fact",
    "FigurePart",
    "GradeCount",
    "Grid",
    "GridCell",
    "GridHead",
    "GridRow",
    "Head",
    "Kpi",
    "Link",
    "Mark",
    "Matrix",
    "MatrixCell",
    "MatrixRow",
    "PairCell",
    "PairLine",
    "PairMatrix",
    "PairRow",
    "Pairs",
    "QueryPart",
    "ReviewBody",
    "Section",
    "Shape",
    "Summary",
    "SummaryRow",
    "Swatch",
    "Table",
    "TableCell",
    "Toggle",
]
