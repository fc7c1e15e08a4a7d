"""Calls tollgate with OpenAI's SDK for Python, and with Anthropic's, one function for
each case.

Prints "ok CASE" or "FAIL CASE" with what went wrong. The cases have the same names
as those of the other SDKs; sdk_test.go runs them and looks at what went upstream.
"""

import os
import sys
import traceback

import anthropic
import openai
from openai import OpenAI
from pydantic import BaseModel

ROOT = os.environ["TOLLGATE_ROOT"]
IMAGE = os.environ["TOLLGATE_IMAGE"]
POOR = os.environ["TOLLGATE_KEY_POOR"]
HELLO = [{"role": "user", "content": "hi"}]
WEATHER = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "the weather in a city",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
]

cases = []


def case(f):
    cases.append(f)
    return f


class Counter:
    """Counts the requests that the SDK makes, repeats among them."""

    def __init__(self):
        self.requests = 0

    def saw(self, _request):
        self.requests += 1


def client(**kwargs):
    """A client as a user makes one, and a count of what it sends."""
    counter = Counter()
    http = openai.DefaultHttpxClient(event_hooks={"request": [counter.saw]})
    return OpenAI(http_client=http, **kwargs), counter


def equal(got, want):
    assert got == want, f"got {got!r}, want {want!r}"


def refused(kind, status, call, requests=1, **kwargs):
    """Makes a call that must fail, and returns its error."""
    c, counter = client(**kwargs)
    try:
        answer = call(c)
    except openai.APIStatusError as e:
        equal(type(e), kind)
        equal(e.status_code, status)
        equal(counter.requests, requests)
        assert e.request_id, "no request id"
        return e
    raise AssertionError(f"it was answered: {answer}")


def chat_with(model, **kwargs):
    return lambda c: c.chat.completions.create(model=model, messages=HELLO, **kwargs)


def text_of(chunks):
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


@case
def chat():
    c, counter = client()
    r = c.chat.completions.create(model="chat", messages=HELLO)
    equal(r.choices[0].message.content, "hello")
    equal(r.choices[0].finish_reason, "stop")
    equal((r.usage.prompt_tokens, r.usage.completion_tokens), (10, 5))
    equal(counter.requests, 1)


@case
def chat_stream():
    c, _ = client()
    chunks = list(c.chat.completions.create(model="stream", messages=HELLO, stream=True))
    equal(text_of(chunks), "one two three")
    assert len(chunks) >= 4, f"{len(chunks)} chunks"
    for chunk in chunks:
        equal(len(chunk.choices), 1)
        equal(chunk.usage, None)
    equal(chunks[-1].choices[0].finish_reason, "stop")


@case
def chat_stream_usage():
    c, _ = client()
    chunks = list(
        c.chat.completions.create(model="stream-usage", messages=HELLO, stream=True, stream_options={"include_usage": True})
    )
    equal(text_of(chunks), "one two three")
    with_usage = [chunk for chunk in chunks if chunk.usage]
    equal(len(with_usage), 1)
    equal(with_usage[0], chunks[-1])
    equal(chunks[-1].choices, [])
    equal(chunks[-1].usage.total_tokens, 15)


def check_tool_call(call):
    equal(call.function.name, "get_weather")
    equal(call.function.arguments, '{"city":"Paris"}')
    assert call.id, "no id"


@case
def tools():
    c, _ = client()
    r = c.chat.completions.create(model="tools", messages=HELLO, tools=WEATHER)
    equal(r.choices[0].finish_reason, "tool_calls")
    (call,) = r.choices[0].message.tool_calls
    check_tool_call(call)


def assemble(model):
    """Lets the SDK put a streamed tool call together."""
    c, _ = client()
    with c.chat.completions.stream(model=model, messages=HELLO, tools=WEATHER) as stream:
        for _ in stream:
            pass
        message = stream.get_final_completion().choices[0].message
    (call,) = message.tool_calls
    check_tool_call(call)


