"""What a style sheet would fetch is found as a browser would find it, and nothing else is."""

import pytest

from ratewright.explain.brand.style_sheet import fetches

FETCHES = [
    ("@import 'a.css';", "@import"),
    ('@IMPORT url("a.css");', "@IMPORT"),
    ("@\\69mport 'a.css';", "@"),
    ("p { background: url(a.png) }", "url(a"),
    ("p { background: URL( 'https://a.b/c.png' ) }", "URL("),
    ("p { background: u\\72l(a.png) }", "u\\72l("),
    ("p { background: \\000075 rl(a.png) }", "\\000075 rl("),
    ("p { background: url(//a.b/c) }", "url("),
    ("p { background: url(file:///etc/passwd) }", "url("),
    ("p { background: image-set('a.png' 1x) }", "'a.png'"),
    ('p { background: -webkit-image-set("a.png" 1x) }', '"a.png"'),
    ("p { background: image-set(url(data:,x) 1x, linear-gradient(red) 2x, 'b.png' 3x) }", "'b.png'"),
    ("p { mask: src('a.png') }", "'a.png'"),
    ("/* a */ p { background: /* b */ url(/**/c) }", "url("),
    ("p::before { content: '\\'' url(a) }", "url(a)"),
    ('p::before { content: "x\n } p { background: url(a) }', "url(a)"),
    ("p { background: url(data:,a); cursor: url(b) }", "url(b)"),
    ("p { background: url(data:,a\\)); cursor: url(b) }", "url(b)"),
    ("p { background: url('data:,a)'); cursor: url(b) }", "url(b)"),
    ("p { background: url(dat\\61:,a); cursor: url(b) }", "url(b)"),
    ('p { background: url("\\64 ata:,x", url(b)) }', "url(b)"),
    ("p { background: url(a", "url(a"),
]


@pytest.mark.parametrize(("text", "place"), FETCHES)
def test_what_fetches_is_found(text: str, place: str) -> None:
    first = next(fetches(text))[0]
    assert text[first:].startswith(place)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "p { color: red }",
        "/* @import 'a.css'; url(b) */ p { color: red }",
        "p::before { content: 'url(a.png)' }",
        'p::before { content: "@import \\"a.css\\"" }',
        "p { background: url(data:image/png;base64,iVBORw0KGgo=) }",
        "p { background: url( \"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\" ) }",
        "p { background: url(DATA:,x) }",
        "p { background: u/**/rl(a) }",
        'p::before { content: "x\ny" } p { background: url(a) }',  # the second quote opens a text that does not end
        "p { fill: url(#shade) }",
        "@font-face { font-family: F; src: url(data:font/woff2;base64,d09GMg==) format('woff2') }",
        "p { background: image-set('data:,x' 1x) }",
        "@media print { .important { color: red } }",
        "p { --url: a; width: calc((1px + 2px) * 3) }",
        ".a\\(b { color: red }",
        "@page :first { margin: 1cm }",
    ],
)
def test_what_fetches_nothing_is_left_alone(text: str) -> None:
    assert list(fetches(text)) == []


def test_each_place_is_found_once() -> None:
    text = "p { background: url(a) } q { background: url('b'), image-set('c' 1x) } @import 'd';"
    assert [what for _, what in fetches(text)] == ["url(a)", "url(b)", "'c'", "@import"]


@pytest.mark.parametrize(
    "text", ["(" * 50_000, "\\" * 50_001, "'" * 50_001, "/*" * 50_000, "url(" * 30_000, "@" * 50_000]
)
def test_long_texts_are_read_once(text: str) -> None:
    list(fetches(text))
