"""Calls tollgate as clients of LiteLLM do: with LiteLLM's own SDK through litellm_proxy/, with
its command line, and with LangChain. One function for each case.

Prints "ok CASE" or "FAIL CASE" with what went wrong. clients_test.go runs it and looks at
what went upstream.
"""

import asyncio
import json
import os
import sys
import tempfile
import traceback

import litellm
import yaml
from click.testing import CliRunner
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings
from litellm.proxy.client import Client, HealthManagementClient, UnauthorizedError, UsersManagementClient
from litellm.proxy.client.cli import cli
from litellm.proxy.client.exceptions import NotFoundError
from pydantic import BaseModel

ROOT = os.environ["TOLLGATE_ROOT"]
KEY = os.environ["LITELLM_PROXY_API_KEY"]
POOR = os.environ["TOLLGATE_KEY_POOR"]
ADMIN = os.environ["TOLLGATE_KEY_ADMIN"]
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


def equal(got, want):
    assert got == want, f"got {got!r}, want {want!r}"


def refused(kind, call, *words):
    try:
        answer = call()
    except kind as e:
        for word in words:
            assert word in str(e), f"no {word!r} in {e}"
        return e
    raise AssertionError(f"it was answered: {answer}")


# LiteLLM's SDK takes the address and the key from the environment.


@case
def litellm_chat():
    r = litellm.completion(model="litellm_proxy/chat", messages=HELLO)
    equal((r.choices[0].message.content, r.choices[0].finish_reason), ("hello", "stop"))
    equal((r.usage.prompt_tokens, r.usage.completion_tokens), (10, 5))


@case
def litellm_base_url():
    for base in [ROOT, ROOT + "/v1", ROOT + "/"]:
        r = litellm.completion(model="litellm_proxy/base-url", messages=HELLO, api_base=base, api_key=KEY)
        equal(r.choices[0].message.content, "hello")


@case
def litellm_stream():
    chunks = list(litellm.completion(model="litellm_proxy/stream", messages=HELLO, stream=True, stream_options={"include_usage": True}))
    equal("".join(c.choices[0].delta.content or "" for c in chunks if c.choices), "one two three")
    whole = litellm.stream_chunk_builder(chunks)
    equal((whole.choices[0].message.content, whole.usage.total_tokens), ("one two three", 15))


@case
def litellm_tools():
    for model, stream in [("tools", False), ("tools-stream", True)]:
        r = litellm.completion(model="litellm_proxy/" + model, messages=HELLO, tools=WEATHER, stream=stream)
        if stream:
            r = litellm.stream_chunk_builder(list(r))
        (call,) = r.choices[0].message.tool_calls
        equal((call.function.name, call.function.arguments), ("get_weather", '{"city":"Paris"}'))


@case
def litellm_embeddings():
    r = litellm.embedding(model="litellm_proxy/embedder", input=["a", "b"])
    equal([list(d["embedding"]) for d in r.data], [[0.5, -0.25, 0.125]] * 2)


@case
def litellm_async():
    async def both():
        r = await litellm.acompletion(model="litellm_proxy/free", messages=HELLO)
        stream = await litellm.acompletion(model="litellm_proxy/free", messages=HELLO, stream=True)
        return r.choices[0].message.content, "".join([c.choices[0].delta.content or "" async for c in stream])

    equal(asyncio.run(both()), ("hello", "hello"))


@case
def litellm_other_surfaces():
    equal(litellm.text_completion(model="litellm_proxy/legacy", prompt="once", max_tokens=5).choices[0].text, "hello")
    r = litellm.responses(model="litellm_proxy/responses", input="hi")
    equal(r.output[0].content[0].text, "hello")
    equal(litellm.transcription(model="litellm_proxy/hear", file=("a.wav", b"RIFF\x00\xff--", "audio/wav")).text, "one two")
    equal(litellm.image_generation(model="litellm_proxy/draw", prompt="a cat").data[0].b64_json, "AAAA")