@case
def tools_stream():
    assemble("tools-stream")


@case
def vision():
    c, _ = client()
    parts = [{"type": "text", "text": "what is this?"}, {"type": "image_url", "image_url": {"url": IMAGE}}]
    r = c.chat.completions.create(model="vision", messages=[{"role": "user", "content": parts}])
    equal(r.choices[0].message.content, "hello")


class Weather(BaseModel):
    city: str
    degrees: int


@case
def schema():
    c, _ = client()
    r = c.chat.completions.parse(model="schema", messages=HELLO, response_format=Weather)
    equal(r.choices[0].message.parsed, Weather(city="Paris", degrees=21))


@case
def logprobs():
    c, _ = client()
    r = c.chat.completions.create(model="logprobs", messages=HELLO, logprobs=True, top_logprobs=2)
    (token,) = r.choices[0].logprobs.content
    equal((token.token, token.logprob), ("hello", -0.25))
    equal([t.token for t in token.top_logprobs], ["hello", "hi"])


def embed(model):
    """The SDK asks for base64 by itself and decodes it; floats are asked for by name."""
    c, _ = client()
    default = c.embeddings.create(model=model, input=["a", "b"])
    floats = c.embeddings.create(model=model, input=["a", "b"], encoding_format="float")
    equal(len(default.data), 2)
    equal([list(d.embedding) for d in default.data], [d.embedding for d in floats.data])
    equal(list(default.data[1].embedding), [0.5, -0.25, 0.125])
    equal(default.usage.prompt_tokens, 10)


@case
def embeddings():
    embed("embedder")


@case
def completions():
    c, _ = client()
    r = c.completions.create(model="legacy", prompt="once upon a time", max_tokens=5)
    equal(r.choices[0].text, "hello")


@case
def models():
    c, _ = client()
    ids = [m.id for m in c.models.list()]
    for name in ["Qwen/Qwen3-32B", "llama3.2:3b", "assistant", "paid"]:
        assert name in ids, f"{name} is not in {ids}"
        equal(c.models.retrieve(name).id, name)
    r = c.chat.completions.create(model="Qwen/Qwen3-32B", messages=HELLO)
    equal(r.choices[0].message.content, "hello")


@case
def base_url():
    for url in [ROOT, ROOT + "/v1/"]:
        c, _ = client(base_url=url)
        r = c.chat.completions.create(model="base-url", messages=HELLO)
        equal(r.choices[0].message.content, "hello")


@case
def extra_body():
    c, _ = client()
    c.chat.completions.create(
        model="extra",
        messages=HELLO,
        extra_body={"vllm_xargs": {"deep": [1, 2, {"x": None}]}, "repetition_penalty": 1.05},
    )


@case
def request_id():
    c, _ = client()
    raw = c.chat.completions.with_raw_response.create(model="ids", messages=HELLO)
    assert raw.headers["x-request-id"], "no X-Request-Id"
    equal(raw.parse()._request_id, raw.headers["x-request-id"])


@case
def bad_key():
    e = refused(openai.AuthenticationError, 401, chat_with("chat"), api_key="sk-wrong")
    equal(e.code, "invalid_api_key")


@case
def model_denied():
    e = refused(openai.PermissionDeniedError, 403, chat_with("denied"), api_key=os.environ["TOLLGATE_KEY_NARROW"])
    equal(e.code, "model_not_allowed")


@case
def model_unknown():
    e = refused(openai.NotFoundError, 404, chat_with("no-such-model"))
    equal(e.code, "model_not_found")


@case
def bad_request():
    e = refused(openai.BadRequestError, 400, chat_with("chat", extra_body={"n": "x"}))
    equal((e.code, e.param), ("invalid_value", "n"))


@case
def upstream_500():
    refused(openai.InternalServerError, 502, chat_with("fails"))


