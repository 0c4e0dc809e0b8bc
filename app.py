"""The chat page: layout, events, launch. Retrieval is the engine's, HTML is `page`'s."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Before the libraries that read them are imported: nothing here asks the network for anything.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

import gradio as gr

from index.config import Settings
from index.default import ask, default_index
from index.errors import QAError
from index.progress import ProgressBar
from page.render import answer_html, error_html, escaped
from page.texts import ARTICLE, OWN_DOCUMENTS, Texts

STYLE = Path(__file__).parent / "page" / "style.css"
# The reader's own fonts: nothing to fetch, and Chinese in the face they are used to.
FONTS = (
    "-apple-system",
    "Segoe UI",
    "Roboto",
    "Noto Sans",
    "PingFang TC",
    "Microsoft JhengHei",
    "Noto Sans CJK TC",
    "sans-serif",
)
Turns = list[tuple[str, str]]


def reply(question: str, messages: list[dict[str, object]], turns: Turns) -> tuple[str, list[dict[str, object]], Turns]:
    """Answer one question: the emptied text box, the messages with the new turn, the turns so far."""
    if not question.strip():
        return question, messages, turns
    try:
        answer = ask(question, turns)
        shown, turns = answer_html(answer, len(turns) + 1), [*turns, (question, answer.text)]
    except QAError as error:
        shown = error_html(str(error))
    new = [{"role": "user", "content": escaped(question)}, {"role": "assistant", "content": shown}]
    return "", [*messages, *new], turns


def example_reply(
    picked: gr.SelectData, messages: list[dict[str, object]], turns: Turns
) -> tuple[str, list[dict[str, object]], Turns]:
    """The reply to an example that was clicked."""
    return reply(picked.value["text"], messages, turns)


def build_page(texts: Texts) -> gr.Blocks:
    """The page, not yet served."""
    with gr.Blocks(title=texts.title, analytics_enabled=False, fill_height=True) as page:
        turns = gr.State([])
        gr.HTML(f"<h1>{texts.title}</h1><p>{texts.introduction}</p>", elem_id="masthead")
        chat = gr.Chatbot(
            elem_id="chat",
            show_label=False,
            label="Conversation",
            layout="bubble",
            height="65vh",
            buttons=[],
            latex_delimiters=[],
            placeholder="Ask a question, or start with one of these." if texts.examples else "Ask a question.",
            examples=[{"text": example} for example in texts.examples],
        )
        with gr.Row(equal_height=True):
            question = gr.Textbox(
                elem_id="question",
                label="Your question",
                show_label=False,
                placeholder="Your question · 您的問題 · 您的问题",
                scale=5,
                lines=1,
                max_lines=4,
                autofocus=True,
                container=False,
            )
            send = gr.Button("Ask", elem_id="send", variant="primary", scale=0, min_width=96)
        inputs, outputs = [question, chat, turns], [question, chat, turns]
        for event in (question.submit, send.click):
            event(reply, inputs, outputs, show_progress="hidden", api_visibility="private")
        chat.example_select(example_reply, [chat, turns], outputs, show_progress="hidden", api_visibility="private")
        chat.clear(lambda: [], None, turns, api_visibility="private")
    return page


def main() -> None:
    """Build the index if need be, then serve the page until interrupted."""
    try:
        settings = Settings.from_environment()
        with ProgressBar() as progress:
            default_index(progress)
    except QAError as error:
        sys.exit(str(error))
    texts = OWN_DOCUMENTS if settings.corpus else ARTICLE
    page = build_page(texts)
    try:
        _, address, _ = page.launch(
            server_name=settings.host,
            server_port=settings.port,
            css_paths=STYLE,
            theme=gr.themes.Default(primary_hue="teal", neutral_hue="stone", font=FONTS),
            footer_links=[],
            show_error=False,
            ssr_mode=False,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
        )
    except OSError:
        wanted = f"port {settings.port}" if settings.port else "any port from 7860 to 7959"
        sys.exit(f"The page cannot be served on {wanted} of {settings.host}. Set NANGUAN_PORT to one that is free.")
    sys.stdout.write(f"{texts.title} is at {address} (Ctrl-C stops it)\n")
    sys.stdout.flush()
    page.block_thread()


if __name__ == "__main__":
    main()