@case
def litellm_words():
    """What is LiteLLM's in a request is taken, and is the gateway's alone."""
    r = litellm.completion(
        model="litellm_proxy/extra",
        messages=HELLO,
        user="somebody",
        metadata={"tags": ["of-the-client"]},
        extra_body={"metadata": {"tags": ["of-the-client"]}, "tags": ["of-the-client"], "fallbacks": ["free"], "num_retries": 1, "guardrails": [], "cache": {"no-cache": True}, "repetition_penalty": 1.05},
    )
    equal(r.choices[0].message.content, "hello")


@case
def litellm_headers():
    r = litellm.completion(model="litellm_proxy/ids", messages=HELLO)
    headers = {k.removeprefix("llm_provider-"): v for k, v in r._hidden_params["additional_headers"].items()}
    equal(headers["x-litellm-response-cost"], "0.0")
    equal(headers["x-litellm-model-group"], "ids")
    assert headers["x-litellm-call-id"], headers


@case
def litellm_refusals():
    refused(litellm.AuthenticationError, lambda: litellm.completion(model="litellm_proxy/chat", messages=HELLO, api_key="sk-wrong", num_retries=0), "Authentication Error")
    refused(litellm.BadRequestError, lambda: litellm.completion(model="litellm_proxy/no-such-model", messages=HELLO, num_retries=0), "Invalid model name passed in")


@case
def litellm_budget():
    poor = {"messages": HELLO, "api_key": POOR, "max_tokens": 10, "max_retries": 0}
    for _ in range(2):
        equal(litellm.completion(model="litellm_proxy/paid", **poor).choices[0].message.content, "hello")
    for stream in [False, True]:
        refused(litellm.RateLimitError, lambda: litellm.completion(model="litellm_proxy/paid", stream=stream, **poor), "ExceededBudget: User=", "Budget=0.01")
    equal(litellm.completion(model="litellm_proxy/free", **poor).choices[0].message.content, "hello")


@case
def litellm_fallback():
    """The SDK's own fallback goes on to a free model when the money is spent."""
    r = litellm.completion(model="litellm_proxy/paid", fallbacks=["litellm_proxy/free"], messages=HELLO, api_key=POOR, max_tokens=10, num_retries=0)
    equal(r.choices[0].message.content, "hello")


# litellm.proxy.client is what LiteLLM's command line and scripts manage a proxy with.


def manager(key=ADMIN):
    return Client(base_url=ROOT, api_key=key)


@case
def proxy_keys():
    keys = manager().keys
    made = keys.generate(models=["free"], aliases={"small": "free"}, duration="24h", key_alias="made", spend=0)
    assert made["key"].startswith("sk-") and made["expires"], made
    info = keys.info(made["key"])["info"]
    equal((info["key_alias"], info["models"], info["aliases"]), ("made", ["free"], {"small": "free"}))
    keys.update(made["key"], models=["free", "chat"], key_alias="renamed")
    equal(keys.info(made["token"])["info"]["models"], ["free", "chat"])
    listed = keys.list(page=1, size=50, key_alias="renamed", return_full_object=True)
    equal([(k["token"], k["key_alias"]) for k in listed["keys"]], [(made["token"], "renamed")])
    equal(listed["total_count"], 1)
    equal(manager(made["key"]).chat.completions("small", HELLO)["choices"][0]["message"]["content"], "hello")
    equal(keys.delete(keys=[made["key"]])["deleted_keys"], [made["key"]])
    refused(UnauthorizedError, lambda: manager(made["key"]).models.list())


@case
def proxy_chat():
    chat = manager(KEY).chat
    equal(chat.completions("free", HELLO, max_tokens=10, user="somebody")["choices"][0]["message"]["content"], "hello")
    chunks = chat.completions_stream("free", HELLO)
    equal("".join(c["choices"][0]["delta"].get("content") or "" for c in chunks if c["choices"]), "hello")