@case
def upstream_down():
    # Worth another try, which the gateway makes itself: it tells the SDK to make none.
    e = refused(openai.InternalServerError, 503, chat_with(os.environ["TOLLGATE_DOWN"]))
    equal(e.code, "no_healthy_upstream")


@case
def stream_cut():
    c, counter = client()
    chunks = []
    try:
        for chunk in c.chat.completions.create(model="cut", messages=HELLO, stream=True):
            chunks.append(chunk)
    except openai.APIError:
        equal(text_of(chunks).split(), ["one", "two"])
        equal(counter.requests, 1)
        return
    raise AssertionError("a stream that was cut looks whole")


@case
def budget():
    poor, _ = client(api_key=POOR)
    for _ in range(2):
        equal(poor.chat.completions.create(model="paid", messages=HELLO, max_tokens=10).choices[0].message.content, "hello")
    for stream in [False, True]:
        e = refused(openai.RateLimitError, 429, chat_with("paid", max_tokens=10, stream=stream), api_key=POOR)
        check_refusal(e.body)
        equal(e.response.headers["x-should-retry"], "false")
        assert int(e.response.headers["retry-after"]) >= 1
    for name in ["free", "assistant", "open/free"]:
        equal(poor.chat.completions.create(model=name, messages=HELLO).choices[0].message.content, "hello")


def check_refusal(body):
    equal((body["type"], body["code"]), ("budget_exceeded", "budget_exceeded"))
    b = body["budget"]
    equal((b["scope"], b["account"], b["name"]), ("user", os.environ["TOLLGATE_USER_POOR"], "pocket money"))
    equal((float(b["limit"]), float(b["spent"])), (0.01, 0.00812))
    assert isinstance(b["limit"], str), "money is not a float"
    assert b["id"] and b["window"] == "month" and b["resets_at"].endswith("T00:00:00Z"), b
    assert {"free", "assistant"} <= set(body["free_models"]) and "paid" not in body["free_models"], body["free_models"]
    assert "pocket money" in body["message"] or "0.01" in body["message"], body["message"]


@case
def fallback():
    c, _ = client(api_key=POOR)
    raw = c.chat.completions.with_raw_response.create(model="auto", messages=HELLO, max_tokens=10)
    equal(raw.parse().choices[0].message.content, "hello")
    equal(raw.headers["x-tollgate-deployment"], "gpu/free")
    assert "budget_exceeded" in raw.headers["x-tollgate-fallback"]


@case
def ollama_chat():
    c, _ = client()
    r = c.chat.completions.create(model="llama3.2:3b", messages=HELLO)
    equal(r.choices[0].message.content, "hello")
    equal(r.usage.total_tokens, 15)


@case
def ollama_stream():
    c, _ = client()
    chunks = list(
        c.chat.completions.create(model="streamer:1b", messages=HELLO, stream=True, stream_options={"include_usage": True})
    )
    equal(text_of(chunks), "one two three")
    equal([chunk.usage.total_tokens for chunk in chunks if chunk.usage], [15])


@case
def ollama_tools():
    c, _ = client()
    r = c.chat.completions.create(model="tools:1b", messages=HELLO, tools=WEATHER)
    equal(r.choices[0].finish_reason, "tool_calls")
    (call,) = r.choices[0].message.tool_calls
    check_tool_call(call)


@case
def ollama_tools_stream():
    assemble("tool-stream:1b")


@case
def ollama_embeddings():
    embed("embed-mini:1b")


@case
def responses():
    c, _ = client()
    r = c.responses.create(model="responses", input="hi")
    equal((r.output_text, r.status, r.usage.input_tokens), ("hello", "completed", 10))
    again = c.responses.retrieve(r.id)
    equal((again.id, again.output_text), (r.id, "hello"))


@case
def responses_stream():
    c, _ = client()
    events = list(c.responses.create(model="responses-stream", input="hi", stream=True))
    equal("".join(e.delta for e in events if e.type == "response.output_text.delta"), "one two three")
    equal((events[-1].type, events[-1].response.usage.output_tokens), ("response.completed", 5))


