"""Results in, one self-contained HTML file out: no network, no chart script, strict CSP."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from channelscope import assets
from channelscope.report import svg
from channelscope.report.compose.decision import decision_body
from channelscope.report.compose.figures import Drawings
from channelscope.report.compose.page import body
from channelscope.report.compose.review import review_body
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import (
    Body,
    DecisionBody,
    Document,
    ReviewBody,
    Section,
    Shape,
    Toggle,
)
from channelscope.report.drawings import Draw, draw_all
from channelscope.report.facts import Facts
from channelscope.report.language import Language
from channelscope.report.looks import look_of, shapes
from channelscope.report.numbers import Numbers
from channelscope.report.texts import Texts, catalogue
from channelscope.report.wording import Wording, plain_name
from channelscope.results import Results

STYLES = ("tokens.css", "report.css")
SCRIPT = "report.js"


def render(
    results: Results, *, languages: Sequence[str], generated_at: datetime, draw: Draw = svg.draw
) -> str:
    """The comparison in one or more languages; the same input gives the same bytes."""
    return _render(
        results, languages, draw, "page",
        lambda *spoken: body(*spoken, generated_at=generated_at),
    )  # fmt: skip


def render_decision(
    results: Results, *, languages: Sequence[str], generated_at: datetime, draw: Draw = svg.draw
) -> str:
    """The decision in one or more languages; the same input gives the same bytes."""
    return _render(
        results, languages, draw, "decision",
        lambda *spoken: decision_body(*spoken, generated_at=generated_at),
    )  # fmt: skip


def render_review(
    results: Results, *, languages: Sequence[str], generated_at: datetime, draw: Draw = svg.draw
) -> str:
    """The review in one or more languages; the same input gives the same bytes."""
    return _render(
        results, languages, draw, "review",
        lambda *spoken: review_body(*spoken, generated_at=generated_at),
    )  # fmt: skip


Compose = Callable[[Speaker, Drawings, int], Body | DecisionBody | ReviewBody]
_PARTIALS = {
    "page": "_body.html.j2", "decision": "_decision.html.j2", "review": "_review.html.j2",
}  # fmt: skip


def _render(
    results: Results, languages: Sequence[str], draw: Draw, kind: str, compose: Compose
) -> str:
    spoken = [Language(code) for code in languages]
    wordings = tuple(_wording(results, language) for language in spoken)
    drawings = draw_all(results, wordings, draw)
    facts = Facts(results)
    bodies = tuple(
        compose(Speaker(facts, words), drawings, at) for at, words in enumerate(wordings)
    )
    script = _static(SCRIPT)
    document = Document(
        lang=spoken[0].html,
        title=wordings[0].text(f"{kind}.title", workspace=plain_name(results.meta.workspace)),
        workspace=plain_name(results.meta.workspace),
        csp=_policy(script),
        style=Markup("".join(_static(name) for name in STYLES)),
        script=Markup(script),
        shapes=tuple(Shape(token, path) for token, path in shapes()),
        toggles=tuple(Toggle(one.value, one.html, one.own_name) for one in spoken),
        partial=_PARTIALS[kind],
        bodies=bodies,
    )
    return _template(wordings).render(document=document)


def _wording(results: Results, language: Language) -> Wording:
    looks = {store.store_id: look_of(store) for store in results.scope.stores}
    numbers = Numbers(language, results.meta.currency)
    return Wording(language, Texts(catalogue(language)), numbers, looks)


def _static(name: str) -> str:
    """A file of ours without its indentation and its comments on lines of their own."""
    lines = (assets.static() / name).read_text(encoding="utf-8").splitlines()
    stripped = [line.strip() for line in lines]
    return "\n".join(line for line in stripped if line and not line.startswith("/*"))


def _policy(script: str) -> str:
    """Nothing may be loaded; the one script is known by its hash."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def environment() -> Environment:
    """The template environment: autoescape on, an unknown name is an error."""
    return Environment(
        loader=FileSystemLoader(assets.templates()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _template(wordings: tuple[Wording, ...]) -> Template:
    env = environment()
    by_language = {words.language.html: words.texts for words in wordings}
    env.globals["text"] = lambda lang, key: by_language[lang].text(key)
    env.globals["partials"] = _partials
    return env.get_template("report.html.j2")


def _partials(section: Section) -> list[str]:
    """A section's own partial when there is one, else the default."""
    return [f"sections/{section.name}.html.j2", "sections/_default.html.j2"]