@case
def proxy_reads():
    ids = [m["id"] for m in manager(KEY).models.list()]
    assert {"free", "paid", "assistant"} <= set(ids), ids
    equal(HealthManagementClient(base_url=ROOT).get_readiness()["db"], "connected")
    equal(manager().http.request("GET", "/health/liveliness"), "I'm alive!")


@case
def proxy_models():
    client = manager()
    made = client.models.new("added", {"model": "hosted_vllm/free", "api_base": os.environ["TOLLGATE_ENGINE"], "api_key": "sk-of-the-engine"}, {"id": "added-1", "input_cost_per_token": 0, "output_cost_per_token": 0})
    equal((made["model_name"], made["model_id"]), ("added", "added-1"))
    (info,) = [m for m in client.models.info() if m["model_name"] == "added"]
    equal((info["model_info"]["id"], info["litellm_params"]["model"]), ("added-1", "hosted_vllm/free"))
    assert "sk-of-the-engine" not in str(info), "a secret is shown"
    equal(client.models.get(model_id="added-1")["model_name"], "added")
    equal(manager(KEY).chat.completions("added", HELLO)["choices"][0]["message"]["content"], "hello")
    (group,) = [g for g in client.model_groups.info() if g["model_group"] == "added"]
    equal((group["input_cost_per_token"], group["output_cost_per_token"]), (0, 0))
    client.models.update("added-1", {"model": "hosted_vllm/free", "api_base": os.environ["TOLLGATE_ENGINE"]}, {"id": "added-1", "mode": "chat"})
    equal(client.models.get(model_id="added-1")["model_info"]["mode"], "chat")
    client.models.delete("added-1")
    assert "added" not in [m["model_name"] for m in client.models.info()]


@case
def proxy_credentials():
    credentials = manager().credentials
    credentials.create("theirs", {"description": "x"}, {"api_key": "sk-of-the-vendor"})
    (c,) = [c for c in credentials.list()["credentials"] if c["credential_name"] == "theirs"]
    equal(c["credential_info"], {"description": "x"})
    assert "sk-of-the-vendor" not in str(credentials.get("theirs")), "a secret is shown"
    credentials.delete("theirs")
    equal([c for c in credentials.list()["credentials"] if c["credential_name"] == "theirs"], [])


@case
def proxy_teams():
    http = manager().http
    http.request("POST", "/team/new", json={"team_id": "theirs", "team_alias": "Theirs", "models": ["free"]})
    (team,) = [t for t in manager().teams.list() if t["team_id"] == "theirs"]
    equal((team["team_alias"], team["models"]), ("Theirs", ["free"]))
    page = manager().teams.list_v2(team_id="theirs")
    equal((page["total"], page["teams"][0]["team_alias"]), (1, "Theirs"))
    http.request("POST", "/team/delete", json={"team_ids": ["theirs"]})
    equal([t for t in manager().teams.list() if t["team_id"] == "theirs"], [])


@case
def proxy_users():
    users = UsersManagementClient(base_url=ROOT, api_key=ADMIN)
    made = users.create_user({"user_id": "theirs", "user_email": "theirs@example.org", "max_budget": 5, "auto_create_key": True})
    equal((made["user_id"], made["user_email"], made["max_budget"]), ("theirs", "theirs@example.org", 5))
    equal(manager(made["key"]).chat.completions("free", HELLO)["choices"][0]["message"]["content"], "hello")
    info = users.get_user("theirs")
    equal((info["user_id"], info["user_info"]["max_budget"], len(info["keys"])), ("theirs", 5, 1))
    equal(users.get_user_v2("theirs")["user_email"], "theirs@example.org")
    assert "theirs" in [u["user_id"] for u in users.list_users({"page_size": 100})]
    users.delete_user(["theirs"])
    refused(NotFoundError, lambda: users.get_user("theirs"))


# LiteLLM's command line, `lite`, which was `litellm-proxy` before. What it sends is text where
# its client sends numbers.


def lite(*args):
    r = CliRunner(env={"COLUMNS": "300"}).invoke(cli, ["--base-url", ROOT + "/", "--api-key", ADMIN, *args])
    answer = getattr(r.exception, "response", None)
    assert r.exit_code == 0, f"lite {' '.join(args)}: {r.exception!r} {answer is not None and answer.text}\n{r.output}"
    return r.stdout