@case
def responses_cut():
    # Whether the SDK raises at the error or not: before it comes the response, as failed.
    c, counter = client()
    events = []
    try:
        for event in c.responses.create(model="responses-cut", input="hi", stream=True):
            events.append(event)
    except openai.APIError:
        pass
    failed = [e.response for e in events if e.type == "response.failed"]
    equal([(r.id, r.status, r.error.code) for r in failed], [(events[0].response.id, "failed", "server_error")])
    equal(counter.requests, 1)


RECORDING = ("a.wav", b"RIFF\x00\xff\r\n\r\n--", "audio/wav")
PICTURE = ("a.png", b"\x89PNG\x00", "image/png")


@case
def transcription():
    c, _ = client()
    r = c.audio.transcriptions.create(model="hear", file=RECORDING)
    equal((r.text, r.usage.type, r.usage.input_tokens), ("one two", "tokens", 10))


@case
def transcription_stream():
    c, _ = client()
    events = list(c.audio.transcriptions.create(model="hear", file=RECORDING, stream=True))
    equal("".join(e.delta for e in events if e.type == "transcript.text.delta"), "one two")
    equal((events[-1].type, events[-1].text), ("transcript.text.done", "one two"))


@case
def translation():
    c, _ = client()
    equal(c.audio.translations.create(model="hear", file=RECORDING).text, "one two")


@case
def speech():
    c, _ = client()
    with c.audio.speech.with_streaming_response.create(model="say", voice="alloy", input="hello") as r:
        sound = b"".join(r.iter_bytes())
        equal((len(sound), sound[:6], r.headers["content-type"]), (250_000, b"RIFF\x00\xff", "audio/mpeg"))


@case
def images():
    c, _ = client()
    r = c.images.generate(model="draw", prompt="a cat", n=2)
    equal(([i.b64_json for i in r.data], r.usage.output_tokens), (["AAAA", "AAAA"], 5))


@case
def images_stream():
    c, _ = client()
    events = list(c.images.generate(model="draw", prompt="a cat", stream=True, partial_images=1))
    equal([e.type for e in events], ["image_generation.partial_image", "image_generation.completed"])
    equal(len(events[-1].b64_json), 200_000)


@case
def images_edit():
    c, _ = client()
    equal(c.images.edit(model="draw", prompt="a dog", image=PICTURE).data[0].b64_json, "AAAA")


@case
def moderations():
    c, _ = client()
    equal(c.moderations.create(model="judge", input="hi").results[0].flagged, False)


def claude():
    return anthropic.Anthropic(base_url=ROOT, api_key=os.environ["OPENAI_API_KEY"])


@case
def messages():
    r = claude().messages.create(model="messages", max_tokens=50, messages=HELLO)
    equal((r.content[0].text, r.stop_reason, r.usage.input_tokens, r.usage.output_tokens), ("hello", "end_turn", 10, 5))
    assert r._request_id, "no request id"


@case
def messages_stream():
    with claude().messages.stream(model="messages", max_tokens=50, messages=HELLO) as stream:
        equal("".join(stream.text_stream), "hello")
        equal(stream.get_final_message().usage.output_tokens, 5)


@case
def count_tokens():
    equal(claude().messages.count_tokens(model="messages", messages=HELLO).input_tokens, 10)


@case
def messages_refused():
    try:
        claude().messages.create(model="no-such-model", max_tokens=50, messages=HELLO)
    except anthropic.NotFoundError as e:
        equal(e.body["error"]["type"], "not_found_error")
        return
    raise AssertionError("it was answered")


failed = 0
for f in cases:
    try:
        f()
        print("ok", f.__name__)
    except Exception:
        failed += 1
        print("FAIL", f.__name__)
        traceback.print_exc(file=sys.stdout)
sys.exit(1 if failed else 0)
