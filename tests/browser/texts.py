"""Texts with every mark that Slack knows: mrkdwn, standard markdown and rich text."""

from tests.browser.builders import piece, rich

LONG_WORD = "pneumonoultramicroscopicsilicovolcanoconiosis" * 4
URL = "https://a.example/a/very/long/address?with=many&words=" + "x" * 120
MOMENT = 1_795_600_800
MRKDWN = f"""*Bold*, _italic_, ~struck~, `code`, *_both_* and 2*3*4; snake_case stays.
<https://a.example|A link>, {URL}, <mailto:a@b.example|mail>, me@a.example
<@U1>, <!here>, <!channel>, <!subteam^S1>, <#C1>, :tada: :+1::skin-tone-4: :no_such_emoji:
<!date^{MOMENT}^{{date_long}} at {{time}}|fallback> · <!date^{MOMENT}^{{date_short_pretty}}^https://a.example|f>
• a point that is long enough to need a second line when the window is as narrow as that of a telephone
&gt; quoted by an entity
> and *quoted* by a sign
```
def preformatted(text):
    return text  # {LONG_WORD}
```
{LONG_WORD}"""
MARKDOWN = f"""# First heading
## Second heading
### Third heading
A **bold**, *italic*, ~~struck~~ and `coded` paragraph with [a link](https://a.example) and :tada:.
Its second line.

- a point
  1. the first below it
  2. the second
- [ ] a task
- [x] one that is done

> A quote with a **word**.

| Order | Numbers | State |
|:------|--------:|:-----:|
| sr_98f022 | 12 | **exception** |
| sr_71aa03 | 1,240 | ported |

```python
print("code")
```
---
<b>no HTML</b> {LONG_WORD}"""
STYLES = ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink")
LEAVES = [
    *({"type": "text", "text": f"{name} ", "style": {name: True}} for name in STYLES),
    {"type": "link", "url": "https://a.example"},
    " ",
    {"type": "link", "url": "https://a.example", "text": "named", "style": {"bold": True}},
    " ",
    {"type": "emoji", "name": "wave", "skin_tone": 3},
    {"type": "emoji", "name": "workspace_own"},
    " ",
    {"type": "user", "user_id": "U1"},
    " ",
    {"type": "usergroup", "usergroup_id": "S1"},
    " ",
    {"type": "channel", "channel_id": "C1"},
    " ",
    {"type": "team", "team_id": "T1"},
    " ",
    {"type": "broadcast", "range": "here"},
    " ",
    {"type": "color", "value": "#C4581B"},
    " ",
    {"type": "date", "timestamp": MOMENT, "format": "{date_pretty} at {time}", "fallback": "then"},
]
RICH_TEXT = rich(
    piece(*LEAVES),
    piece(
        piece("one"),
        piece("two, ", {"type": "text", "text": "bold", "style": {"bold": True}}),
        kind="list",
        style="bullet",
    ),
    piece(piece("below two"), kind="list", style="bullet", indent=1),
    piece(piece("and below that"), kind="list", style="ordered", indent=2),
    piece(piece("fourth"), piece("fifth"), kind="list", style="ordered", offset=3, border=1),
    piece("A quote\nof two lines.", kind="quote", border=1),
    piece(
        "code ",
        {"type": "link", "url": "https://a.example"},
        f" {LONG_WORD}",
        kind="preformatted",
        border=1,
        language="text",
    ),
    piece(f"{LONG_WORD}\n\nand a last line."),
)