def told(*args):
    return json.loads(lite(*args))


@case
def cli_models():
    engine = os.environ["TOLLGATE_ENGINE"]
    assert "paid" in [m["id"] for m in told("models", "list", "--format", "json")]
    assert "paid" in lite("models", "list")
    made = told("models", "add", "by-hand", "-p", "model=openai/free", "-p", "api_base=" + engine, "-p", "api_key=sk-of-the-engine", "-p", "input_cost_per_token=0", "-p", "output_cost_per_token=0", "-p", "rpm=600", "-i", "id=by-hand-1", "-i", "mode=chat")
    equal((made["model_name"], made["model_id"]), ("by-hand", "by-hand-1"))
    equal(manager(POOR).chat.completions("by-hand", HELLO)["choices"][0]["message"]["content"], "hello")
    added = told("models", "add", "nameless", "-p", "model=hosted_vllm/free", "-p", "api_base=" + engine)  # model_info is null
    table = lite("models", "info", "--columns", "public_model,upstream_model,credential_name,created_at,updated_at,id,input_cost,output_cost")
    assert "by-hand-1" in table and "openai/free" in table and "$0.0000" in table, table
    told("models", "update", "by-hand-1", "-p", "output_cost_per_token=0.00001", "-i", "owner=somebody")
    info = told("models", "get", "--id", "by-hand-1")["model_info"]
    equal((info["output_cost_per_token"], info["owner"], info["mode"]), (0.00001, "somebody", "chat"))
    equal(told("models", "get", "--name", "nameless")["model_info"]["id"], added["model_id"])
    (group,) = [g for g in told("model-groups", "list", "--format", "json") if g["model_group"] == "by-hand"]
    equal((group["input_cost_per_token"], group["output_cost_per_token"]), (0, 0.00001))
    assert "by-hand" in lite("model-groups", "list")
    for name in ["by-hand-1", added["model_id"]]:
        told("models", "delete", name)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as f:
        model = {"model_name": "of-a-file", "litellm_params": {"model": "hosted_vllm/free", "api_base": engine}, "model_info": {"id": "of-a-file-1", "access_groups": ["lab"]}}
        yaml.safe_dump({"model_list": [model]}, f)
        f.flush()
        lite("models", "import", f.name)
    equal(told("models", "get", "--id", "of-a-file-1")["model_info"]["access_groups"], ["lab"])
    told("models", "delete", "of-a-file-1")


@case
def cli_keys():
    made = told("keys", "generate", "--models", "free, chat", "--aliases", '{"small": "free"}', "--duration", "24h", "--key-alias", "by-hand", "--config", '{"max_parallel_requests": 3}')
    listed = told("keys", "list", "--key-alias", "by-hand", "--format", "json")
    equal([(k["token"], k["models"], k["aliases"]) for k in listed["keys"]], [(made["token"], ["free", "chat"], {"small": "free"})])
    table = lite("keys", "list", "--size", "100")
    assert "Showing" in table and made["token"] in table and made["key"] not in table, table
    assert "by-hand" in lite("keys", "import", "--source-base-url", ROOT, "--source-api-key", ADMIN, "--created-since", "2020-01-01", "--dry-run")
    equal(told("keys", "delete", "--key-aliases", "by-hand")["deleted_keys"], ["by-hand"])
    refused(UnauthorizedError, lambda: manager(made["key"]).models.list())


@case
def cli_people():
    http = manager().http
    http.request("POST", "/team/new", json={"team_id": "by-hand", "team_alias": "By hand", "models": ["free"]})
    user = told("users", "create", "--email", "hand@example.org", "--role", "internal_user", "--alias", "Hand", "--team", "by-hand", "--max-budget", "5")
    equal(told("users", "get", "--id", user["user_id"])["user_info"]["max_budget"], 5)
    table = lite("users", "list")
    assert "hand@example.org" in table and "by-hand" in table, table
    assert "By hand" in lite("teams", "list")
    assert "No available teams" in lite("teams", "available")
    told("users", "delete", user["user_id"])
    http.request("POST", "/team/delete", json={"team_ids": ["by-hand"]})


@case
def cli_credentials():
    told("credentials", "create", "by-hand", "--info", '{"custom_llm_provider": "openai"}', "--values", '{"api_key": "sk-of-the-vendor"}', "--display-name", "By hand")
    assert "openai" in lite("credentials", "list")
    told("credentials", "update", "by-hand", "--display-name", "Renamed")
    one = told("credentials", "get", "by-hand")
    equal((one["display_name"], one["credential_info"]), ("Renamed", {"custom_llm_provider": "openai"}))
    told("credentials", "update", "by-hand", "--clear-display-name")
    equal(told("credentials", "get", "by-hand")["display_name"], None)
    told("credentials", "delete", "by-hand")


@case
def cli_http():
    equal(told("http", "request", "POST", "/v2/key/info", "-j", '{"keys": []}')["info"], [])
    assert "Could not" not in lite("version")


def langchain(model, **kwargs):
    return ChatOpenAI(model=model, base_url=ROOT + "/v1", api_key=KEY, max_retries=0, **kwargs)


@case
def langchain_chat():
    r = langchain("chat").invoke([HumanMessage("hi")])
    equal((r.content, r.response_metadata["finish_reason"], r.usage_metadata["total_tokens"]), ("hello", "stop", 15))


@case
def langchain_stream():
    chunks = list(langchain("stream", stream_usage=True).stream("hi"))
    equal("".join(c.content for c in chunks), "one two three")
    equal(sum(c.usage_metadata["total_tokens"] for c in chunks if c.usage_metadata), 15)


@tool
def get_weather(city: str) -> str:
    """The weather in a city."""
    return city


class Weather(BaseModel):
    """The weather in a city."""

    city: str
    degrees: int


@case
def langchain_tools():
    for model in ["tools", "tools-stream"]:
        llm = langchain(model).bind_tools([get_weather])
        r = llm.invoke("hi") if model == "tools" else None
        for chunk in llm.stream("hi") if r is None else []:
            r = chunk if r is None else r + chunk
        equal([(c["name"], c["args"]) for c in r.tool_calls], [("get_weather", {"city": "Paris"})])


@case
def langchain_schema():
    equal(langchain("schema").with_structured_output(Weather, method="json_schema").invoke("hi"), Weather(city="Paris", degrees=21))


@case
def langchain_async():
    async def both():
        llm = langchain("free")
        return (await llm.ainvoke("hi")).content, "".join([c.content async for c in llm.astream("hi")])

    equal(asyncio.run(both()), ("hello", "hello"))


@case
def langchain_embeddings():
    e = OpenAIEmbeddings(model="embedder", base_url=ROOT + "/v1", api_key=KEY, check_embedding_ctx_length=False)
    equal(e.embed_documents(["a", "b"]), [[0.5, -0.25, 0.125]] * 2)
    equal(e.embed_query("a"), [0.5, -0.25, 0.125])


@case
def langchain_words():
    llm = langchain(
        "extra",
        default_headers={"x-litellm-customer-id": "of-the-client", "x-litellm-call-id": "of-the-client"},
        extra_body={"metadata": {"tags": ["of-the-client"]}, "litellm_metadata": {"user": "of-the-client"}, "repetition_penalty": 1.05},
    )
    equal(llm.invoke("hi", user="somebody").content, "hello")


@case
def langchain_fallback():
    """A chain goes on to a free model when the money is spent."""
    broke = ChatOpenAI(model="paid", base_url=ROOT + "/v1", api_key=POOR, max_retries=2, max_tokens=10)
    free = ChatOpenAI(model="free", base_url=ROOT + "/v1", api_key=POOR)
    equal(broke.with_fallbacks([free]).invoke("hi").content, "hello")


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
